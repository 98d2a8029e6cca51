//! Compares a recorded body with a received one, except for ids, times and generated secrets.

use serde_json::Value;

use super::ids::Ids;

/// Fields whose values differ between tenants and days. Their presence is compared.
const VARIABLE: [&str; 14] = [
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

/// Adds a line for each difference, with its JSON pointer.
pub(super) fn differences(recorded: &Value, received: &Value, ids: &Ids, pointer: &str, found: &mut Vec<String>) {
    let place = if pointer.is_empty() { "body" } else { pointer };
    match (recorded, received) {
        (Value::Object(recorded), Value::Object(received)) => {
            for (name, value) in recorded {
                match received.get(name) {
                    Some(other) if VARIABLE.contains(&name.as_str()) && value.is_string() == other.is_string() => {}
                    Some(other) => differences(value, other, ids, &format!("{pointer}/{name}"), found),
                    None => found.push(format!("{pointer}/{name}: recorded {value}, not received")),
                }
            }
            for (name, value) in received.iter().filter(|(name, _)| !recorded.contains_key(*name)) {
                found.push(format!("{pointer}/{name}: not recorded, received {value}"));
            }
        }
        (Value::Array(recorded), Value::Array(received)) if recorded.len() == received.len() => {
            for (index, (value, other)) in recorded.iter().zip(received).enumerate() {
                differences(value, other, ids, &format!("{pointer}/{index}"), found);
            }
        }
        (Value::Array(recorded), Value::Array(received)) => {
            found.push(format!("{place}: recorded {} items, received {}", recorded.len(), received.len()));
        }
        (Value::String(recorded), Value::String(received)) if ids.are_alike(recorded, received) => {}
        _ if recorded == received => {}
        _ => found.push(format!("{place}: recorded {recorded}, received {received}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compare(recorded: &Value, received: &Value) -> Vec<String> {
        let mut found = Vec::new();
        differences(recorded, received, &Ids::default(), "", &mut found);
        found
    }

    #[test]
    fn only_presence_of_ids_and_times_is_compared() {
        let recorded = json!({ "created_at": "2026-05-01T00:00:00Z", "name": "a" });
        assert!(compare(&recorded, &json!({ "created_at": "2026-06-01T00:00:00Z", "name": "a" })).is_empty());
        assert_eq!(compare(&recorded, &json!({ "name": "a" })).len(), 1);
        assert_eq!(compare(&recorded, &json!({ "created_at": null, "name": "a" })).len(), 1);
    }

    #[test]
    fn differences_have_their_place() {
        let recorded = json!({ "groups": [{ "id": "a" }, { "id": "b" }], "x": 1 });
        let received = json!({ "groups": [{ "id": "a" }, { "id": "c" }], "y": 1 });
        let expected = [
            r#"/groups/1/id: recorded "b", received "c""#,
            "/x: recorded 1, not received",
            "/y: not recorded, received 1",
        ];
        assert_eq!(compare(&recorded, &received), expected);
        assert_eq!(compare(&json!([1]), &json!([])), ["body: recorded 1 items, received 0"]);
    }
}
