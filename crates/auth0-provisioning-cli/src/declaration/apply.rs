//! Applying a plan, one connection after the other.

use auth0_provisioning::{Client, ConnectionId, Desired, DirectoryProvisioningHandle, Error, Outcome, VerbError};

use super::{
    change::{self, ChangeLine},
    plan::{ConnectionPlan, Plan, Step},
};
use crate::{
    failure::Failure,
    selection,
    work::{Piece, State, Work},
};

/// The state of a connection.
#[derive(Debug)]
pub(crate) struct Applied {
    pub(crate) name: String,
    pub(crate) id: ConnectionId,
    pub(crate) directory: Part,
    /// The changes of the selection: the action and the state of each.
    pub(crate) groups: Vec<(&'static str, State)>,
    /// Automatic runs, if they are turned on after the selection.
    pub(crate) automatic: Part,
    pub(crate) scim: Part,
    pub(crate) failure: Option<Failure>,
}

/// The state of one of its configurations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) state: State,
    /// The name of the state `Done`, such as `created`.
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

    /// Counts the changes of the selection with this action that are done.
    pub(crate) fn groups_done(&self, action: &str) -> usize {
        self.groups.iter().filter(|(of, state)| *of == action && *state == State::Done).count()
    }

    /// Counts the changes of the selection in one of these states.
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
    /// Returns the state of each connection before the plan is applied.
    pub(crate) fn pieces(&self) -> Vec<Applied> {
        self.connections.iter().map(Applied::planned).collect()
    }
}

impl ConnectionPlan {
    /// Whether automatic runs are turned on after the selection: a run must not find only some of the groups selected.
    fn automatic_comes_last(&self) -> bool {
        let Some(Step::Create(desired)) = &self.directory else { return false };
        !self.groups.is_empty() && desired.synchronize_automatically == Some(true)
    }
}

/// Applies a plan. A failure ends the work on its connection only. `next` is called before each connection.
pub(crate) async fn apply(client: &Client, plan: &Plan, work: &Work<Applied>, mut next: impl FnMut(&str)) {
    for (number, plan) in plan.connections.iter().enumerate() {
        next(&plan.name);
        let handle = client.directory_provisioning(&plan.id);
        if let Err(failure) = (Application { client, handle, plan, work, number }).run().await {
            work.change(number, |it| it.failure = Some(failure));
        }
    }
}

/// The work on one connection.
struct Application<'a> {
    client: &'a Client,
    handle: DirectoryProvisioningHandle,
    plan: &'a ConnectionPlan,
    work: &'a Work<Applied>,
    number: usize,
}

/// The result of a write, such as `created`; or its failure, with the state after it.
type Written = Result<&'static str, (Failure, State)>;

impl Application<'_> {
    async fn run(&self) -> Result<(), Failure> {
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
                    let ensured = scim.ensure(desired.clone()).await.map_err(|error| failed(&error))?;
                    check_made(ensured.configuration.map(|found| change::of_scim(Some(&found), desired)).as_deref())?;
                    Ok(name(&ensured.outcome))
                };
                self.write(|it| &mut it.scim, ensured).await
            }
            Some(Step::Delete) => self.write(|it| &mut it.scim, async { deleted(scim.delete().await) }).await,
            None => Ok(()),
        }
    }

    /// Writes a part, and records its state.
    async fn write(
        &self,
        part: fn(&mut Applied) -> &mut Part,
        write: impl Future<Output = Written>,
    ) -> Result<(), Failure> {
        self.work.change(self.number, |it| part(it).state = State::Unknown);
        let (written, result) = match write.await {
            Ok(done) => (Part::done(done), Ok(())),
            Err((failure, state)) => (Part { state, ..Part::UNCHANGED }, Err(failure)),
        };
        self.work.change(self.number, |it| *part(it) = written);
        result
    }

    async fn select(&self) -> Result<(), Failure> {
        let reached = |change: usize, state| {
            self.work.change(self.number, |it| it.groups[change].1 = state);
        };
        selection::write(&self.handle.groups(), &self.plan.groups, reached).await
    }
}

/// Creates a configuration. After a lost response, or if another writer created it, reads it and changes the rest.
async fn create(handle: &DirectoryProvisioningHandle, desired: Desired) -> Written {
    let is_ours = match handle.create(desired.clone()).await {
        Ok(created) if desired.changes_in(&created).is_empty() => return Ok("created"),
        Ok(_) => true,
        Err(error) if error.may_have_been_processed() => true,
        Err(error) if error.is_conflict() => false,
        Err(error) => return Err(failed(&error)),
    };
    let outcome = ensure(handle, desired).await?;
    Ok(if is_ours { "created" } else { outcome })
}

/// Changes a configuration. After a lost response, or if another writer deleted it, reads it and changes the rest.
async fn update(handle: &DirectoryProvisioningHandle, desired: Desired) -> Written {
    match handle.update(desired.clone()).await {
        Ok(updated) => {
            check_made(Some(&change::of_changes(&desired.changes_in(&updated))))?;
            Ok("updated")
        }
        Err(error) if error.may_have_been_processed() || error.is_not_found() => {
            let outcome = ensure(handle, desired).await?;
            Ok(if outcome == "unchanged" { "updated" } else { outcome })
        }
        Err(error) => Err(failed(&error)),
    }
}

async fn ensure(handle: &DirectoryProvisioningHandle, desired: Desired) -> Written {
    let ensured = handle.ensure(desired.clone()).await.map_err(|error| failed(&error))?;
    check_made(ensured.configuration.map(|found| change::of_changes(&desired.changes_in(&found))).as_deref())?;
    Ok(name(&ensured.outcome))
}

fn name<C>(outcome: &Outcome<C>) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Updated(_) => "updated",
        _ => "unchanged",
    }
}

fn deleted(result: Result<(), Error>) -> Written {
    result.map(|()| "deleted").map_err(|error| failed(&error))
}

/// Fails if the configuration after a write still differs from the desired one.
fn check_made(left: Option<&[ChangeLine]>) -> Result<(), (Failure, State)> {
    let left: Vec<String> = left.unwrap_or_default().iter().map(ChangeLine::text).collect();
    if left.is_empty() {
        return Ok(());
    }
    let failure = Failure::failed(format!("the tenant accepted the change without making it: {}", left.join(", ")));
    Err((failure.remedy("find out who else changes the configuration, and run it again"), State::Failed))
}

fn failed(error: &dyn VerbError) -> (Failure, State) {
    (Failure::of(error), State::after(error.call_error(), State::Failed))
}
