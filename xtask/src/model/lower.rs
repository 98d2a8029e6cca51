//! From a document to an [`Api`].

use std::collections::BTreeSet;

use super::{Api, Diagnostic};
use crate::openapi::Document;

/// What is lowered.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The ids of the operations; all where there are none.
    pub operations: Option<BTreeSet<String>>,
    /// Whether types that say the same become one, as in documents that repeat schemas inline.
    pub merge_equal_types: bool,
}

/// Lowers a document. What cannot be expressed is in the diagnostics.
#[must_use]
pub fn lower(document: &Document, options: &Options) -> (Api, Vec<Diagnostic>) {
    let _ = (document, options);
    (Api::default(), Vec::new())
}
