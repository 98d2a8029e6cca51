//! The query of a request, or a form: names and values.

use percent_encoding::percent_decode_str;

/// Decoded names and values, in order.
#[derive(Debug, Default)]
pub(crate) struct Query {
    /// `None` if a part is not UTF-8.
    pairs: Option<Vec<(String, String)>>,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let decode = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8().ok().map(String::from);
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        });
        Self { pairs: pairs.collect() }
    }

    /// Returns all pairs, or `None` if a part is not UTF-8.
    pub(crate) fn pairs(&self) -> Option<&[(String, String)]> {
        self.pairs.as_deref()
    }

    pub(crate) fn into_pairs(self) -> Option<Vec<(String, String)>> {
        self.pairs
    }

    /// Returns the first value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.get_all(name).next()
    }

    /// Returns every value of a parameter.
    pub(crate) fn get_all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let pairs = self.pairs.iter().flatten();
        pairs.filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded_in_order() {
        let query = Query::parse("q=name%3Aa*&take=5&flag&&from=a+b&take=6");
        let pairs: Vec<_> = query.pairs().unwrap().iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(pairs, [("q", "name:a*"), ("take", "5"), ("flag", ""), ("from", "a b"), ("take", "6")]);
        assert_eq!(query.get("take"), Some("5"));
        assert_eq!(query.get_all("take").collect::<Vec<_>>(), ["5", "6"]);
        assert_eq!(Query::parse("q=%FF").pairs(), None);
    }
}
