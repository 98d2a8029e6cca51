//! The outcome of `ensure`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Changes, Differences};
use crate::DirectoryProvisioning;

/// The changes that were made, or in a dry run would be made, and the configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ensured<T = DirectoryProvisioning, C = Changes> {
    /// The changes that were made.
    pub outcome: Outcome<C>,
    /// The configuration as it is now; `None` only after a dry run that found none.
    pub configuration: Option<T>,
}

/// The result of all writes, or in a dry run the changes that would be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome<C = Changes> {
    /// The configuration was as desired; nothing was written.
    #[default]
    Unchanged,
    /// There was no configuration.
    Created,
    /// There was one, and it was not as desired.
    Updated(Box<C>),
}

impl<T, C> Ensured<T, C> {
    pub(super) fn new(outcome: Outcome<C>, configuration: Option<T>) -> Self {
        Self { outcome, configuration }
    }
}

impl<C> Outcome<C> {
    /// Whether there was nothing to do.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        matches!(self, Self::Unchanged)
    }
}

impl<C: Differences> Outcome<C> {
    /// Adds what a further write did. What was created and then updated was created.
    pub(super) fn add(&mut self, later: Self) {
        *self = match (std::mem::take(self), later) {
            (Self::Created, _) | (_, Self::Created) => Self::Created,
            (Self::Updated(first), Self::Updated(then)) => Self::of(first.followed_by(*then)),
            (Self::Unchanged, outcome) | (outcome, Self::Unchanged) => outcome,
        };
    }

    /// The outcome of an update that made these changes.
    pub(super) fn of(changes: C) -> Self {
        if changes == C::default() { Self::Unchanged } else { Self::Updated(Box::new(changes)) }
    }
}

impl<C: fmt::Display> fmt::Display for Outcome<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => formatter.write_str("created"),
            Self::Updated(changes) => write!(formatter, "updated\n{changes}"),
            Self::Unchanged => formatter.write_str("unchanged"),
        }
    }
}
