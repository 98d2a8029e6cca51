//! Step 1: the plain schemas that a value has to satisfy at once, behind `$ref` and `allOf`.

use std::collections::HashSet;

use serde_json::Value;

use crate::openapi::{Place, Pointer, Problem};

/// Keywords of a part that are left out, because a caller has dealt with them.
pub(super) const ONE_OF: u8 = 1;
pub(super) const ANY_OF: u8 = 2;
/// That a component is the base of others: only its own members count.
pub(super) const SUBTYPES: u8 = 4;

/// A schema at one place, as part of a [`Node`].
#[derive(Clone, Debug)]
pub(super) struct Part<'d> {
    pub(super) place: Place<'d>,
    /// The keywords that are left out.
    pub(super) without: u8,
    /// Whether its `$ref` and `allOf` are other parts already.
    pub(super) flat: bool,
}

impl<'d> Part<'d> {
    pub(super) fn new(place: Place<'d>) -> Self {
        Self { place, without: 0, flat: false }
    }

    fn key(&self) -> String {
        if self.place.value.is_boolean() {
            return self.place.value.to_string();
        }
        match (self.without, self.flat) {
            (0, false) => self.place.pointer.to_string(),
            (without, flat) => format!("{} -{without}{}", self.place.pointer, if flat { "!" } else { "" }),
        }
    }
}

/// One or more schemas; a value has to satisfy each of them.
#[derive(Clone, Debug)]
pub(super) struct Node<'d> {
    pub(super) parts: Vec<Part<'d>>,
}

/// What is wrong with a schema that adds nothing to itself.
pub(super) const ROUND: &str = "this schema is defined by itself, through `$ref` and `allOf` alone";

/// Plain schemas, and what went round in a circle.
type Flattened<'d> = (Vec<Part<'d>>, Option<Problem>);

/// A step through the schemas: into one, or out of it again.
enum Step<'d> {
    Enter(Part<'d>),
    Leave(Pointer),
}

/// More schemas than this are not put into one.
const MOST_PARTS: usize = 1_000;

impl<'d> Node<'d> {
    pub(super) fn new(schema: Place<'d>) -> Self {
        Self { parts: vec![Part::new(schema)] }
    }

    /// Demands what both nodes demand.
    pub(super) fn and(&mut self, other: Self) {
        for part in other.parts {
            if self.parts.iter().all(|known| known.key() != part.key()) {
                self.parts.push(part);
            }
        }
    }

    /// The only place, where there is one and nothing of it is left out.
    pub(super) fn only(&self) -> Option<&Place<'d>> {
        match &self.parts[..] {
            [Part { place, without: 0, flat: false }] => Some(place),
            _ => None,
        }
    }

    /// The place at which the document has this node.
    pub(super) fn pointer(&self) -> &Pointer {
        &self.parts[0].place.pointer
    }

    /// Names this node; the same for every way that leads to it.
    pub(super) fn key(&self) -> String {
        let mut keys: Vec<String> = self.parts.iter().map(Part::key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.join(" & ")
    }

    /// The node that bare references lead to, which say nothing but `$ref`.
    pub(super) fn followed(mut self) -> Result<Self, Problem> {
        for part in self.parts.iter_mut().filter(|part| !part.flat) {
            let start = part.place.clone();
            let mut seen = HashSet::new();
            while is_bare_reference(part.place.value) {
                if !seen.insert(part.place.pointer.clone()) {
                    return Err(
                        start.problem("`$ref` leads round in a circle, so that this schema is defined by itself")
                    );
                }
                let Some(target) = part.place.referred()? else { break };
                part.place = target;
            }
        }
        Ok(self)
    }

    /// The plain schemas of this node, outermost first, each once. `is_base` says whether a component has subtypes. A schema
    /// that holds itself adds nothing to itself; it comes back as the problem.
    pub(super) fn flatten(&self, is_base: &dyn Fn(&Pointer) -> bool) -> Result<Flattened<'d>, Problem> {
        let is_component = self.only().is_some_and(|place| place.component().is_some());
        let (mut plain, mut round) = (Vec::new(), None);
        let (mut seen, mut open) = (HashSet::new(), HashSet::new());
        let mut steps: Vec<Step<'d>> = self.parts.iter().rev().cloned().map(Step::Enter).collect();
        while let Some(step) = steps.pop() {
            let mut part = match step {
                Step::Leave(pointer) => {
                    open.remove(&pointer);
                    continue;
                }
                Step::Enter(part) => part,
            };
            let place = &part.place;
            if !part.flat && open.contains(&place.pointer) {
                round = Some(place.problem(ROUND));
                continue;
            }
            if !seen.insert(place.pointer.clone()) {
                continue;
            }
            if plain.len() == MOST_PARTS {
                return Err(place.problem("the schemas branch too often to be compared"));
            }
            if place.value.is_boolean() {
                plain.push(part);
                continue;
            }
            place.object()?;
            if let Some(dynamic) = place.get("$dynamicRef") {
                return Err(dynamic.problem("`$dynamicRef` is not followed; refer to the schema by `$ref`"));
            }
            if !part.flat {
                open.insert(place.pointer.clone());
                steps.push(Step::Leave(place.pointer.clone()));
                steps.extend(place.elements_of("allOf")?.into_iter().rev().map(|part| Step::Enter(Part::new(part))));
                steps.extend(place.referred()?.map(|target| Step::Enter(Part::new(target))));
                if !plain.is_empty() && is_component && is_base(&place.pointer) {
                    part.without = ONE_OF | ANY_OF | SUBTYPES;
                }
                part.flat = true;
            }
            plain.push(part);
        }
        Ok((plain, round))
    }
}

/// Keywords that say nothing of the values that a schema lets through, and `nullable`, which speaks of the whole.
pub(super) fn is_prose(keyword: &str) -> bool {
    const PROSE: [&str; 17] = [
        "title",
        "description",
        "summary",
        "deprecated",
        "readOnly",
        "writeOnly",
        "default",
        "nullable",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "$comment",
        "$schema",
        "$id",
        "$anchor",
        "$defs",
    ];
    keyword.starts_with("x-") || PROSE.contains(&keyword)
}

/// What a schema refers to that says nothing of values but that: `$ref`, or `allOf` with one `$ref`, beside prose.
pub(super) fn reference_with_prose<'d>(place: &Place<'d>) -> Result<Option<Place<'d>>, Problem> {
    let Some(members) = place.value.as_object() else { return Ok(None) };
    let mut structure = members.keys().filter(|key| !is_prose(key));
    match (structure.next().map(String::as_str), structure.next()) {
        (Some("$ref"), None) => place.referred(),
        (Some("allOf"), None) => match &place.elements_of("allOf")?[..] {
            [only] if is_bare_reference(only.value) => only.referred(),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

fn is_bare_reference(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| members.contains_key("$ref") && members.len() == 1)
}
