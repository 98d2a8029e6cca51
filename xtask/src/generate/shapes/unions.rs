//! The branches of a union are told apart: equal ones are one, texts are one, and a tag that every branch has with
//! values of its own decides. What is left of a union with one branch is that branch.
//!
//! Step 23 of `SHAPES`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    Apply, Transform,
    schemas::{Schema, each, is_prose},
};
use crate::openapi::{Document, document::component_name};

pub(super) const TRANSFORM: Transform = Transform { name: "unions", apply: Apply::Always(apply) };

/// Where the tag of a union is noted: its name, and the branch of each value by number.
pub const TAG: &str = "x-tag";
/// Where it is noted which component a branch was before something else was put into it.
pub(super) const COMPONENT: &str = "x-component";
/// Where an enumeration is noted that takes any text.
pub const OPEN: &str = "x-open";

fn apply(document: &mut Document) -> usize {
    let schemas = document.schemas().cloned().unwrap_or_default();
    each(document, &mut |schema, _| {
        let Some(Value::Array(branches)) = schema.shift_remove("oneOf") else { return 0 };
        let discriminator = schema.shift_remove("discriminator");
        let mut union = Union::default();
        for branch in branches {
            union.add(branch);
        }
        union.write_to(schema, discriminator.as_ref(), &schemas);
        1
    })
}

#[derive(Default)]
struct Union {
    branches: Vec<Value>,
    texts: Vec<Value>,
    any_text: bool,
    anything: bool,
    nullable: bool,
}

impl Union {
    fn add(&mut self, branch: Value) {
        let Value::Object(mut branch) = branch else { return self.anything = true };
        let inner = if branch.contains_key(TAG) { None } else { branch.shift_remove("oneOf") };
        self.nullable |= branch.shift_remove("nullable") == Some(Value::Bool(true));
        if let Some(Value::Array(inner)) = inner {
            return inner.into_iter().for_each(|branch| self.add(branch));
        }
        let is_text = branch.get("type").is_some_and(|kind| kind == "string");
        match branch.get("enum") {
            Some(Value::Array(values)) if is_text => {
                self.any_text |= branch.contains_key(OPEN);
                let new: Vec<_> = values.iter().filter(|value| !self.texts.contains(value)).cloned().collect();
                self.texts.extend(new);
            }
            _ if is_text && branch.keys().all(|key| key == "type" || is_prose(key)) => self.any_text = true,
            _ if branch.keys().all(|key| is_prose(key)) => self.anything = true,
            _ if self.branches.iter().any(|present| without_prose(present) == without_prose(&json!(branch))) => {}
            _ => self.branches.push(Value::Object(branch)),
        }
    }

    fn write_to(mut self, schema: &mut Schema, discriminator: Option<&Value>, schemas: &Map<String, Value>) {
        let kinds: Vec<_> = self.branches.iter().map(|branch| branch["type"].clone()).collect();
        self.branches.retain(|branch| !(branch["type"] == "integer" && kinds.contains(&json!("number"))));
        if !self.texts.is_empty() {
            let mut texts = json!({"type": "string", "enum": self.texts});
            if self.any_text {
                texts[OPEN] = true.into();
            }
            self.branches.push(texts);
        } else if self.any_text {
            let is_timestamp = |branch: &Value| branch["format"] == "date-time";
            self.branches.retain(|branch| branch["type"] != "string" || is_timestamp(branch));
            self.branches.push(json!({"type": "string"}));
        }
        if self.nullable {
            schema.insert("nullable".to_owned(), true.into());
        }
        match self.branches.as_mut_slice() {
            [] => {}
            [branch] if !self.anything => match branch.take() {
                Value::Object(branch) if !branch.contains_key("$ref") && !branch.contains_key("allOf") => {
                    branch.into_iter().filter(|(key, _)| key != COMPONENT).for_each(|(key, value)| {
                        schema.entry(key).or_insert(value);
                    });
                }
                branch => drop(schema.insert("allOf".to_owned(), json!([{"$ref": reference_of(&branch)}]))),
            },
            branches => {
                let tag = tag(branches, discriminator, schemas);
                schema.extend(tag.map(|tag| (TAG.to_owned(), tag)));
                for branch in branches.iter_mut().filter_map(Value::as_object_mut) {
                    branch.shift_remove(COMPONENT);
                }
                schema.insert("oneOf".to_owned(), self.branches.into());
            }
        }
    }
}

fn without_prose(schema: &Value) -> Value {
    let members = schema.as_object().into_iter().flatten().filter(|(key, _)| !is_prose(key));
    members.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>().into()
}

/// What a branch refers to, with or without prose beside it.
pub(super) fn reference_of(branch: &Value) -> Option<&str> {
    branch.get("$ref").or_else(|| branch.pointer("/allOf/0/$ref")).and_then(Value::as_str)
}

