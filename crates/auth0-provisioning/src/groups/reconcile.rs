//! Selecting exactly the wanted groups.

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
    time::Duration,
};

use auth0_transport::Error;

use super::{
    GroupChange, ReconcileError, Reconciled, SynchronizedGroupsHandle,
    limits::fits_into_a_body,
    plan::{Call, Plan, Selection, Step},
    selected_group::SelectedGroup,
};
use crate::deadline::{Deadline, READ_AGAIN_AFTER};

/// How many rounds there are, each of which starts with a read: after a conflict or a lost response comes another one.
const MOST_ROUNDS: u32 = 4;

/// How long to wait before that, times the number of rounds, if the server does not say.
const BETWEEN_ROUNDS: Duration = Duration::from_millis(250);

/// Selects exactly the wanted groups when it is awaited: [`SynchronizedGroupsHandle::reconcile`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is awaited"]
#[allow(clippy::struct_excessive_bools)] // each is an option of its own
pub struct Reconcile {
    groups: SynchronizedGroupsHandle,
    wanted: Selection,
    overwrite_metadata: bool,
    allow_replace: bool,
    allow_empty: bool,
    max_removals: Option<usize>,
    dry_run: bool,
    at_most: Option<Duration>,
}

impl Reconcile {
    pub(super) fn new(groups: SynchronizedGroupsHandle, wanted: impl Iterator<Item = SelectedGroup>) -> Self {
        Self {
            groups,
            wanted: wanted.map(|group| (group.id.clone(), group)).collect(),
            overwrite_metadata: false,
            allow_replace: false,
            allow_empty: false,
            max_removals: None,
            dry_run: false,
            at_most: None,
        }
    }

    /// Changes nothing; the outcome says what would be done. Defaults to `false`.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// Whether the metadata of groups that are already selected becomes that of the wanted group; fields that are not set there
    /// are cleared. Defaults to `false`: it stays as it is.
    pub fn overwrite_metadata(mut self, overwrite: bool) -> Self {
        self.overwrite_metadata = overwrite;
        self
    }

    /// Allows one replacement of the whole selection instead of several calls that add and remove. Defaults to `false`.
    ///
    /// A replacement keeps the metadata of kept groups as it was read. It undoes what another writer selects between the
    /// read and the replacement, which single changes do not. It is therefore not used together with
    /// [`max_removals`](Self::max_removals), and not for more than 1 MB, the limit of a body.
    pub fn allow_replace(mut self, allow: bool) -> Self {
        self.allow_replace = allow;
        self
    }

    /// Allows that no group is wanted while some are selected, which removes all of them. Defaults to `false`: it then ends
    /// with [`ReconcileError::EmptySelection`].
    pub fn allow_empty(mut self, allow: bool) -> Self {
        self.allow_empty = allow;
        self
    }

    /// The most groups to remove; it ends with [`ReconcileError::TooManyRemovals`] where there would be more. No limit by
    /// default.
    pub fn max_removals(mut self, groups: usize) -> Self {
        self.max_removals = Some(groups);
        self
    }

    /// How long it may take, with all its calls and waits. Defaults to [`Timeouts::workflow`](crate::Timeouts::workflow).
    ///
    /// It ends at once where the server asks to wait for longer than is left.
    pub fn at_most(mut self, time: Duration) -> Self {
        self.at_most = Some(time);
        self
    }

    async fn run(mut self) -> Result<Reconciled, ReconcileError> {
        let (caller, deadline) = self.groups.of.caller.starting(self.at_most);
        self.groups.of.caller = caller;
        let mut done = Reconciled::default();
        let mut left: Vec<GroupChange> = Vec::new();
        let mut failure: Option<Error> = None;
        let mut round = 1;
        loop {
            let (steps, kept) = match self.plan(&mut done).await {
                Ok(Ok(plan)) => plan,
                Ok(Err(refused)) => return Err(refused.after(done)),
                Err(source) => return Err(ReconcileError::Call { source, done, not_done: left }),
            };
            let failed = left.first().cloned();
            settle(&mut done, left, &steps);
            // What was sent several times is not tried once more.
            if let Some(source) = failure.take_if(|failure| failure.attempts() > 1)
                && failed.is_some_and(|change| is_planned(&change, &steps))
            {
                let not_done = steps.into_iter().flat_map(|step| step.changes).collect();
                return Err(ReconcileError::Call { source, done, not_done });
            }
            if round == 1 {
                done.kept = kept;
            }
            let mut steps = steps.into_iter();
            let failed = loop {
                let Some(Step { call, changes }) = steps.next() else { return self.verify(done, deadline).await };
                match self.send(call).await {
                    Ok(()) => {
                        done.calls += 1;
                        done.changes.extend(changes);
                    }
                    Err(error) => break (error, changes),
                }
            };
            let (source, changes) = failed;
            let again = source.is_conflict() || source.may_have_been_processed();
            left = changes.into_iter().chain(steps.flat_map(|step| step.changes)).collect();
            if !again || round == MOST_ROUNDS || !deadline.wait_after(&source, BETWEEN_ROUNDS * round).await {
                return Err(ReconcileError::Call { source, done, not_done: left });
            }
            failure = Some(source);
            round += 1;
        }
    }

