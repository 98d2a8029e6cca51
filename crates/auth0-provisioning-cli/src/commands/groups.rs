//! `groups`: the groups of a connection that are selected for synchronization.

use std::collections::BTreeSet;

use auth0_provisioning::{
    Client, ConnectionId, GroupChange, GroupId, ReconcileError, Reconciled, SelectedGroup, SynchronizedGroupsHandle,
    VerbError as _, types::SynchronizedGroup,
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
    selection::{self, SelectionChange},
    work::{Piece, State},
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

/// A change of a group, and how far it has come.
pub(super) struct Changed {
    action: &'static str,
    group: SelectedGroup,
    state: State,
}

impl Changed {
    fn new(change: &SelectionChange) -> Self {
        Self { action: change.action(), group: change.group().clone(), state: State::NotDone }
    }

    fn kept(group: SelectedGroup) -> Self {
        Self { action: "keep", group, state: State::Unchanged }
    }

    fn of(change: &GroupChange, state: State) -> Self {
        let action = match change {
            GroupChange::Add(_) => "add",
            GroupChange::Remove(_) => "remove",
            _ => "update",
        };
        Self { action, group: change.group().clone(), state }
    }
}

impl Piece for Changed {
    fn name(&self) -> String {
        match self.action {
            "keep" => self.group.id.to_string(),
            action => format!("{action} {}", self.group.id),
        }
    }

    fn state(&self) -> State {
        self.state
    }
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
                    "keep" => Tone::Dim,
                    _ => Tone::Warning,
                },
            )
        },
    ),
    Column::shown("id", |it| json!(it.group.id), "ID", |it, _| Cell::plain(it.group.id.as_str())),
    Column::shown("name", |it| json!(it.group.name), "NAME", |it, _| Cell::optional(it.group.name.clone())),
    Column::shown("state", |it| json!(it.state.name()), "STATE", |it, _| it.state.cell()),
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

