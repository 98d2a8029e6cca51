//! `groups`: the groups of a connection that are selected for synchronization.

use auth0_provisioning::{
    Client, ConnectionId, GroupChange, GroupId, GroupsHandle, ReconcileError, SelectedGroup, SynchronizedGroup,
};
use futures_util::TryStreamExt as _;
use serde_json::json;

use super::{Outcome, group_input};
use crate::{
    arguments::{GroupsCommand, GroupsReconcile, GroupsReplace, GroupsWrite, Search},
    context::Context,
    exit_code::ExitCode,
    failure::Failure,
    output::{Cell, Column, Tone, count},
    resolve,
};

pub(super) const COLUMNS: &[Column<SynchronizedGroup>] = &[
    Column::shown("id", |it| json!(it.id), "ID", |it, _| Cell::plain(&it.id)),
    Column::shown("name", |it| json!(it.name), "NAME", |it, _| Cell::optional(it.name.clone())),
    Column::shown("email", |it| json!(it.email), "EMAIL", |it, _| Cell::optional(it.email.clone())),
    Column::shown(
        "direct_members_count",
        |it| json!(it.direct_members_count),
        "MEMBERS",
        |it, _| Cell::optional(it.direct_members_count.map(|count| count.to_string())),
    ),
];

/// What happened to a group.
pub(super) struct Changed {
    action: &'static str,
    group: SelectedGroup,
}

pub(super) const CHANGES: &[Column<Changed>] = &[
    Column::shown(
        "action",
        |it| json!(it.action),
        "ACTION",
        |it, _| {
            Cell::new(
                it.action,
                match it.action {
                    "add" => Tone::Good,
                    "remove" => Tone::Bad,
                    _ => Tone::Warning,
                },
            )
        },
    ),
    Column::shown("id", |it| json!(it.group.id), "ID", |it, _| Cell::plain(it.group.id.as_str())),
    Column::shown("name", |it| json!(it.group.name), "NAME", |it, _| Cell::optional(it.group.name.clone())),
];

pub(super) async fn run(command: GroupsCommand, context: &mut Context) -> Outcome {
    match command {
        GroupsCommand::List(arguments) => list(&arguments, context).await,
        GroupsCommand::Add(arguments) => add(&arguments, context).await,
        GroupsCommand::Remove(arguments) => remove(&arguments, context).await,
        GroupsCommand::Replace(arguments) => replace(&arguments, context).await,
        GroupsCommand::Reconcile(arguments) => reconcile(&arguments, context).await,
    }
}

async fn handle(context: &mut Context, given: &str) -> Result<(Client, ConnectionId, GroupsHandle), Failure> {
    let client = context.client().await?;
    let connection = resolve::connection(&client, given).await?;
    let groups = client.directory_provisioning(&connection).groups();
    Ok((client, connection, groups))
}

async fn list(arguments: &Search, context: &mut Context) -> Outcome {
    let (_, _, handle) = handle(context, &arguments.connection).await?;
    let pages = match &arguments.search {
        Some(prefix) => handle.search(format!("name:{}*", prefix.trim_end_matches('*'))),
        None => handle.list(),
    };
    let mut groups: Vec<SynchronizedGroup> = pages.items().try_collect().await?;
    groups.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    let now = context.now();
    context.results.list(COLUMNS, &groups, now)?;
    if groups.is_empty() {
        context.messages.note("No groups are selected.");
    }
    Ok(ExitCode::Done)
}

/// Groups that one call adds or removes.
const AT_ONCE: usize = 100;

async fn add(arguments: &GroupsWrite, context: &mut Context) -> Outcome {
    let groups = group_input::read(arguments, context).await?;
    let (_, _, handle) = handle(context, &arguments.connection).await?;
    context.ledger.set_out(groups.iter().map(|group| group.id.to_string()));
    for part in groups.chunks(AT_ONCE) {
        handle.add(part.iter().cloned()).await?;
        for group in part {
            context.ledger.done(group.id.as_str());
        }
    }
    context.messages.note(&format!("{} selected now.", are(groups.len())));
    Ok(ExitCode::Done)
}

