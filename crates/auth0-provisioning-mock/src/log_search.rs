//! Searches of the logs, in a part of Lucene's syntax: terms with fields, `AND` and `OR`.

use serde_json::Value;

/// Alternatives, each of terms that must all match, such as `type:directory_sync_failed AND connection_id:con_1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogSearch(Vec<Vec<Term>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    /// The JSON pointer of the field, without the first slash.
    field: String,
    value: String,
    /// Whether the value is only the start.
    is_prefix: bool,
}

impl LogSearch {
    /// Reads a search. Returns `None` if it contains anything but terms, `AND` and `OR`. Terms without an operator are joined
    /// by `OR`, as in Lucene.
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

/// Splits a search into words. Quotes join words. Returns `None` if a quote is not closed.
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
    fn and_binds_more_than_or() {
        assert!(finds("type:directory_sync_failed"));
        assert!(finds("type:directory_sync_* AND details.synchronization_id:sync_1"));
        assert!(!finds("type:directory_sync_* AND details.synchronization_id:sync_2"));
        assert!(finds("type:fu OR type:s OR type:directory_sync_failed AND details.scheduled:true"));
        assert!(finds("connection:\"Acme workspace\""));
        assert!(!finds("nowhere:1"));
    }

    #[test]
    fn other_syntax_is_rejected() {
        for search in ["free words", "type:[a TO b]", "type:", "type:\"open"] {
            assert_eq!(LogSearch::parse(search), None, "{search}");
        }
    }
}