async fn handle(
    context: &mut Context,
    given: &str,
) -> Result<(Client, ConnectionId, SynchronizedGroupsHandle), Failure> {
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

async fn add(arguments: &GroupsWrite, context: &mut Context) -> Outcome {
    write(arguments, context, true).await
}

async fn remove(arguments: &GroupsWrite, context: &mut Context) -> Outcome {
    write(arguments, context, false).await
}

/// Adds or removes groups: those of them that are not, or are, selected already.
async fn write(arguments: &GroupsWrite, context: &mut Context, adds: bool) -> Outcome {
    context.results.check(CHANGES)?;
    let given = group_input::read(arguments, context).await?;
    let (_, _, handle) = handle(context, &arguments.connection).await?;
    let present = present(&handle, context).await?;
    let is_known = present.is_some();
    let present = present.unwrap_or_else(|| if adds { Vec::new() } else { given.clone() });
    let ids: BTreeSet<&GroupId> = given.iter().map(|group| &group.id).collect();
    let concerned: Vec<SelectedGroup> = present.into_iter().filter(|group| ids.contains(&group.id)).collect();
    let changes = selection::changes(&concerned, if adds { &given } else { &[] });
    let of_changes: BTreeSet<&GroupId> = changes.iter().map(|change| &change.group().id).collect();
    let kept: Vec<SelectedGroup> = given.iter().filter(|group| !of_changes.contains(&group.id)).cloned().collect();
    let number_kept = kept.len();
    let mut pieces: Vec<Changed> = changes.iter().map(Changed::new).collect();
    pieces.extend(kept.into_iter().map(Changed::kept));
    let work = context.begin(CHANGES, pieces);
    selection::write(&handle, &changes, |number, state| work.change(number, |it| it.state = state)).await?;
    context.report_to_programs()?;
    context.messages.note(&match (given.is_empty(), is_known, adds) {
        (true, ..) => "No group is given: nothing was changed.".to_owned(),
        (_, true, true) => format!("{}, {number_kept} selected already.", sum(&changes, &["add", "update"])),
        (_, true, false) => format!("{}, {number_kept} not selected.", sum(&changes, &["remove"])),
        (_, false, true) => format!("{} or updated.", sum(&changes, &["add"])),
        (_, false, false) => format!("{}, as far as they were selected.", sum(&changes, &["remove"])),
    });
    Ok(ExitCode::Done)
}

/// The selected groups; `None` where the token may not read them.
async fn present(handle: &SynchronizedGroupsHandle, context: &Context) -> Result<Option<Vec<SelectedGroup>>, Failure> {
    match selection::read(handle).await {
        Err(error) if !error.missing_scopes().is_empty() => {
            let scopes = error.missing_scopes().join(" ");
            context.messages.warning(&format!("without {scopes} it is not known which groups are selected already"));
            Ok(None)
        }
        present => Ok(Some(present?)),
    }
}

/// Such as `1 group added, 2 updated`.
fn sum(changes: &[SelectionChange], actions: &[&str]) -> String {
    let parts = actions.iter().enumerate().map(|(place, action)| {
        let number = changes.iter().filter(|change| change.action() == *action).count();
        let number = if place == 0 { count(number, "group") } else { number.to_string() };
        format!("{number} {}{}", action, if action.ends_with('e') { "d" } else { "ed" })
    });
    parts.collect::<Vec<_>>().join(", ")
}

const ALL: &[&str] = &["add", "update", "remove"];

async fn replace(arguments: &GroupsReplace, context: &mut Context) -> Outcome {
    context.results.check(CHANGES)?;
    let groups = group_input::read(&arguments.groups, context).await?;
    if groups.is_empty() && !arguments.allow_empty {
        return Err(Failure::failed("no group is given, which would end the selection of all")
            .remedy("pass --allow-empty if no group shall be left"));
    }
    let (_, connection, handle) = handle(context, &arguments.groups.connection).await?;
    let present = present(&handle, context).await?;
    let is_known = present.is_some();
    let present = present.unwrap_or_default();
    let changes = selection::changes(&present, &groups);
    if changes.is_empty() && is_known {
        context.begin::<Changed>(CHANGES, Vec::new());
        context.report_to_programs()?;
        context.messages.note("Nothing to change: exactly these groups are selected.");
        return Ok(ExitCode::Done);
    }
    let kept = groups.len() - changes.iter().filter(|change| change.action() != "remove").count();
    let sum = if is_known {
        format!("{}, {kept} kept", sum(&changes, ALL))
    } else {
        format!("{}; what was selected is not known", count(groups.len(), "group"))
    };
    if !arguments.yes {
        let question = format!("Replace the whole selection of {connection} ({sum})?");
        if !context.confirm(&question, "--yes").await? {
            return Err(Failure::failed("nothing was replaced"));
        }
    }
    let work = context.begin(CHANGES, changes.iter().map(Changed::new).collect());
    let all = |state| work.pieces().iter_mut().for_each(|it| it.state = state);
    all(State::Unknown);
    if let Err(error) = handle.replace(selection::filled_from(&present, &groups)).await {
        if !error.may_have_been_processed() {
            all(State::NotDone);
        }
        return Err(error.into());
    }
    all(State::Done);
    selection::verify(&handle, &changes, |number, state| work.change(number, |it| it.state = state)).await?;
    context.report_to_programs()?;
    context.messages.note(&format!("{sum}."));
    Ok(ExitCode::Done)
}

async fn reconcile(arguments: &GroupsReconcile, context: &mut Context) -> Outcome {
    context.results.check(CHANGES)?;
    let groups = group_input::read(&arguments.groups, context).await?;
    let (_, connection, handle) = handle(context, &arguments.groups.connection).await?;
    let mut reconcile = handle.reconcile(groups).allow_empty(arguments.allow_empty);
    if let Some(removals) = arguments.max_removals {
        reconcile = reconcile.max_removals(removals);
    }
    let planned = reconcile.clone().dry_run(true).await.map_err(|error| refused(&error))?;
    if arguments.dry_run {
        return reconciled(&planned, "Would change", context);
    }
    let removals = planned.changes.iter().filter(|change| matches!(change, GroupChange::Remove(_))).count();
    if removals > 0 && !arguments.yes && arguments.max_removals.is_none() {
        let question = format!("Remove {} from the selection of {connection}?", count(removals, "group"));
        if !context.confirm(&question, "--yes, or --max-removals NUMBER,").await? {
            return Err(Failure::failed("nothing was changed"));
        }
    }
    let of = |changes: &[GroupChange], state| changes.iter().map(|it| Changed::of(it, state)).collect::<Vec<_>>();
    let work = context.begin(CHANGES, of(&planned.changes, State::Unknown));
    let done = reconcile.await.map_err(|error| {
        let state = match error.call_error() {
            Some(error) if error.may_have_been_processed() => State::Unknown,
            _ => State::NotDone,
        };
        let mut pieces = of(error.done().map(|done| done.changes.as_slice()).unwrap_or_default(), State::Done);
        pieces.extend(of(error.not_done(), state));
        *work.pieces() = pieces;
        refused(&error)
    })?;
    *work.pieces() = of(&done.changes, State::Done);
    reconciled(&done, "Changed", context)
}

/// Reports what was changed, or would be.
fn reconciled(done: &Reconciled, verb: &str, context: &mut Context) -> Outcome {
    let state = if verb == "Changed" { State::Done } else { State::NotDone };
    context.begin(CHANGES, done.changes.iter().map(|it| Changed::of(it, state)).collect());
    context.report()?;
    context.messages.note(&format!("{verb} {}, kept {}.", count(done.changes.len(), "group"), done.kept));
    for group in &done.unusable {
        context.messages.warning(&format!("the tenant lists a group whose id it does not accept: {group}"));
    }
    if !done.is_in_effect() {
        context.messages.warning("the selection has no effect until `a0p update CONNECTION --groups selected`");
    }
    Ok(ExitCode::Done)
}

fn refused(error: &ReconcileError) -> Failure {
    let failure = Failure::of(error);
    match error {
        ReconcileError::EmptySelection { selected, .. } => {
            let what = format!("no group is given, which would remove all {}", count(*selected, "selected group"));
            Failure { what, ..failure }.remedy("pass --allow-empty if no group shall be left")
        }
        ReconcileError::TooManyRemovals { .. } => failure.remedy("review the list, and raise --max-removals"),
        _ => failure,
    }
}
