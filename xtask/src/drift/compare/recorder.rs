//! What a comparison has found, and what it knows already.

use std::collections::HashSet;

use super::super::{
    finding::{Finding, Kind, Side, Spot, Verdict},
    input::Input,
    reads::Reads,
    shapes::Shapes,
};
use crate::openapi::{Place, Problem, operation::OperationName};

/// How many positions one comparison looks at. Large documents in which everything refers to everything need some
/// hundred thousand; far more would keep people waiting for a report that nobody reads.
const POSITIONS: u32 = 2_000_000;

/// Two schemas by their names, and what else the outcome of their comparison depends on.
pub(super) type Pair = (String, String, Side, [bool; 3]);

/// Where the comparison of one operation after the other puts what it finds.
#[derive(Debug)]
pub(super) struct Recorder<'o, 'n> {
    pub(super) old_shapes: Shapes<'o>,
    pub(super) new_shapes: Shapes<'n>,
    pub(super) findings: Vec<Finding>,
    pub(super) reads: Reads,
    operation: OperationName,
    /// Pairs that were found equal, with all that is below them.
    equal: HashSet<Pair>,
    left: u32,
}

impl<'o, 'n> Recorder<'o, 'n> {
    pub(super) fn new(old: &'o Input, new: &'n Input) -> Self {
        Self {
            old_shapes: Shapes::new(old),
            new_shapes: Shapes::new(new),
            findings: Vec::new(),
            reads: Reads::of_workspace(),
            operation: OperationName::default(),
            equal: HashSet::new(),
            left: POSITIONS,
        }
    }

    /// What is found from here on is about this operation.
    pub(super) fn enter(&mut self, operation: OperationName) {
        self.operation = operation;
    }

    pub(super) fn report(
        &mut self,
        kind: Kind,
        spot: Spot,
        before: Option<String>,
        after: Option<String>,
        verdict: Verdict,
    ) {
        self.findings.push(Finding { operation: self.operation.clone(), kind, spot, before, after, verdict });
    }

    pub(super) fn knows_equal(&self, pair: &Pair) -> bool {
        self.equal.contains(pair)
    }

    pub(super) fn learn_equal(&mut self, pairs: HashSet<Pair>) {
        self.equal.extend(pairs);
    }

    /// Counts one position, and refuses it when there were too many.
    pub(super) fn spend(&mut self, place: &Place<'_>) -> Result<(), Problem> {
        if self.left == 0 {
            return Err(place.problem("too much hangs together here to be compared"));
        }
        self.left -= 1;
        Ok(())
    }
}
