//! The query of a request: names and values, decoded.

use percent_encoding::percent_decode_str;

/// The parameters of a query or a form, in their order; `None` if one is not UTF-8.
pub(crate) fn parameters(text: &str) -> Option<Vec<(String, String)>> {
    let decoded = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8().ok().map(String::from);
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded_in_order() {
        let told = parameters("q=name%3Aa*&take=5&flag&&from=a+b").unwrap();
        let told: Vec<_> = told.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(told, [("q", "name:a*"), ("take", "5"), ("flag", ""), ("from", "a b")]);
        assert_eq!(parameters("q=%FF"), None);
    }
}
