//! A client of the constructs that documents hold, generated from `xtask/tests/constructs.json`: it compiles, reads
//! every value, and writes back what it read.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, dead_code, unreachable_pub, unused_imports)]
mod client;
#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, dead_code, unreachable_pub, unused_imports, unused_macros)]
mod coding;
#[rustfmt::skip]
#[allow(dead_code, missing_docs, unreachable_pub)]
mod operations;
#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, dead_code)]
mod requests;
#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs, unreachable_pub)]
mod types;
#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, dead_code, unexpected_cfgs, unreachable_pub)]
mod values;

mod sent;

use auth0_transport::Transport;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use types::{Item, OptionSchema, Page, Patch, Pet, Shapes, Tree, UnknownValueSchema};
use values::Field;

#[derive(Clone, Debug)]
struct Client {
    transport: Transport,
}

/// The value as its type, after it came back from there as it was.
fn read<T: DeserializeOwned + Serialize>(value: &Value) -> T {
    let typed: T = serde_json::from_str(&value.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&typed).unwrap(), *value);
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn a_union_is_the_branch_that_accounts_for_most() {
    assert!(
        matches!(read(&json!({"items": [], "next": "n"})), Page::ObjectValue(page) if page.next.as_deref() == Some("n"))
    );
    assert!(matches!(read(&json!({"items": [], "start": 1.5})), Page::Object(_)));
    assert!(matches!(read(&json!({"items": []})), Page::ObjectValue(_)));
    assert!(matches!(read(&json!({"items": [], "next": "n", "limit": {"of": "tomorrow"}})), Page::ObjectValue(_)));
    assert!(matches!(read(&json!([{"id": "a"}])), Page::ItemList(items) if items.len() == 1));
    assert!(matches!(read(&json!("neither")), Page::Unknown(_)));
}

#[test]
fn a_discriminator_decides_and_an_unknown_one_is_kept() {
    assert!(matches!(read(&json!({"species": "felis", "lives": 9})), Pet::Cat(cat) if cat.lives == Some(9)));
    assert!(matches!(read(&json!({"species": "canis", "lives": "one"})), Pet::Dog(_)));
    assert!(matches!(read(&json!({"species": "felis", "lives": "nine"})), Pet::Unknown(_)));
    assert!(matches!(read(&json!({"species": "equus", "hooves": 4})), Pet::Unknown(_)));
    assert!(matches!(read(&json!({"lives": 9})), Pet::Cat(_)));
}

#[test]
fn a_member_whose_texts_differ_decides_like_a_discriminator() {
    let untagged =
        |mode: &str| read::<Shapes>(&json!({"untagged": {"mode": mode, "value": "v", "new": 1}})).untagged.unwrap();
    assert!(matches!(untagged("one"), types::ShapesUntagged::One(_)));
    assert!(matches!(untagged("two"), types::ShapesUntagged::Two(_)));
    assert!(matches!(untagged("three"), types::ShapesUntagged::Unknown(_)));
}

#[test]
fn members_with_one_name_in_rust_stay_two_and_odd_names_stay_as_they_are() {
    let item: Item = read(&json!({
        "id": "longer than today", "kind": "c", "fooBar": "1", "foo_bar": "2", "type": "3", "new": true, "unknown": "4",
        "": "5", "x-tag": "6", "default": "7", "of tomorrow": {"a": [null]},
    }));
    assert_eq!((item.foo_bar.as_deref(), item.foo_bar_value.as_deref()), (Some("1"), Some("2")));
    assert_eq!((item.unknown_value.as_deref(), item.unknown.len()), (Some("4"), 1));
    assert!(read::<Item>(&json!({})).id.is_none());
}

#[test]
fn numbers_and_points_in_time_stay_as_they_were_written() {
    let item: Item = read(&json!({"size": 1, "at": "2026-01-01T00:00:00.000Z"}));
    assert_eq!(item.at.unwrap().instant().unwrap().timestamp(), 1_767_225_600);
    read::<Item>(&json!({"size": 1.5, "at": "soon"}));
    read::<Item>(&json!({"size": 9_007_199_254_740_993_i64}));
}

