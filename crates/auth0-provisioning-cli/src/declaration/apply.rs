//! Carrying out a plan, one connection after the other.

use auth0_provisioning::{Client, ConnectionId, Desired, DirectoryProvisioningHandle, Error, Outcome, VerbError};

use super::{
    change::{self, ChangeLine},
    plan::{ConnectionPlan, Plan, Step},
};
use crate::{
    failure::Failure,
    selection::{self, SelectionChange},
    work::{Piece, State, Work},
};

/// How far a connection has come.
#[derive(Debug)]
pub(crate) struct Applied {
    pub(crate) name: String,
    pub(crate) id: ConnectionId,
    pub(crate) directory: Part,
    /// The changes of the selection, by what they do.
    pub(crate) groups: Vec<(&'static str, State)>,
    /// Automatic runs, where they are turned on after everything else.
    pub(crate) automatic: Part,
    pub(crate) scim: Part,
    pub(crate) failure: Option<Failure>,
}

/// How far one of its configurations has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) state: State,
    /// Such as `created`, once it is done.
    done: &'static str,
}

impl Part {
    const UNCHANGED: Self = Self { state: State::Unchanged, done: "unchanged" };

    fn planned(is_planned: bool) -> Self {
        if is_planned { Self { state: State::NotDone, done: "done" } } else { Self::UNCHANGED }
    }

    fn done(done: &'static str) -> Self {
        Self { state: if done == "unchanged" { State::Unchanged } else { State::Done }, done }
    }

    pub(crate) fn name(self) -> &'static str {
        if self.state == State::Done { self.done } else { self.state.name() }
    }
}

impl Applied {
    fn planned(plan: &ConnectionPlan) -> Self {
        Self {
            name: plan.name.clone(),
            id: plan.id.clone(),
            directory: Part::planned(plan.directory.is_some()),
            groups: plan.groups.iter().map(|change| (change.action(), State::NotDone)).collect(),
            automatic: Part::planned(plan.automatic_comes_last()),
            scim: Part::planned(plan.scim.is_some()),
            failure: None,
        }
    }

    /// How many changes of the selection of this kind are done.
    pub(crate) fn groups_done(&self, action: &str) -> usize {
        self.groups.iter().filter(|(of, state)| *of == action && *state == State::Done).count()
    }

    /// How many changes of the selection are in one of these states.
    pub(crate) fn groups_in(&self, states: &[State]) -> usize {
        self.groups.iter().filter(|(_, state)| states.contains(state)).count()
    }

    fn states(&self) -> impl Iterator<Item = State> + '_ {
        let parts = [self.directory.state, self.automatic.state, self.scim.state];
        parts.into_iter().chain(self.groups.iter().map(|(_, state)| *state))
    }
}

impl Piece for Applied {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn state(&self) -> State {
        let any = |state| self.states().any(|it| it == state);
        if self.failure.is_some() || any(State::Failed) {
            State::Failed
        } else if any(State::Unknown) {
            State::Unknown
        } else if !any(State::NotDone) {
            State::Done
        } else if any(State::Done) {
            State::Partly
        } else {
            State::NotDone
        }
    }
}

impl Plan {
    /// All of it, not begun.
    pub(crate) fn pieces(&self) -> Vec<Applied> {
        self.connections.iter().map(Applied::planned).collect()
    }
}

impl ConnectionPlan {
    /// Whether a new configuration starts without automatic runs: a run must not find a part of its groups selected.
    fn automatic_comes_last(&self) -> bool {
        let Some(Step::Create(desired)) = &self.directory else { return false };
        !self.groups.is_empty() && desired.synchronize_automatically == Some(true)
    }
}

/// Carries out a plan. A failure ends the work on its connection alone. `next` is called before each connection.
pub(crate) async fn apply(client: &Client, plan: &Plan, work: &Work<Applied>, mut next: impl FnMut(&str)) {
    for (number, plan) in plan.connections.iter().enumerate() {
        next(&plan.name);
        let one = One { client, handle: client.directory_provisioning(&plan.id), plan, work, number };
        if let Err(failure) = one.apply().await {
            work.change(number, |it| it.failure = Some(failure));
        }
    }
}

/// One connection, and its place in the work.
struct One<'a> {
    client: &'a Client,
    handle: DirectoryProvisioningHandle,
    plan: &'a ConnectionPlan,
    work: &'a Work<Applied>,
    number: usize,
}

/// Which part of a connection is written.
type Which = fn(&mut Applied) -> &mut Part;

