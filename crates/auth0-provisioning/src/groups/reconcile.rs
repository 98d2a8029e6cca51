//! These groups and no others.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use auth0_transport::Error;

use super::{
    GroupsHandle,
    plan::{Call, GroupChange, Metadata, Plan, Selection, Step},
    selected_group::SelectedGroup,
};

/// Selects these groups and no others, once it is awaited: [`GroupsHandle::reconcile`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Reconcile {
    groups: GroupsHandle,
    wanted: Selection,
    metadata: Metadata,
    may_replace: bool,
    dry_run: bool,
}

impl Reconcile {
    pub(super) fn new(groups: GroupsHandle, wanted: impl Iterator<Item = SelectedGroup>) -> Self {
        let wanted = wanted.map(|group| (group.id().clone(), group.metadata)).collect();
        Self { groups, wanted, metadata: Metadata::Keep, may_replace: true, dry_run: false }
    }

    /// Whether to change nothing: the outcome then says what would be done. `false` unless told.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// What becomes of the metadata of groups that are selected already: kept unless told.
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Whether one replacement of the whole selection may take the place of several calls that add and remove. It may
    /// unless told.
    ///
    /// A replacement carries the metadata of kept groups along as it was read, so nothing of it is lost. It does undo
    /// what somebody else selects between the reading and the replacement, which single changes leave alone.
    pub fn allow_replace(mut self, allow: bool) -> Self {
        self.may_replace = allow;
        self
    }

    async fn carry_out(self) -> Result<Reconciled, ReconcileError> {
        let Self { groups, wanted, metadata, may_replace, dry_run } = self;
        let present = groups.selection().await.map_err(|source| ReconcileError {
            done: Reconciled::default(),
            not_done: Vec::new(),
            source,
        })?;
        let plan = Plan::between(&present, wanted, metadata);
        let mut done = Reconciled { kept: plan.kept(), ..Reconciled::default() };
        let mut steps = plan.steps(may_replace).into_iter();
        while let Some(Step { call, changes }) = steps.next() {
            let answer = match call {
                _ if dry_run => Ok(()),
                Call::Add(these) => groups.add(these).await,
                Call::Remove(these) => groups.remove(these).await,
                Call::Replace(all) => groups.replace(all).await,
            };
            if let Err(source) = answer {
                let not_done = changes.into_iter().chain(steps.flat_map(|step| step.changes)).collect();
                return Err(ReconcileError { done, not_done, source });
            }
            done.calls += 1;
            done.changes.extend(changes);
        }
        Ok(done)
    }
}

impl IntoFuture for Reconcile {
    type Output = Result<Reconciled, ReconcileError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.carry_out())
    }
}

/// What was changed in a selection, or after a dry run would be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconciled {
    /// The changes.
    pub changes: Vec<GroupChange>,
    /// How many groups were selected already and stayed as they were.
    pub kept: usize,
    /// How many calls the changes took, without those that read the selection.
    pub calls: usize,
}

impl fmt::Display for Reconciled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |wanted: fn(&GroupChange) -> bool| self.changes.iter().filter(|change| wanted(change)).count();
        let added = count(|change| matches!(change, GroupChange::Add(_)));
        let updated = count(|change| matches!(change, GroupChange::Update(_)));
        let removed = count(|change| matches!(change, GroupChange::Remove(_)));
        write!(formatter, "{added} added, {updated} updated, {removed} removed, {} kept", self.kept)
    }
}

/// A selection could not be changed to its end. Running it again does what is left.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReconcileError {
    /// What was changed before.
    pub done: Reconciled,
    /// What was not changed; empty if the selection could not even be read. After a network failure some of it may
    /// have been carried out all the same.
    pub not_done: Vec<GroupChange>,
    /// The call that failed.
    pub source: Error,
}

impl fmt::Display for ReconcileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.done.changes.is_empty() || !self.not_done.is_empty() {
            let (done, left) = (self.done.changes.len(), self.not_done.len());
            write!(formatter, "{done} changes made, {left} not: ")?;
        }
        self.source.fmt(formatter)
    }
}

impl std::error::Error for ReconcileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
