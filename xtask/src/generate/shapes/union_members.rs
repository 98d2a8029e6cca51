//! progenitor gets each union as an object with a member a branch, so that it names the types of all branches and
//! leaves telling them apart to the rewriter.
//!
//! Step 2 of `TYPES`.

use serde_json::{Map, Value, json};

use super::{Apply, Transform, schemas::each};
use crate::openapi::Document;

pub(super) const TRANSFORM: Transform = Transform { name: "union-members", apply: Apply::Always(apply) };

fn apply(document: &mut Document) -> usize {
    each(document, &mut |schema, _| {
        let Some(Value::Array(branches)) = schema.shift_remove("oneOf") else { return 0 };
        let names: Vec<String> = (0..branches.len()).map(|number| format!("branch_{number}")).collect();
        schema.insert("type".to_owned(), "object".into());
        schema.insert("required".to_owned(), json!(names));
        let members = names.into_iter().zip(branches).collect::<Map<String, Value>>();
        schema.insert("properties".to_owned(), members.into());
        1
    })
}
