//! `groups`: the groups of a connection that are selected for synchronization.

use std::collections::BTreeSet;

use auth0_provisioning::{
    Client, ConnectionId, GroupChange, GroupId, ReconcileError, Reconciled, SelectedGroup, SynchronizedGroupsHandle,
    VerbError as _, types::SynchronizedGroup,
};
use futures_util::TryStreamExt as _;
use serde_json::json;

use super::group_input;
use crate::{
    arguments::{GroupsCommand, GroupsReconcile, GroupsReplace, GroupsWrite},
    context::Context,
    failure::Failure,
    output::{Cell, Column, Tone, count},
    resolve,
    selection::{self, SelectionChange},
    work::{Piece, State},
};

type GroupField = Column<SynchronizedGroup>;

pub(super) const COLUMNS: &[GroupField] = &[
    GroupField::shown("id", |it| json!(it.id)),
    GroupField::shown("name", |it| json!(it.name)),
    GroupField::shown("email", |it| json!(it.email)),
    GroupField::shown("direct_members_count", |it| json!(it.direct_members_count)).title("MEMBERS"),
];

/// A change of a group and its state.
pub(super) struct Changed {
    action: &'static str,
    group: SelectedGroup,
    state: State,
}

impl Changed {
    fn new(change: &SelectionChange) -> Self {
        Self { action: change.action(), group: change.group().clone(), state: State::NotDone }
    }

