//! Maps recorded ids to those of the tenant.

use std::collections::HashMap;

use serde_json::Value;

use crate::query::Query;

/// Fields with generated values that later calls use.
const GENERATED: [&str; 4] = ["id", "token_id", "synchronization_id", "next"];

/// The tenant's ids and cursors, by the recorded ones.
#[derive(Default)]
pub(super) struct Ids(HashMap<String, String>);

impl Ids {
    /// Learns the generated values of a response.
    pub(super) fn learn(&mut self, recorded: &Value, received: &Value) {
        for name in GENERATED {
            if let (Some(theirs), Some(ours)) = (recorded[name].as_str(), received[name].as_str())
                && theirs != ours
            {
                self.0.insert(theirs.to_owned(), ours.to_owned());
            }
        }
    }

    /// Whether the tenant's value corresponds to the recorded one.
    pub(super) fn are_alike(&self, theirs: &str, ours: &str) -> bool {
        theirs == ours || self.0.get(theirs).is_some_and(|known| known == ours)
    }

    /// Returns the path and its query with the tenant's ids and cursors.
    pub(super) fn in_path(&self, path: &str) -> String {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let own = |part: &str| self.0.get(part).cloned().unwrap_or_else(|| part.to_owned());
        let path = path.split('/').map(own).collect::<Vec<_>>().join("/");
        let Some(query) = query else { return path };
        let pairs = query.split('&').map(|pair| {
            let decoded = Query::parse(pair);
            let first = decoded.pairs().and_then(|pairs| pairs.first());
            match first.and_then(|(name, value)| Some((name, self.0.get(value)?))) {
                Some((name, own)) => format!("{name}={own}"),
                None => pair.to_owned(),
            }
        });
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    }

    /// Returns a body with the tenant's ids.
    pub(super) fn in_body(&self, body: &str) -> String {
        match serde_json::from_str::<Value>(body) {
            Ok(mut value) if !self.0.is_empty() => {
                self.replace(&mut value);
                value.to_string()
            }
            _ => body.to_owned(),
        }
    }

    fn replace(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(ours) = self.0.get(text.as_str()) {
                    text.clone_from(ours);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.replace(item)),
            Value::Object(object) => object.values_mut().for_each(|item| self.replace(item)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn generated_values_are_replaced_in_later_calls() {
        let mut ids = Ids::default();
        ids.learn(&json!({ "id": "con_1" }), &json!({ "id": "con_2" }));
        ids.learn(&json!({ "next": "a+b" }), &json!({ "next": "c" }));
        assert_eq!(ids.in_path("/connections/con_1/x?from=a%2Bb&take=1"), "/connections/con_2/x?from=c&take=1");
        assert_eq!(ids.in_body(r#"{"a":["con_1","con_3"]}"#), r#"{"a":["con_2","con_3"]}"#);
        assert!(ids.are_alike("con_1", "con_2") && ids.are_alike("con_3", "con_3") && !ids.are_alike("con_1", "con_3"));
    }
}
