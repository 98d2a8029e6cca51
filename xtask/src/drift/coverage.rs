//! Which operations are compared.

use std::collections::BTreeSet;

use super::input::{Input, OperationKey};
use crate::openapi::Problem;

/// The operations that a comparison is about.
#[derive(Debug)]
pub(super) enum Coverage {
    /// All that either document has.
    All,
    /// Those at or below these paths.
    Below(BTreeSet<String>),
}

impl Coverage {
    /// What the contract has, and what is or may once be under its paths.
    pub(super) fn of_contract(contract: &Input) -> Result<Self, Problem> {
        let paths = contract.operations()?.into_keys().map(|key| key.path);
        Ok(Self::Below(paths.collect()))
    }

    pub(super) fn covers(&self, key: &OperationKey) -> bool {
        match self {
            Self::All => true,
            Self::Below(paths) => paths
                .iter()
                .any(|path| key.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))),
        }
    }

    /// Whether a document has anything to compare.
    pub(super) fn finds_any(&self, document: &Input) -> Result<bool, Problem> {
        Ok(document.operations()?.keys().any(|key| self.covers(key)))
    }
}
