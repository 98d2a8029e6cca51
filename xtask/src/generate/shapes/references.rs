//! Every `$ref` to a schema leads to a component by its plain name: what is named in another way, by a deep or an
//! encoded pointer, becomes such a component. An operation whose references lead nowhere is left out.
//!
//! Step 4 of `SHAPES`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    Apply, Noted, Transform,
    components::reference_to,
    schemas::{each_operation_place, free_name, retain_parameters},
};
use crate::openapi::{
    Document, Pointer, Problem,
    document::component_name,
    keywords::{DATA, NAMED},
};

pub(super) const TRANSFORM: Transform = Transform { name: "references", apply: Apply::Noted(apply) };

fn apply(document: &mut Document, noted: &mut Noted) -> usize {
    let original = document.clone();
    let mut components = Components { document: &original, made: BTreeMap::new(), settled: BTreeMap::new() };
    each_operation_place(document, noted, |operation, place, noted| {
        retain_parameters(operation, place, noted, |parameter, place, _| {
            let mut names = Vec::new();
            components.settle(parameter, place, false, &mut names)?;
            components.check(names)
        })?;
        let mut names = Vec::new();
        for (key, part) in operation.iter_mut() {
            components.settle(part, &place.child(key), NAMED.contains(&key.as_str()), &mut names)?;
        }
        components.check(names)
    });
    let places = components.made.len();
    let schemas: Map<_, _> =
        components.settled.into_iter().filter_map(|(name, settled)| Some((name, settled.ok()?.0))).collect();
    let mut all = document.schemas().cloned().unwrap_or_default();
    all.extend(schemas);
    if !all.is_empty() {
        document.root["components"]["schemas"] = all.into();
    }
    places
}

/// A component with its own references settled, and the names of those that it refers to.
type Settled = Result<(Value, Vec<String>), Problem>;

struct Components<'a> {
    document: &'a Document,
    /// The names of the components made for pointers that name something else.
    made: BTreeMap<String, String>,
    settled: BTreeMap<String, Settled>,
}

impl Components<'_> {
    /// Makes every reference in a value name a component, and adds these. `named` tells that the keys are names which
    /// the document gives, and no keywords.
    fn settle(
        &mut self,
        value: &mut Value,
        place: &Pointer,
        named: bool,
        found: &mut Vec<String>,
    ) -> Result<(), Problem> {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get_mut("$ref").filter(|_| !named) {
                    let name = self.component(reference, &place.child("$ref"))?;
                    *reference = reference_to(&name);
                    found.push(name);
                }
                let structure = members.iter_mut().filter(|(key, _)| named || !DATA.contains(&key.as_str()));
                structure.into_iter().try_for_each(|(key, member)| {
                    self.settle(member, &place.child(key), !named && NAMED.contains(&key.as_str()), found)
                })
            }
            Value::Array(elements) => elements
                .iter_mut()
                .enumerate()
                .try_for_each(|(index, element)| self.settle(element, &place.child(index), false, found)),
            _ => Ok(()),
        }
    }

    /// The component that a reference names, made if need be.
    fn component(&mut self, reference: &str, place: &Pointer) -> Result<String, Problem> {
        let target = self.document.resolve(reference, place)?;
        let own = component_name(reference);
        let made = own.clone().or_else(|| self.made.get(reference).cloned());
        let name = made.unwrap_or_else(|| {
            let taken = |name: &str| {
                self.made.values().any(|made| made == name)
                    || self.document.schemas().is_some_and(|schemas| schemas.contains_key(name))
            };
            let name = free_name(&name_of(reference), taken);
            self.made.insert(reference.to_owned(), name.clone());
            name
        });
        if !self.settled.contains_key(&name) {
            let schema = own.and_then(|name| self.document.schemas()?.get(&name)).unwrap_or(target).clone();
            // Settled when it is come by, one after the other: references may form long chains.
            self.settled.insert(name.clone(), Ok((schema, vec![UNSETTLED.to_owned()])));
        }
        Ok(name)
    }

    /// Whether all that these components reach is there.
    fn check(&mut self, names: Vec<String>) -> Result<(), Problem> {
        let mut seen: BTreeSet<String> = names.iter().cloned().collect();
        let mut waiting = names;
        while let Some(name) = waiting.pop() {
            let (mut schema, mut inner) = self.settled.get(&name).cloned().unwrap_or(Ok((Value::Null, Vec::new())))?;
            if inner == [UNSETTLED] {
                inner.clear();
                let place =
                    ["components", "schemas", &name].iter().fold(Pointer::root(), |place, key| place.child(key));
                let result = self.settle(&mut schema, &place, false, &mut inner);
                self.settled.insert(name, result.clone().map(|()| (schema, inner.clone())));
                result?;
            }
            waiting.extend(inner.into_iter().filter(|name| seen.insert(name.clone())));
        }
        Ok(())
    }
}

/// Stands for the references of a component that nobody came by yet. No component has this name: it is no pointer.
const UNSETTLED: &str = "/";

/// `#/paths/~1a/get/…/schema` makes `paths-1a-get-…-schema`.
fn name_of(reference: &str) -> String {
    reference.trim_start_matches("#/").replace("components/schemas/", "").replace(['/', '~', '%'], "-")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing, *};

    #[test]
    fn deep_references_that_would_have_one_name_stay_apart() {
        let request = json!({"properties": {
            "a": {"$ref": "#/components/schemas/S/properties/a~1b"},
            "b": {"$ref": "#/components/schemas/S/properties/a%7E1b"},
            "c": {"$ref": "#/components/schemas/S/properties/a-1b"},
            "d": {"$ref": "#/components/schemas/S-properties-a-1b"},
        }});
        let text = |title: &str| json!({"type": "string", "title": title});
        let mut document = testing::document(&request, &json!({}));
        document.root["components"]["schemas"]["S"] = json!({"properties": {"a/b": text("1"), "a-1b": text("2")}});
        document.root["components"]["schemas"]["S-properties-a-1b"] = text("3");
        apply(&mut document, &mut Noted::default());
        let schemas = document.schemas().unwrap();
        let titles = ["a", "b", "c", "d"].map(|member| {
            let reference = schemas["Request"]["properties"][member]["$ref"].as_str().unwrap();
            schemas[&component_name(reference).unwrap()]["title"].as_str().unwrap()
        });
        assert_eq!(titles, ["1", "1", "2", "3"]);
    }
}
