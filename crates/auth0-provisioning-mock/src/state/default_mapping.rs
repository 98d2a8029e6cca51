//! The default mapping of a configuration.

use std::sync::LazyLock;

use super::mapping::Mapping;

/// Attributes of the directory, and the user fields that they fill.
const ROWS: [(&str, &str); 51] = [
    ("id", "app_metadata.external_id"),
    ("primaryEmail", "email"),
    ("primaryEmail", "primaryEmail"),
    ("name.fullName", "name"),
    ("name.givenName", "given_name"),
    ("name.familyName", "family_name"),
    ("isAdmin", "isAdmin"),
    ("isAdmin", "is_admin"),
    ("isDelegatedAdmin", "isDelegatedAdmin"),
    ("agreedToTerms", "agreedToTerms"),
    ("agreedToTerms", "tou_accepted"),
    ("suspended", "suspended"),
    ("suspended", "is_suspended"),
    ("suspended", "blocked"),
    ("suspensionReason", "suspensionReason"),
    ("archived", "archived"),
    ("ipWhitelisted", "ipWhitelisted"),
    ("ipWhitelisted", "is_ipWhitelisted"),
    ("kind", "kind"),
    ("etag", "etag"),
    ("customerId", "customerId"),
    ("orgUnitPath", "orgUnitPath"),
    ("emails", "emails"),
    ("phones", "phones"),
    ("externalIds", "externalIds"),
    ("aliases", "aliases"),
    ("addresses", "addresses"),
    ("organizations", "organizations"),
    ("nonEditableAliases", "nonEditableAliases"),
    ("relations", "relations"),
    ("languages", "languages"),
    ("posixAccounts", "posixAccounts"),
    ("notes", "notes"),
    ("websites", "websites"),
    ("locations", "locations"),
    ("keywords", "keywords"),
    ("gender", "gender"),
    ("ims", "ims"),
    ("creationTime", "creationTime"),
    ("lastLoginTime", "lastLoginTime"),
    ("changePasswordAtNextLogin", "changePasswordAtNextLogin"),
    ("isMailboxSetup", "isMailboxSetup"),
    ("includeInGlobalAddressList", "includeInGlobalAddressList"),
    ("thumbnailPhotoUrl", "thumbnailPhotoUrl"),
    ("thumbnailPhotoEtag", "thumbnailPhotoEtag"),
    ("isEnrolledIn2Sv", "isEnrolledIn2Sv"),
    ("isEnforcedIn2Sv", "isEnforcedIn2Sv"),
    ("recoveryEmail", "recoveryEmail"),
    ("recoveryPhone", "recoveryPhone"),
    ("sshPublicKeys", "sshPublicKeys"),
    ("customSchemas", "customSchemas"),
];

/// Returns the default mapping. All configurations share it.
pub(crate) fn default_mapping() -> Mapping {
    static MAPPING: LazyLock<Mapping> = LazyLock::new(|| Mapping::from_rows(&ROWS));
    MAPPING.clone()
}
