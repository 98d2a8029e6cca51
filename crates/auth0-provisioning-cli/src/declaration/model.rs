//! The content of the files, with the Deploy CLI's names.

// Absent, null and a value have three meanings.
#![allow(clippy::option_option)]

use auth0_provisioning::{Desired, MappingItem, ScimDesired, ScimRow, SelectedGroup};
use clap::ValueEnum as _;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use crate::{groups_mode::GroupsMode, selection};

/// The desired state of connections. Other sections of the file are left to the Deploy CLI.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(expecting = "a file of connections")]
pub(crate) struct Declaration {
    pub(crate) connections: Vec<DeclaredConnection>,
}

/// A connection. Other properties, such as `options`, are left to the Deploy CLI.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(expecting = "a connection")]
pub(crate) struct DeclaredConnection {
    /// The connection's name.
    pub(crate) name: String,
    /// The connection's strategy, such as `google-apps`. It is not changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) strategy: Option<String>,
    /// Whether it is a domain connection. It is not changed: the Deploy CLI needs a property to write for each connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) is_domain_connection: Option<bool>,
    /// Its directory provisioning. If the property is left out, it is not changed; if it is null, it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "managed")]
    #[schemars(with = "Option<DeclaredDirectory>")]
    pub(crate) directory_provisioning_configuration: Option<Option<DeclaredDirectory>>,
    /// Its SCIM configuration. If the property is left out, it is not changed; if it is null, it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "managed")]
    #[schemars(with = "Option<DeclaredScim>")]
    pub(crate) scim_configuration: Option<Option<DeclaredScim>>,
}

/// Directory provisioning. Properties that are left out are not changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a configuration")]
pub(crate) struct DeclaredDirectory {
    /// The whole mapping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mapping: Option<Vec<DeclaredRow>>,
    /// Whether runs start automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) synchronize_automatically: Option<bool>,
    /// Which groups are synchronized. `selected` means the groups in `synchronized_groups`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "groups")]
    pub(crate) synchronize_groups: Option<GroupsMode>,
    /// The whole selection of groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) synchronized_groups: Option<Vec<DeclaredGroup>>,
}

/// A row of the mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a row with auth0 and idp")]
pub(crate) struct DeclaredRow {
    /// The user field.
    pub(crate) auth0: String,
    /// The directory's attribute.
    pub(crate) idp: String,
}

/// A selected group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a group with an id")]
pub(crate) struct DeclaredGroup {
    /// The group's id in the directory.
    #[schemars(regex(pattern = "^[A-Za-z0-9]{1,32}$"))]
    pub(crate) id: String,
    /// The group's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// The group's email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    /// How many direct members the group has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) direct_members_count: Option<u32>,
}

/// A SCIM configuration. Properties that are left out are not changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a configuration")]
pub(crate) struct DeclaredScim {
    /// The user field that identifies a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_id_attribute: Option<String>,
    /// The whole mapping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mapping: Option<Vec<DeclaredScimRow>>,
}

/// A row of the SCIM mapping.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a row with auth0 and scim")]
pub(crate) struct DeclaredScimRow {
    /// The user field.
    pub(crate) auth0: String,
    /// The SCIM attribute.
    pub(crate) scim: String,
}

/// Reads a property that is there, with a value or with null.
fn managed<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads a mode. In YAML 1.1, `off` without quotes is a boolean.
fn groups<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<GroupsMode>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    match &value {
        Value::Null => return Ok(None),
        Value::Bool(false) => return Ok(Some(GroupsMode::Off)),
        _ => {}
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mode = GroupsMode::from_str(&text, false);
    mode.map(Some).map_err(|_| D::Error::custom(format!("`{text}` is none of `all`, `off`, `selected`")))
}

/// Returns the JSON Schema of the files.
pub(crate) fn schema() -> Value {
    schemars::schema_for!(Declaration).to_value()
}

impl DeclaredDirectory {
    pub(crate) fn desired(&self) -> Desired {
        let mut desired = Desired::default();
        desired.synchronize_automatically = self.synchronize_automatically;
        desired.synchronize_groups = self.synchronize_groups.map(Into::into);
        let rows = self.mapping.as_ref();
        desired.mapping = rows.map(|rows| rows.iter().map(|row| MappingItem::new(&row.auth0, &row.idp)).collect());
        desired
    }

    /// Returns the selected groups. Fails if a group is there twice with different values.
    pub(crate) fn selection(&self) -> Result<Option<Vec<SelectedGroup>>, String> {
        let Some(groups) = &self.synchronized_groups else { return Ok(None) };
        let groups = groups.iter().map(DeclaredGroup::selected).collect::<Result<Vec<_>, _>>()?;
        selection::without_duplicates(groups).map(Some)
    }

    /// Returns whether `synchronized_groups` has an effect. The Deploy CLI ignores it with any other mode, too.
    pub(crate) fn has_selection_in_effect(&self) -> bool {
        self.synchronize_groups == Some(GroupsMode::Selected)
    }
}

impl DeclaredGroup {
    fn selected(&self) -> Result<SelectedGroup, String> {
        let mut group = SelectedGroup::new(self.id.parse().map_err(|error| format!("{error}"))?);
        group.name.clone_from(&self.name);
        group.email.clone_from(&self.email);
        group.direct_members_count = self.direct_members_count;
        Ok(group)
    }
}

impl DeclaredScim {
    pub(crate) fn desired(&self) -> ScimDesired {
        let mut desired = ScimDesired::default();
        desired.user_id_attribute.clone_from(&self.user_id_attribute);
        let rows = self.mapping.as_ref();
        desired.mapping = rows.map(|rows| rows.iter().map(|row| ScimRow::new(&row.auth0, &row.scim)).collect());
        desired
    }
}