#[test]
fn null_is_no_absence() {
    read::<Item>(&json!({"id": null, "size": null, "at": null}));
    read::<Shapes>(&json!({"nothing": null, "tuple": null, "map": null, "mixed": null, "tree": null}));
}

#[test]
fn a_patch_says_absent_null_and_value() {
    let written = |patch: &Patch| serde_json::to_value(patch).unwrap();
    assert_eq!(written(&Patch::default()), json!({}));
    assert_eq!(written(&Patch::default().name(None).tags(vec!["a".to_owned()])), json!({"name": null, "tags": ["a"]}));
    assert_eq!(written(&Patch::default().name("n").secret("s")), json!({"name": "n", "secret": "s"}));
    assert_eq!(read::<Patch>(&json!({"name": null})).name, Field::Null);
    let level: types::PatchLevel = "low".parse().unwrap();
    assert_eq!((level.as_str(), level.to_string()), ("low", "low".to_owned()));
    assert!("medium".parse::<types::PatchLevel>().is_err());
}

#[test]
fn names_of_the_prelude_are_no_trouble() {
    let option: OptionSchema = read(&json!({"Some": {"String": "s"}, "None": {"a": {"a": {}}}}));
    assert_eq!(option.some.unwrap().string.as_deref(), Some("s"));
    for value in ["unknown", "Unknown", "a", "b"] {
        assert_eq!(UnknownValueSchema::from(value).as_str(), value);
    }
}

#[test]
fn a_member_may_extend_what_its_parent_extends() {
    let shapes: Shapes = read(&json!({"extended": {"a": "1", "inner": {"a": "2", "h": "3"}}}));
    let inner = shapes.extended.unwrap().inner.unwrap();
    assert_eq!((inner.a.as_deref(), inner.h.as_deref()), (Some("2"), Some("3")));
}

#[test]
fn a_mapping_decides_where_all_branches_inherit_all_values_of_the_tag() {
    let vehicle = |value: Value| read::<Shapes>(&json!({"vehicle": value})).vehicle.unwrap();
    assert!(matches!(vehicle(json!({"wheels": "two"})), types::ShapesVehicle::Bike(_)));
    assert!(matches!(vehicle(json!({"wheels": "four"})), types::ShapesVehicle::Car(_)));
}

#[test]
fn a_component_that_may_be_null_may_be_so_beside_bodies() {
    assert_eq!(read::<Shapes>(&json!({"maybe": null})).maybe, None);
    let shapes: Shapes = read(&json!({"maybe": {"m": "1"}, "typed_rest": {"a": "1", "n": 2}, "typed_values": 1}));
    assert!(matches!(shapes.typed_values, Some(types::ShapesTypedValues::Integer(1))));
}

#[test]
fn every_shape_comes_back() {
    let shapes: Shapes = read(&json!({
        "allowlist": ["10.0.0.1", "anything"], "known_or_any": "some", "tuple": ["a", 1, true],
        "beside": {"a": "1", "e": "2", "f": "3"}, "beside_reference": {"a": "1", "g": "2"},
        "number_or_object": {"a": "1"}, "nothing": null, "anything": [1], "never": {"n": 1},
        "map": {"one": {"b": "1", "new": 2}}, "other": {"c": "1"}, "by_pattern": {"x": "1"}, "mixed": 1,
        "tree": {"left": {"choice": {"left": {"choice": "leaf"}}}}, "conditional": {"kind": "x", "y": 1}, "deep": "b",
    }));
    assert_eq!(shapes.allowlist.unwrap(), ["10.0.0.1", "anything"]);
    assert_eq!(shapes.known_or_any.unwrap().as_str(), "some");
    assert_eq!(shapes.beside_reference.unwrap().g.as_deref(), Some("2"));
    assert!(matches!(shapes.number_or_object, Some(types::ShapesNumberOrObject::S(_))));
    let number = read::<Shapes>(&json!({"number_or_object": 1})).number_or_object;
    assert!(matches!(number, Some(types::ShapesNumberOrObject::Integer(1))));
    let map = read::<Shapes>(&json!({"number_or_object": {"far": "off", "of": "it"}})).number_or_object;
    assert!(matches!(map, Some(types::ShapesNumberOrObject::Object(_))));
    read::<Tree>(&json!({"left": {"left": {}}, "choice": {"choice": "a"}}));
}