async fn remove(arguments: &GroupsWrite, context: &mut Context) -> Outcome {
    let groups = group_input::read(arguments, context).await?;
    let (_, _, handle) = handle(context, &arguments.connection).await?;
    let ids: Vec<GroupId> = groups.into_iter().map(|group| group.id).collect();
    context.ledger.set_out(ids.iter().map(ToString::to_string));
    for part in ids.chunks(AT_ONCE) {
        handle.remove(part.iter().cloned()).await?;
        for id in part {
            context.ledger.done(id.as_str());
        }
    }
    context.messages.note(&format!("{} not selected any more.", are(ids.len())));
    Ok(ExitCode::Done)
}

/// The tenant does not say which of them it had already.
fn are(number: usize) -> String {
    format!("{} {}", count(number, "group"), if number == 1 { "is" } else { "are" })
}

fn selection_of(groups: &GroupsWrite) -> String {
    format!("the selection of {}", groups.connection)
}

async fn replace(arguments: &GroupsReplace, context: &mut Context) -> Outcome {
    let groups = group_input::read(&arguments.groups, context).await?;
    if groups.is_empty() && !arguments.allow_empty {
        return Err(Failure::failed("no group is given, which would end the selection of all")
            .remedy("pass --allow-empty if no group shall be left"));
    }
    let (_, connection, handle) = handle(context, &arguments.groups.connection).await?;
    let number = count(groups.len(), "group");
    if !arguments.yes {
        let question = format!("Replace the whole selection of {connection} by {number}?");
        if !context.confirm(&question, "--yes").await? {
            return Err(Failure::failed("nothing was replaced"));
        }
    }
    let what = selection_of(&arguments.groups);
    context.ledger.set_out([what.clone()]);
    handle.replace(groups).await?;
    context.ledger.done(&what);
    context.messages.note(&format!("{number} selected."));
    Ok(ExitCode::Done)
}

async fn reconcile(arguments: &GroupsReconcile, context: &mut Context) -> Outcome {
    let groups = group_input::read(&arguments.groups, context).await?;
    let (_, _, handle) = handle(context, &arguments.groups.connection).await?;
    let mut reconcile = handle.reconcile(groups).dry_run(arguments.dry_run).allow_empty(arguments.allow_empty);
    if let Some(removals) = arguments.max_removals {
        reconcile = reconcile.max_removals(removals);
    }
    let what = selection_of(&arguments.groups);
    if !arguments.dry_run {
        context.ledger.set_out([what.clone()]);
    }
    let done = reconcile.await.map_err(|error| refused(&error))?;
    context.ledger.done(&what);
    let changes: Vec<Changed> = done.changes.iter().map(changed).collect();
    let now = context.now();
    context.results.list(CHANGES, &changes, now)?;
    let (would, kept) = (if arguments.dry_run { "Would change" } else { "Changed" }, done.kept);
    context.messages.note(&format!("{would} {}, kept {kept}.", count(changes.len(), "group")));
    for group in &done.unusable {
        context.messages.warning(&format!("the tenant lists a group whose id it does not accept: {group}"));
    }
    if !done.is_in_effect() {
        context.messages.warning("the selection has no effect until `a0p update CONNECTION --groups selected`");
    }
    Ok(ExitCode::Done)
}

fn changed(change: &GroupChange) -> Changed {
    let action = match change {
        GroupChange::Add(_) => "add",
        GroupChange::Remove(_) => "remove",
        _ => "update",
    };
    Changed { action, group: change.group().clone() }
}

fn refused(error: &ReconcileError) -> Failure {
    let failure = Failure::of(error);
    match error {
        ReconcileError::EmptySelection { .. } => failure.remedy("pass --allow-empty if no group shall be left"),
        ReconcileError::TooManyRemovals { .. } => failure.remedy("review the list, and raise --max-removals"),
        _ => failure,
    }
}
