//! How the constraints of two schemas differ, and whether each became narrower or wider.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::finding::Motion;
use crate::model::constraints::{Constraint, Constraints, LOWER, UPPER, order};

/// One keyword on which two schemas differ.
pub(super) struct Difference<'c> {
    pub(super) keyword: &'static str,
    pub(super) old: Option<&'c Constraint>,
    pub(super) new: Option<&'c Constraint>,
    pub(super) motion: Motion,
}

/// The keywords on which two sets of constraints differ.
pub(super) fn differences<'c>(one: &'c Constraints, other: &'c Constraints) -> Vec<Difference<'c>> {
    let mut keywords: Vec<&'static str> = one.0.keys().chain(other.0.keys()).copied().collect();
    keywords.sort_unstable();
    keywords.dedup();
    keywords
        .into_iter()
        .filter_map(|keyword| {
            let (old, new) = (one.0.get(keyword), other.0.get(keyword));
            let (before, after) = (old.map(|found| &found.value), new.map(|found| &found.value));
            let motion = match (before, after) {
                (Some(before), Some(after)) if equal(before, after) => return None,
                _ => motion(keyword, before, after),
            };
            Some(Difference { keyword, old, new, motion })
        })
        .collect()
}

fn equal(before: &Value, after: &Value) -> bool {
    order(before, after).map_or(before == after, |order| order == Ordering::Equal)
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
