//! Compares a recorded body with an answered one, ids, times and generated secrets aside.

use serde_json::Value;

use super::ids::Ids;

/// Fields whose values differ from one tenant and one day to the next. That they are there is compared.
const ASIDE: [&str; 14] = [
    "created_at",
    "updated_at",
    "updated_on",
    "deleted_at",
    "date",
    "last_synchronization_at",
    "last_used_at",
    "valid_until",
    "synchronization_id",
    "log_id",
    "next",
    "token",
    "token_id",
    "provisioning_ticket_url",
];

/// Adds a line for each difference, with the JSON pointer to it. Ids are alike where the tenant's stands for the recorded
/// one.
pub(super) fn differences(recorded: &Value, answered: &Value, ids: &Ids, pointer: &str, found: &mut Vec<String>) {
    let place = if pointer.is_empty() { "body" } else { pointer };
    match (recorded, answered) {
        (Value::Object(recorded), Value::Object(answered)) => {
            for (name, value) in recorded {
                match answered.get(name) {
                    Some(other) if ASIDE.contains(&name.as_str()) && value.is_string() == other.is_string() => {}
                    Some(other) => differences(value, other, ids, &format!("{pointer}/{name}"), found),
                    None => found.push(format!("{pointer}/{name}: recorded {value}, not answered")),
                }
            }
            for (name, value) in answered.iter().filter(|(name, _)| !recorded.contains_key(*name)) {
                found.push(format!("{pointer}/{name}: not recorded, answered {value}"));
            }
        }
        (Value::Array(recorded), Value::Array(answered)) if recorded.len() == answered.len() => {
            for (index, (value, other)) in recorded.iter().zip(answered).enumerate() {
                differences(value, other, ids, &format!("{pointer}/{index}"), found);
            }
        }
        (Value::Array(recorded), Value::Array(answered)) => {
            found.push(format!("{place}: recorded {} items, answered {}", recorded.len(), answered.len()));
        }
        (Value::String(recorded), Value::String(answered)) if ids.are_alike(recorded, answered) => {}
        _ if recorded == answered => {}
        _ => found.push(format!("{place}: recorded {recorded}, answered {answered}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(recorded: &Value, answered: &Value) -> Vec<String> {
        let mut found = Vec::new();
        differences(recorded, answered, &Ids::default(), "", &mut found);
        found
    }

    #[test]
    fn values_of_ids_and_times_are_passed_over_and_their_absence_is_not() {
        let recorded = json!({ "created_at": "2026-05-01T00:00:00Z", "name": "a" });
        assert!(told(&recorded, &json!({ "created_at": "2026-06-01T00:00:00Z", "name": "a" })).is_empty());
        assert_eq!(told(&recorded, &json!({ "name": "a" })).len(), 1);
        assert_eq!(told(&recorded, &json!({ "created_at": null, "name": "a" })).len(), 1);
    }

    #[test]
    fn every_other_difference_is_told_with_its_place() {
        let recorded = json!({ "groups": [{ "id": "a" }, { "id": "b" }], "x": 1 });
        let answered = json!({ "groups": [{ "id": "a" }, { "id": "c" }], "y": 1 });
        let expected = [
            r#"/groups/1/id: recorded "b", answered "c""#,
            "/x: recorded 1, not answered",
            "/y: not recorded, answered 1",
        ];
        assert_eq!(told(&recorded, &answered), expected);
        assert_eq!(told(&json!([1]), &json!([])), ["body: recorded 1 items, answered 0"]);
    }
}
