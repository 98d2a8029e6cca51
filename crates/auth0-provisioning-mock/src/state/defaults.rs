//! The defaults of new connections, which differ between tenants.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The defaults of one tenant. An absent value is that of the strategy.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct TenantDefaults {
    /// Default options by strategy.
    pub(crate) option_defaults: BTreeMap<String, Map<String, Value>>,
    /// Whether a connection has the URL at which an administrator completes the setup.
    pub(crate) has_provisioning_ticket: Option<bool>,
    /// Whether a connection lists its applications. Newer tenants do not.
    pub(crate) lists_clients: Option<bool>,
    /// Whether a connection has `show_as_button` if the request did not set it.
    pub(crate) has_button: Option<bool>,
}
