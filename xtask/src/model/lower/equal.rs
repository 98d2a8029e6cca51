//! Types that say the same, with the same words for their members, become one; the other names are aliases.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

use super::super::{Additional, Api, Kind, Type, TypeId};

/// Merges the named types, of which the first of those that are equal stays.
pub(super) fn merge(api: &mut Api, named: &[TypeId]) {
    let classes = classes(api);
    let mut kept: HashMap<u64, TypeId> = HashMap::new();
    let mut new: Vec<TypeId> = (0..api.types.len()).map(TypeId).collect();
    for id in named {
        let first = *kept.entry(classes[id.0]).or_insert(*id);
        if first != *id {
            new[id.0] = first;
            let sent = api[*id].direction.sent;
            api.types[first.0].direction.sent |= sent;
            api.aliases.extend(api.types[id.0].rust.take().map(|name| (name, first)));
        }
    }
    api.each_reference(&mut |id| *id = new[id.0]);
}

/// Types with equal numbers are equal: refined until looking through one more reference separates no more types.
fn classes(api: &Api) -> Vec<u64> {
    let own: Vec<String> = api.types.iter().map(says).collect();
    let mut classes = vec![0; api.types.len()];
    let count = |classes: &[u64]| classes.iter().collect::<BTreeSet<_>>().len();
    loop {
        let refined: Vec<u64> = api
            .types
            .iter()
            .zip(&own)
            .map(|(ty, own)| {
                let mut hasher = DefaultHasher::new();
                own.hash(&mut hasher);
                ty.inner().iter().for_each(|inner| classes[inner.0].hash(&mut hasher));
                hasher.finish()
            })
            .collect();
        let is_settled = count(&refined) == count(&classes);
        classes = refined;
        if is_settled {
            return classes;
        }
    }
}

/// What a type says apart from the types that it refers to. A type with a name is described as a whole by its name too.
fn says(ty: &Type) -> String {
    let kind = match &ty.kind {
        Kind::List(_) => "list".to_owned(),
        Kind::Map(_) => "map".to_owned(),
        Kind::Alias(_) => "alias".to_owned(),
        Kind::Tuple { leading, .. } => format!("tuple {}", leading.len()),
        Kind::Struct { members, additional } => {
            let members = members.iter().map(|it| (&it.wire, it.required, it.read_only, it.write_only));
            let additional = matches!(additional, Additional::Typed(_));
            format!("struct {additional} {:?}", members.collect::<Vec<_>>())
        }
        Kind::Union { variants, by, open } => {
            let variants: Vec<_> = variants.iter().map(|variant| (&variant.rust, &variant.tags)).collect();
            format!("union {by:?} {open} {variants:?}")
        }
        other => format!("{other:?}"),
    };
    let words = if ty.rust.is_some() { None } else { Some((&ty.title, &ty.docs)) };
    let checks: Vec<_> = if ty.direction.received {
        Vec::new() // Readers check nothing.
    } else {
        ty.constraints.0.iter().map(|(keyword, check)| (keyword, &check.value)).collect()
    };
    let standing = (&ty.lifecycle, ty.direction.received, ty.secret, ty.nullable);
    format!("{kind} {words:?} {checks:?} {standing:?} {:?}", ty.values)
}
