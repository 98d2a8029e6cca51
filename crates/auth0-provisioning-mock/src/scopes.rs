//! The scopes that the tenant can grant.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::contract::contract;

/// Reads the options of connections.
pub(crate) const READ_CONNECTIONS_OPTIONS: &str = "read:connections_options";

/// Changes the options of connections.
pub(crate) const UPDATE_CONNECTIONS_OPTIONS: &str = "update:connections_options";

/// Returns every scope: those of the operations, and those of the options of connections.
pub(crate) fn all() -> &'static [String] {
    static ALL: LazyLock<Vec<String>> = LazyLock::new(|| {
        let of_operations = contract().operations().flat_map(|(_, operation)| operation.scopes.iter().cloned());
        let of_fields = [READ_CONNECTIONS_OPTIONS, UPDATE_CONNECTIONS_OPTIONS].map(String::from);
        of_operations.chain(of_fields).collect::<BTreeSet<_>>().into_iter().collect()
    });
    &ALL
}