/// What decides between the branches: the document's discriminator, or a member whose known texts differ in each.
fn tag(branches: &[Value], discriminator: Option<&Value>, schemas: &Map<String, Value>) -> Option<Value> {
    let resolved: Vec<(String, &Value)> = branches
        .iter()
        .map(|branch| match reference_of(branch).and_then(component_name) {
            Some(name) => (name.clone(), schemas.get(&name).unwrap_or(branch)),
            None => (branch[COMPONENT].as_str().unwrap_or_default().to_owned(), branch),
        })
        .collect();
    if let Some(name) = discriminator.and_then(|discriminator| discriminator["propertyName"].as_str()) {
        let mapping = discriminator.and_then(|discriminator| discriminator["mapping"].as_object());
        let mapped = |component: &str, otherwise: Vec<String>| {
            let explicit = mapped(component, mapping);
            if explicit.is_empty() { otherwise } else { explicit }
        };
        return values(&resolved, name, &|component, branch| mapped(component, texts(branch, name))).or_else(|| {
            values(&resolved, name, &|component, branch| {
                let (own, known) = (component.to_owned(), texts(branch, name));
                let is_tag = !own.is_empty() && (known.is_empty() || known.contains(&own));
                mapped(component, is_tag.then_some(own).into_iter().collect())
            })
        });
    }
    let candidates = resolved.first()?.1["properties"].as_object()?.keys();
    candidates.into_iter().find_map(|name| values(&resolved, name, &|_, branch| texts(branch, name)))
}

/// The tag values that a discriminator gives to a component.
fn mapped(component: &str, mapping: Option<&Map<String, Value>>) -> Vec<String> {
    let leads_here = |target: &Value| {
        target
            .as_str()
            .is_some_and(|target| target == component || component_name(target).as_deref() == Some(component))
    };
    let found = mapping.into_iter().flatten().filter(|(_, target)| leads_here(target));
    found.map(|(value, _)| value.clone()).collect()
}

/// The known texts of a member.
fn texts(branch: &Value, member: &str) -> Vec<String> {
    let known = branch["properties"][member]["enum"].as_array().into_iter().flatten();
    known.filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

/// The tag of this name, where each branch has values that no other has.
fn values(branches: &[(String, &Value)], name: &str, of: &dyn Fn(&str, &Value) -> Vec<String>) -> Option<Value> {
    let mut numbers = BTreeMap::new();
    for (number, (component, branch)) in branches.iter().enumerate() {
        let values: BTreeSet<_> = of(component, branch).into_iter().collect();
        if values.is_empty() || values.into_iter().any(|value| numbers.insert(value, number).is_some()) {
            return None;
        }
    }
    Some(json!({"name": name, "values": numbers}))
}

#[cfg(test)]
mod tests {
    use super::{super::testing, *};

    /// The values that decide between two components, each with known texts.
    fn values_of(mapping: &Value, cat: &Value, dog: &Value) -> Value {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let union = json!({"oneOf": [reference("Cat"), reference("Dog")],
            "discriminator": {"propertyName": "species", "mapping": mapping}});
        let mut document = testing::document(&json!({"type": "string"}), &union);
        for (name, texts) in [("Cat", cat), ("Dog", dog)] {
            document.root["components"]["schemas"][name] =
                json!({"type": "object", "properties": {"species": {"type": "string", "enum": texts}}});
        }
        apply(&mut document);
        document.root["components"]["schemas"]["Response"][TAG]["values"].take()
    }

    #[test]
    fn a_mapping_decides_before_what_the_branches_say_and_these_before_their_names() {
        let (both, nothing) = (json!(["felis", "canis"]), json!({}));
        assert_eq!(
            values_of(&json!({"felis": "Cat", "canis": "#/components/schemas/Dog"}), &both, &both),
            json!({"felis": 0, "canis": 1})
        );
        assert_eq!(values_of(&json!({"canis": "Dog"}), &json!(["felis"]), &both), json!({"felis": 0, "canis": 1}));
        assert_eq!(values_of(&json!({"canis": "Dog"}), &both, &both), Value::Null);
        assert_eq!(values_of(&nothing, &json!(["felis"]), &json!(["canis"])), json!({"felis": 0, "canis": 1}));
        assert_eq!(values_of(&nothing, &both, &both), Value::Null);
        let names = json!(["Cat", "Dog"]);
        assert_eq!(values_of(&nothing, &names, &names), json!({"Cat": 0, "Dog": 1}));
        assert_eq!(values_of(&nothing, &json!([]), &json!([])), json!({"Cat": 0, "Dog": 1}));
    }
}
