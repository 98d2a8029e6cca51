//! What is there: the configurations of the tenant.

use std::collections::BTreeMap;

use auth0_provisioning::{
    Client, ConnectionExt as _, ConnectionId, DirectoryProvisioning, DirectoryProvisioningExt, Error, SelectedGroup,
    SynchronizeGroups, types::ScimConfiguration,
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

/// How many lists of groups are read at once.
const AT_ONCE: usize = 32;

/// The configurations of a tenant by the names of their connections.
#[derive(Debug, Default)]
pub(crate) struct Present {
    pub(crate) directories: BTreeMap<String, DirectoryProvisioning>,
    pub(crate) scim: BTreeMap<String, ScimConfiguration>,
    /// Other connections, as far as they were asked for.
    pub(crate) ids: BTreeMap<String, ConnectionId>,
    /// Whether connections are domain connections, as far as the token may read that.
    pub(crate) domain_connections: BTreeMap<String, bool>,
    /// The selected groups, as far as they were asked for.
    pub(crate) groups: BTreeMap<String, Vec<SelectedGroup>>,
}

impl Present {
    /// Reads the lists of configurations, a call for each 100 of them.
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

    /// The id of a connection, as far as it is known.
    pub(crate) fn id(&self, name: &str) -> Option<ConnectionId> {
        let directory = self.directories.get(name).map(DirectoryProvisioningExt::id);
        let scim = || self.scim.get(name).and_then(|it| it.connection_id.parse().ok());
        directory.or_else(scim).or_else(|| self.ids.get(name).cloned())
    }

    /// Reads the ids of connections that have no configuration: each on its own if there are few, else by the list.
    pub(crate) async fn find(&mut self, client: &Client, names: &[&str]) -> Result<(), Error> {
        let missing: Vec<&str> = names.iter().copied().filter(|name| self.id(name).is_none()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        if let [only] = missing.as_slice() {
            let found = client.find_connection(*only).await?;
            self.ids.extend(found.and_then(|it| Some(((*only).to_owned(), it.connection_id()?))));
            return Ok(());
        }
        let mut list = client.connections().prefetch().items();
        while let Some(connection) = list.try_next().await? {
            if let (Some(name), Some(id)) = (connection.name.clone(), connection.connection_id()) {
                self.ids.insert(name, id);
            }
            if missing.iter().all(|name| self.ids.contains_key(*name)) {
                break;
            }
        }
        Ok(())
    }

    /// Reads what connections say of themselves; nothing where the token may not.
    async fn read_domain_connections(&mut self, client: &Client) -> Result<(), Error> {
        let mut list = client.connections().prefetch().items();
        loop {
            match list.try_next().await {
                Ok(Some(connection)) => {
                    self.domain_connections.extend(connection.name.zip(connection.is_domain_connection));
                }
                Ok(None) => return Ok(()),
                Err(error) if error.is_forbidden() => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the selected groups of these connections, those with a configuration.
    pub(crate) async fn read_groups(&mut self, client: &Client, names: Vec<String>) -> Result<(), Error> {
        let with = names.into_iter().filter_map(|name| Some((self.directories.get(&name)?.id(), name)));
        let work: Vec<_> = with
            .map(|(id, name)| {
                let groups = client.directory_provisioning(&id).groups().list().items();
                async move { Ok((name, groups.map_ok(SelectedGroup::from).try_collect::<Vec<_>>().await?)) }
            })
            .collect();
        self.groups = stream::iter(work).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(())
    }
}

/// Everything that an export writes, with SCIM or without.
pub(crate) async fn export_all(client: &Client, scim: bool) -> Result<Present, Error> {
    let mut present = Present::read(client, true, scim).await?;
    let selected = |it: &&DirectoryProvisioning| it.synchronize_groups == Some(SynchronizeGroups::Selected);
    let names = present.directories.values().filter(selected).map(|it| it.connection_name.clone()).collect();
    present.read_groups(client, names).await?;
    present.read_domain_connections(client).await?;
    Ok(present)
}
