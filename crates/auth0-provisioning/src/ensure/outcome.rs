//! What `ensure` did.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Changes;
use crate::DirectoryProvisioning;

/// What was done, or in a dry run would be done, and the configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ensured {
    /// What was done.
    pub outcome: Outcome,
    /// The configuration as it is now; `None` only after a dry run that found none.
    pub configuration: Option<DirectoryProvisioning>,
}

/// What was done over all writes, or in a dry run would be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The configuration was as desired; nothing was written.
    #[default]
    Unchanged,
    /// There was no configuration.
    Created,
    /// There was one, and it was not as desired.
    Updated(Box<Changes>),
}

impl Ensured {
    pub(super) fn new(outcome: Outcome, configuration: Option<DirectoryProvisioning>) -> Self {
        Self { outcome, configuration }
    }
}

impl Outcome {
    /// Whether there was nothing to do.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        *self == Self::Unchanged
    }

    /// Adds what a further write did. What was created and then updated was created.
    pub(super) fn add(&mut self, later: Self) {
        *self = match (std::mem::take(self), later) {
            (Self::Created, _) | (_, Self::Created) => Self::Created,
            (Self::Updated(first), Self::Updated(then)) => Self::Updated(Box::new(first.followed_by(*then))),
            (Self::Unchanged, outcome) | (outcome, Self::Unchanged) => outcome,
        };
    }

    /// The outcome of an update that made these changes.
    pub(super) fn of(changes: Changes) -> Self {
        if changes.is_empty() { Self::Unchanged } else { Self::Updated(Box::new(changes)) }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => formatter.write_str("created"),
            Self::Updated(changes) => write!(formatter, "updated\n{changes}"),
            Self::Unchanged => formatter.write_str("unchanged"),
        }
    }
}
