//! The state of a tenant as a declaration.

use std::collections::{BTreeMap, BTreeSet};

use auth0_provisioning::{DirectoryProvisioning, SelectedGroup, SynchronizeGroups, types::ScimConfiguration};

use super::{
    model::{
        Declaration, DeclaredConnection, DeclaredDirectory, DeclaredGroup, DeclaredRow, DeclaredScim, DeclaredScimRow,
    },
    present::Present,
};
use crate::groups_mode::GroupsMode;

/// Returns the declaration that describes the tenant, ordered by the names of the connections.
pub(crate) fn to_declaration(present: &Present) -> Declaration {
    let names: BTreeSet<&String> = present.directories.keys().chain(present.scim.keys()).collect();
    let connections = names.into_iter().map(|name| {
        let (directory, scim) = (present.directories.get(name), present.scim.get(name));
        let strategy = directory.map(|it| it.strategy.clone()).or_else(|| scim.map(|it| it.strategy.clone()));
        DeclaredConnection {
            name: name.clone(),
            strategy,
            is_domain_connection: present.domain_connections.get(name).copied(),
            directory_provisioning_configuration: directory.map(|it| Some(declared(it, &present.groups))),
            scim_configuration: scim.map(|it| Some(declared_scim(it))),
        }
    });
    Declaration { connections: connections.collect() }
}

fn declared(found: &DirectoryProvisioning, groups: &BTreeMap<String, Vec<SelectedGroup>>) -> DeclaredDirectory {
    let rows = found.mapping.iter().map(|row| DeclaredRow { auth0: row.auth0.clone(), idp: row.idp.clone() });
    DeclaredDirectory {
        mapping: Some(rows.collect()),
        synchronize_automatically: Some(found.synchronize_automatically),
        synchronize_groups: found.synchronize_groups.as_ref().and_then(|mode| match mode {
            SynchronizeGroups::All => Some(GroupsMode::All),
            SynchronizeGroups::Off => Some(GroupsMode::Off),
            SynchronizeGroups::Selected => Some(GroupsMode::Selected),
            // A mode that this program does not know cannot be read again.
            _ => None,
        }),
        synchronized_groups: groups.get(&found.connection_name).map(|groups| {
            let groups = groups.iter().map(|group| DeclaredGroup {
                id: group.id.to_string(),
                name: group.name.clone(),
                email: group.email.clone(),
                direct_members_count: group.direct_members_count,
            });
            groups.collect()
        }),
    }
}

fn declared_scim(found: &ScimConfiguration) -> DeclaredScim {
    let rows = found
        .mapping
        .iter()
        .filter_map(|row| Some(DeclaredScimRow { auth0: row.auth0.clone()?, scim: row.scim.clone()? }));
    DeclaredScim { user_id_attribute: Some(found.user_id_attribute.clone()), mapping: Some(rows.collect()) }
}
