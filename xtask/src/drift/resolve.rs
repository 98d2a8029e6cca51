//! `$ref` with siblings and `allOf`, taken apart: the plain schemas that a value has to satisfy all at once.

use std::{collections::HashSet, rc::Rc};

use crate::openapi::{Place, Pointer, Problem};

/// One or more schemas at one position; a value has to satisfy each of them.
#[derive(Clone, Debug)]
pub(super) struct Node<'d> {
    parts: Vec<Place<'d>>,
    /// What a discriminator demands of an object that is this variant of a union.
    pub(super) tag: Option<Rc<Tag<'d>>>,
    /// The tag that this is.
    pub(super) is_tag: Option<Rc<Tag<'d>>>,
}

/// The property by which a discriminator tells variants apart, and the values that lead to one of them, as texts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'d> {
    pub(super) name: &'d str,
    pub(super) values: Vec<&'d str>,
    pub(super) pointer: Pointer,
}

impl<'d> Tag<'d> {
    /// What the discriminator beside a union says of one of its branches. The values are those of the mapping, or else the
    /// name of the component.
    pub(super) fn of(discriminator: &Place<'d>, branch: &Place<'d>) -> Result<Option<Self>, Problem> {
        let reference = branch.text("$ref").unwrap_or_default().unwrap_or_default();
        let (Some(name), Some(component)) = (discriminator.text("propertyName")?, component_in(reference)) else {
            return Ok(None);
        };
        let mapping = discriminator.entries_of("mapping")?.into_iter();
        let leads_here = |target: &str| target == component || component_in(target) == Some(component);
        let mapped = mapping.filter(|(_, target)| target.value.as_str().is_some_and(leads_here));
        let mut values: Vec<&str> = mapped.map(|(value, _)| value).collect();
        if values.is_empty() {
            values.push(component);
        }
        Ok(Some(Self { name, values, pointer: discriminator.pointer.clone() }))
    }
}

fn component_in(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/").filter(|name| !name.contains('/'))
}

/// A step through the schemas: into one, or out of it again.
enum Step<'d> {
    Enter(Place<'d>),
    Leave(Pointer),
}

impl<'d> Node<'d> {
    pub(super) fn new(schema: Place<'d>) -> Self {
        Self { parts: vec![schema], tag: None, is_tag: None }
    }

    /// The schema that lets everything through, where a document says nothing.
    pub(super) fn anything(place: &Place<'d>) -> Self {
        Self::new(place.anything())
    }

    /// Demands what both nodes demand.
    pub(super) fn and(&mut self, other: Self) {
        for part in other.parts {
            if self.parts.iter().all(|known| known.pointer != part.pointer) {
                self.parts.push(part);
            }
        }
        self.tag = self.tag.take().or(other.tag);
        self.is_tag = self.is_tag.take().or(other.is_tag);
    }

    /// The place at which the document has this node.
    pub(super) fn pointer(&self) -> &Pointer {
        &self.parts[0].pointer
    }

    /// The place of the schema itself, where this node does nothing but refer to it.
    pub(super) fn target(&self) -> Pointer {
        let first = &self.parts[0];
        match first.referred() {
            Ok(Some(target)) if self.parts.len() == 1 && is_bare(first) => target.pointer,
            _ => first.pointer.clone(),
        }
    }

    pub(super) fn place(&self) -> &Place<'d> {
        &self.parts[0]
    }

    /// Names this node within its document; the same for every way that leads to the same schema.
    pub(super) fn key(&self) -> String {
        let mut pointers: Vec<String> = self.parts.iter().map(target).collect();
        pointers.sort_unstable();
        pointers.dedup();
        let mut key = pointers.join(" & ");
        for (kind, tag) in [("tagged", &self.tag), ("tag", &self.is_tag)] {
            if let Some(tag) = tag {
                key = format!("{key} {kind} {:?} {:?}", tag.name, tag.values);
            }
        }
        key
    }

    /// The plain schemas behind this node, outermost first, each once. Their own `$ref` and `allOf` are dealt with.
    /// Each one counts as a step of work, of which there are as many left as `effort` says.
    pub(super) fn flatten(&self, effort: &mut u32) -> Result<Vec<Place<'d>>, Problem> {
        let mut plain = Vec::new();
        let mut seen = HashSet::new();
        let mut open = HashSet::new();
        let mut steps: Vec<Step<'d>> = self.parts.iter().rev().cloned().map(Step::Enter).collect();
        while let Some(step) = steps.pop() {
            let schema = match step {
                Step::Leave(pointer) => {
                    open.remove(&pointer);
                    continue;
                }
                Step::Enter(schema) => schema,
            };
            *effort =
                effort.checked_sub(1).ok_or_else(|| schema.problem("the schemas branch too often to be compared"))?;
            if open.contains(&schema.pointer) {
                return Err(schema.problem("this schema is defined by itself, through `$ref` and `allOf` alone"));
            }
            if !seen.insert(schema.pointer.clone()) {
                continue;
            }
            if schema.value.is_boolean() {
                plain.push(schema);
                continue;
            }
            schema.object()?;
            if let Some(dynamic) = schema.get("$dynamicRef") {
                return Err(dynamic.problem("`$dynamicRef` cannot be compared"));
            }
            open.insert(schema.pointer.clone());
            steps.push(Step::Leave(schema.pointer.clone()));
            steps.extend(schema.elements_of("allOf")?.into_iter().rev().map(Step::Enter));
            steps.extend(schema.referred()?.map(Step::Enter));
            plain.push(schema);
        }
        Ok(plain)
    }
}

/// What a bare `$ref` points to, one step; everything else is its own target.
fn target(part: &Place<'_>) -> String {
    if part.value.is_boolean() {
        // It may stand in for something that the document leaves out, at the place of another schema.
        return format!("{} {}", part.value, part.pointer);
    }
    match part.referred() {
        Ok(Some(target)) if is_bare(part) => target.pointer.to_string(),
        _ => part.pointer.to_string(),
    }
}

fn is_bare(part: &Place<'_>) -> bool {
    part.value.as_object().is_some_and(|object| object.len() == 1)
}
