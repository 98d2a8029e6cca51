//! Which operations are compared.

use std::collections::BTreeSet;

use super::input::{Input, OperationKey};
use crate::openapi::{Problem, operation::Site, security::Security};

/// The operations that a comparison is about.
#[derive(Debug)]
pub(super) enum Coverage {
    /// All that either document has.
    All,
    /// Those at or below these paths, and those that one of these scopes is enough for.
    Around { paths: BTreeSet<String>, scopes: BTreeSet<String> },
}

impl Coverage {
    /// What the contract has, and what is or may once be under its paths or beside them.
    pub(super) fn of_contract(contract: &Input) -> Result<Self, Problem> {
        let operations = contract.operations()?;
        let scopes = operations.values().flat_map(scopes).collect();
        Ok(Self::Around { paths: operations.into_keys().map(|key| key.path).collect(), scopes })
    }

    pub(super) fn covers(&self, key: &OperationKey, site: &Site<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Around { paths: known, scopes: ours } => {
                let below = |path: &String| {
                    key.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                known.iter().any(below) || scopes(site).iter().any(|scope| ours.contains(scope))
            }
        }
    }

    /// Whether a document has anything to compare.
    pub(super) fn finds_any(&self, document: &Input) -> Result<bool, Problem> {
        Ok(document.operations()?.iter().any(|(key, site)| self.covers(key, site)))
    }
}

/// The scopes of an operation. What cannot be read is told where the operation is compared.
fn scopes(site: &Site<'_>) -> BTreeSet<String> {
    let security = Security::of(&site.operation);
    security.map(|security| security.scopes().into_iter().map(str::to_owned).collect()).unwrap_or_default()
}
