//! Connections to seed a tenant with.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::clock::earlier;
use crate::state::configuration::{Configuration, ConfigurationChange, GroupMode};
use crate::state::connection::ConnectionRecord;
use crate::state::directory::{Directory, DirectoryGroup, DirectoryUser};
use crate::state::groups::{Group, GroupMetadata, Selection};
use crate::state::mapping::Mapping;
use crate::state::runs::{Ended, FinishedRun, PastRun, Runs, Synchronization};
use crate::state::scim::{PastToken, ScimChange, ScimConfiguration};
use crate::state::settings::Settings;
use crate::state::strategy::GOOGLE_APPS;

/// A connection to seed a tenant with.
#[derive(Clone, Debug)]
#[must_use = "pass it to `MockTenantBuilder::connection`"]
pub struct Connection {
    id: String,
    pub(crate) name: Option<String>,
    strategy: String,
    is_set_up: bool,
    /// Options besides those that make it ready, or instead of them.
    pub(crate) options: Map<String, Value>,
    /// The settings that a recorded tenant returned. Defaults to settings with the options.
    pub(crate) settings: Option<Settings>,
    /// The SCIM configuration, beyond its defaults.
    pub(crate) scim: Option<ScimChange>,
    pub(crate) scim_tokens: Vec<PastToken>,
    /// The age of its configurations at the start of the tenant.
    pub(crate) configured_ago: Duration,
    pub(crate) enabled_clients: Vec<String>,
    /// The configuration, beyond its defaults.
    pub(crate) configuration: Option<ConfigurationChange>,
    pub(crate) groups: Vec<Group>,
    pub(crate) last_run: Option<FinishedRun>,
    pub(crate) past_runs: Vec<PastRun>,
    runs: Synchronization,
    pub(crate) directory: Option<Directory>,
}

impl Connection {
    /// Creates a Google Workspace connection. No other strategy has directory provisioning.
    ///
    /// The id is `con_` and then letters and digits. The name defaults to the id.
    pub fn google_apps(id: impl Into<String>) -> Self {
        Self::with_strategy(id, GOOGLE_APPS)
    }

