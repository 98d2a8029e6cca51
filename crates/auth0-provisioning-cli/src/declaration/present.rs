//! The present configurations of the tenant.

use std::collections::BTreeMap;

use auth0_provisioning::{
    Client, ConnectionId, DirectoryProvisioning, Error, SelectedGroup, SynchronizeGroups, types::ScimConfiguration,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::{
    failure::Failure,
    output::{Progress, count},
    selection,
};

/// The number of lists of groups that are read at once.
const AT_ONCE: usize = 32;

/// The configurations of a tenant by the names of their connections.
#[derive(Debug, Default)]
pub(crate) struct Present {
    pub(crate) directories: BTreeMap<String, DirectoryProvisioning>,
    pub(crate) scim: BTreeMap<String, ScimConfiguration>,
    /// The ids of connections without a configuration, if `find` looked for them.
    pub(crate) ids: BTreeMap<String, ConnectionId>,
    /// Whether connections are domain connections. Empty if the token may not read connections.
    pub(crate) domain_connections: BTreeMap<String, bool>,
    /// The selected groups that were read.
    pub(crate) groups: BTreeMap<String, Vec<SelectedGroup>>,
    /// Objects that could not be read: it is unknown whether they exist.
    pub(crate) left_out: Vec<LeftOut>,
}

/// Objects that could not be read.
#[derive(Debug)]
pub(crate) struct LeftOut {
    /// Such as `scim_configuration of all connections`.
    pub(crate) what: String,
    pub(crate) why: Failure,
}

impl Present {
    /// Reads the lists of configurations, 100 in each call.
    pub(crate) async fn read(client: &Client, directories: bool, scim: bool) -> Result<Self, Error> {
        let mut present = Self::default();
        if directories {
            let list = client.directory_provisionings().prefetch().items();
            present.directories = list.map_ok(|it| (it.connection_name.clone(), it)).try_collect().await?;
        }
        if scim {
            let list = client.scim_configurations().prefetch().items();
            present.scim = list.map_ok(|it| (it.connection_name.clone(), it)).try_collect().await?;
        }
        Ok(present)
    }

    /// Returns the id of a connection, if it is known.
    pub(crate) fn id(&self, name: &str) -> Option<ConnectionId> {
        let directory = self.directories.get(name).map(|found| ConnectionId::from_response(&found.connection_id));
        let scim = || self.scim.get(name).and_then(|it| it.connection_id.parse().ok());
        directory.or_else(scim).or_else(|| self.ids.get(name).cloned())
    }

    /// Reads the ids of connections that have no configuration: one by its name, several by the list of connections.
    pub(crate) async fn find(&mut self, client: &Client, names: &[&str]) -> Result<(), Error> {
        let missing: Vec<&str> = names.iter().copied().filter(|name| self.id(name).is_none()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        if let [only] = missing.as_slice() {
            let found = client.find_connection(*only).await?;
            self.ids.extend(
                found.and_then(|it| Some(((*only).to_owned(), ConnectionId::from_response(it.id.as_deref()?)))),
            );
            return Ok(());
        }
        let mut list = client.connections().prefetch().items();
        while let Some(connection) = list.try_next().await? {
            if let (Some(name), Some(id)) =
                (connection.name.clone(), connection.id.as_deref().map(ConnectionId::from_response))
            {
                self.ids.insert(name, id);
            }
            if missing.iter().all(|name| self.ids.contains_key(*name)) {
                break;
            }
        }
        Ok(())
    }

    /// Reads which connections are domain connections.
    async fn read_domain_connections(&mut self, client: &Client) -> Result<(), Error> {
        let mut list = client.connections().prefetch().items();
        while let Some(connection) = list.try_next().await? {
            self.domain_connections.extend(connection.name.zip(connection.is_domain_connection));
        }
        Ok(())
    }

    /// Reads the selected groups of those of these connections that have a configuration.
    pub(crate) async fn read_groups(
        &mut self,
        client: &Client,
        names: Vec<String>,
        progress: &Progress,
    ) -> Result<(), Error> {
        let (all, mut work) = (names.len(), self.groups_of(client, names));
        progress.show(format!("reading the groups of {}", count(all, "connection")));
        while let Some((name, groups)) = work.next().await {
            self.groups.insert(name, groups?);
            progress.show(format!("reading the groups of {}: {} done", count(all, "connection"), self.groups.len()));
        }
        Ok(())
    }

    fn groups_of(
        &self,
        client: &Client,
        names: Vec<String>,
    ) -> impl futures_util::Stream<Item = (String, Result<Vec<SelectedGroup>, Error>)> + Send + Unpin + use<> {
        let with = names
            .into_iter()
            .filter_map(|name| Some((ConnectionId::from_response(&self.directories.get(&name)?.connection_id), name)));
        let work: Vec<_> = with
            .map(|(id, name)| {
                let handle = client.directory_provisioning(&id).groups();
                async move { (name, selection::read(&handle).await) }
            })
            .collect();
        stream::iter(work).buffer_unordered(AT_ONCE).boxed()
    }

    /// Returns the result of a read, or records that the token may not read it.
    fn allowed<T>(&mut self, what: &str, read: Result<T, Error>) -> Result<Option<T>, Error> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error) if error.is_forbidden() => {
                self.left_out.push(LeftOut { what: what.to_owned(), why: error.into() });
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Reads everything that the token may read for an export, with SCIM or without. Fails if it may read nothing.
pub(crate) async fn read_tenant(client: &Client, scim: bool, progress: &Progress) -> Result<Present, Error> {
    let directories = Present::read(client, true, false).await;
    if !scim || directories.as_ref().is_err_and(|error| !error.is_forbidden()) {
        return with_selections(client, directories?, progress).await;
    }
    let scim = Present::read(client, false, true).await;
    let mut present = match (directories, scim) {
        (Err(error), Err(_)) => return Err(error),
        (directories, scim) => {
            let mut present = Present::default();
            let directories =
                present.allowed("directory_provisioning_configuration of all connections", directories)?;
            let scim = present.allowed("scim_configuration of all connections", scim)?;
            present.directories = directories.map(|read| read.directories).unwrap_or_default();
            present.scim = scim.map(|read| read.scim).unwrap_or_default();
            present
        }
    };
    let domain_connections = present.read_domain_connections(client).await;
    present.allowed("is_domain_connection of all connections", domain_connections)?;
    with_selections(client, present, progress).await
}

async fn with_selections(client: &Client, mut present: Present, progress: &Progress) -> Result<Present, Error> {
    let selected = |it: &&DirectoryProvisioning| it.synchronize_groups == Some(SynchronizeGroups::Selected);
    let names = present.directories.values().filter(selected).map(|it| it.connection_name.clone()).collect();
    let mut work = present.groups_of(client, names);
    progress.show("reading the groups");
    while let Some((name, groups)) = work.next().await {
        if let Some(groups) = present.allowed(&format!("synchronized_groups of {name}"), groups)? {
            present.groups.insert(name, groups);
        }
    }
    present.left_out.sort_by(|one, other| one.what.cmp(&other.what));
    Ok(present)
}
