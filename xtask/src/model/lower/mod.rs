//! From a document to an [`Api`]: `operations` and `parameters` read what stands outside of schemas; schemas are
//! resolved, put into one `shape`, composed to types, unions sorted out, and then each type learns in which direction it
//! goes, and its name.

mod bases;
mod compose;
mod direction;
mod draft;
mod equal;
mod names;
mod operations;
mod parameters;
mod resolve;
mod shape;
#[cfg(test)]
mod tests;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use self::{compose::Types, draft::Made};
use super::{Api, Diagnostic, Kind, Operation, Sourced, TypeId, operation::Servers};
use crate::openapi::{Document, Place, Problem, servers};

/// What is lowered.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The operations with these ids.
    pub operations: Vec<String>,
    /// The operations with one of these tags. All where neither ids nor tags are given.
    pub tags: Vec<String>,
    /// Whether types that say the same become one, as in documents that repeat schemas inline.
    pub merge_equal_types: bool,
}

impl Options {
    fn takes(&self, id: &str, tags: &[String]) -> bool {
        self.operations.is_empty() && self.tags.is_empty()
            || self.operations.iter().any(|wanted| wanted == id)
            || self.tags.iter().any(|wanted| tags.contains(wanted))
    }
}

/// Lowers a document. What the document says wrongly is in the diagnostics; each takes the smallest part along: an optional
/// parameter, or else the operation.
///
/// What the document says is in the API although it cannot be generated: cookies, bodies in parts, streams of events,
/// unusual styles. The generator decides on these.
#[must_use]
pub fn lower(document: &Document, options: &Options) -> (Api, Vec<Diagnostic>) {
    let mut types = Types::new(document);
    let mut diagnostics = Vec::new();
    let read = operations::read(document, options, &mut types, &mut diagnostics);
    types.compose();
    direction::set(&mut types, &read);
    unions::settle(&mut types);
    let mut api = outline(document);
    api.operations = sound(read, &types, &mut diagnostics);
    finish(types, &mut api);
    drop_unreached(&mut api);
    let named = names::give(&mut api, document);
    if options.merge_equal_types {
        equal::merge(&mut api, &named);
    }
    (api, diagnostics)
}

/// What the document says outside of operations and types.
fn outline(document: &Document) -> Api {
    let top = Place::root(document);
    let text = |place: Option<&Place<'_>>, key: &str| {
        place.and_then(|place| place.get(key)).and_then(|place| place.value.as_str()).map(str::to_owned)
    };
    let info = top.get("info");
    let tags = top.elements_of("tags").unwrap_or_default().into_iter();
    let schemes = top.get("components").and_then(|components| components.entries_of("securitySchemes").ok());
    let schemes = schemes.into_iter().flatten().filter_map(|(name, scheme)| {
        let scheme = scheme.followed().ok()?;
        Some((name.to_owned(), Sourced { value: scheme.value.clone(), source: scheme.pointer }))
    });
    Api {
        title: text(info.as_ref(), "title").unwrap_or_default(),
        version: text(info.as_ref(), "version").unwrap_or_default(),
        docs: text(info.as_ref(), "description"),
        tags: tags.filter_map(|tag| Some((text(Some(&tag), "name")?, text(Some(&tag), "description")?))).collect(),
        security_schemes: schemes.collect(),
        servers: servers_of(&top),
        ..Api::default()
    }
}

fn servers_of(owner: &Place<'_>) -> Servers {
    let servers = owner.elements_of("servers").unwrap_or_default().into_iter();
    let urls = servers.filter_map(|server| server.text("url").ok()?.map(str::to_owned));
    Servers { urls: urls.collect(), paths: servers::paths(owner).unwrap_or_default(), source: owner.pointer.clone() }
}

/// The operations without the parts whose schemas have a problem. What a client does not use holds any value.
fn sound(read: Vec<Operation>, types: &Types<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Operation> {
    let (mut faults, mut circles) = (Known::new(), Known::new());
    let mut fault_of = |ty| fault(ty, types, &mut faults, |made| made.problem.as_ref());
    let mut operations = Vec::new();
    for mut operation in read {
        let id = operation.id.clone();
        operation.parameters.retain(|parameter| {
            let found = fault_of(parameter.ty).filter(|_| !parameter.required);
            let left_out = found.map(|found| Diagnostic {
                parameter: Some(parameter.in_words()),
                ..Diagnostic::of_part(&id, &found, "it is optional and left out")
            });
            let is_sound = left_out.is_none();
            diagnostics.extend(left_out);
            is_sound
        });
        let mut add = |found: Option<Problem>, remedy| {
            diagnostics.extend(found.iter().map(|found| Diagnostic::of_part(&id, found, remedy)));
        };
        let used: Vec<TypeId> = operation.sent().into_iter().chain(operation.received()).collect();
        let problem = used.iter().find_map(|root| fault_of(*root));
        if problem.is_none() {
            for root in operation.described() {
                add(fault_of(root), "it is read as any value");
            }
            for root in used {
                add(fault(root, types, &mut circles, |made| made.empty.as_ref()), "what it says of itself is left out");
            }
            operations.push(operation);
        }
        diagnostics.extend(problem.iter().map(|problem| Diagnostic::of_operation(&id, problem)));
    }
    operations
}

/// The first problem among the types that one reaches.
fn fault(start: TypeId, types: &Types<'_>, known: &mut Known, of: fn(&Made) -> Option<&Problem>) -> Option<Problem> {
    if let Some(known) = known.get(&start) {
        return known.clone();
    }
    let (mut seen, mut waiting) = (BTreeSet::from([start]), vec![start]);
    let mut found = None;
    while let Some(id) = waiting.pop() {
        found = of(&types.made[id.0]).cloned();
        if found.is_some() {
            break;
        }
        waiting.extend(types.made[id.0].ty.inner().into_iter().filter(|inner| seen.insert(*inner)));
    }
    known.insert(start, found.clone());
    found
}

type Known = BTreeMap<TypeId, Option<Problem>>;

/// Moves the types into the API. A member is in one direction only where its type, or what that is an alias of, says so.
fn finish(mut types: Types<'_>, api: &mut Api) {
    for index in 0..types.made.len() {
        let mut kind = std::mem::replace(&mut types.made[index].ty.kind, Kind::Any);
        if let Kind::Struct { members, .. } = &mut kind {
            for member in members {
                (member.read_only, member.write_only) = types.access(member.ty);
            }
        }
        types.made[index].ty.kind = kind;
    }
    api.types = types.made.into_iter().map(|made| made.ty).collect();
}

/// Leaves only the types that operations reach.
fn drop_unreached(api: &mut Api) {
    let mut reached = vec![false; api.types.len()];
    let mut order = Vec::new();
    let mut waiting: std::collections::VecDeque<TypeId> = api
        .operations
        .iter()
        .flat_map(|operation| operation.sent().into_iter().chain(operation.received()).chain(operation.described()))
        .collect();
    while let Some(id) = waiting.pop_front() {
        if std::mem::replace(&mut reached[id.0], true) {
            continue;
        }
        order.push(id);
        waiting.extend(api[id].inner());
    }
    let mut new = vec![TypeId(0); api.types.len()];
    for (index, id) in order.iter().enumerate() {
        new[id.0] = TypeId(index);
    }
    let mut types: Vec<Option<super::Type>> = std::mem::take(&mut api.types).into_iter().map(Some).collect();
    api.types = order.iter().filter_map(|id| types[id.0].take()).collect();
    api.each_reference(&mut |id| *id = new[id.0]);
}