    /// Creates a connection of another strategy, such as `okta`, which has no directory provisioning.
    pub fn with_strategy(id: impl Into<String>, strategy: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: None,
            strategy: strategy.into(),
            is_set_up: true,
            options: Map::new(),
            settings: None,
            scim: None,
            scim_tokens: Vec::new(),
            configured_ago: Duration::ZERO,
            enabled_clients: Vec::new(),
            configuration: None,
            groups: Vec::new(),
            last_run: None,
            past_runs: Vec::new(),
            runs: Synchronization::default(),
            directory: None,
        }
    }

    /// Creates a number of configured Google Workspace connections, from `con_0000000000000001` on.
    pub fn fleet(count: usize) -> impl Iterator<Item = Self> {
        (1..=count).map(|number| {
            Self::google_apps(format!("con_{number:016}")).name(format!("workspace-{number}")).configured()
        })
    }

    /// Sets the name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets an option, besides those that the tenant adds for the strategy.
    pub fn option(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.options.insert(name.into(), value.into());
        self
    }

    /// Adds a configuration with the defaults of `POST {}`.
    pub fn configured(mut self) -> Self {
        self.configuration.get_or_insert_default();
        self
    }

    /// Adds a configuration with this mapping: pairs of user field (`auth0`) and directory attribute (`idp`).
    pub fn mapping(mut self, rows: &[(&str, &str)]) -> Self {
        let rows: Vec<_> = rows.iter().map(|&(auth0, idp)| (idp, auth0)).collect();
        self.configuration.get_or_insert_default().mapping = Some(Mapping::from_rows(&rows));
        self
    }

    /// Adds a configuration that synchronizes automatically, 30 minutes after each run.
    pub fn synchronizes_automatically(mut self) -> Self {
        self.configuration.get_or_insert_default().synchronize_automatically = Some(true);
        self
    }

    /// Adds a configuration that synchronizes all groups.
    pub fn synchronizes_all_groups(mut self) -> Self {
        self.configuration.get_or_insert_default().synchronize_groups = Some(GroupMode::All);
        self
    }

    /// Adds a configuration that synchronizes selected groups, and selects those with these ids.
    pub fn synchronizes_groups<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.configuration.get_or_insert_default().synchronize_groups = Some(GroupMode::Selected);
        self.groups.extend(ids.into_iter().map(|id| Group { id: id.to_owned(), metadata: GroupMetadata::default() }));
        self
    }

    /// Adds a configuration whose last run completed at this time.
    pub fn synchronized_at(mut self, time: DateTime<Utc>) -> Self {
        self.last_run = Some(FinishedRun::new(time, None));
        self.configured()
    }

    /// Adds a past run that ended at this time. It brought the users and groups of the directory, and the log has its
    /// events. Add the earliest run first.
    pub fn past_run(mut self, ended_at: DateTime<Utc>, run: Synchronization) -> Self {
        self.past_runs.push(PastRun { ended: Ended::At(ended_at), scheduled: false, plan: run });
        self.configured()
    }

    /// Adds a SCIM configuration with the defaults of the strategy, and without tokens.
    pub fn scim_configured(mut self) -> Self {
        self.scim.get_or_insert_default();
        self
    }

    /// Sets the course of synchronization runs. They default to completing after two seconds.
    pub fn synchronization(mut self, synchronization: Synchronization) -> Self {
        self.runs = synchronization;
        self
    }

    /// Sets the groups at Google: pairs of id and name.
    ///
    /// A run fails if two names differ only in case, and removes selected groups that the directory lacks from the
    /// selection. A connection without a directory has every group.
    pub fn directory<'a>(mut self, groups: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let groups = groups.into_iter().map(|(id, name)| (id.to_owned(), DirectoryGroup::new(name)));
        self.directory.get_or_insert_default().groups = groups.collect();
        self
    }

    /// Adds a user at Google, by the id there. Runs bring the users of a directory into the tenant.
    ///
    /// ```
    /// use auth0_provisioning_mock::{Connection, DirectoryGroup, DirectoryUser};
    ///
    /// let google = Connection::google_apps("con_0123456789abcdef")
    ///     .configured()
    ///     .directory_user("u1", DirectoryUser::new("kim@acme.test").attribute("name.givenName", "Kim"))
    ///     .directory_user("u2", DirectoryUser::new("lee@acme.test").fails("The email is taken"))
    ///     .directory_group("g1", DirectoryGroup::new("Engineering").members(["u1", "u2"]));
    /// # let _ = google;
    /// ```
    pub fn directory_user(mut self, id: impl Into<String>, user: DirectoryUser) -> Self {
        self.directory.get_or_insert_default().users.insert(id.into(), user);
        self
    }

    /// Adds a group at Google, by the id there.
    pub fn directory_group(mut self, id: impl Into<String>, group: DirectoryGroup) -> Self {
        self.directory.get_or_insert_default().groups.insert(id.into(), group);
        self
    }

    /// Leaves the setup of Google Workspace incomplete.
    pub fn setup_incomplete(mut self) -> Self {
        self.is_set_up = false;
        self
    }

    /// Disables the Users API.
    pub fn without_users_api(self) -> Self {
        self.option("api_enable_users", false)
    }

    /// Disables the Groups API.
    pub fn without_groups_api(self) -> Self {
        self.option("api_enable_groups", false)
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn into_record(self, now: DateTime<Utc>) -> ConnectionRecord {
        let mut runs = Runs::new(self.runs);
        if let Some(run) = self.last_run {
            runs.finish(run);
        }
        let mut selection = Selection::default();
        selection.add(self.groups);
        let mut settings = self.settings.unwrap_or_else(|| Settings::with_options(&self.strategy, self.options));
        settings.enabled_clients.extend(self.enabled_clients);
        let configured_at = earlier(now, self.configured_ago);
        let scim = self.scim.map(|change| {
            let mut scim = ScimConfiguration::new(&self.strategy, change, configured_at);
            // The ids are unique, and do not depend on random numbers.
            let tokens = self.scim_tokens.into_iter().enumerate();
            scim.tokens = tokens.map(|(number, token)| token.into_token(&self.id, number, now)).collect();
            scim
        });
        ConnectionRecord {
            name: self.name.unwrap_or_else(|| self.id.clone()),
            id: self.id,
            strategy: self.strategy,
            settings,
            is_set_up: self.is_set_up,
            scim,
            configuration: self.configuration.map(|change| {
                let mut configuration = Configuration::new(configured_at);
                // Automatic runs are due from now on: past runs are added separately.
                configuration.apply(change, now);
                configuration.updated_at = configured_at;
                configuration
            }),
            selection,
            runs,
            directory: self.directory,
        }
    }
}
