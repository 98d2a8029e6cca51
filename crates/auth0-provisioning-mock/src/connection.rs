//! A connection to seed a tenant with.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::state::configuration::{Configuration, ConfigurationChange, GroupMode};
use crate::state::connection::{ConnectionRecord, GOOGLE_APPS};
use crate::state::groups::{Group, GroupMetadata, Selection};
use crate::state::mapping::Mapping;
use crate::state::runs::{FinishedRun, Runs, Synchronization};
use crate::state::setup::{Requirement, Setup};

/// A connection to seed a tenant with: its id, its name, and how far it is set up.
#[derive(Clone, Debug)]
#[must_use = "hand it to `MockTenantBuilder::connection`"]
pub struct Connection {
    id: String,
    pub(crate) name: Option<String>,
    strategy: String,
    setup: Setup,
    /// What the configuration has beyond the defaults; absent where there is none.
    pub(crate) configuration: Option<ConfigurationChange>,
    pub(crate) groups: Vec<Group>,
    pub(crate) last_run: Option<FinishedRun>,
    runs: Synchronization,
    directory: Option<BTreeMap<String, String>>,
}

impl Connection {
    /// A Google Workspace connection, the one strategy that has directory provisioning.
    ///
    /// The id is `con_` and then letters and digits. The name is the id until [`Connection::name`] says otherwise.
    pub fn google_apps(id: impl Into<String>) -> Self {
        Self::with_strategy(id, GOOGLE_APPS)
    }

    /// A connection of another strategy, such as `okta`: directory provisioning is refused on it.
    pub fn with_strategy(id: impl Into<String>, strategy: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: None,
            strategy: strategy.into(),
            setup: Setup::default(),
            configuration: None,
            groups: Vec::new(),
            last_run: None,
            runs: Synchronization::default(),
            directory: None,
        }
    }

    /// This many configured Google Workspace connections, `con_0000000000000001` and so on.
    pub fn fleet(count: usize) -> impl Iterator<Item = Self> {
        (1..=count).map(|number| {
            Self::google_apps(format!("con_{number:016}")).name(format!("workspace-{number}")).configured()
        })
    }

    /// The connection's name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Has a configuration from the start, with the defaults that `POST {}` would give it.
    pub fn configured(mut self) -> Self {
        self.configuration.get_or_insert_default();
        self
    }

    /// Has a configuration with this mapping: pairs of user field (`auth0`) and directory attribute (`idp`).
    pub fn mapping(mut self, rows: &[(&str, &str)]) -> Self {
        let rows: Vec<_> = rows.iter().map(|&(auth0, idp)| (idp, auth0)).collect();
        self.configuration.get_or_insert_default().mapping = Some(Mapping::from_rows(&rows));
        self
    }

    /// Has a configuration that synchronizes automatically, 30 minutes after each run.
    pub fn synchronizes_automatically(mut self) -> Self {
        self.configuration.get_or_insert_default().synchronize_automatically = Some(true);
        self
    }

    /// Has a configuration that synchronizes all groups.
    pub fn synchronizes_all_groups(mut self) -> Self {
        self.configuration.get_or_insert_default().synchronize_groups = Some(GroupMode::All);
        self
    }

    /// Has a configuration that synchronizes the selected groups, and selects those with these ids.
    pub fn synchronizes_groups<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.configuration.get_or_insert_default().synchronize_groups = Some(GroupMode::Selected);
        self.groups.extend(ids.into_iter().map(|id| Group { id: id.to_owned(), metadata: GroupMetadata::default() }));
        self
    }

    /// Has a configuration whose last run completed at this time.
    pub fn synchronized_at(mut self, time: DateTime<Utc>) -> Self {
        self.last_run = Some(FinishedRun::new(time, None));
        self.configured()
    }

    /// How its synchronization runs go; they complete after two seconds unless told.
    pub fn synchronization(mut self, synchronization: Synchronization) -> Self {
        self.runs = synchronization;
        self
    }

    /// Has these groups at Google, pairs of id and name, and no others.
    ///
    /// A run fails over names that are equal but for case, and takes selected groups that are not among these out of
    /// the selection. A connection whose directory is not told has every group.
    pub fn directory<'a>(mut self, groups: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let groups = groups.into_iter().map(|(id, name)| (id.to_owned(), name.to_owned()));
        self.directory = Some(groups.collect());
        self
    }

    /// Its Google Workspace setup is not complete.
    pub fn setup_incomplete(self) -> Self {
        self.lacking(Requirement::Setup)
    }

    /// The Users API is not enabled on it.
    pub fn without_users_api(self) -> Self {
        self.lacking(Requirement::UsersApi)
    }

    /// The Groups API is not enabled on it.
    pub fn without_groups_api(self) -> Self {
        self.lacking(Requirement::GroupsApi)
    }

    /// The Groups extended attribute is not enabled on it.
    pub fn without_groups_attribute(self) -> Self {
        self.lacking(Requirement::GroupsAttribute)
    }

    fn lacking(mut self, requirement: Requirement) -> Self {
        self.setup.lack(requirement);
        self
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
        ConnectionRecord {
            name: self.name.unwrap_or_else(|| self.id.clone()),
            id: self.id,
            strategy: self.strategy,
            setup: self.setup,
            configuration: self.configuration.map(|change| {
                let mut configuration = Configuration::new(now);
                configuration.apply(change, now);
                configuration
            }),
            selection,
            runs,
            directory: self.directory,
        }
    }
}
