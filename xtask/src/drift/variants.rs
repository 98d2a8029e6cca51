//! Which branches of two unions belong together.

use std::collections::BTreeSet;

use super::{resolve::Node, shapes::Shapes};
use crate::model::JsonTypes as Types;
use crate::openapi::Problem;

/// More pairs of branches than this are not weighed; branches then belong together by position.
const PAIRS: usize = 250_000;

/// Which branch of the first union belongs to which of the second; every branch at most once.
pub(super) fn pairs<'o, 'n>(
    old: (&[Node<'o>], &mut Shapes<'o>),
    new: (&[Node<'n>], &mut Shapes<'n>),
) -> Result<Vec<(usize, usize)>, Problem> {
    let ((old, old_shapes), (new, new_shapes)) = (old, new);
    if old.len().saturating_mul(new.len()) > PAIRS {
        return Ok((0..old.len().min(new.len())).map(|index| (index, index)).collect());
    }
    let old: Vec<Traits<'_>> = old.iter().map(|node| Traits::of(node, old_shapes)).collect::<Result<_, _>>()?;
    let new: Vec<Traits<'_>> = new.iter().map(|node| Traits::of(node, new_shapes)).collect::<Result<_, _>>()?;
    let mut weighed = Vec::new();
    for (old_index, old_traits) in old.iter().enumerate() {
        for (new_index, new_traits) in new.iter().enumerate() {
            if let Some(likeness) = old_traits.likeness(new_traits) {
                weighed.push((std::cmp::Reverse(likeness), old_index.abs_diff(new_index), old_index, new_index));
            }
        }
    }
    weighed.sort_unstable();
    let (mut old_taken, mut new_taken) = (vec![false; old.len()], vec![false; new.len()]);
    let mut pairs = Vec::new();
    for (_, _, old_index, new_index) in weighed {
        if !old_taken[old_index] && !new_taken[new_index] {
            old_taken[old_index] = true;
            new_taken[new_index] = true;
            pairs.push((old_index, new_index));
        }
    }
    pairs.sort_unstable();
    Ok(pairs)
}

/// What a branch is recognized by.
struct Traits<'d> {
    types: Types,
    format: Option<&'d str>,
    values: BTreeSet<String>,
    fields: BTreeSet<&'d str>,
    /// Fields with values that tell branches apart, such as a `kind` that is always `"user"`.
    tags: Vec<(&'d str, BTreeSet<String>)>,
    item: Option<(Types, BTreeSet<&'d str>)>,
    target: &'d str,
}

impl<'d> Traits<'d> {
    fn of(node: &Node<'d>, shapes: &mut Shapes<'d>) -> Result<Self, Problem> {
        let shape = shapes.of(node)?;
        let mut tags = Vec::new();
        for (name, field) in &shape.fields {
            if let Some(values) = &shapes.of(field)?.values {
                tags.push((*name, values.iter().cloned().collect()));
            }
        }
        let item = match &shape.items {
            Some(items) => {
                let items = shapes.of(items)?;
                Some((items.types, items.fields.keys().copied().collect()))
            }
            None => None,
        };
        let reference = node.place().value.get("$ref").and_then(serde_json::Value::as_str);
        Ok(Self {
            types: shape.types.without(Types::NULL),
            format: shape.format,
            values: shape.values.iter().flatten().cloned().collect(),
            fields: shape.fields.keys().copied().collect(),
            tags,
            item,
            target: reference.unwrap_or_default(),
        })
    }

    /// How alike two branches are; `None` where they cannot be the same one. Names of schemas only break ties.
    fn likeness(&self, other: &Self) -> Option<u32> {
        if !self.types.meets(other.types) {
            return None;
        }
        let mut likeness = u32::from(self.types == other.types) * 20 + u32::from(self.format == other.format) * 20;
        for (name, ours) in &self.tags {
            if let Some((_, theirs)) = other.tags.iter().find(|(known, _)| known == name) {
                if ours.is_disjoint(theirs) {
                    return None;
                }
                likeness += 100;
            }
        }
        likeness += share(&self.fields, &other.fields) + share(&self.values, &other.values);
        if let (Some((ours, our_fields)), Some((theirs, their_fields))) = (&self.item, &other.item) {
            likeness += u32::from(ours == theirs) * 20 + share(our_fields, their_fields);
        }
        Some(likeness * 2 + u32::from(self.target == other.target))
    }
}

/// How much two sets have in common, from 0 to 100.
fn share<T: Ord>(ours: &BTreeSet<T>, theirs: &BTreeSet<T>) -> u32 {
    let all = ours.union(theirs).count();
    let common = ours.intersection(theirs).count();
    if all == 0 {
        return 100;
    }
    u32::try_from(common * 100 / all).unwrap_or(100)
}
