//! What a schema demands of a value beyond its type: bounds, patterns, and the rarer keywords.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::Value;

use super::finding::Motion;
use crate::openapi::{Place, Pointer, Problem};

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
                (_, value) => without_prose(value),
            };
            let pointer = place.pointer;
            found.insert(keyword, Constraint { value, pointer });
        }
        Ok(Self(found))
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
    match order(before, after) {
        Some(Ordering::Less) if LOWER.contains(&keyword) => Motion::Narrower,
        Some(Ordering::Greater) if LOWER.contains(&keyword) => Motion::Wider,
        Some(Ordering::Less) if UPPER.contains(&keyword) => Motion::Wider,
        Some(Ordering::Greater) if UPPER.contains(&keyword) => Motion::Narrower,
        _ => Motion::Sideways,
    }
}

/// A keyword's value without what is written for people. `serde_json` limits how deep it can be nested.
fn without_prose(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut kept: Vec<(&String, &Value)> =
                object.iter().filter(|(key, value)| !PROSE.contains(&key.as_str()) || value.is_object()).collect();
            kept.sort_by_key(|(key, _)| *key);
            kept.into_iter().map(|(key, value)| (key.clone(), without_prose(value))).collect()
        }
        Value::Array(array) => array.iter().map(without_prose).collect(),
        other => other.clone(),
    }
}
