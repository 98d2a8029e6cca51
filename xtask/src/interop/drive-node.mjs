// Drives every operation through the npm package `auth0`, unmodified, and checks what comes back.
// Arguments: domain, client id, client secret, connection id. Prints `did OPERATION` for each operation that worked.

import assert from "node:assert/strict";
import { ManagementClient } from "auth0";

const [domain, clientId, clientSecret, id] = process.argv.slice(2);
const client = new ManagementClient({ domain, clientId, clientSecret });
const provisioning = client.connections.directoryProvisioning;
const did = (operation) => console.log(`did ${operation}`);

const collect = async (page) => {
  const items = [];
  for await (const item of page) items.push(item);
  return items;
};

const before = await collect(await provisioning.list({ take: 2 }));
assert.ok(before.some((known) => known.connection_id === id));
did("get_connections-directory-provisionings");

await provisioning.delete(id);
did("delete_directory-provisioning");
await assert.rejects(provisioning.get(id), (error) => error.statusCode === 404);

const created = await provisioning.create(id, { synchronize_groups: "selected" });
assert.equal(created.synchronize_groups, "selected");
assert.equal(created.mapping.length, 51);
did("post_directory-provisioning");

const updated = await provisioning.update(id, { mapping: [{ auth0: "email", idp: "primaryEmail" }] });
assert.deepEqual(updated.mapping, [{ auth0: "email", idp: "primaryEmail" }]);
did("patch_directory-provisioning");

const read = await provisioning.get(id);
assert.deepEqual(read, updated);
did("get_directory-provisioning");

const defaults = await provisioning.getDefaultMapping(id);
assert.deepEqual(defaults.mapping, created.mapping);
did("get_directory_provisioning_default_mapping");

await provisioning.set(id, { groups: [{ id: "g1", name: "Engineering", direct_members_count: 3 }, { id: "g2" }] });
did("put_synchronized-groups");
await provisioning.addSynchronizedGroupSelections(id, { groups: [{ id: "g3", email: "sales@acme.test" }] });
did("post_synchronized-groups");
await provisioning.deleteSynchronizedGroupSelections(id, { groups: [{ id: "g2" }] });
did("delete_synchronized-groups");

const groups = await collect(await provisioning.listSynchronizedGroups(id, { take: 1 }));
assert.deepEqual(groups.map((group) => group.id), ["g1", "g3"]);
const found = await collect(await provisioning.listSynchronizedGroups(id, { q: "name:eng*" }));
assert.deepEqual(found, [{ id: "g1", name: "Engineering", direct_members_count: 3 }]);
did("get_synchronized-groups");

const run = await provisioning.synchronizations.create(id);
assert.equal(run.connection_id, id);
did("post_synchronizations");