    /// Reads the selection, and plans what is left to do and how many groups stay as they are.
    async fn plan(&self, done: &mut Reconciled) -> Result<Result<(Vec<Step>, usize), ReconcileError>, Error> {
        let configuration = self.groups.of.get().await?;
        done.synchronize_groups = configuration.synchronize_groups;
        let (present, unusable): (Selection, Selection) =
            self.groups.selection().await?.into_iter().partition(|(id, _)| id.is_valid());
        done.unusable = unusable.into_values().filter(|group| !self.wanted.contains_key(&group.id)).collect();
        let plan = Plan::between(&present, &self.wanted, self.overwrite_metadata);
        let removed = done.changes.iter().filter(|change| matches!(change, GroupChange::Remove(_))).count();
        let removals = removed + plan.removals();
        if self.wanted.is_empty() && removals > 0 && !self.allow_empty {
            return Ok(Err(ReconcileError::EmptySelection { selected: removals, done: Reconciled::default() }));
        }
        if let Some(allowed) = self.max_removals.filter(|allowed| removals > *allowed) {
            return Ok(Err(ReconcileError::TooManyRemovals { removals, allowed, done: Reconciled::default() }));
        }
        let kept = plan.kept();
        // Single removals remove what was counted; a replacement removes also what another writer has just selected.
        let may_replace = self.allow_replace && self.max_removals.is_none();
        let steps = match plan.replacement().filter(|_| may_replace) {
            Some(target) if fits_into_a_body(target.values()) => plan.into_replacement(),
            _ => plan.into_single_changes(),
        };
        Ok(Ok((steps, kept)))
    }

    /// Reads the selection once more where something was written: another writer may have changed it meanwhile.
    async fn verify(&self, mut done: Reconciled, deadline: Deadline) -> Result<Reconciled, ReconcileError> {
        if self.dry_run || done.changes.is_empty() {
            return Ok(done);
        }
        let mut pauses = READ_AGAIN_AFTER.into_iter();
        loop {
            let found = match self.groups.selection().await {
                Ok(found) => found.into_iter().filter(|(id, _)| id.is_valid()).collect(),
                Err(error) => {
                    done.unverified = Some(error.to_string());
                    return Ok(done);
                }
            };
            let differences = Plan::between(&found, &self.wanted, self.overwrite_metadata).into_changes();
            if differences.is_empty() {
                return Ok(done);
            }
            let again = match pauses.next() {
                Some(pause) => deadline.wait(pause).await,
                None => false,
            };
            if !again {
                return Err(ReconcileError::Overwritten { done, differences });
            }
        }
    }

    async fn send(&self, call: Call) -> Result<(), Error> {
        match call {
            _ if self.dry_run => Ok(()),
            Call::Add(groups) => self.groups.add(groups).await,
            Call::Remove(groups) => self.groups.remove(groups).await,
            Call::Replace(groups) => self.groups.replace(groups).await,
        }
    }
}

/// Of the changes that an earlier round could not finish for certain, those that are no longer needed were made.
fn settle(done: &mut Reconciled, left: Vec<GroupChange>, steps: &[Step]) {
    done.changes.extend(left.into_iter().filter(|change| !is_planned(change, steps)));
}

fn is_planned(change: &GroupChange, steps: &[Step]) -> bool {
    steps.iter().flat_map(|step| &step.changes).any(|planned| planned.group().id == change.group().id)
}

impl SynchronizedGroupsHandle {
    /// Selects exactly the wanted groups: reads the selection, adds the missing groups, removes the others, 100 groups a
    /// call, and reads the selection again.
    ///
    /// Of several wanted groups with one id the last counts. A conflict with another writer (409) and a lost response (none
    /// came, or a 5xx) are resolved by another read, up to three times; a change that was sent several times and not
    /// processed is not tried once more. If it fails on the way, the error says what was done and what was not, and running
    /// it again does the rest. An empty list must be [allowed](Reconcile::allow_empty).
    ///
    /// Where the selection is not as wanted afterwards, because another writer changed it meanwhile, it ends with
    /// [`ReconcileError::Overwritten`]. Groups that another writer selected meanwhile are not removed. All of it ends within
    /// [15 minutes](Reconcile::at_most).
    ///
    /// Needs the scopes `read:directory_provisionings` and, unless it is a dry run, `update:directory_provisionings`.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let connection = Connection::google_apps("con_0123456789abcdef").synchronizes_groups(["g1", "g2"]);
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(connection), async |client| {
    /// use auth0_provisioning::GroupId;
    ///
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let wanted: [GroupId; 2] = ["g2".parse()?, "g3".parse()?];
    ///
    /// let plan = provisioning.groups().reconcile(wanted.clone()).max_removals(10).dry_run(true).await?;
    /// assert_eq!(plan.to_string(), "1 added, 0 updated, 1 removed, 1 kept");
    ///
    /// let done = provisioning.groups().reconcile(wanted).max_removals(10).await?;
    /// assert_eq!(done, plan);
    /// # Ok(()) });
    /// ```
    pub fn reconcile(&self, wanted: impl IntoIterator<Item = impl Into<SelectedGroup>>) -> Reconcile {
        Reconcile::new(self.clone(), wanted.into_iter().map(Into::into))
    }

    /// The present selection, whole.
    async fn selection(&self) -> Result<Selection, Error> {
        let (mut pages, mut selection) = (self.list(), Selection::new());
        while let Some(page) = pages.next().await? {
            let groups = page.items.into_iter().map(SelectedGroup::from);
            selection.extend(groups.map(|group| (group.id.clone(), group)));
        }
        Ok(selection)
    }
}

impl IntoFuture for Reconcile {
    type Output = Result<Reconciled, ReconcileError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
