"""Drives every operation through the PyPI package `auth0-python`, unmodified, and checks what comes back.

Arguments: domain, client id, client secret, connection id. Prints `did OPERATION` for each operation that worked.
"""

import sys

from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError
from auth0.management.types import (
    CreateDirectoryProvisioningRequestContent,
    DirectoryProvisioningMappingItem,
    SynchronizedGroupPayload,
    UpdateDirectoryProvisioningRequestContent,
)


def did(operation):
    print(f"did {operation}", flush=True)


domain, client_id, client_secret, id = sys.argv[1:]
client = ManagementClient(domain=domain, client_id=client_id, client_secret=client_secret)
provisioning = client.connections.directory_provisioning

assert id in [known.connection_id for known in provisioning.list(take=2)]
did("get_connections-directory-provisionings")

provisioning.delete(id)
did("delete_directory-provisioning")
try:
    provisioning.get(id)
except ApiError as error:
    assert error.status_code == 404, error
else:
    raise AssertionError("a deleted configuration was found")

created = provisioning.create(id, request=CreateDirectoryProvisioningRequestContent(synchronize_groups="selected"))
assert created.synchronize_groups == "selected"
assert len(created.mapping) == 51
did("post_directory-provisioning")

mapping = [DirectoryProvisioningMappingItem(auth0="email", idp="primaryEmail")]
updated = provisioning.update(id, request=UpdateDirectoryProvisioningRequestContent(mapping=mapping))
assert updated.mapping == mapping
did("patch_directory-provisioning")

read = provisioning.get(id)
assert (read.mapping, read.updated_at) == (updated.mapping, updated.updated_at)
did("get_directory-provisioning")

assert provisioning.get_default_mapping(id).mapping == created.mapping
did("get_directory_provisioning_default_mapping")

named = SynchronizedGroupPayload(id="g1", name="Engineering", direct_members_count=3)
provisioning.set(id, groups=[named, SynchronizedGroupPayload(id="g2")])
did("put_synchronized-groups")
provisioning.add_synchronized_group_selections(
    id, groups=[SynchronizedGroupPayload(id="g3", email="sales@acme.test")]
)
did("post_synchronized-groups")
provisioning.delete_synchronized_group_selections(id, groups=[{"id": "g2"}])
did("delete_synchronized-groups")

assert [group.id for group in provisioning.list_synchronized_groups(id, take=1)] == ["g1", "g3"]
assert list(provisioning.list_synchronized_groups(id, q="name:eng*")) == [named]
did("get_synchronized-groups")

assert provisioning.synchronizations.create(id).connection_id == id
did("post_synchronizations")

connections = client.connections
assert [known.id for known in connections.list(strategy=["google-apps"], take=5)] == [id]
did("get_connections")
assert connections.get(id).strategy == "google-apps"
did("get_connections_by_id")
connections.check_status(id)
did("get_status")

options = {"domain": "acme.okta.example", "client_id": "interop"}
made = connections.create(name="interop-okta", strategy="okta", options=options)
did("post_connections")
assert connections.update(made.id, display_name="Interop").display_name == "Interop"
did("patch_connections_by_id")
connections.clients.update(made.id, request=[{"client_id": client_id, "status": True}])
did("patch_clients")
assert [known.client_id for known in connections.clients.get(made.id)] == [client_id]
did("get_connection_clients")

scim = connections.scim_configuration
created = scim.create(made.id, request={})
did("post_scim-configuration")
assert scim.get_default_mapping(made.id).mapping == created.mapping
did("get_default-mapping")
rows = [{"scim": "userName", "auth0": "preferred_username"}]
scim.update(made.id, user_id_attribute="userName", mapping=rows)
did("patch_scim-configuration")
assert [row.scim for row in scim.get(made.id).mapping] == ["userName"]
did("get_scim-configuration")
assert made.id in [known.connection_id for known in scim.list(take=10)]
did("get_connections-scim-configurations")
token = scim.tokens.create(made.id, scopes=["get:users"])
assert token.token
did("post_scim_token")
assert [known.token_id for known in scim.tokens.get(made.id)] == [token.token_id]
did("get_scim_tokens")
scim.tokens.delete(made.id, token.token_id)
did("delete_tokens_by_tokenId")
scim.delete(made.id)
did("delete_scim-configuration")
connections.delete(made.id)
did("delete_connections_by_id")

engineering = next(group for group in client.groups.list(connection_id=id, take=2) if group.name == "Engineering")
did("get_groups")
assert client.groups.get(engineering.id).external_id == "g1engineering"
did("get_group")
assert len(list(client.groups.members.get(engineering.id))) == 2
did("get_group_members")
assert engineering.id in [group.id for group in client.users.groups.get("google-apps|kim@acme.example")]
did("get_user_groups")
role = "rol_0000000000editor"
client.groups.roles.create(engineering.id, roles=[role])
did("post_group_roles")
assert [known.id for known in client.groups.roles.list(engineering.id)] == [role]
did("get_group_roles")
client.groups.roles.delete(engineering.id, roles=[role])
did("delete_group_roles")
client.groups.delete(engineering.id)
did("delete_group")

events = list(client.logs.list(search="type:directory_sync_completed"))
assert events
did("get_logs")
assert client.logs.get(events[0].log_id).type == "directory_sync_completed"
did("get_logs_by_id")
