//! The changes after which a tenant matches a declaration.

use auth0_provisioning::{Client, ConnectionId, Desired, ScimDesired};

use super::{
    change::{self, Action, ChangeLine, DIRECTORY, SCIM},
    model::{Declaration, DeclaredConnection},
    present::Present,
};
use crate::{
    exit_code::ExitCode,
    failure::Failure,
    output::Progress,
    selection::{self, SelectionChange},
};

/// The changes of a tenant. Connections without a change are left out.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) connections: Vec<ConnectionPlan>,
    /// The number of connections that match the declaration.
    pub(crate) unchanged: usize,
    /// Configurations that would be deleted with `--allow-delete`.
    pub(crate) kept: Vec<String>,
    /// Connections with a list of groups that has no effect.
    pub(crate) without_effect: Vec<String>,
}

/// The changes of one connection.
#[derive(Debug)]
pub(crate) struct ConnectionPlan {
    pub(crate) name: String,
    pub(crate) id: ConnectionId,
    pub(crate) directory: Option<Step<Desired>>,
    pub(crate) groups: Vec<SelectionChange>,
    pub(crate) scim: Option<Step<ScimDesired>>,
    /// The same changes, line by line.
    pub(crate) lines: Vec<ChangeLine>,
}

/// The change of a configuration.
#[derive(Debug)]
pub(crate) enum Step<T> {
    Create(T),
    Change(T),
    Delete,
}

impl Plan {
    pub(crate) fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    /// Returns a summary such as `2 to create, 1 to change, 0 to delete, 4 unchanged; groups: 3 to add, 1 to update, 0 to remove`.
    pub(crate) fn summary(&self) -> String {
        let lines = || self.connections.iter().flat_map(|connection| &connection.lines);
        let whole = |action| lines().filter(|line| line.field.is_none() && line.action == action).count();
        let groups = |action| lines().filter(|line| line.resource == change::GROUPS && line.action == action).count();
        let changed = self.connections.iter().filter(|it| it.lines.iter().all(|line| line.field.is_some())).count();
        format!(
            "{} to create, {changed} to change, {} to delete, {} unchanged; groups: {} to add, {} to update, {} to remove",
            whole(Action::Create),
            whole(Action::Delete),
            self.unchanged,
            groups(Action::Add),
            groups(Action::Change),
            groups(Action::Remove),
        )
    }
}

impl ConnectionPlan {
    pub(crate) fn removals(&self) -> usize {
        self.groups.iter().filter(|change| change.is_removal()).count()
    }
}

/// Reads the tenant by the fewest calls, and compares it with a declaration.
pub(crate) async fn plan(
    client: &Client,
    declaration: &Declaration,
    allow_delete: bool,
    progress: &Progress,
) -> Result<Plan, Failure> {
    let declared = &declaration.connections;
    let directories = declared.iter().any(|it| it.directory_provisioning_configuration.is_some());
    let scim = declared.iter().any(|it| it.scim_configuration.is_some());
    let mut present = Present::read(client, directories, scim).await?;
    let managed = declared
        .iter()
        .filter(|it| it.directory_provisioning_configuration.is_some() || it.scim_configuration.is_some());
    let names: Vec<&str> = managed.map(|it| it.name.as_str()).collect();
    present.find(client, &names).await?;
    let with_selection = declared.iter().filter(|it| {
        let directory = it.directory_provisioning_configuration.as_ref().and_then(Option::as_ref);
        directory.is_some_and(|it| it.synchronized_groups.is_some() && it.has_selection_in_effect())
    });
    present.read_groups(client, with_selection.map(|it| it.name.clone()).collect(), progress).await?;
    compare(declaration, &present, allow_delete)
}

fn compare(declaration: &Declaration, present: &Present, allow_delete: bool) -> Result<Plan, Failure> {
    let mut plan = Plan::default();
    let mut unknown = Vec::new();
    for declared in &declaration.connections {
        if declared.directory_provisioning_configuration.is_none() && declared.scim_configuration.is_none() {
            continue;
        }
        let Some(id) = present.id(&declared.name) else {
            unknown.push(declared.name.as_str());
            continue;
        };
        let one = one(declared, id, present, allow_delete, &mut plan)?;
        if one.lines.is_empty() {
            plan.unchanged += 1;
        } else {
            plan.connections.push(one);
        }
    }
    if !unknown.is_empty() {
        let what = format!("the tenant has no connection with the name {}", unknown.join(", "));
        return Err(
            Failure::new(ExitCode::NotFound, what).remedy("create the connections first, or take them out of the file")
        );
    }
    plan.connections.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(plan)
}

fn one(
    declared: &DeclaredConnection,
    id: ConnectionId,
    present: &Present,
    allow_delete: bool,
    whole: &mut Plan,
) -> Result<ConnectionPlan, Failure> {
    let name = declared.name.clone();
    let mut plan = ConnectionPlan { name, id, directory: None, groups: Vec::new(), scim: None, lines: Vec::new() };
    let mut delete = |resource: &'static str| {
        if !allow_delete {
            whole.kept.push(format!("{} of {}", resource.replace('_', " "), declared.name));
        }
        allow_delete.then(|| ChangeLine::whole(resource, Action::Delete))
    };
    let found = present.directories.get(&declared.name);
    match (&declared.directory_provisioning_configuration, found) {
        (Some(Some(wanted)), found) => {
            let desired = wanted.desired();
            match found {
                None => {
                    plan.lines.push(ChangeLine::whole(DIRECTORY, Action::Create));
                    plan.lines.extend(change::of_desired(&desired));
                }
                Some(found) => plan.lines.extend(change::of_changes(&desired.changes_in(found))),
            }
            let step = if found.is_none() { Step::Create } else { Step::Change };
            plan.directory = (!plan.lines.is_empty()).then(|| step(desired));
            let selection = wanted.selection().map_err(Failure::usage)?;
            if selection.is_some() && !wanted.has_selection_in_effect() {
                whole.without_effect.push(declared.name.clone());
            }
            let selected = present.groups.get(&declared.name).map(Vec::as_slice).unwrap_or_default();
            let selection = selection.filter(|_| wanted.has_selection_in_effect());
            plan.groups = selection.map(|wanted| selection::changes(selected, &wanted)).unwrap_or_default();
            plan.lines.extend(plan.groups.iter().map(change::of_group));
        }
        (Some(None), Some(_)) => {
            let line = delete(DIRECTORY);
            plan.directory = line.as_ref().map(|_| Step::Delete);
            plan.lines.extend(line);
        }
        _ => {}
    }
    match (&declared.scim_configuration, present.scim.get(&declared.name)) {
        (Some(Some(wanted)), found) => {
            let desired = wanted.desired();
            let mut lines = change::of_scim(found, &desired);
            if found.is_none() {
                lines.insert(0, ChangeLine::whole(SCIM, Action::Create));
            }
            let step = if found.is_none() { Step::Create } else { Step::Change };
            plan.scim = (!lines.is_empty()).then(|| step(desired));
            plan.lines.extend(lines);
        }
        (Some(None), Some(_)) => {
            let line = delete(SCIM);
            plan.scim = line.as_ref().map(|_| Step::Delete);
            plan.lines.extend(line);
        }
        _ => {}
    }
    Ok(plan)
}
