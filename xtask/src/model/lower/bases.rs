//! Components with a discriminator that others extend: where one is referred to, each of its subtypes is meant.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::openapi::{Place, Pointer, document::component_name};

/// A component that a base leads to.
#[derive(Clone, Debug)]
pub(super) struct Subtype<'d> {
    pub(super) place: Place<'d>,
    /// Whether it extends the base, or has the tag of its own.
    pub(super) extends: bool,
}

/// A component with subtypes.
#[derive(Clone, Debug)]
pub(super) struct Base<'d> {
    pub(super) branches: Vec<Subtype<'d>>,
}

/// The bases of a document by place.
#[derive(Debug)]
pub(super) struct Bases<'d>(HashMap<Pointer, Base<'d>>);

impl<'d> Bases<'d> {
    pub(super) fn of(top: &Place<'d>) -> Self {
        let schemas = top.get("components").and_then(|components| components.get("schemas"));
        let schemas = schemas.and_then(|schemas| schemas.entries().ok()).unwrap_or_default();
        let mut children: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, (_, schema)) in schemas.iter().enumerate() {
            for parent in parents(schema) {
                children.entry(parent).or_default().push(index);
            }
        }
        let tagged = schemas.iter().filter(|(_, schema)| schema.get("discriminator").is_some());
        let tagged = tagged.filter_map(|(name, schema)| {
            let heirs: Vec<&Place<'d>> =
                heirs(name, &children, &schemas).iter().map(|heir| &schemas[*heir].1).collect();
            Some((schema.pointer.clone(), base(schema, &heirs, &schemas)?))
        });
        Self(tagged.collect())
    }

    pub(super) fn get(&self, place: &Pointer) -> Option<&Base<'d>> {
        self.0.get(place)
    }
}

/// The base that a component is, if it is one.
fn base<'d>(schema: &Place<'d>, heirs: &[&Place<'d>], schemas: &[(&str, Place<'d>)]) -> Option<Base<'d>> {
    let discriminator = schema.get("discriminator")?;
    let tag = discriminator.get("propertyName")?.value.as_str()?;
    let stated = |key: &str| schema.elements_of(key).ok().filter(|union| !union.is_empty());
    let targets: Vec<Place<'d>> = match stated("oneOf").or_else(|| stated("anyOf")) {
        Some(_) if heirs.is_empty() => return None,
        Some(union) => {
            let target = |branch: &Place<'d>| branch.referred().ok()?.filter(|target| target.component().is_some());
            union.iter().map(target).collect::<Option<_>>()?
        }
        None => {
            let mapping = discriminator.entries_of("mapping").unwrap_or_default().into_iter();
            let mapped = mapping.filter_map(|(_, target)| {
                let name = target.value.as_str()?;
                let name = component_name(name).unwrap_or_else(|| name.to_owned());
                schemas.iter().find(|(known, _)| *known == name).map(|(_, place)| place.clone())
            });
            mapped.chain(heirs.iter().map(|heir| (*heir).clone())).collect()
        }
    };
    let mut seen = HashSet::new();
    let targets = targets.into_iter().filter(|target| seen.insert(target.pointer.clone()));
    let branches: Vec<_> = targets
        .map(|place| {
            let is_heir = heirs.iter().any(|heir| heir.pointer == place.pointer);
            Subtype { extends: is_heir || has_member(&place, tag), place }
        })
        .collect();
    (!branches.is_empty()).then_some(Base { branches })
}

fn has_member(schema: &Place<'_>, name: &str) -> bool {
    let parts = schema.elements_of("allOf").unwrap_or_default();
    parts.iter().chain([schema]).any(|part| part.get("properties").is_some_and(|members| members.get(name).is_some()))
}

fn parents(schema: &Place<'_>) -> Vec<String> {
    let parts = schema.elements_of("allOf").unwrap_or_default().into_iter();
    parts.filter_map(|part| part.referred().ok()??.component()).collect()
}

fn heirs(name: &str, children: &HashMap<String, Vec<usize>>, schemas: &[(&str, Place<'_>)]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![name];
    while let Some(parent) = waiting.pop() {
        for child in children.get(parent).into_iter().flatten() {
            if schemas[*child].0 != name && found.insert(*child) {
                waiting.push(schemas[*child].0);
            }
        }
    }
    found
}
