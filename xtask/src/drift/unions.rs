//! `anyOf` and `oneOf`: what of them a plain schema says as well.

use std::{
    collections::{BTreeSet, HashSet},
    rc::Rc,
};

use super::{resolve::Node, shape::Shape};
use crate::model::JsonTypes as Types;
use crate::openapi::Problem;

/// Unions within unions deeper than this are compared as they are written.
const DEEPEST: usize = 6;

/// Works out the shape of a branch; the names are of the schemas whose unions are being looked through.
pub(super) type ShapeOf<'a, 'd> = &'a mut dyn FnMut(&Node<'d>, &mut HashSet<String>) -> Result<Rc<Shape<'d>>, Problem>;

/// Takes away the unions that are not needed: a branch for null, a union of one, of string enums, of branches whose
/// types do not meet.
pub(super) fn simplify<'d>(
    shape: &mut Shape<'d>,
    open: &mut HashSet<String>,
    shape_of: ShapeOf<'_, 'd>,
) -> Result<(), Problem> {
    if open.len() > DEEPEST {
        return Ok(());
    }
    // A branch may bring unions of its own along; they are taken as they are, for they went through here before.
    for union in std::mem::take(&mut shape.unions) {
        let mut branches = Vec::new();
        let mut keys = BTreeSet::new();
        let mut null = false;
        let mut types = Types::NONE;
        for node in union {
            let branch = shape_of(&node, open)?;
            types = types | branch.types;
            if branch.types == Types::NULL {
                null = true;
            } else if keys.insert(node.key()) {
                branches.push((node, branch));
            }
        }
        let alone = branches.len() == 1;
        if let Some(mut plain) = merged(&branches) {
            plain.respelled |= !null && (alone || plain.values.is_some());
            if null {
                plain.types = plain.types | Types::NULL;
            }
            if plain.types.nullable()
                && let Some(values) = &mut plain.values
            {
                values.push("null".to_owned());
            }
            // What the union's own schema says of itself stands above what a branch says.
            let sources = plain.take_sources();
            shape.adopt_sources(sources);
            shape.intersect(plain);
        } else {
            shape.types = shape.types & types;
            if !branches.is_empty() {
                shape.unions.push(branches.into_iter().map(|(node, _)| node).collect());
            }
        }
    }
    Ok(())
}

/// The one shape that lets through what these branches do, if there is one.
fn merged<'d>(branches: &[(Node<'d>, Rc<Shape<'d>>)]) -> Option<Shape<'d>> {
    let mut shapes = branches.iter().map(|(_, shape)| shape);
    let mut plain = Shape::clone(shapes.next()?);
    if branches.len() == 1 {
        return Some(plain);
    }
    let enums = branches
        .iter()
        .all(|(_, shape)| shape.values.is_some() && shape.types == Types::STRING && shape.constraints.0.is_empty());
    for shape in shapes {
        if enums {
            plain.values.get_or_insert_default().extend(shape.values.iter().flatten().cloned());
            continue;
        }
        let bare = |shape: &Shape<'_>| shape.values.is_none() && shape.unions.is_empty();
        if !bare(&plain) || !bare(shape) || plain.types.meets(shape.types) {
            return None;
        }
        plain.unite_disjoint(Shape::clone(shape));
    }
    Some(plain)
}
