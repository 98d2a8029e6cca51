//! Checks of a type beside its kind: bounds, patterns, and keywords that are only compared.

use std::{cmp::Ordering, collections::BTreeMap};

use serde_json::{Map, Value, json};

use crate::openapi::{
    Place, Pointer, Problem,
    keywords::{DATA, NAMED},
};

pub(crate) const LOWER: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
pub(crate) const UPPER: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
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

/// The value of a keyword, in canonical form, and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// The keyword's value.
    pub value: Value,
    /// Where it stands.
    pub source: Pointer,
}

/// The constraints of a type by keyword: `minimum`, `exclusiveMinimum` (a number, also for 3.0), `maxLength`,
/// `pattern`, `uniqueItems`, `not`, …
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints(pub BTreeMap<&'static str, Constraint>);

impl Constraints {
    /// The value of a keyword.
    #[must_use]
    pub fn get(&self, keyword: &str) -> Option<&Value> {
        self.0.get(keyword).map(|found| &found.value)
    }

    /// The string that a keyword has.
    #[must_use]
    pub fn text(&self, keyword: &str) -> Option<&str> {
        self.get(keyword)?.as_str()
    }

    /// The patterns, of which a string has to match each.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        let (one, several) = match self.get("pattern") {
            Some(Value::Array(several)) => (None, Some(several)),
            one => (one, None),
        };
        one.into_iter().chain(several.into_iter().flatten()).filter_map(Value::as_str)
    }

    /// The count that a keyword has: `minLength`, `maxItems`, …
    #[must_use]
    pub fn count(&self, keyword: &str) -> Option<u64> {
        self.get(keyword)?.as_u64()
    }

    /// The number that a keyword has.
    #[must_use]
    pub fn number(&self, keyword: &str) -> Option<f64> {
        self.get(keyword)?.as_f64()
    }

    pub(crate) fn has(&self, keyword: &str) -> bool {
        self.0.contains_key(keyword)
    }

    /// Removes a keyword.
    pub(crate) fn remove(&mut self, keyword: &str) {
        self.0.remove(keyword);
    }

    /// Adds a keyword, in canonical form.
    pub(super) fn add(&mut self, keyword: &'static str, place: &Place<'_>) {
        self.0.insert(keyword, Constraint { value: without_prose(place.value, false), source: place.pointer.clone() });
    }

    pub(crate) fn read(schema: &Place<'_>) -> Result<Self, Problem> {
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
            found.insert(keyword, Constraint { value, source: place.pointer });
        }
        Ok(Self(found))
    }

    /// Says the bounds of integers in one way: as the least and the greatest of them.
    pub(crate) fn bound_integers(&mut self) {
        for (inclusive, exclusive, lower) in
            [("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false)]
        {
            let limit = |found: Constraint, beyond: bool| {
                let value = nearest_integer(&found.value, lower, beyond).unwrap_or(found.value);
                Constraint { value, source: found.source }
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
        if self.number("multipleOf").is_some_and(|step| (step - 1.0).abs() <= f64::EPSILON) {
            self.0.remove("multipleOf");
        }
    }

    /// Drops the bound that says nothing beside another one.
    pub(crate) fn bound_numbers(&mut self) {
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

    /// Demands what both demand.
    pub(crate) fn intersect(&mut self, other: Self) {
        for (keyword, theirs) in other.0 {
            match self.0.get_mut(keyword) {
                None => {
                    self.0.insert(keyword, theirs);
                }
                Some(ours) if ours.value == theirs.value => {}
                Some(ours) => match tighter(keyword, &ours.value, &theirs.value) {
                    Some(true) => *ours = theirs,
                    Some(false) => {}
                    // Both hold; which stands first says nothing.
                    None => {
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
}

/// Whether the second of two bounds is the tighter one.
fn tighter(keyword: &str, one: &Value, other: &Value) -> Option<bool> {
    match order(one, other)? {
        Ordering::Equal => Some(false),
        order if LOWER.contains(&keyword) => Some(order == Ordering::Less),
        order if UPPER.contains(&keyword) => Some(order == Ordering::Greater),
        _ => None,
    }
}

/// The order of two numbers: of two integers that of all their digits.
pub(crate) fn order(before: &Value, after: &Value) -> Option<Ordering> {
    let integer = |value: &Value| value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    match (integer(before), integer(after)) {
        (Some(before), Some(after)) => Some(before.cmp(&after)),
        _ => before.as_f64()?.partial_cmp(&after.as_f64()?),
    }
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

/// A keyword's value without what is written for people; with `named`, its keys are names. `serde_json` limits how
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
pub(crate) fn canonical(value: &Value) -> Value {
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
