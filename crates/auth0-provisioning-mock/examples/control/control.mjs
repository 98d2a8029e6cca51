// Seeds a mock tenant, breaks it, moves its clock and asserts, over HTTP. Argument: its base URL.
import assert from "node:assert/strict";

const base = process.argv[2];

async function control(method, path, body) {
  const response = await fetch(`${base}/_mock${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response.status === 204 ? null : response.json();
}

await control("POST", "/seed", {
  connections: [{
    id: "con_node",
    strategy: "google-apps",
    directory_provisioning: {},
    directory: { users: { u1: { attributes: { primaryEmail: "kim@acme.example" }, fails: "The email is taken" } } },
  }],
});
const { access_token } = await control("POST", "/tokens", {});
const headers = { authorization: `Bearer ${access_token}` };
const runs = `${base}/api/v2/connections/con_node/directory-provisioning/synchronizations`;

await control("POST", "/faults", { kind: "status", status: 503, operation: "post_synchronizations" });
assert.equal((await fetch(runs, { method: "POST", headers })).status, 503);
assert.equal((await fetch(runs, { method: "POST", headers })).status, 201);
await control("POST", "/clock", { advance_seconds: 60 });
const [failed] = await (await fetch(`${base}/api/v2/logs?search=type:directory_sync_failed`, { headers })).json();
assert.equal(failed.details.error.user_errors[0].reason, "The email is taken");
const { met } = await control("POST", "/expectations", { request: { operation: "post_synchronizations" }, times: 2 });
assert.ok(met);
