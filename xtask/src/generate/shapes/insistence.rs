//! What readers require: a field that every answer has by this document and by another one is no option. One document
//! alone is no proof, since answers of tomorrow may lack what it requires.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Applied, tolerant_readers::EXPECTED};
use crate::openapi::Document;

/// Which of the fields that a document requires of answers are required of them.
#[derive(Debug)]
pub enum Insistence {
    /// All.
    AsDeclared,
    /// Those that this other document requires of the schema of the same name too.
    AlsoIn(Document),
    /// None.
    Never,
}

/// Requires what may be insisted on, and counts the fields.
pub fn insist(document: &mut Document, insistence: &Insistence) -> Applied {
    let mut places = 0;
    if let Some(Value::Object(schemas)) = document.root.pointer_mut("/components/schemas") {
        for (name, schema) in schemas {
            let Some(expected) = schema.get(EXPECTED).and_then(Value::as_array) else { continue };
            let agreed: Vec<Value> = match insistence {
                Insistence::AsDeclared => expected.clone(),
                Insistence::Never => Vec::new(),
                Insistence::AlsoIn(older) => {
                    let other = older.schemas().and_then(|schemas| schemas.get(name)).map(|other| &other[EXPECTED]);
                    let other: BTreeSet<_> =
                        other.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
                    expected
                        .iter()
                        .filter(|field| field.as_str().is_some_and(|field| other.contains(field)))
                        .cloned()
                        .collect()
                }
            };
            let is_member =
                |field: &Value| field.as_str().is_some_and(|field| schema["properties"].get(field).is_some());
            let required: Vec<Value> = agreed.into_iter().filter(is_member).collect();
            places += required.len();
            if !required.is_empty() {
                schema["required"] = required.into();
            }
        }
    }
    Applied { transform: "insistence", places }
}
