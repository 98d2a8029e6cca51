//! The shapes of the schemas of one document.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use super::{input::Input, resolve::Node, shape::Shape, unions};
use crate::openapi::Problem;

/// How many schemas one document may make us look at. Official documents compared in whole need far less;
/// one built to explode ends in an error within seconds.
const EFFORT: u32 = 2_000_000;

/// The shapes of one document, each worked out once.
#[derive(Debug)]
pub(super) struct Shapes<'d> {
    input: &'d Input,
    known: HashMap<String, Rc<Shape<'d>>>,
    effort: u32,
}

impl<'d> Shapes<'d> {
    pub(super) fn new(input: &'d Input) -> Self {
        Self { input, known: HashMap::new(), effort: EFFORT }
    }

    pub(super) fn of(&mut self, node: &Node<'d>) -> Result<Rc<Shape<'d>>, Problem> {
        let shape = self.within(node, &mut HashSet::new());
        self.input.in_file(shape)
    }

    /// `open` holds the schemas whose unions are being looked through; a union that contains itself stays as it is.
    fn within(&mut self, node: &Node<'d>, open: &mut HashSet<String>) -> Result<Rc<Shape<'d>>, Problem> {
        let key = node.key();
        if let Some(known) = self.known.get(&key) {
            return Ok(Rc::clone(known));
        }
        let mut shape = Shape::anything(node.target());
        let mut or_null = false;
        for part in node.flatten(&mut self.effort)? {
            // OpenAPI 3.0 has no other way to say that what is referred to may be null here. Beside a type it adds null to
            // the types alone, and values that are listed without null exclude it.
            let says_more = ["type", "enum", "const"].iter().any(|keyword| part.get(keyword).is_some());
            or_null |= part.flag("nullable")? && !says_more;
            shape.intersect(Shape::read(&part)?);
        }
        if or_null {
            shape.permit_null();
        }
        if !shape.unions.is_empty() && open.insert(key.clone()) {
            unions::simplify(&mut shape, open, &mut |node, open| self.within(node, open))?;
            open.remove(&key);
        }
        if let Some(tag) = &node.tag {
            shape.demand(tag, node);
        }
        if let Some(tag) = &node.is_tag {
            shape.limit_to(tag);
        }
        shape.settle_values();
        shape.settle_constraints();
        let shape = Rc::new(shape);
        // Within another union's branch, a union that leads back there was left as it is.
        if open.is_empty() {
            self.known.insert(key, Rc::clone(&shape));
        }
        Ok(shape)
    }
}
