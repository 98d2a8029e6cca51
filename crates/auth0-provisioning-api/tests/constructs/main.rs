//! A client of the constructs that documents hold, generated from `xtask/tests/constructs.json`: it compiles, reads
//! every value, and writes back what it read.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, dead_code, unreachable_pub, unused_imports)]
mod client;
#[rustfmt::skip]
#[allow(dead_code, missing_docs, unreachable_pub)]
mod operations;
#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs, unreachable_pub)]
mod types;

mod sent;

use auth0_transport::{Transport, codegen::values};
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
    assert!(matches!(read(&json!({"species": "felis", "lives": 9})), Pet::Cat(cat) if cat.lives == Some(9.into())));
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
fn numbers_and_flags_decide_like_texts() {
    let prices = |value: Value| read::<types::Prices>(&value);
    let step = |op: Value| prices(json!({"steps": [{"op": op, "label": "l"}]})).steps.unwrap().remove(0);
    assert!(matches!(step(json!(-1)), types::PricesStepsItem::Wait(_)));
    assert!(matches!(step(json!(2)), types::PricesStepsItem::Move(_)));
    assert!(matches!(step(json!(2.0)), types::PricesStepsItem::Move(_)));
    for unknown in [json!(3), json!("2"), json!(-1.5)] {
        assert!(matches!(step(unknown), types::PricesStepsItem::Unknown(_)));
    }
    let mapped = |op: i64| prices(json!({"mapped": {"op": op, "label": "l"}})).mapped.unwrap();
    assert!(matches!(mapped(-1), types::PricesMapped::Wait(_)) && matches!(mapped(2), types::PricesMapped::Move(_)));
    let outcome = |ok: bool| prices(json!({"outcome": {"ok": ok, "text": "t"}})).outcome.unwrap();
    assert!(matches!(outcome(true), types::PricesOutcome::True(_)));
    assert!(matches!(outcome(false), types::PricesOutcome::False(_)));
}

#[test]
fn base_is_the_union_of_its_subtypes() {
    let figure = |value: Value| read::<types::Figure>(&value);
    let disc = figure(json!({"kind": "disc", "radius": 1.5, "title": "t"}));
    assert!(matches!(disc, types::Figure::Disc(disc) if disc.radius.is_some() && disc.title.as_deref() == Some("t")));
    assert!(matches!(figure(json!({"kind": "cube", "edge": 2})), types::Figure::Cube(cube) if cube.edge.is_some()));
    assert!(matches!(figure(json!({"kind": "Ring", "radius": 2, "inner": 1})), types::Figure::Ring(_)));
    assert!(matches!(figure(json!({"kind": "cone"})), types::Figure::Unknown(_)));
}

#[test]
fn enumeration_with_values_of_another_type_is_open() {
    for settled in ["NO", "LATER"] {
        assert_eq!(read::<types::Prices>(&json!({"settled": settled})).settled.unwrap().as_str(), settled);
    }
    let regions = ["SE", "NO"].map(types::ListPricesRegion::from);
    assert_eq!(regions[0], types::ListPricesRegion::Se);
    assert_eq!(regions.map(|region| region.to_string()), ["SE", "NO"]);
}

#[test]
fn reference_by_id_leads_to_its_type() {
    let prices: types::Prices = read(&json!({"rows": [{"amount": 1}]}));
    let rows: Vec<types::Row> = prices.rows.unwrap();
    assert_eq!(rows[0].amount, Some(1.into()));
}

#[test]
fn pattern_of_letters_of_any_script_is_checked_as_such() {
    let surname = |text: &str| text.parse::<types::CheckedSurname>();
    assert!(["Łuczak", "Ó'Briain", "A_b-c"].iter().all(|text| surname(text).is_ok()));
    assert!(["p{Lu}", "9", "łuczak"].iter().all(|text| surname(text).is_err()));
    // A pattern of another dialect is not checked.
    assert!(serde_json::from_value::<types::Checked>(json!({"name": "ab", "code": "A1z"})).is_ok());
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
    for count in [json!(1), json!(1.0), json!(-1.5), json!(u64::MAX), json!(1e30)] {
        assert_eq!(json!(read::<Shapes>(&json!({"count": count})).count.unwrap()), count);
    }
}

#[test]
fn a_member_may_extend_what_its_parent_extends_and_what_holds_it() {
    let shapes: Shapes = read(&json!({
        "extended": {"a": "1", "owner": {"a": "2", "h": "3"}},
        "link": {"a": "1", "next": {"a": "2", "edge": "3", "next": {"a": "4", "edge": "5"}}},
        "open": {"a": "1", "b": 2},
    }));
    let owner = shapes.extended.unwrap().owner.unwrap();
    assert_eq!((owner.a.as_deref(), owner.h.as_deref()), (Some("2"), Some("3")));
    let last = shapes.link.unwrap().next.unwrap().next.unwrap();
    assert_eq!((last.a.as_deref(), last.edge.as_deref()), (Some("4"), Some("5")));
    assert_eq!(shapes.open.unwrap().unknown["b"], 2);
}

#[test]
fn a_mapping_decides_before_texts_that_both_branches_inherit() {
    let vehicle = |kind: &str| read::<Shapes>(&json!({"vehicle": {"kind": kind, "size": 1}})).vehicle.unwrap();
    assert!(matches!(vehicle("car"), types::ShapesVehicle::Car(_)));
    assert!(matches!(vehicle("boat"), types::ShapesVehicle::Boat(boat) if boat.owner.is_none()));
}

#[test]
fn what_is_sent_satisfies_both_checks_and_holds_nothing_that_is_read_only() {
    let name = |text: &str| text.parse::<types::CheckedName>();
    assert!(name("a\nb").is_ok() && name("ab").is_ok());
    assert!(["a", "b", "aaaab"].iter().all(|text| name(text).is_err()));
    let mut checked = types::Checked::new(name("ab").unwrap());
    checked.level = Some(types::CheckedLevelKnown::Low.into());
    assert_eq!(serde_json::to_value(&checked).unwrap(), json!({"name": "ab", "level": "low"}));
    read::<Shapes>(&json!({"level": 1}));
    assert!(matches!(read::<Shapes>(&json!({"level": "low"})).level, Some(types::ShapesLevel::Known(_))));
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
    assert!(matches!(number, Some(types::ShapesNumberOrObject::Integer(number)) if number == 1.into()));
    let map = read::<Shapes>(&json!({"number_or_object": {"far": "off", "of": "it"}})).number_or_object;
    assert!(matches!(map, Some(types::ShapesNumberOrObject::Object(_))));
    read::<Tree>(&json!({"left": {"left": {}}, "choice": {"choice": "a"}}));
}
