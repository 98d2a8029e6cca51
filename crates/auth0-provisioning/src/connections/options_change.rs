//! Changes to the options of a connection.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{InvalidValue, types::ConnectionOptions};

/// Changes to the options of a connection: options to set and to remove. Other options are kept.
///
/// ```
/// use auth0_provisioning::OptionsChange;
///
/// let change = OptionsChange::new()
///     .set("api_enable_users", true)
///     .merge("upstream_params", serde_json::json!({ "screen_name": { "alias": "login_hint" } }))
///     .remove("icon_url");
/// assert!(change.validate().is_ok());
/// ```
///
/// Its `Debug` prints the names of options alone, for some are secrets.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use]
pub struct OptionsChange {
    changes: BTreeMap<String, Change>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Set(Value),
    Merge(Value),
    Remove,
}

impl OptionsChange {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an option, whatever it was before. A value that is an object replaces the present one whole.
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.changes.insert(name.into(), Change::Set(value.into()));
        self
    }

    /// Merges properties into an option that is an object (JSON Merge Patch, RFC 7396). Null removes a property; other
    /// properties are kept. An option that is not an object is replaced.
    pub fn merge(mut self, name: impl Into<String>, members: impl Into<Value>) -> Self {
        self.changes.insert(name.into(), Change::Merge(members.into()));
        self
    }

    /// Removes an option. The tenant gives some options a default then.
    pub fn remove(mut self, name: impl Into<String>) -> Self {
        self.changes.insert(name.into(), Change::Remove);
        self
    }

    /// Returns whether it contains no change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The options of a new connection: those that it sets.
    #[must_use]
    pub fn into_options(self) -> ConnectionOptions {
        self.applied_to(&Map::new()).into()
    }

    /// Checks what can be known without a tenant: no option without a name, and only objects are merged.
    ///
    /// # Errors
    ///
    /// The first option that no connection can have.
    pub fn validate(&self) -> Result<(), InvalidValue> {
        for (name, change) in &self.changes {
            if name.trim().is_empty() {
                return Err(InvalidValue::new(format!("an option has the name {name:?}; it needs one")));
            }
            if matches!(change, Change::Merge(members) if !members.is_object()) {
                let remedy = "set it as a whole with `set`";
                return Err(InvalidValue::new(format!("what is merged into {name} is not an object; {remedy}")));
            }
        }
        Ok(())
    }

    /// The options after the change.
    pub(super) fn applied_to(&self, options: &Map<String, Value>) -> Map<String, Value> {
        let mut options = options.clone();
        for (name, change) in &self.changes {
            match change {
                Change::Set(value) => drop(options.insert(name.clone(), value.clone())),
                Change::Merge(members) => merge(options.entry(name).or_insert(Value::Null), members),
                Change::Remove => drop(options.remove(name)),
            }
        }
        options
    }
}

fn merge(present: &mut Value, change: &Value) {
    let Value::Object(members) = change else {
        *present = change.clone();
        return;
    };
    if !present.is_object() {
        *present = Value::Object(Map::new());
    }
    let Value::Object(present) = present else { return };
    for (name, value) in members {
        if value.is_null() {
            present.remove(name);
        } else {
            merge(present.entry(name).or_insert(Value::Null), value);
        }
    }
}

impl fmt::Debug for OptionsChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = |change: &Change| match change {
            Change::Set(_) => "set",
            Change::Merge(_) => "merge",
            Change::Remove => "remove",
        };
        formatter.debug_map().entries(self.changes.iter().map(|(name, change)| (name, verb(change)))).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_options_without_a_change() {
        let present = json!({ "a": 1, "b": { "c": { "d": 1 }, "e": 2 }, "f": 3, "g": { "h": 1 } });
        let change =
            OptionsChange::new().set("a", 2).merge("b", json!({ "c": { "x": 9 } })).remove("f").set("g", json!({}));
        let changed = change.applied_to(present.as_object().unwrap());
        assert_eq!(Value::from(changed), json!({ "a": 2, "b": { "c": { "d": 1, "x": 9 }, "e": 2 }, "g": {} }));
    }

    #[test]
    fn merges_as_json_merge_patch() {
        for (present, change, merged) in [
            (json!([1, 2]), json!({ "b": 1 }), json!({ "b": 1 })),
            (json!("text"), json!({ "b": { "c": null, "d": 1 } }), json!({ "b": { "d": 1 } })),
            (json!({ "a": 1, "b": 2 }), json!({ "a": null }), json!({ "b": 2 })),
            (json!({ "a": [1] }), json!({ "a": [2, null] }), json!({ "a": [2, null] })),
            (json!(null), json!({ "a": null }), json!({})),
        ] {
            let present = json!({ "option": present });
            let change = OptionsChange::new().merge("option", change);
            assert_eq!(Value::from(change.applied_to(present.as_object().unwrap())), json!({ "option": merged }));
        }
    }

    #[test]
    fn values_are_not_printed() {
        let change = OptionsChange::new().set("client_secret", "s3cr3t").remove("icon_url");
        assert_eq!(format!("{change:?}"), r#"{"client_secret": "set", "icon_url": "remove"}"#);
    }

    #[test]
    fn an_option_needs_a_name() {
        let error = OptionsChange::new().set(" ", 1).validate().unwrap_err();
        assert_eq!(error.to_string(), "an option has the name \" \"; it needs one");
    }
}
