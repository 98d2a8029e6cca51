//! Where a comparison is, and what it has still to look at.

use std::collections::VecDeque;

use super::{
    super::{
        finding::{Motion, Side, Spot, Verdict},
        resolve::Node,
        shape::Shape,
    },
    spot,
};
use crate::openapi::Pointer;

/// A position within a request or a response.
#[derive(Clone, Debug)]
pub(super) struct Position {
    pub(super) side: Side,
    pub(super) place: String,
    pub(super) path: String,
    pub(super) depth: usize,
    /// Whether the value may be left out, so that the client takes null for the same.
    pub(super) optional: bool,
    /// Whether null has been looked at already, for the union that this is a variant of.
    pub(super) null_settled: bool,
    /// Whether the client has no type for it: it keeps what stands here as JSON.
    pub(super) untyped: bool,
}

/// Where compared schemas put what is below them, to be compared later.
pub(super) type Tasks<'o, 'n> = VecDeque<Task<'o, 'n>>;

/// Two schemas to compare, and where.
pub(super) struct Task<'o, 'n> {
    pub(super) old: Node<'o>,
    pub(super) new: Node<'n>,
    pub(super) position: Position,
}

impl Position {
    pub(super) fn new(side: Side, place: &str, optional: bool) -> Self {
        Self {
            side,
            place: place.to_owned(),
            path: String::new(),
            depth: 0,
            optional,
            null_settled: false,
            untyped: false,
        }
    }

    pub(super) fn at_media_type(&self, media_type: &str) -> Self {
        Self { place: format!("{} {media_type}", self.place), ..self.clone() }
    }

    pub(super) fn below(&self, step: &str, optional: bool) -> Self {
        let dot = if self.path.is_empty() || step.starts_with(['[', '<']) { "" } else { "." };
        Self {
            path: format!("{}{dot}{step}", self.path),
            depth: self.depth + 1,
            optional,
            null_settled: false,
            ..self.clone()
        }
    }

    pub(super) fn untyped_if(self, untyped: bool) -> Self {
        Self { untyped: self.untyped || untyped, ..self }
    }

    pub(super) fn at_variant(&self, index: usize) -> Self {
        Self { null_settled: true, ..self.below(&format!("<variant {index}>"), self.optional) }
    }

    fn words(&self) -> String {
        if self.path.is_empty() {
            return self.place.clone();
        }
        format!("{}: {}", self.place, self.path)
    }

    pub(super) fn spot(&self, old: &Pointer, new: &Pointer) -> Spot {
        spot(&self.words(), old, new)
    }
}

impl<'o, 'n> Task<'o, 'n> {
    pub(super) fn spot(&self, old: &Shape<'_>, new: &Shape<'_>, keyword: &'static str) -> Spot {
        self.position.spot(&old.source(keyword), &new.source(keyword))
    }

    pub(super) fn verdict(&self, motion: Motion, tolerated_by_readers: bool) -> Verdict {
        let tolerated = self.position.side == Side::Success && tolerated_by_readers;
        Verdict::new(self.position.side, motion, tolerated)
    }

    pub(super) fn below(&self, old: Node<'o>, new: Node<'n>, step: &str, optional: bool) -> Self {
        Self { old, new, position: self.position.below(step, optional) }
    }
}
