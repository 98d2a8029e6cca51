//! A `null` among the branches of `anyOf` or `oneOf` becomes nullable; a lone branch left over stands by itself.
//!
//! Step 14 of `SHAPES`.

use serde_json::{Value, json};

use super::{
    Apply, Transform,
    schemas::{Schema, each},
};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "null-branches", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| ["anyOf", "oneOf"].iter().filter(|keyword| lift_null(schema, keyword)).count())
}

fn lift_null(schema: &mut Schema, keyword: &str) -> bool {
    let Some(Value::Array(branches)) = schema.get_mut(keyword) else { return false };
    let before = branches.len();
    branches.retain(|branch| !is_null(branch));
    if branches.len() == before || branches.is_empty() {
        return false;
    }
    if let [branch] = &mut branches[..] {
        let branch = branch.take();
        schema.shift_remove(keyword);
        put_in_place(schema, branch);
    }
    schema.insert("nullable".to_owned(), true.into());
    true
}

/// What `{"type": "null"}` has become by now.
fn is_null(branch: &Value) -> bool {
    branch.get("enum") == Some(&json!([null])) && branch.get("type").is_none()
}

fn put_in_place(schema: &mut Schema, branch: Value) {
    match branch {
        Value::Object(branch) if !branch.contains_key("$ref") && branch.keys().all(|key| !schema.contains_key(key)) => {
            schema.extend(branch);
        }
        branch => drop(schema.insert("allOf".to_owned(), Value::Array(vec![branch]))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{on_request, on_response},
        *,
    };

    #[test]
    fn a_lone_branch_stands_by_itself() {
        let nothing = json!({"enum": [null]});
        assert_eq!(
            on_response(&TRANSFORM, &json!({"anyOf": [{"type": "string"}, nothing], "description": "d"})),
            (1, json!({"description": "d", "type": "string", "nullable": true}))
        );
        assert_eq!(
            on_request(&TRANSFORM, &json!({"oneOf": [nothing, {"$ref": "#/components/schemas/Response"}]})),
            (1, json!({"allOf": [{"$ref": "#/components/schemas/Response"}], "nullable": true}))
        );
    }

    #[test]
    fn several_branches_stay_a_choice() {
        let schema = json!({"anyOf": [{"type": "string"}, {"type": "integer"}, {"enum": [null]}]});
        assert_eq!(
            on_request(&TRANSFORM, &schema),
            (1, json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}))
        );
    }
}