    fn of(changes: &[GroupChange], state: State) -> Vec<Self> {
        let entry = |change: &GroupChange| {
            let action = match change {
                GroupChange::Add(_) => "add",
                GroupChange::Remove(_) => "remove",
                _ => "update",
            };
            Self { action, group: change.group().clone(), state }
        };
        changes.iter().map(entry).collect()
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

type ChangeField = Column<Changed>;

pub(super) const CHANGES: &[ChangeField] = &[
    ChangeField::shown("action", |it| json!(it.action)).cell(|it, _| {
        let tone = match it.action {
            "add" => Tone::Good,
            "remove" => Tone::Bad,
            "keep" => Tone::Dim,
            _ => Tone::Warning,
        };
        Cell::new(it.action, tone)
    }),
    ChangeField::shown("id", |it| json!(it.group.id)),
    ChangeField::shown("name", |it| json!(it.group.name)),
    ChangeField::shown("state", |it| json!(it.state.name())).cell(|it, _| it.state.cell()),
];

pub(super) async fn run(command: GroupsCommand, context: &mut Context) -> Result<(), Failure> {
    match command {
        GroupsCommand::List { connection, search } => list(&connection, search.as_deref(), context).await,
        GroupsCommand::Add(arguments) => write(&arguments, true, context).await,
        GroupsCommand::Remove(arguments) => write(&arguments, false, context).await,
        GroupsCommand::Replace(arguments) => replace(&arguments, context).await,
        GroupsCommand::Reconcile(arguments) => reconcile(&arguments, context).await,
    }
}

async fn connect(
    given: &str,
    context: &mut Context,
) -> Result<(Client, ConnectionId, SynchronizedGroupsHandle), Failure> {
    let client = context.client().await?;
    let connection = resolve::connection(&client, given).await?;
    let groups = client.directory_provisioning(&connection).groups();
    Ok((client, connection, groups))
}

async fn list(given: &str, search: Option<&str>, context: &mut Context) -> Result<(), Failure> {
    let (_, _, handle) = connect(given, context).await?;
    let pages = match search {
        Some(prefix) => handle.search(format!("name:{}*", prefix.trim_end_matches('*'))),
        None => handle.list(),
    };
    let mut groups: Vec<SynchronizedGroup> = pages.items().try_collect().await?;
    groups.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    context.list(COLUMNS, &groups)?;
    if groups.is_empty() {
        context.messages.note("No groups are selected.");
    }
    Ok(())
}

/// Adds groups that are not selected yet, or removes groups that are selected.
async fn write(arguments: &GroupsWrite, adds: bool, context: &mut Context) -> Result<(), Failure> {
    context.results.check(CHANGES)?;
    let given = group_input::read(arguments, context).await?;
    let (_, _, handle) = connect(&arguments.connection, context).await?;
    let present = present(&handle, context).await?;
    let is_known = present.is_some();
    let mut present = present.unwrap_or_else(|| if adds { Vec::new() } else { given.clone() });
    let ids: BTreeSet<&GroupId> = given.iter().map(|group| &group.id).collect();
    present.retain(|group| ids.contains(&group.id));
    let changes = selection::changes(&present, if adds { &given } else { &[] });
    let affected: BTreeSet<&GroupId> = changes.iter().map(|change| &change.group().id).collect();
    let mut pieces: Vec<Changed> = changes.iter().map(Changed::new).collect();
    let kept = given.iter().filter(|group| !affected.contains(&group.id)).cloned();
    pieces.extend(kept.map(|group| Changed { action: "keep", group, state: State::Unchanged }));
    let kept = pieces.len() - changes.len();
    let work = context.begin(CHANGES, pieces);
    selection::write(&handle, &changes, |number, state| work.change(number, |it| it.state = state)).await?;
    context.report_unless_table()?;
    context.messages.note(match (given.is_empty(), is_known, adds) {
        (true, ..) => "No group is given: nothing was changed.".to_owned(),
        (_, true, true) => format!("{}, {kept} already selected.", summary(&changes, &["add", "update"])),
        (_, true, false) => format!("{}, {kept} not selected.", summary(&changes, &["remove"])),
        (_, false, true) => format!("{} or updated.", summary(&changes, &["add"])),
        (_, false, false) => format!("{} if they were selected.", summary(&changes, &["remove"])),
    });
    Ok(())
}

/// Returns the selected groups, or `None` if the token may not read them.
async fn present(handle: &SynchronizedGroupsHandle, context: &Context) -> Result<Option<Vec<SelectedGroup>>, Failure> {
    match selection::read(handle).await {
        Err(error) if !error.missing_scopes().is_empty() => {
            let scopes = error.missing_scopes().join(" ");
            context.messages.warning(format!("without {scopes}, it is unknown which groups are already selected"));
            Ok(None)
        }
        present => Ok(Some(present?)),
    }
}

/// Summarizes changes, such as `1 group added, 2 updated`.
fn summary(changes: &[SelectionChange], actions: &[&str]) -> String {
    let number = |action: &str| changes.iter().filter(|change| change.action() == action).count();
    let parts = actions.iter().enumerate().map(|(at, action)| {
        let number = if at == 0 { count(number(action), "group") } else { number(action).to_string() };
        format!("{number} {}ed", action.trim_end_matches('e'))
    });
    parts.collect::<Vec<_>>().join(", ")
}

async fn replace(arguments: &GroupsReplace, context: &mut Context) -> Result<(), Failure> {
    context.results.check(CHANGES)?;
    let groups = group_input::read(&arguments.groups, context).await?;
    if groups.is_empty() && !arguments.allow_empty {
        return Err(Failure::failed("no group is given, and an empty selection synchronizes no group")
            .remedy("pass --allow-empty to remove all groups"));
    }
    let (_, connection, handle) = connect(&arguments.groups.connection, context).await?;
    let present = present(&handle, context).await?;
    let is_known = present.is_some();
    let present = present.unwrap_or_default();
    let changes = selection::changes(&present, &groups);
    if changes.is_empty() && is_known {
        context.begin::<Changed>(CHANGES, Vec::new());
        context.report_unless_table()?;
        context.messages.note("Nothing to change: exactly these groups are selected.");
        return Ok(());
    }
    let kept = groups.len() - changes.iter().filter(|change| change.action() != "remove").count();
    let summary = if is_known {
        format!("{}, {kept} kept", summary(&changes, &["add", "update", "remove"]))
    } else {
        format!("{}; the selection before is unknown", count(groups.len(), "group"))
    };
    if !arguments.yes {
        let question = format!("Replace the whole selection of {connection} ({summary})?");
        context.confirm(&question, "--yes", "nothing was replaced").await?;
    }
    let work = context.begin(CHANGES, changes.iter().map(Changed::new).collect());
    let set_all = |state| work.pieces().iter_mut().for_each(|it| it.state = state);
    set_all(State::Unknown);
    if let Err(error) = handle.replace(selection::filled_from(&present, &groups)).await {
        set_all(State::after(Some(&error), State::NotDone));
        return Err(error.into());
    }
    set_all(State::Done);
    selection::verify(&handle, &changes, |number, state| work.change(number, |it| it.state = state)).await?;
    context.report_unless_table()?;
    context.messages.note(format!("{summary}."));
    Ok(())
}

async fn reconcile(arguments: &GroupsReconcile, context: &mut Context) -> Result<(), Failure> {
    context.results.check(CHANGES)?;
    let groups = group_input::read(&arguments.groups, context).await?;
    let (_, connection, handle) = connect(&arguments.groups.connection, context).await?;
    let mut reconcile = handle.reconcile(groups).allow_empty(arguments.allow_empty);
    if let Some(removals) = arguments.max_removals {
        reconcile = reconcile.max_removals(removals);
    }
    let planned = reconcile.clone().dry_run(true).await.map_err(|error| failure(&error))?;
    if arguments.dry_run {
        return report(&planned, State::NotDone, context);
    }
    let removals = planned.changes.iter().filter(|change| matches!(change, GroupChange::Remove(_))).count();
    if removals > 0 && !arguments.yes && arguments.max_removals.is_none() {
        let question = format!("Remove {} from the selection of {connection}?", count(removals, "group"));
        context.confirm(&question, "--yes, or --max-removals NUMBER,", "nothing was changed").await?;
    }
    let work = context.begin(CHANGES, Changed::of(&planned.changes, State::Unknown));
    let done = reconcile.await.map_err(|error| {
        let done = error.done().map(|done| done.changes.as_slice()).unwrap_or_default();
        let mut pieces = Changed::of(done, State::Done);
        pieces.extend(Changed::of(error.not_done(), State::after(error.call_error(), State::NotDone)));
        *work.pieces() = pieces;
        failure(&error)
    })?;
    report(&done, State::Done, context)
}

/// Reports changes that were made, or would be made.
fn report(reconciled: &Reconciled, state: State, context: &mut Context) -> Result<(), Failure> {
    context.begin(CHANGES, Changed::of(&reconciled.changes, state));
    context.report()?;
    let verb = if state == State::Done { "Changed" } else { "Would change" };
    context.messages.note(format!("{verb} {}, kept {}.", count(reconciled.changes.len(), "group"), reconciled.kept));
    for group in &reconciled.unusable {
        context.messages.warning(format!("the tenant lists a group whose id it does not accept: {group}"));
    }
    if !reconciled.is_in_effect() {
        context.messages.warning("the selection has no effect until `a0p update CONNECTION --groups selected`");
    }
    Ok(())
}

fn failure(error: &ReconcileError) -> Failure {
    let failure = Failure::of(error);
    match error {
        ReconcileError::EmptySelection { selected, .. } => {
            let reason = format!("no group is given, which would remove all {}", count(*selected, "selected group"));
            Failure { reason, ..failure }.remedy("pass --allow-empty to remove all groups")
        }
        ReconcileError::TooManyRemovals { .. } => failure.remedy("review the list, or raise --max-removals"),
        _ => failure,
    }
}
