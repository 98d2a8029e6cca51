//! Carrying out a plan.

use auth0_provisioning::{Client, ConnectionId, Error, GroupId, GroupsHandle, Outcome};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    plan::{ConnectionPlan, Plan, Step},
    selection::SelectionChange,
};
use crate::failure::Failure;

/// How many connections are written at once; the rate limit holds back what is too much.
const AT_ONCE: usize = 32;

/// Groups that one call adds or removes.
const GROUPS_AT_ONCE: usize = 100;

/// What was done to a connection.
#[derive(Debug)]
pub(crate) struct Applied {
    pub(crate) name: String,
    pub(crate) id: ConnectionId,
    pub(crate) directory: &'static str,
    pub(crate) groups_added: usize,
    pub(crate) groups_removed: usize,
    pub(crate) scim: &'static str,
    pub(crate) failure: Option<Failure>,
}

/// Told of each connection that is done, or failed.
pub(crate) type Progressed<'a> = &'a mut dyn FnMut(&Applied);

/// Carries out a plan: the configurations of directory provisioning first, in one sweep that reads the list again and
/// writes the differences, then groups and SCIM. A failure ends the work on its connection alone.
pub(crate) async fn apply(client: &Client, plan: Plan, progressed: Progressed<'_>) -> Result<Vec<Applied>, Failure> {
    let mut work: Vec<(ConnectionPlan, Applied)> = plan
        .connections
        .into_iter()
        .map(|it| {
            let nothing = Applied::nothing(&it);
            (it, nothing)
        })
        .collect();
    ensure_directories(client, &mut work, progressed).await?;
    let rest = work.into_iter().map(|(plan, done)| {
        let client = client.clone();
        async move { finish(&client, plan, done).await }
    });
    let mut rest = stream::iter(rest).buffer_unordered(AT_ONCE);
    let mut applied = Vec::new();
    while let Some(done) = rest.next().await {
        progressed(&done);
        applied.push(done);
    }
    applied.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(applied)
}

async fn ensure_directories(
    client: &Client,
    work: &mut [(ConnectionPlan, Applied)],
    progressed: Progressed<'_>,
) -> Result<(), Failure> {
    let wanted: Vec<_> = work
        .iter()
        .filter_map(|(plan, _)| match &plan.directory {
            Some(Step::Ensure(desired)) => Some((plan.id.clone(), desired.clone())),
            _ => None,
        })
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let mut results = client.ensure_each(wanted).concurrency(AT_ONCE).run();
    while let Some(result) = results.try_next().await? {
        let Some((plan, done)) = work.iter_mut().find(|(plan, _)| plan.id == result.connection) else { continue };
        match result.result {
            Ok(ensured) => {
                done.directory = match ensured.outcome {
                    Outcome::Created => "created",
                    Outcome::Updated(_) => "updated",
                    _ => "unchanged",
                };
            }
            Err(error) => {
                done.directory = "failed";
                done.failure = Some(Failure::of(&error));
            }
        }
        // What has groups or SCIM to come is not done yet.
        if plan.groups.is_empty() && plan.scim.is_none() {
            progressed(done);
        }
    }
    Ok(())
}

/// The rest of a connection: its deletion, groups and SCIM.
async fn finish(client: &Client, plan: ConnectionPlan, mut done: Applied) -> Applied {
    if done.failure.is_none()
        && let Err(failure) = rest(client, &plan, &mut done).await
    {
        done.failure = Some(failure);
    }
    done
}

async fn rest(client: &Client, plan: &ConnectionPlan, done: &mut Applied) -> Result<(), Failure> {
    let handle = client.directory_provisioning(&plan.id);
    if matches!(plan.directory, Some(Step::Delete)) {
        done.directory = "failed";
        handle.delete().await?;
        done.directory = "deleted";
    }
    select(&handle.groups(), &plan.groups, done).await?;
    match &plan.scim {
        None => {}
        Some(Step::Delete) => {
            done.scim = "failed";
            client.scim(&plan.id).delete().await?;
            done.scim = "deleted";
        }
        Some(Step::Ensure(desired)) => {
            done.scim = "failed";
            let ensured = client.scim(&plan.id).ensure(desired.clone()).await.map_err(|error| Failure::of(&error))?;
            done.scim = match ensured.outcome {
                Outcome::Created => "created",
                Outcome::Updated(_) => "updated",
                _ => "unchanged",
            };
        }
    }
    Ok(())
}

/// Adds before it removes, so that a failure leaves too many groups rather than too few.
async fn select(handle: &GroupsHandle, changes: &[SelectionChange], done: &mut Applied) -> Result<(), Error> {
    let (mut put, mut remove) = (Vec::new(), Vec::<GroupId>::new());
    for change in changes {
        match change {
            SelectionChange::Add(group) | SelectionChange::Update { to: group, .. } => put.push(group.clone()),
            SelectionChange::Remove(group) => remove.push(group.id.clone()),
        }
    }
    for part in put.chunks(GROUPS_AT_ONCE) {
        handle.add(part.iter().cloned()).await?;
        done.groups_added += part.len();
    }
    for part in remove.chunks(GROUPS_AT_ONCE) {
        handle.remove(part.iter().cloned()).await?;
        done.groups_removed += part.len();
    }
    Ok(())
}

impl Applied {
    fn nothing(plan: &ConnectionPlan) -> Self {
        Self {
            name: plan.name.clone(),
            id: plan.id.clone(),
            directory: "unchanged",
            groups_added: 0,
            groups_removed: 0,
            scim: "unchanged",
            failure: None,
        }
    }
}
