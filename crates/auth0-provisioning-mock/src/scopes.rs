//! The scopes that the tenant knows.

/// To look connections up.
pub(crate) const READ_CONNECTIONS: &str = "read:connections";

/// Every scope that the tenant can grant.
pub(crate) const ALL: [&str; 5] = [
    "read:directory_provisionings",
    "create:directory_provisionings",
    "update:directory_provisionings",
    "delete:directory_provisionings",
    READ_CONNECTIONS,
];
