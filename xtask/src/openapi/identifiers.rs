//! References by `$id` and `$anchor` become references by place, before anything else looks at a document.
//!
//! A relative reference counts from the `$id` around it. Within a schema with an `$id`, a pointer counts from that
//! schema; where it leads nowhere there, it is one from the root of the document, as most authors mean it.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use super::{
    Pointer,
    keywords::{DATA, NAMED},
};

/// What a fragment cannot hold as it is, and `%`.
const FRAGMENT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%').add(b'#');

/// The place of a document that does not say where it lies.
const DOCUMENT: &str = "document:/";

/// Rewrites the references of a document that has any `$id` or `$anchor`.
pub(super) fn resolve(root: &mut Value) {
    let Ok(base) = Url::parse(DOCUMENT) else { return };
    let mut known = HashMap::new();
    walk(root, &Scope::root(&base), false, &mut |scope, key, value| {
        let name = match key {
            "$id" => scope.base.clone(),
            "$anchor" => with_fragment(&scope.base, value),
            _ => return,
        };
        known.entry(name.to_string()).or_insert_with(|| scope.place.clone());
    });
    if known.is_empty() {
        return;
    }
    known.entry(base.to_string()).or_default();
    let mut targets = Vec::new();
    walk(root, &Scope::root(&base), false, &mut |scope, key, value| {
        if key == "$ref"
            && let Some(target) = target(root, scope, value, &known)
        {
            targets.push((scope.place.child("$ref"), target));
        }
    });
    for (place, target) in targets {
        if let Some(reference) = root.pointer_mut(place.as_str()) {
            *reference = format!("#{}", utf8_percent_encode(target.as_str(), FRAGMENT)).into();
        }
    }
}

/// Where a reference leads that does not lead there by its own pointer.
fn target(root: &Value, scope: &Scope, reference: &str, known: &HashMap<String, Pointer>) -> Option<Pointer> {
    if reference.starts_with("#/") && scope.base.as_str() == DOCUMENT {
        return None;
    }
    let mut url = scope.base.join(reference).ok()?;
    if let Some(place) = known.get(url.as_str()) {
        return Some(place.clone());
    }
    let inner = Pointer::of_reference(&format!("#{}", url.fragment()?))?;
    url.set_fragment(None);
    let place = known.get(url.as_str())?.joined(&inner);
    root.pointer(place.as_str())?;
    Some(place)
}

fn with_fragment(base: &Url, fragment: &str) -> Url {
    let mut url = base.clone();
    url.set_fragment(Some(fragment));
    url
}

/// A place, and what references count from there.
struct Scope {
    base: Url,
    place: Pointer,
}

impl Scope {
    fn root(base: &Url) -> Self {
        Self { base: base.clone(), place: Pointer::root() }
    }
}

/// Visits every text under a keyword, with the scope of what holds it. with `named`, keys are names.
fn walk(value: &Value, scope: &Scope, named: bool, visit: &mut dyn FnMut(&Scope, &str, &str)) {
    match value {
        Value::Object(members) => {
            let id = members.get("$id").and_then(Value::as_str).filter(|_| !named);
            let base = id.and_then(|id| scope.base.join(id).ok()).unwrap_or_else(|| scope.base.clone());
            let scope = Scope { base, place: scope.place.clone() };
            for (key, member) in members.iter().filter(|(key, _)| named || !DATA.contains(&key.as_str())) {
                match member {
                    Value::String(text) if !named => visit(&scope, key, text),
                    _ => {
                        let inner = Scope { base: scope.base.clone(), place: scope.place.child(key) };
                        walk(member, &inner, !named && NAMED.contains(&key.as_str()), visit);
                    }
                }
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let inner = Scope { base: scope.base.clone(), place: scope.place.child(index) };
                walk(element, &inner, false, visit);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_by_id_and_anchor_lead_to_places() {
        let refer = |reference: &str| json!({"properties": {"a": {"$ref": reference}}});
        let shop = "https://shop.example.org/schemas/";
        let with_id = |id: &str, reference: &str| {
            let mut schema = refer(reference);
            schema["$id"] = json!(id);
            schema
        };
        let mut root = json!({"components": {"schemas": {
            "Item": {"$id": format!("{shop}Item"), "properties": {"x": {"$anchor": "ex"}, "a/b c": {}}, "$defs": {"D": {"$id": "deep/D"}}},
            "Relative": with_id(&format!("{shop}Relative"), "Item"),
            "Absolute": refer(&format!("{shop}Item")),
            "Deep": with_id(&format!("{shop}Deep"), "deep/D"),
            "Anchor": with_id(&format!("{shop}Anchor"), "Item#ex"),
            "Pointer": with_id(&format!("{shop}Pointer"), "Item#/properties/a~1b%20c"),
            "Own": with_id(&format!("{shop}Own"), "#/properties/a"),
            "Root": with_id(&format!("{shop}Root"), "#/components/schemas/Item"),
            "Gone": with_id(&format!("{shop}Gone"), "Missing"),
            "Data": {"enum": [{"$ref": "Item"}], "properties": {"$ref": {"$anchor": "there"}}},
            "Plain": refer("#there"),
            "Kept": refer("#/components/schemas/a%7Bb"),
        }}});
        resolve(&mut root);
        let led = |name: &str| root["components"]["schemas"][name]["properties"]["a"]["$ref"].as_str().unwrap();
        let schemas = "#/components/schemas";
        assert_eq!(led("Relative"), format!("{schemas}/Item"));
        assert_eq!(led("Absolute"), format!("{schemas}/Item"));
        assert_eq!(led("Deep"), format!("{schemas}/Item/$defs/D"));
        assert_eq!(led("Anchor"), format!("{schemas}/Item/properties/x"));
        assert_eq!(led("Pointer"), format!("{schemas}/Item/properties/a~1b%20c"));
        assert_eq!(led("Own"), format!("{schemas}/Own/properties/a"));
        assert_eq!(led("Root"), format!("{schemas}/Item"));
        assert_eq!(led("Gone"), "Missing");
        assert_eq!(led("Plain"), format!("{schemas}/Data/properties/$ref"));
        assert_eq!(led("Kept"), format!("{schemas}/a%7Bb"));
        assert_eq!(root["components"]["schemas"]["Data"]["enum"][0]["$ref"], "Item");
    }
}
