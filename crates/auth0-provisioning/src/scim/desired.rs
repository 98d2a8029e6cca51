//! The state that a SCIM configuration should have.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    InvalidValue,
    types::{CreateScimConfigurationRequest, ScimConfiguration, ScimMappingItem, UpdateScimConfigurationRequest},
};

/// The desired state of a SCIM configuration. A field that is not set gets a default when a configuration is created, and
/// stays as it is when one is updated. Files are read strictly: an unknown field is an error.
///
/// ```
/// use auth0_provisioning::{ScimDesired, ScimRow};
///
/// let desired = ScimDesired::default()
///     .user_id_attribute("externalId")
///     .mapping([ScimRow::new("email", "emails[primary eq true].value"), ScimRow::new("blocked", "active")]);
/// assert!(desired.validate().is_ok());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct ScimDesired {
    /// The SCIM attribute that the ids of users are made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_attribute: Option<String>,
    /// The whole mapping, in any order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Vec<ScimRow>>,
}

/// One row of a SCIM mapping.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScimRow {
    /// The field of the Auth0 user, such as `email` or `app_metadata.department`.
    pub auth0: String,
    /// The SCIM attribute, such as `userName` or `name.givenName`.
    pub scim: String,
}

impl ScimRow {
    /// A row that fills the user field `auth0` from the attribute `scim`.
    #[must_use]
    pub fn new(auth0: impl Into<String>, scim: impl Into<String>) -> Self {
        Self { auth0: auth0.into(), scim: scim.into() }
    }

    pub(super) fn of(item: &ScimMappingItem) -> Self {
        Self::new(item.auth0.as_deref().unwrap_or_default(), item.scim.as_deref().unwrap_or_default())
    }
}

impl ScimDesired {
    /// The SCIM attribute that the ids of users are made from.
    pub fn user_id_attribute(mut self, attribute: impl Into<String>) -> Self {
        self.user_id_attribute = Some(attribute.into());
        self
    }

    /// The whole mapping, in any order. It replaces the present one.
    pub fn mapping(mut self, rows: impl IntoIterator<Item = ScimRow>) -> Self {
        self.mapping = Some(rows.into_iter().collect());
        self
    }

    /// Checks what no tenant accepts: empty names, and a user field that is mapped twice.
    ///
    /// # Errors
    ///
    /// The first of these that it finds.
    pub fn validate(&self) -> Result<(), InvalidValue> {
        if self.user_id_attribute.as_deref() == Some("") {
            return Err(InvalidValue::new("user_id_attribute is empty"));
        }
        let rows = self.mapping.iter().flatten();
        InvalidValue::check_rows(rows.map(|row| (&row.auth0, &row.scim)), "scim")
    }

    /// The body of a creation; none where everything gets a default.
    pub(super) fn creation(&self) -> Option<CreateScimConfigurationRequest> {
        if *self == Self::default() {
            return None;
        }
        let mut request = CreateScimConfigurationRequest::default();
        request.user_id_attribute.clone_from(&self.user_id_attribute);
        request.mapping = self.mapping.as_ref().map(|rows| items(rows));
        Some(request)
    }

    /// The body of an update where every field is set.
    pub(super) fn whole(&self) -> Option<UpdateScimConfigurationRequest> {
        let rows = self.mapping.as_ref()?;
        Some(UpdateScimConfigurationRequest::new(items(rows), self.user_id_attribute.as_ref()?))
    }

    /// The body of an update, which the API wants whole.
    pub(super) fn update_of(&self, present: &ScimConfiguration) -> UpdateScimConfigurationRequest {
        let mapping = self.mapping.as_ref().map_or_else(|| present.mapping.clone(), |rows| items(rows));
        let attribute = self.user_id_attribute.as_ref().unwrap_or(&present.user_id_attribute);
        UpdateScimConfigurationRequest::new(mapping, attribute)
    }
}

/// The state of an existing configuration, for example to restore it or to copy it to another connection.
impl From<&ScimConfiguration> for ScimDesired {
    fn from(configuration: &ScimConfiguration) -> Self {
        let rows = configuration.mapping.iter().map(ScimRow::of);
        Self::default().user_id_attribute(&configuration.user_id_attribute).mapping(rows)
    }
}

fn items(rows: &[ScimRow]) -> Vec<ScimMappingItem> {
    let item = |row: &ScimRow| {
        let mut item = ScimMappingItem::default();
        item.auth0 = Some(row.auth0.clone());
        item.scim = Some(row.scim.clone());
        item
    };
    rows.iter().map(item).collect()
}

/// As in a mapping: `email from emails[primary eq true].value`.
impl fmt::Display for ScimRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} from {}", self.auth0, self.scim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_tenant_accepts_is_named() {
        let invalid = |desired: ScimDesired| desired.validate().unwrap_err().to_string();
        assert_eq!(invalid(ScimDesired::default().user_id_attribute("")), "user_id_attribute is empty");
        assert_eq!(invalid(ScimDesired::default().mapping([ScimRow::new("a", "")])), "mapping[0].scim is empty");
        let twice = [ScimRow::new("a", "b"), ScimRow::new("a", "c")];
        assert_eq!(
            invalid(ScimDesired::default().mapping(twice)),
            "mapping[1] maps the user field \"a\" a second time"
        );
        assert!(serde_json::from_str::<ScimDesired>(r#"{ "maping": [] }"#).is_err());
    }
}