impl One<'_> {
    /// Automatic runs come last: a connection that is not finished does not start one with a part of its groups.
    async fn apply(&self) -> Result<(), Failure> {
        match &self.plan.directory {
            Some(Step::Create(desired)) => {
                let mut first = desired.clone();
                if self.plan.automatic_comes_last() {
                    first.synchronize_automatically = Some(false);
                }
                self.write(|it| &mut it.directory, create(&self.handle, first)).await?;
                self.select().await?;
                if self.plan.automatic_comes_last() {
                    let automatic = Desired::default().synchronize_automatically(true);
                    self.write(|it| &mut it.automatic, update(&self.handle, automatic)).await?;
                }
            }
            Some(Step::Change(desired)) => {
                self.select().await?;
                self.write(|it| &mut it.directory, update(&self.handle, desired.clone())).await?;
            }
            Some(Step::Delete) => {
                self.write(|it| &mut it.directory, async { deleted(self.handle.delete().await) }).await?;
            }
            None => self.select().await?,
        }
        let scim = self.client.scim(&self.plan.id);
        match &self.plan.scim {
            Some(Step::Create(desired) | Step::Change(desired)) => {
                let ensured = async {
                    let ensured = scim.ensure(desired.clone()).await.map_err(|error| open_or_failed(&error))?;
                    let left = ensured.configuration.map(|found| change::of_scim(Some(&found), desired));
                    if let Some(left) = left.filter(|left| !left.is_empty()) {
                        return Err(ignored(left.iter().map(ChangeLine::text)));
                    }
                    Ok(match ensured.outcome {
                        Outcome::Created => "created",
                        Outcome::Updated(_) => "updated",
                        _ => "unchanged",
                    })
                };
                self.write(|it| &mut it.scim, ensured).await
            }
            Some(Step::Delete) => self.write(|it| &mut it.scim, async { deleted(scim.delete().await) }).await,
            None => Ok(()),
        }
    }

    /// Writes a part, and keeps how far that has come.
    async fn write(
        &self,
        which: Which,
        write: impl Future<Output = Result<&'static str, (Failure, bool)>>,
    ) -> Result<(), Failure> {
        self.work.change(self.number, |it| which(it).state = State::Unknown);
        let (part, result) = match write.await {
            Ok(done) => (Part::done(done), Ok(())),
            Err((failure, is_open)) => {
                let state = if is_open { State::Unknown } else { State::Failed };
                (Part { state, ..Part::UNCHANGED }, Err(failure))
            }
        };
        self.work.change(self.number, |it| *which(it) = part);
        result
    }

    async fn select(&self) -> Result<(), Failure> {
        let groups: &[SelectionChange] = &self.plan.groups;
        let reached = |change: usize, state| {
            self.work.change(self.number, |it| {
                if let Some((_, reached)) = it.groups.get_mut(change) {
                    *reached = state;
                }
            });
        };
        selection::write(&self.handle.groups(), groups, reached).await
    }
}

type Written = Result<&'static str, (Failure, bool)>;

/// Creates a configuration with one call; what another writer or a lost response left open is read and settled.
async fn create(handle: &DirectoryProvisioningHandle, desired: Desired) -> Written {
    let is_ours = match handle.create(desired.clone()).await {
        Ok(created) if desired.changes_in(&created).is_empty() => return Ok("created"),
        Ok(_) => true,
        Err(error) if error.may_have_been_processed() => true,
        Err(error) if error.is_conflict() => false,
        Err(error) => return Err(open_or_failed(&error)),
    };
    let outcome = ensure(handle, desired).await?;
    Ok(if is_ours { "created" } else { outcome })
}

/// Changes a configuration with one call; what a lost response left open, or another writer's deletion, is settled.
async fn update(handle: &DirectoryProvisioningHandle, desired: Desired) -> Written {
    match handle.update(desired.clone()).await {
        Ok(updated) => match desired.changes_in(&updated) {
            left if left.is_empty() => Ok("updated"),
            left => Err(ignored(change::of_changes(&left).iter().map(ChangeLine::text))),
        },
        Err(error) if error.may_have_been_processed() || error.is_not_found() => {
            let outcome = ensure(handle, desired).await?;
            Ok(if outcome == "unchanged" { "updated" } else { outcome })
        }
        Err(error) => Err(open_or_failed(&error)),
    }
}

async fn ensure(handle: &DirectoryProvisioningHandle, desired: Desired) -> Written {
    let ensured = handle.ensure(desired.clone()).await.map_err(|error| open_or_failed(&error))?;
    if let Some(left) = ensured.configuration.map(|found| desired.changes_in(&found)).filter(|left| !left.is_empty()) {
        return Err(ignored(change::of_changes(&left).iter().map(ChangeLine::text)));
    }
    Ok(match ensured.outcome {
        Outcome::Created => "created",
        Outcome::Updated(_) => "updated",
        _ => "unchanged",
    })
}

fn deleted(result: Result<(), Error>) -> Written {
    result.map(|()| "deleted").map_err(|error| open_or_failed(&error))
}

fn ignored(left: impl Iterator<Item = String>) -> (Failure, bool) {
    let left = left.collect::<Vec<_>>().join(", ");
    let failure = Failure::failed(format!("the tenant accepted the change, and did not make it: {left}"));
    (failure.remedy("find out who else changes the configuration, and run it again"), false)
}

/// A failure, and whether the write may have been processed all the same.
fn open_or_failed(error: &dyn VerbError) -> (Failure, bool) {
    (Failure::of(error), error.call_error().is_some_and(Error::may_have_been_processed))
}
