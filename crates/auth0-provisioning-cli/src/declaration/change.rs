//! Changes of configurations, in words and as values.

use auth0_provisioning::{
    Changes, Desired, MappingDifference, ScimDesired, ScimRow, SelectedGroup, types::ScimConfiguration,
};
use serde_json::{Value, json};

use crate::{output::count, selection::SelectionChange};

/// The change of a field, or of a whole configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Delete,
    Add,
    Change,
    Remove,
}

impl Action {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Add => "add",
            Self::Change => "change",
            Self::Remove => "remove",
        }
    }
}

/// One change of a configuration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChangeLine {
    /// `directory_provisioning`, `synchronized_groups` or `scim_configuration`.
    pub(crate) resource: &'static str,
    pub(crate) action: Action,
    /// The field; `None` for the configuration as a whole.
    pub(crate) field: Option<String>,
    pub(crate) from: Value,
    pub(crate) to: Value,
}

pub(super) const DIRECTORY: &str = "directory_provisioning";
pub(super) const GROUPS: &str = "synchronized_groups";
pub(super) const SCIM: &str = "scim_configuration";

impl ChangeLine {
    pub(super) fn whole(resource: &'static str, action: Action) -> Self {
        Self { resource, action, field: None, from: Value::Null, to: Value::Null }
    }

    fn field(resource: &'static str, field: impl Into<String>, from: Value, to: Value) -> Self {
        let action = match (&from, &to) {
            (Value::Null, _) => Action::Add,
            (_, Value::Null) => Action::Remove,
            _ => Action::Change,
        };
        Self { resource, action, field: Some(field.into()), from, to }
    }

    /// Returns the change in words.
    pub(crate) fn text(&self) -> String {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let what = match (&self.field, self.resource) {
            (None, resource) => return resource.replace('_', " "),
            (Some(field), SCIM) => format!("scim {field}"),
            (Some(field), _) => field.clone(),
        };
        match self.action {
            Action::Change => format!("{what}: {} -> {}", text(&self.from), text(&self.to)),
            Action::Remove => format!("{what}: {}", text(&self.from)),
            _ => format!("{what}: {}", text(&self.to)),
        }
    }
}

/// Returns the settings of a new configuration, except for those that are left to the tenant.
pub(super) fn of_desired(desired: &Desired) -> Vec<ChangeLine> {
    let add = |field: &str, to: Value| ChangeLine::field(DIRECTORY, field, Value::Null, to);
    let mut lines = Vec::new();
    lines.extend(desired.synchronize_automatically.map(|to| add("synchronize_automatically", json!(to))));
    lines.extend(desired.synchronize_groups.as_ref().map(|to| add("synchronize_groups", json!(to))));
    let rows = desired.mapping.iter().flatten();
    lines.extend(rows.map(|row| add(&format!("mapping.{}", row.auth0), json!(row.idp))));
    lines
}

pub(crate) fn of_changes(changes: &Changes) -> Vec<ChangeLine> {
    let mut lines = Vec::new();
    let mut field = |field: &str, from, to| lines.push(ChangeLine::field(DIRECTORY, field, from, to));
    if let Some(change) = &changes.synchronize_automatically {
        field("synchronize_automatically", json!(change.from), json!(change.to));
    }
    if let Some(change) = &changes.synchronize_groups {
        field("synchronize_groups", json!(change.from), json!(change.to));
    }
    for change in changes.mapping.iter().flat_map(MappingDifference::changes) {
        field(&format!("mapping.{}", change.auth0), json!(change.from), json!(change.to));
    }
    lines
}

pub(super) fn of_group(change: &SelectionChange) -> ChangeLine {
    let text = |group: &SelectedGroup| match (&group.email, group.direct_members_count) {
        (None, None) => json!(group.to_string()),
        (email, members) => {
            let email = email.as_ref().map(|email| format!(", {email}")).unwrap_or_default();
            let members = members.map(|members| format!(", {}", count(members, "member"))).unwrap_or_default();
            json!(format!("{group}{email}{members}"))
        }
    };
    let (from, to) = match change {
        SelectionChange::Add(group) => (Value::Null, text(group)),
        SelectionChange::Remove(group) => (text(group), Value::Null),
        SelectionChange::Update { from, to } => (text(from), text(to)),
    };
    ChangeLine::field(GROUPS, "group", from, to)
}

/// Returns the changes of a SCIM configuration, or the settings of a new one.
pub(super) fn of_scim(present: Option<&ScimConfiguration>, desired: &ScimDesired) -> Vec<ChangeLine> {
    let before = present.map(ScimDesired::from).unwrap_or_default();
    let mut lines = Vec::new();
    if desired.user_id_attribute.is_some() && desired.user_id_attribute != before.user_id_attribute {
        let (from, to) = (json!(before.user_id_attribute), json!(desired.user_id_attribute));
        lines.push(ChangeLine::field(SCIM, "user_id_attribute", from, to));
    }
    let Some(rows) = &desired.mapping else { return lines };
    let known = before.mapping.unwrap_or_default();
    let field = |row: &ScimRow| format!("mapping.{}", row.auth0);
    let gone = known.iter().filter(|row| !rows.contains(row));
    lines.extend(gone.map(|row| ChangeLine::field(SCIM, field(row), json!(row.scim), Value::Null)));
    let new = rows.iter().filter(|row| !known.contains(row));
    lines.extend(new.map(|row| ChangeLine::field(SCIM, field(row), Value::Null, json!(row.scim))));
    lines
}
