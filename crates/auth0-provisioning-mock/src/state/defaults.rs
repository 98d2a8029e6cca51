//! What a tenant adds to new connections by itself, where that is not what is known of the strategy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The defaults of one tenant; those of the time and place that the mock knows, unless told.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct TenantDefaults {
    /// Options by strategy.
    pub(crate) option_defaults: BTreeMap<String, Map<String, Value>>,
    /// Whether a connection tells where an administrator of the other side finishes the setup.
    pub(crate) has_provisioning_ticket: Option<bool>,
    /// Whether a connection lists its applications. Newer tenants leave them out of the connection.
    pub(crate) lists_clients: Option<bool>,
    /// Whether a connection tells that the login page shows no button, where nobody asked.
    pub(crate) has_button: Option<bool>,
}
