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

const shown = await collect(await client.connections.list({ strategy: ["google-apps"], take: 5 }));
assert.deepEqual(shown.map((known) => known.id), [id]);
did("get_connections");
assert.equal((await client.connections.get(id)).strategy, "google-apps");
did("get_connections_by_id");
await client.connections.checkStatus(id);
did("get_status");

const made = await client.connections.create({
  name: "interop-okta",
  strategy: "okta",
  options: { domain: "acme.okta.example", client_id: "interop" },
});
assert.equal(made.options.client_id, "interop");
did("post_connections");
const renamed = await client.connections.update(made.id, { display_name: "Interop" });
assert.equal(renamed.display_name, "Interop");
did("patch_connections_by_id");
await client.connections.clients.update(made.id, [{ client_id: clientId, status: true }]);
did("patch_clients");
const enabled = await collect(await client.connections.clients.get(made.id));
assert.deepEqual(enabled.map((known) => known.client_id), [clientId]);
did("get_connection_clients");

const scim = client.connections.scimConfiguration;
const scimMade = await scim.create(made.id, {});
did("post_scim-configuration");
assert.deepEqual((await scim.getDefaultMapping(made.id)).mapping, scimMade.mapping);
did("get_default-mapping");
const scimMapping = [{ scim: "userName", auth0: "preferred_username" }];
await scim.update(made.id, { user_id_attribute: "userName", mapping: scimMapping });
did("patch_scim-configuration");
assert.deepEqual((await scim.get(made.id)).mapping, scimMapping);
did("get_scim-configuration");
const scimAll = await collect(await scim.list({ take: 10 }));
assert.ok(scimAll.some((known) => known.connection_id === made.id));
did("get_connections-scim-configurations");
const token = await scim.tokens.create(made.id, { scopes: ["get:users"] });
assert.ok(token.token);
did("post_scim_token");
assert.deepEqual((await scim.tokens.get(made.id)).map((known) => known.token_id), [token.token_id]);
did("get_scim_tokens");
await scim.tokens.delete(made.id, token.token_id);
did("delete_tokens_by_tokenId");
await scim.delete(made.id);
did("delete_scim-configuration");
await client.connections.delete(made.id);
await assert.rejects(client.connections.get(made.id), (error) => error.statusCode === 404);
did("delete_connections_by_id");

const arrived = await collect(await client.groups.list({ connection_id: id, take: 2 }));
const engineering = arrived.find((group) => group.name === "Engineering");
did("get_groups");
assert.equal((await client.groups.get(engineering.id)).external_id, "g1engineering");
did("get_group");
const members = await collect(await client.groups.members.get(engineering.id));
assert.equal(members.length, 2);
did("get_group_members");
const ofUser = await collect(await client.users.groups.get("google-apps|kim@acme.example"));
assert.ok(ofUser.some((group) => group.id === engineering.id));
did("get_user_groups");
const role = "rol_0000000000editor";
await client.groups.roles.create(engineering.id, { roles: [role] });
did("post_group_roles");
const roles = await collect(await client.groups.roles.list(engineering.id));
assert.deepEqual(roles.map((known) => known.id), [role]);
did("get_group_roles");
await client.groups.roles.delete(engineering.id, { roles: [role] });
did("delete_group_roles");
await client.groups.delete(engineering.id);
did("delete_group");

const events = await collect(await client.logs.list({ search: "type:directory_sync_completed" }));
assert.ok(events.length > 0);
did("get_logs");
assert.equal((await client.logs.get(events[0].log_id)).type, "directory_sync_completed");
did("get_logs_by_id");
