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
