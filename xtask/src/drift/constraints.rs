//! What a schema demands of a value beyond its type: bounds, patterns, and the rarer keywords.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::{Map, Value, json};

use super::finding::Motion;
use crate::openapi::{
    Place, Pointer, Problem,
    keywords::{DATA, NAMED},
};

const LOWER: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
const OTHER: [&str; 18] = [
    "pattern",
    "multipleOf",
    "uniqueItems",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "dependentRequired",
    "dependentSchemas",
    "propertyNames",
    "unevaluatedItems",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "discriminator",
];
const PROSE: [&str; 7] = ["description", "summary", "title", "example", "examples", "$comment", "externalDocs"];
/// Keywords whose lists have no order.
const SETS: [&str; 3] = ["required", "type", "enum"];

/// A constraint and the place that states it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Constraint {
    pub(super) value: Value,
    pub(super) pointer: Pointer,
}

/// The constraints of one schema, by keyword.
#[derive(Clone, Debug, Default)]
pub(super) struct Constraints(BTreeMap<&'static str, Constraint>);

/// One keyword that two schemas disagree on.
pub(super) struct Difference<'c> {
    pub(super) keyword: &'static str,
    pub(super) old: Option<&'c Constraint>,
    pub(super) new: Option<&'c Constraint>,
    pub(super) motion: Motion,
}

impl Constraints {
    pub(super) fn read(schema: &Place<'_>) -> Result<Self, Problem> {
        let mut found = BTreeMap::new();
        for keyword in LOWER.into_iter().chain(UPPER).chain(OTHER) {
            let Some(place) = schema.get(keyword) else { continue };
            let bound = LOWER.contains(&keyword) || UPPER.contains(&keyword);
            let value = match (keyword, place.value) {
                // In OpenAPI 3.0 these are flags beside `minimum` and `maximum`.
                ("exclusiveMinimum" | "exclusiveMaximum", Value::Bool(exclusive)) => {
                    let inclusive = if keyword == "exclusiveMinimum" { "minimum" } else { "maximum" };
                    match found.remove(inclusive) {
                        Some(Constraint { value, .. }) if *exclusive => value,
                        Some(constraint) => {
                            found.insert(inclusive, constraint);
                            continue;
                        }
                        None => continue,
                    }
                }
                (_, value) if bound && !value.is_number() => return Err(place.problem("is not a number")),
                ("minLength" | "minItems" | "minProperties", value) if value.as_f64() == Some(0.0) => continue,
                ("uniqueItems", Value::Bool(false)) => continue,
                ("discriminator", value) => tag(value),
                ("dependentRequired" | "dependentSchemas", value) => without_prose(value, true),
                (_, value) => without_prose(value, false),
            };
            let pointer = place.pointer;
            found.insert(keyword, Constraint { value, pointer });
        }
        Ok(Self(found))
    }

