//! Mappings from SCIM attributes to user fields.

use serde::{Deserialize, Serialize};

/// A row of a mapping. Both names are optional in the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScimMappingItem {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scim: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auth0: Option<String>,
}

/// The last rows of every default mapping.
const COMMON: [(&str, &str); 18] = [
    ("addresses[type eq \"work\"].streetAddress", "app_metadata.street_address"),
    ("addresses[type eq \"work\"].locality", "app_metadata.city"),
    ("addresses[type eq \"work\"].region", "app_metadata.state"),
    ("addresses[type eq \"work\"].postalCode", "app_metadata.postal_code"),
    ("addresses[type eq \"work\"].formatted", "app_metadata.postal_address"),
    ("addresses[type eq \"work\"].country", "app_metadata.country"),
    ("profileUrl", "app_metadata.profile_url"),
    ("userType", "app_metadata.user_type"),
    ("title", "app_metadata.title"),
    ("preferredLanguage", "app_metadata.language"),
    ("locale", "app_metadata.locale"),
    ("timezone", "app_metadata.timezone"),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.employeeNumber", "app_metadata.employee_id"),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.costCenter", "app_metadata.cost_center"),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.organization", "app_metadata.organization"),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.division", "app_metadata.division"),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.department", "app_metadata.department"),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager", "app_metadata.manager"),
];

/// The first rows for providers with primary addresses.
const WITH_PRIMARY: [(&str, &str); 13] = [
    ("emails[primary eq true].value", "email"),
    ("externalId", "app_metadata.external_id"),
    ("active", "blocked"),
    ("displayName", "name"),
    ("name.givenName", "given_name"),
    ("name.familyName", "family_name"),
    ("name.middleName", "app_metadata.middle_name"),
    ("name.honorificPrefix", "app_metadata.honorific_prefix"),
    ("name.honorificSuffix", "app_metadata.honorific_suffix"),
    ("nickName", "nickname"),
    ("photos[type eq \"photo\"].value", "picture"),
    ("phoneNumbers[primary eq true].value", "app_metadata.primary_phone_number"),
    ("phoneNumbers[type eq \"mobile\"].value", "app_metadata.mobile_phone_number"),
];

/// The first rows for Microsoft.
const OF_MICROSOFT: [(&str, &str); 12] = [
    ("userName", "upn"),
    ("emails[type eq \"work\"].value", "email"),
    ("externalId", "app_metadata.external_id"),
    ("active", "blocked"),
    ("displayName", "name"),
    ("name.givenName", "given_name"),
    ("name.familyName", "family_name"),
    ("nickName", "nickname"),
    ("photos[type eq \"photo\"].value", "picture"),
    ("phoneNumbers[type eq \"work\"].value", "app_metadata.work_phone_number"),
    ("phoneNumbers[type eq \"mobile\"].value", "app_metadata.mobile_phone_number"),
    ("phoneNumbers[type eq \"fax\"].value", "app_metadata.fax_number"),
];

/// Returns the default mapping of a strategy.
pub(crate) fn default_mapping(strategy: &str) -> Vec<ScimMappingItem> {
    let user_name = [("userName", if strategy == "samlp" { "username" } else { "preferred_username" })];
    let person: Vec<_> = match strategy {
        "waad" => OF_MICROSOFT.into(),
        _ => user_name.into_iter().chain(WITH_PRIMARY).collect(),
    };
    let rows = person.into_iter().chain(COMMON);
    rows.map(|(scim, auth0)| ScimMappingItem { scim: Some(scim.to_owned()), auth0: Some(auth0.to_owned()) }).collect()
}
