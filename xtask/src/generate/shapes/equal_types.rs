//! Schemas that say the same, with the same words for their members, become one type; the other names are aliases. Who
//! meets them counts too.
//!
//! Step 1 of `EQUAL`.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

use serde_json::{Map, Value};

use super::{
    Apply, Transform,
    components::{plain_reference, reference_to},
    schemas::{Side, each, names_in_responses},
};
use crate::openapi::{Document, document::component_name};

pub(super) const TRANSFORM: Transform = Transform { name: "equal-types", apply: Apply::Always(apply) };

/// Where the other names of types are noted.
pub const ALIASES: &str = "x-aliases";

fn apply(document: &mut Document) -> usize {
    let mut aliases = BTreeMap::new();
    let schemas = document.schemas().cloned().unwrap_or_default();
    let tolerant = names_in_responses(document);
    let side = |name: &str| if tolerant.contains(name) { Side::Response } else { Side::Request };
    let mut first: HashMap<u64, &String> = HashMap::new();
    let classes = classes(&schemas, &side);
    for name in schemas.keys() {
        if let Some(kept) = first.get(&classes[name]) {
            aliases.insert(name.clone(), (*kept).clone());
        } else if schemas.get(name).is_none_or(|schema| plain_reference(schema).is_none()) {
            first.insert(classes[name], name);
        }
    }
    // References that lead nowhere but to each other stay as they are.
    for (name, schema) in &schemas {
        let mut target = plain_reference(schema);
        for _ in 0..schemas.len() {
            target = target.map(|target| schemas.get(&target).and_then(plain_reference).unwrap_or(target));
        }
        let kept = target.and_then(|target| first.get(classes.get(&target)?).map(|kept| (*kept).clone()));
        aliases.extend(kept.filter(|kept| kept != name).map(|kept| (name.clone(), kept)));
    }
    each(document, &mut |schema, _| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(kept) = component_name(reference).and_then(|name| aliases.get(&name))
        {
            *reference = reference_to(kept);
        }
        0
    });
    if let Some(Value::Object(schemas)) = document.root.pointer_mut("/components/schemas") {
        schemas.retain(|name, _| !aliases.contains_key(name));
    }
    let places = aliases.len();
    if places > 0 {
        document.root[ALIASES] =
            aliases.into_iter().map(|(name, kept)| (name, kept.into())).collect::<Map<_, _>>().into();
    }
    places
}

/// Names with equal numbers are equal: refined until looking through one reference more tells no more apart.
fn classes<'a>(schemas: &'a Map<String, Value>, side: &dyn Fn(&str) -> Side) -> HashMap<&'a String, u64> {
    let mut classes: HashMap<&String, u64> = schemas.keys().map(|name| (name, 0)).collect();
    let count = |classes: &HashMap<&String, u64>| classes.values().collect::<BTreeSet<_>>().len();
    loop {
        let refined: HashMap<&String, u64> = schemas
            .iter()
            .map(|(name, schema)| {
                let mut hasher = DefaultHasher::new();
                (side(name) == Side::Response).hash(&mut hasher);
                hash(&without_own_words(schema), &classes, &mut hasher);
                (name, hasher.finish())
            })
            .collect();
        let settled = count(&refined) == count(&classes);
        classes = refined;
        if settled {
            return classes;
        }
    }
}

/// A schema is called and described as a whole by its name too.
fn without_own_words(schema: &Value) -> Value {
    let mut schema = schema.clone();
    for key in ["title", "description"] {
        schema.as_object_mut().and_then(|schema| schema.shift_remove(key));
    }
    schema
}

fn hash(value: &Value, classes: &HashMap<&String, u64>, hasher: &mut DefaultHasher) {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<_> = members.keys().collect();
            keys.sort();
            keys.len().hash(hasher);
            for key in keys {
                key.hash(hasher);
                let class = (key == "$ref").then(|| classes.get(&component_name(members[key].as_str()?)?)).flatten();
                match class {
                    Some(class) => class.hash(hasher),
                    None => hash(&members[key], classes, hasher),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| hash(element, classes, hasher)),
        other => other.to_string().hash(hasher),
    }
}
