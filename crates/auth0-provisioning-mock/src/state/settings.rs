//! What a connection is besides its id, its name and its strategy.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::strategy;

/// The settings of a connection.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) display_name: Option<String>,
    pub(crate) options: Map<String, Value>,
    pub(crate) is_domain_connection: bool,
    pub(crate) show_as_button: Option<bool>,
    pub(crate) realms: Option<Vec<String>>,
    pub(crate) enabled_clients: Vec<String>,
    /// The fields that are told as they came, such as `metadata` and `authentication`.
    pub(crate) others: Map<String, Value>,
    pub(crate) provisioning_ticket_url: Option<String>,
}

/// What a request to create or update names.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct SettingsChange {
    display_name: Option<String>,
    options: Option<Map<String, Value>>,
    is_domain_connection: Option<bool>,
    show_as_button: Option<bool>,
    realms: Option<Vec<String>>,
    /// `Some(None)`: no application.
    #[serde(default, deserialize_with = "told")]
    enabled_clients: Option<Option<Vec<String>>>,
    metadata: Option<Value>,
    authentication: Option<Value>,
    connected_accounts: Option<Value>,
    cross_app_access_requesting_app: Option<Value>,
}

fn told<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Vec<String>>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl SettingsChange {
    pub(crate) fn names_options(&self) -> bool {
        self.options.is_some()
    }
}

impl Settings {
    /// The settings of a new connection; `added` is what the tenant adds to its options besides the defaults.
    pub(crate) fn new(strategy: &str, change: SettingsChange, added: Option<&Map<String, Value>>) -> Self {
        let show_as_button = strategy::has_button(strategy).then_some(false);
        let mut settings = Self { show_as_button, ..Self::default() };
        let options = Some(change.options.clone().unwrap_or_default());
        settings.apply(strategy, SettingsChange { options, ..change }, added);
        settings
    }

    /// The settings of a connection of which only these options are known.
    pub(crate) fn with_options(strategy: &str, options: Map<String, Value>) -> Self {
        Self::new(strategy, SettingsChange { options: Some(options), ..SettingsChange::default() }, None)
    }

    /// Takes over what a request names. Options are replaced whole; a display name that is left out goes back to the
    /// name.
    pub(crate) fn apply(&mut self, strategy: &str, change: SettingsChange, added: Option<&Map<String, Value>>) {
        self.display_name = change.display_name;
        if let Some(mut options) = change.options {
            strategy::add_defaults(strategy, &mut options);
            if let Some(added) = added {
                strategy::fill(&mut options, added.clone().into());
            }
            self.options = options;
        }
        self.is_domain_connection = change.is_domain_connection.unwrap_or(self.is_domain_connection);
        self.show_as_button = change.show_as_button.or(self.show_as_button);
        self.realms = change.realms.or(self.realms.take());
        if let Some(clients) = change.enabled_clients {
            self.enabled_clients = clients.unwrap_or_default();
        }
        let others = [
            ("metadata", change.metadata),
            ("authentication", change.authentication),
            ("connected_accounts", change.connected_accounts),
            ("cross_app_access_requesting_app", change.cross_app_access_requesting_app),
        ];
        for (name, value) in others {
            if let Some(value) = value {
                self.others.insert(name.to_owned(), value);
            }
        }
    }

    /// The settings that an answer tells of a connection.
    #[cfg(feature = "program")]
    pub(crate) fn told(answer: &Value) -> Option<Self> {
        let change = SettingsChange::deserialize(answer).ok()?;
        let options = change.options.clone().unwrap_or_default();
        let mut settings = Self::default();
        settings.apply("", change, None);
        settings.options = options;
        settings.provisioning_ticket_url = answer["provisioning_ticket_url"].as_str().map(String::from);
        Some(settings)
    }

    /// Lets an application use the connection, or no longer.
    pub(crate) fn set_client(&mut self, client_id: &str, enabled: bool) {
        self.enabled_clients.retain(|known| known != client_id);
        if enabled {
            self.enabled_clients.push(client_id.to_owned());
        }
    }

    /// Whether an option is switched on.
    pub(crate) fn option(&self, name: &str) -> bool {
        self.options.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}
