//! The settings of a connection.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::options::Options;
use super::strategy::{self, GOOGLE_APPS};

/// The settings of a connection.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) display_name: Option<String>,
    pub(crate) options: Options,
    pub(crate) is_domain_connection: bool,
    pub(crate) show_as_button: Option<bool>,
    pub(crate) realms: Option<Vec<String>>,
    pub(crate) enabled_clients: Vec<String>,
    /// Fields without a meaning in the tenant, such as `metadata` and `authentication`.
    pub(crate) others: Map<String, Value>,
    pub(crate) provisioning_ticket_url: Option<String>,
}

/// The body of a request to create or update.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct SettingsChange {
    display_name: Option<String>,
    options: Option<Map<String, Value>>,
    is_domain_connection: Option<bool>,
    show_as_button: Option<bool>,
    realms: Option<Vec<String>>,
    #[serde(default, deserialize_with = "null_as_none")]
    enabled_clients: Option<Vec<String>>,
    metadata: Option<Value>,
    authentication: Option<Value>,
    connected_accounts: Option<Value>,
    cross_app_access_requesting_app: Option<Value>,
    /// Null removes it.
    #[serde(default, deserialize_with = "null_as_value")]
    cross_app_access_resource_app: Option<Value>,
}

/// Reads null as an empty list, unlike an absent field.
fn null_as_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    Option::<Vec<String>>::deserialize(deserializer).map(|clients| Some(clients.unwrap_or_default()))
}

/// Reads null as a value, unlike an absent field.
fn null_as_value<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl SettingsChange {
    pub(crate) fn names_button(&self) -> bool {
        self.show_as_button.is_some()
    }

    pub(crate) fn names_options(&self) -> bool {
        self.options.is_some()
    }

    /// Returns whether the new options enable an option.
    pub(crate) fn option(&self, name: &str) -> Option<bool> {
        let options = self.options.as_ref()?;
        Some(options.get(name).and_then(Value::as_bool).unwrap_or(false))
    }

    /// Returns a string among the new options.
    pub(crate) fn text_option(&self, name: &str) -> Option<&str> {
        self.options.as_ref()?.get(name)?.as_str()
    }

    /// Returns the new realms.
    pub(crate) fn realms(&self) -> &[String] {
        self.realms.as_deref().unwrap_or_default()
    }

    pub(crate) fn names_cross_app_access(&self) -> bool {
        self.cross_app_access_requesting_app.is_some() || self.cross_app_access_resource_app.is_some()
    }

    /// Whether the connection should request access across applications.
    pub(crate) fn requests_cross_app_access(&self) -> bool {
        self.cross_app_access_requesting_app.as_ref().is_some_and(|app| app["active"] == true)
    }
}

impl Settings {
    /// Returns the settings of a new connection. `defaults` are the tenant's own default options of the strategy.
    pub(crate) fn new(strategy: &str, change: SettingsChange, defaults: Option<&Map<String, Value>>) -> Self {
        let show_as_button = strategy::has_button(strategy).then_some(false);
        let mut settings = Self { show_as_button, ..Self::default() };
        let options = Some(change.options.clone().unwrap_or_default());
        settings.apply(strategy, SettingsChange { options, ..change }, defaults);
        settings
    }

    /// Returns the settings of a connection with these options. Without options, it is ready for provisioning.
    pub(crate) fn with_options(strategy: &str, options: Map<String, Value>) -> Self {
        let show_as_button = strategy::has_button(strategy).then_some(false);
        let options = match (strategy, options.is_empty()) {
            (GOOGLE_APPS, true) => Options::of_google_apps(),
            (GOOGLE_APPS, false) => {
                let mut all = Options::of_google_apps().as_map().clone();
                all.extend(options);
                all.into()
            }
            (strategy, _) => {
                let mut all = options;
                strategy::add_defaults(strategy, &mut all);
                all.into()
            }
        };
        Self { options, show_as_button, ..Self::default() }
    }

    /// Applies a change. Options are replaced as a whole. An absent display name and absent realms are reset to the name.
    pub(crate) fn apply(&mut self, strategy: &str, change: SettingsChange, defaults: Option<&Map<String, Value>>) {
        self.display_name = change.display_name;
        if let Some(mut options) = change.options {
            match defaults {
                Some(defaults) => strategy::fill(&mut options, defaults.clone().into()),
                None => strategy::add_defaults(strategy, &mut options),
            }
            self.options = options.into();
        }
        self.is_domain_connection = change.is_domain_connection.unwrap_or(self.is_domain_connection);
        self.show_as_button = change.show_as_button.or(self.show_as_button);
        self.realms = change.realms.filter(|realms| !realms.is_empty());
        if let Some(clients) = change.enabled_clients {
            self.enabled_clients = clients;
        }
        let others = [
            ("metadata", change.metadata),
            ("authentication", change.authentication),
            ("connected_accounts", change.connected_accounts),
            ("cross_app_access_requesting_app", change.cross_app_access_requesting_app),
            ("cross_app_access_resource_app", change.cross_app_access_resource_app),
        ];
        for (name, value) in others {
            match value {
                None => {}
                Some(Value::Null) => drop(self.others.remove(name)),
                Some(value) => drop(self.others.insert(name.to_owned(), value)),
            }
        }
    }

    /// Reads the settings from a response.
    #[cfg(feature = "program")]
    pub(crate) fn from_response(response: &Value) -> Option<Self> {
        let change = SettingsChange::deserialize(response).ok()?;
        let options = change.options.clone().unwrap_or_default();
        let mut settings = Self::default();
        settings.apply("", change, None);
        settings.options = options.into();
        settings.provisioning_ticket_url = response["provisioning_ticket_url"].as_str().map(String::from);
        Some(settings)
    }

    /// Enables the connection for an application, or disables it.
    pub(crate) fn set_client(&mut self, client_id: &str, enabled: bool) {
        self.enabled_clients.retain(|known| known != client_id);
        if enabled {
            self.enabled_clients.push(client_id.to_owned());
        }
    }

    /// Returns an option that is a string.
    pub(crate) fn text_option(&self, name: &str) -> Option<&str> {
        self.options.as_map().get(name)?.as_str()
    }

    /// Whether an option is enabled.
    pub(crate) fn option(&self, name: &str) -> bool {
        self.options.as_map().get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}
