//! What of a document cannot be expressed.

use std::fmt;

use crate::openapi::Pointer;

/// A part of a document that is left out or changed: where, why, and what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The id of the operation, where the part belongs to one.
    pub operation: Option<String>,
    /// Whether the whole operation is left out, and not only a part of it.
    pub skips_operation: bool,
    /// The part.
    pub place: Pointer,
    /// What is left out or changed and why.
    pub reason: String,
    /// What a reader can do, as an imperative sentence; empty where nothing needs to be done.
    pub remedy: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}: {}", self.place, self.reason)?;
        if self.remedy.is_empty() { Ok(()) } else { write!(formatter, "; {}", self.remedy) }
    }
}
