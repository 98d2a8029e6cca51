//! The part of Lucene's syntax that a search of the logs takes here: terms with fields, `AND` and `OR`.

use serde_json::Value;

/// Alternatives of terms that all have to hold, such as `type:directory_sync_failed AND connection_id:con_1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogSearch(Vec<Vec<Term>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    /// The way to the field; dots lead into objects.
    field: String,
    value: String,
    /// Whether more may follow the value.
    is_prefix: bool,
}

impl LogSearch {
    /// Reads a search; `None` if it holds something else than terms, `AND` and `OR`. Terms side by side stand for `OR`, as
    /// they do in Lucene.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut alternatives = vec![Vec::new()];
        let mut joins = false;
        for word in words(text)? {
            match word.as_str() {
                "AND" | "&&" => joins = true,
                "OR" | "||" => joins = false,
                word => {
                    let term = Term::parse(word)?;
                    match alternatives.last_mut() {
                        Some(terms) if joins || terms.is_empty() => terms.push(term),
                        _ => alternatives.push(vec![term]),
                    }
                    joins = false;
                }
            }
        }
        Some(Self(alternatives))
    }

    pub(crate) fn matches(&self, event: &Value) -> bool {
        self.0.iter().any(|terms| terms.iter().all(|term| term.matches(event)))
    }
}

impl Term {
    fn parse(word: &str) -> Option<Self> {
        let (field, value) = word.split_once(':')?;
        let (value, is_prefix) = value.strip_suffix('*').map_or((value, false), |value| (value, true));
        let is_plain = !value.contains(['*', '?', '(', ')', '[', ']', '{', '}', '~', '^']);
        (is_plain && !field.is_empty() && (is_prefix || !value.is_empty())).then(|| Self {
            field: field.replace('.', "/"),
            value: value.to_lowercase(),
            is_prefix,
        })
    }

    fn matches(&self, event: &Value) -> bool {
        let found = event.pointer(&format!("/{}", self.field)).map(|value| match value {
            Value::String(text) => text.to_lowercase(),
            other => other.to_string(),
        });
        found.is_some_and(|text| if self.is_prefix { text.starts_with(&self.value) } else { text == self.value })
    }
}

/// The words of a search; what stands in quotes is part of one. `None` if a quote is left open.
fn words(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            character if character.is_whitespace() && !quoted => words.push(std::mem::take(&mut word)),
            character => word.push(character),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    (!quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn finds(search: &str) -> bool {
        let event = json!({
            "type": "directory_sync_failed",
            "connection": "acme workspace",
            "details": { "synchronization_id": "sync_1", "scheduled": true },
        });
        LogSearch::parse(search).unwrap().matches(&event)
    }

    #[test]
    fn terms_are_joined_by_and_before_or() {
        assert!(finds("type:directory_sync_failed"));
        assert!(finds("type:directory_sync_* AND details.synchronization_id:sync_1"));
        assert!(!finds("type:directory_sync_* AND details.synchronization_id:sync_2"));
        assert!(finds("type:fu OR type:s OR type:directory_sync_failed AND details.scheduled:true"));
        assert!(finds("connection:\"Acme workspace\""));
        assert!(!finds("nowhere:1"));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for search in ["free words", "type:[a TO b]", "type:", "type:\"open"] {
            assert_eq!(LogSearch::parse(search), None, "{search}");
        }
    }
}
