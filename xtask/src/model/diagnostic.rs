//! What of a document cannot be expressed.

use std::fmt;

use crate::openapi::{Pointer, Problem};

/// A part of a document that is left out or changed: where, why, and what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The id of the operation, where the part belongs to one.
    pub operation: Option<String>,
    /// Whether the whole operation is left out, and not only a part of it.
    pub skips_operation: bool,
    /// The parameter that is left out, in words.
    pub parameter: Option<String>,
    /// The part.
    pub place: Pointer,
    /// What is left out or changed and why.
    pub reason: String,
    /// What a reader can do, as an imperative sentence; empty where nothing needs to be done.
    pub remedy: String,
}

impl Diagnostic {
    /// An operation that is left out because of a problem.
    pub(super) fn of_operation(operation: &str, problem: &Problem) -> Self {
        Self { skips_operation: true, ..Self::of_part(operation, problem, "") }
    }

    /// Whether the document is wrong in this place, and not only said twice.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        self.skips_operation || !self.remedy.is_empty()
    }

    /// A part of an operation that is left out or changed because of a problem.
    pub(super) fn of_part(operation: &str, problem: &Problem, remedy: &str) -> Self {
        let operation = Some(operation.to_owned()).filter(|operation| !operation.is_empty());
        Self {
            operation,
            skips_operation: false,
            parameter: None,
            place: problem.place().cloned().unwrap_or_default(),
            reason: problem.reason().to_owned(),
            remedy: remedy.to_owned(),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}: {}", self.place, self.reason)?;
        if self.remedy.is_empty() { Ok(()) } else { write!(formatter, "; {}", self.remedy) }
    }
}
