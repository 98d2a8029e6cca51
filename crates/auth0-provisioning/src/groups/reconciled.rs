//! What `reconcile` did, and why it stopped.

use std::fmt;

use auth0_transport::Error;
use serde::{Deserialize, Serialize};

use super::{GroupChange, SelectedGroup};
use crate::{SynchronizeGroups, VerbError};

/// What was changed in a selection, or in a dry run would be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Reconciled {
    /// The changes.
    pub changes: Vec<GroupChange>,
    /// How many groups were already selected and stayed as they were.
    pub kept: usize,
    /// How many calls wrote the changes.
    pub calls: usize,
    /// Selected groups with an id that cannot be sent. They are not removed unless the whole selection is replaced.
    pub unusable: Vec<SelectedGroup>,
    /// The configuration's `synchronize_groups`. The selection has an effect only where it is
    /// [`Selected`](SynchronizeGroups::Selected).
    pub synchronize_groups: Option<SynchronizeGroups>,
    /// Why the selection could not be read again after the writes, so that it is not known whether another writer changed it
    /// meanwhile. `None` where it was read, or nothing was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unverified: Option<String>,
}

impl Reconciled {
    /// Whether there was nothing to do.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether the tenant synchronizes the selected groups at all.
    #[must_use]
    pub fn is_in_effect(&self) -> bool {
        self.synchronize_groups == Some(SynchronizeGroups::Selected)
    }
}

impl fmt::Display for Reconciled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |wanted: fn(&GroupChange) -> bool| self.changes.iter().filter(|change| wanted(change)).count();
        let added = count(|change| matches!(change, GroupChange::Add(_)));
        let updated = count(|change| matches!(change, GroupChange::Update { .. }));
        let removed = count(|change| matches!(change, GroupChange::Remove(_)));
        write!(formatter, "{added} added, {updated} updated, {removed} removed, {} kept", self.kept)?;
        if !self.unusable.is_empty() {
            write!(formatter, ", {} with an unusable id left alone", self.unusable.len())?;
        }
        if let Some(reason) = &self.unverified {
            write!(formatter, "; not verified: {reason}")?;
        }
        match &self.synchronize_groups {
            Some(SynchronizeGroups::Selected) => Ok(()),
            Some(mode) => write!(formatter, "; without effect while synchronize_groups is {mode}"),
            None => formatter.write_str("; without effect while synchronize_groups is not set"),
        }
    }
}

/// Why a selection is not as wanted. See [`VerbError`] for what it has in common with other errors.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ReconcileError {
    /// A call failed. Running it again does what is left.
    #[non_exhaustive]
    Call {
        /// The failed call.
        source: Error,
        /// What was changed before.
        done: Reconciled,
        /// What was not changed, or not for certain; empty if the selection could not be read.
        not_done: Vec<GroupChange>,
    },
    /// All writes were made, and the selection is not as wanted: another writer changed it meanwhile, or the tenant did not
    /// apply all of them.
    ///
    /// Find out what else manages the selection. Running it again does what is left.
    #[non_exhaustive]
    Overwritten {
        /// What was changed.
        done: Reconciled,
        /// What it takes now to make the selection as wanted.
        differences: Vec<GroupChange>,
    },
    /// No group is wanted, and some are selected. Nothing was changed, unless another writer selected them meanwhile.
    ///
    /// If that is intended, allow it by [`allow_empty`](super::Reconcile::allow_empty).
    #[non_exhaustive]
    EmptySelection {
        /// How many groups are selected.
        selected: usize,
        /// What was changed before another writer made it so.
        done: Reconciled,
    },
    /// More groups would be removed than allowed. Nothing was changed, unless another writer selected some of them
    /// meanwhile.
    ///
    /// Review the wanted groups, or raise [`max_removals`](super::Reconcile::max_removals).
    #[non_exhaustive]
    TooManyRemovals {
        /// How many would be removed.
        removals: usize,
        /// How many are allowed.
        allowed: usize,
        /// What was changed before another writer made it so.
        done: Reconciled,
    },
}

impl ReconcileError {
    /// What was changed before it ended; `None` where nothing was tried.
    #[must_use]
    pub fn done(&self) -> Option<&Reconciled> {
        match self {
            Self::Call { done, .. } | Self::Overwritten { done, .. } => Some(done),
            Self::EmptySelection { done, .. } | Self::TooManyRemovals { done, .. } => {
                Some(done).filter(|done| !done.changes.is_empty())
            }
        }
    }

    /// With what earlier rounds did.
    pub(super) fn after(mut self, earlier: Reconciled) -> Self {
        match &mut self {
            Self::Call { done, .. }
            | Self::Overwritten { done, .. }
            | Self::EmptySelection { done, .. }
            | Self::TooManyRemovals { done, .. } => *done = earlier,
        }
        self
    }

    /// What was not changed, or not for certain.
    #[must_use]
    pub fn not_done(&self) -> &[GroupChange] {
        match self {
            Self::Call { not_done: changes, .. } | Self::Overwritten { differences: changes, .. } => changes,
            _ => &[],
        }
    }
}

impl VerbError for ReconcileError {
    fn call_error(&self) -> Option<&Error> {
        match self {
            Self::Call { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl fmt::Display for ReconcileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { source, done, not_done } => {
                let (made, all) = (done.changes.len(), done.changes.len() + not_done.len());
                if all > 0 {
                    write!(formatter, "made {made} of {all} changes: ")?;
                }
                source.fmt(formatter)
            }
            Self::Overwritten { done, differences } => {
                let count = |is: fn(&GroupChange) -> bool| differences.iter().filter(|change| is(change)).count();
                let missing = count(|change| matches!(change, GroupChange::Add(_)));
                let other = count(|change| matches!(change, GroupChange::Update { .. }));
                let extra = count(|change| matches!(change, GroupChange::Remove(_)));
                write!(
                    formatter,
                    "made {} changes, and the selection is not as wanted: {missing} groups are missing, {extra} are selected \
                     besides, {other} have other metadata; another writer may have changed it",
                    done.changes.len()
                )
            }
            Self::EmptySelection { selected, done } => {
                write_made(formatter, done)?;
                write!(
                    formatter,
                    "no group is wanted, which would remove all {selected} selected groups; `allow_empty` allows it"
                )
            }
            Self::TooManyRemovals { removals, allowed, done } => {
                write_made(formatter, done)?;
                write!(formatter, "{removals} groups would be removed; at most {allowed} are allowed")
            }
        }
    }
}

fn write_made(formatter: &mut fmt::Formatter<'_>, done: &Reconciled) -> fmt::Result {
    match done.changes.len() {
        0 => Ok(()),
        made => write!(formatter, "made {made} changes, then another writer made others: "),
    }
}

impl std::error::Error for ReconcileError {}
