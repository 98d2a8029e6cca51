//! The selected groups beside those that exist in the tenant.

use std::{collections::BTreeMap, fmt};

use auth0_transport::Error;
use futures_core::future::BoxFuture;
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};

use super::SynchronizedGroupsHandle;
use crate::{
    GroupFilter,
    types::{Group, SynchronizedGroup},
};

/// The selected groups of a connection beside those that exist in the tenant: [`SynchronizedGroupsHandle::arrival`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Arrival {
    /// Groups that are selected and have arrived, by their ids in the directory.
    pub arrived: BTreeMap<String, Group>,
    /// Groups that are selected and have not arrived: no run has ended since, or it failed for them.
    pub missing: Vec<SynchronizedGroup>,
    /// Groups that exist in the tenant and are not selected. All of them, where the configuration synchronizes all groups.
    pub not_selected: Vec<Group>,
    /// Groups with an id in the directory that another one here has too.
    pub doubled: Vec<Group>,
}

impl SynchronizedGroupsHandle {
    /// Says of each selected group whether it has arrived in the tenant, and which groups arrived without being selected.
    ///
    /// Both lists are read whole. Needs the scopes `read:directory_provisionings` and `read:groups`.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let connection = Connection::google_apps("con_0123456789abcdef").synchronizes_groups(["g1", "g2"]);
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(connection), async |client| {
    /// let arrival = client.directory_provisioning(&"con_0123456789abcdef".parse()?).groups().arrival().await?;
    /// assert_eq!(arrival.missing.len(), 2); // nothing has been synchronized yet
    /// # Ok(()) });
    /// ```
    #[must_use = "nothing is sent until it is awaited"]
    pub fn arrival(&self) -> BoxFuture<'static, Result<Arrival, Error>> {
        let mut of = self.of.clone();
        Box::pin(async move {
            (of.caller, _) = of.caller.starting(None);
            let selected: Vec<SynchronizedGroup> = of.groups().list().items().try_collect().await?;
            let filter = GroupFilter::default().connection(of.connection_id());
            let existing: Vec<Group> = of.caller.client().groups(filter).items().try_collect().await?;
            let mut existing_by_id = BTreeMap::new();
            let mut arrival = Arrival::default();
            for group in existing {
                match group.external_id.clone() {
                    Some(id) if existing_by_id.contains_key(&id) => arrival.doubled.push(group),
                    Some(id) => drop(existing_by_id.insert(id, group)),
                    None => arrival.not_selected.push(group),
                }
            }
            for group in selected {
                match existing_by_id.remove_entry(&group.id) {
                    Some((id, existing)) => drop(arrival.arrived.insert(id, existing)),
                    None if arrival.arrived.contains_key(&group.id) => {}
                    None => arrival.missing.push(group),
                }
            }
            arrival.not_selected.extend(existing_by_id.into_values());
            Ok(arrival)
        })
    }
}

/// A line for each group.
impl fmt::Display for Arrival {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |name: &Option<String>| name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        let mut lines: Vec<_> =
            self.arrived.iter().map(|(id, group)| format!("{id}{} arrived", name(&group.name))).collect();
        lines.extend(self.missing.iter().map(|group| format!("{}{} missing", group.id, name(&group.name))));
        lines.extend(self.not_selected.iter().map(|group| {
            let id = group.external_id.as_deref().unwrap_or("-");
            format!("{id}{} not selected", name(&group.name))
        }));
        lines.extend(self.doubled.iter().map(|group| {
            let (id, tenant_id) = (group.external_id.as_deref().unwrap_or("-"), group.id.as_deref().unwrap_or("-"));
            format!("{id}{} is there twice, also as {tenant_id}", name(&group.name))
        }));
        formatter.write_str(&lines.join("\n"))
    }
}