    /// Says the bounds of integers in one way: as the least and the greatest of them.
    pub(super) fn bound_integers(&mut self) {
        for (inclusive, exclusive, lower) in
            [("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false)]
        {
            let limit = |found: Constraint, beyond: bool| {
                let value = nearest_integer(&found.value, lower, beyond).unwrap_or(found.value);
                Constraint { value, pointer: found.pointer }
            };
            let bounds = [(inclusive, false), (exclusive, true)];
            let found: Vec<Constraint> = bounds
                .into_iter()
                .filter_map(|(keyword, beyond)| self.0.remove(keyword).map(|found| limit(found, beyond)))
                .collect();
            let tighter = if lower { Ordering::Greater } else { Ordering::Less };
            let tightest = found
                .into_iter()
                .reduce(|one, other| if order(&other.value, &one.value) == Some(tighter) { other } else { one });
            self.0.extend(tightest.map(|found| (inclusive, found)));
        }
        if self.number("multipleOf") == Some(1.0) {
            self.0.remove("multipleOf");
        }
    }

    /// Drops the bound that says nothing beside another one.
    pub(super) fn bound_numbers(&mut self) {
        for (inclusive, exclusive, lower) in
            [("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false)]
        {
            let (Some(one), Some(other)) = (self.0.get(inclusive), self.0.get(exclusive)) else { continue };
            let inclusive_is_tighter = match order(&one.value, &other.value) {
                Some(Ordering::Greater) => lower,
                Some(Ordering::Less) => !lower,
                _ => false,
            };
            self.0.remove(if inclusive_is_tighter { exclusive } else { inclusive });
        }
    }

    /// Takes a constraint out.
    pub(super) fn remove(&mut self, keyword: &str) -> Option<Constraint> {
        self.0.remove(keyword)
    }

    /// The text that a keyword names.
    pub(super) fn text(&self, keyword: &str) -> Option<&str> {
        self.0.get(keyword)?.value.as_str()
    }

    /// Each constraint in two words.
    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(keyword, constraint)| format!("{keyword} {}", constraint.value))
    }

    pub(super) fn has(&self, keyword: &str) -> bool {
        self.0.contains_key(keyword)
    }

    /// The number that a keyword names.
    pub(super) fn number(&self, keyword: &str) -> Option<f64> {
        self.0.get(keyword)?.value.as_f64()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Demands what both demand.
    pub(super) fn intersect(&mut self, other: Self) {
        for (keyword, theirs) in other.0 {
            match self.0.get_mut(keyword) {
                None => {
                    self.0.insert(keyword, theirs);
                }
                Some(ours) if ours.value == theirs.value => {}
                Some(ours) => match motion(keyword, Some(&ours.value), Some(&theirs.value)) {
                    Motion::Narrower => *ours = theirs,
                    Motion::Wider => {}
                    // Both hold; which stands first says nothing.
                    _ => {
                        let mut both = match ours.value.take() {
                            Value::Array(values) => values,
                            value => vec![value],
                        };
                        both.push(theirs.value);
                        both.sort_by_key(ToString::to_string);
                        ours.value = Value::Array(both);
                    }
                },
            }
        }
    }

    /// Takes over the constraints of a branch whose types no other branch has.
    pub(super) fn unite_disjoint(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The keywords on which `new` differs from this one.
    pub(super) fn differences<'c>(&'c self, new: &'c Self) -> Vec<Difference<'c>> {
        let mut keywords: Vec<&'static str> = self.0.keys().chain(new.0.keys()).copied().collect();
        keywords.sort_unstable();
        keywords.dedup();
        keywords
            .into_iter()
            .filter_map(|keyword| {
                let (old, new) = (self.0.get(keyword), new.0.get(keyword));
                let (before, after) = (old.map(|found| &found.value), new.map(|found| &found.value));
                let motion = match (before, after) {
                    (Some(before), Some(after)) if equal(before, after) => return None,
                    _ => motion(keyword, before, after),
                };
                Some(Difference { keyword, old, new, motion })
            })
            .collect()
    }
}

fn equal(before: &Value, after: &Value) -> bool {
    order(before, after).map_or(before == after, |order| order == Ordering::Equal)
}

/// The order of two numbers: of two integers that of all their digits.
fn order(before: &Value, after: &Value) -> Option<Ordering> {
    let integer = |value: &Value| value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    match (integer(before), integer(after)) {
        (Some(before), Some(after)) => Some(before.cmp(&after)),
        _ => before.as_f64()?.partial_cmp(&after.as_f64()?),
    }
}

fn motion(keyword: &str, before: Option<&Value>, after: Option<&Value>) -> Motion {
    let (before, after) = match (before, after) {
        (None, _) => return Motion::Narrower,
        (_, None) => return Motion::Wider,
        (Some(before), Some(after)) => (before, after),
    };
    if keyword == "dependentRequired"
        && let (Some(before), Some(after)) = (before.as_object(), after.as_object())
    {
        return match (demands(before, after), demands(after, before)) {
            (true, true) => Motion::Still,
            (true, false) => Motion::Wider,
            (false, true) => Motion::Narrower,
            (false, false) => Motion::Sideways,
        };
    }
    match order(before, after) {
        Some(Ordering::Less) if LOWER.contains(&keyword) => Motion::Narrower,
        Some(Ordering::Greater) if LOWER.contains(&keyword) => Motion::Wider,
        Some(Ordering::Less) if UPPER.contains(&keyword) => Motion::Wider,
        Some(Ordering::Greater) if UPPER.contains(&keyword) => Motion::Narrower,
        _ => Motion::Sideways,
    }
}

/// Whether the names that one map of them demands include those that the other demands.
fn demands(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let names =
        |map: &Map<String, Value>, key: &str| map.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    other.keys().all(|key| {
        let wanted = names(one, key);
        names(other, key).iter().all(|name| wanted.contains(name))
    })
}

/// The integer that a bound comes to, and with `beyond` the next one.
fn nearest_integer(bound: &Value, lower: bool, beyond: bool) -> Option<Value> {
    let step = if lower { 1 } else { -1 };
    if let Some(integer) = bound.as_i64() {
        return integer.checked_add(if beyond { step } else { 0 }).map(Value::from);
    }
    let number = bound.as_f64().filter(|number| number.abs() < LARGEST_EXACT)?;
    let rounded = if lower { number.ceil() } else { number.floor() };
    let is_whole = (rounded - number).abs() == 0.0;
    // Within the bounds that are checked above, each of these is an integer to the digit.
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
    let integer = rounded as i64;
    Some(Value::from(if beyond && is_whole { integer + step } else { integer }))
}

/// Below this each whole number is exact.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// What a discriminator demands apart from the schemas that it leads to: its property, and the values that a mapping has.
fn tag(discriminator: &Value) -> Value {
    let mut values: Vec<&String> = discriminator["mapping"].as_object().into_iter().flat_map(Map::keys).collect();
    values.sort();
    let name = &discriminator["propertyName"];
    if values.is_empty() { json!({"propertyName": name}) } else { json!({"propertyName": name, "values": values}) }
}

/// A keyword's value without what is written for people; `named` tells that its keys are names. `serde_json` limits how
/// deep it can be nested.
fn without_prose(value: &Value, named: bool) -> Value {
    match value {
        Value::Object(object) => {
            let mut kept: Vec<(&String, &Value)> =
                object.iter().filter(|(key, _)| named || !PROSE.contains(&key.as_str())).collect();
            kept.sort_by_key(|(key, _)| *key);
            let inner = |key: &str, value: &Value| {
                if !named && DATA.contains(&key) && !SETS.contains(&key) {
                    return canonical(value);
                }
                let value = without_prose(value, !named && NAMED.contains(&key));
                if !named && SETS.contains(&key) || named && value.is_array() { sorted(value) } else { value }
            };
            kept.into_iter().map(|(key, value)| (key.clone(), inner(key, value))).collect()
        }
        Value::Array(array) => array.iter().map(|element| without_prose(element, false)).collect(),
        other => other.clone(),
    }
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Array(mut elements) => {
            elements.sort_by_key(ToString::to_string);
            elements.into()
        }
        value => value,
    }
}

/// A value in the one form of those that are equal: members in order, and whole numbers without a point.
pub(super) fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(key, member)| (key.clone(), canonical(member))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            members.into_iter().collect()
        }
        Value::Array(elements) => elements.iter().map(canonical).collect(),
        Value::Number(number) if number.is_f64() => {
            let number = number.as_f64().filter(|number| number.fract() == 0.0);
            number.and_then(|_| nearest_integer(value, true, false)).unwrap_or_else(|| value.clone())
        }
        other => other.clone(),
    }
}
