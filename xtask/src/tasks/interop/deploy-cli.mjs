// Imports connections with the npm package `auth0-deploy-cli`, unmodified, exports them again, and compares; and what it
// exports, `a0p` plans without a change, as it imports what `a0p` exports.
// Arguments: base URL, client id, client secret, folder to work in, cargo, folder of the workspace.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [base, clientId, clientSecret, folder, cargo, workspace] = process.argv.slice(2);

async function control(method, path, body) {
  const answer = await fetch(`${base}/_mock${path}`, { method, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? null : answer.json();
}

/** What is imported: by name, as the CLI keeps a connection in a file of its own. */
const wanted = {
  "acme-workspace": {
    name: "acme-workspace",
    strategy: "google-apps",
    options: { domain: "acme.example", client_id: "acme-google", api_enable_users: true, api_enable_groups: true },
    directory_provisioning_configuration: {
      mapping: [
        { auth0: "email", idp: "primaryEmail" },
        { auth0: "given_name", idp: "name.givenName" },
      ],
      synchronize_automatically: true,
      synchronize_groups: "selected",
      synchronized_groups: [
        { id: "g1", name: "Engineering", email: "engineering@acme.example", direct_members_count: 3 },
        { id: "g2" },
      ],
    },
  },
  "acme-okta": {
    name: "acme-okta",
    strategy: "okta",
    options: { domain: "acme.okta.example", client_id: "acme-okta" },
    scim_configuration: {
      user_id_attribute: "externalId",
      mapping: [
        { scim: "userName", auth0: "preferred_username" },
        { scim: "externalId", auth0: "app_metadata.external_id" },
      ],
    },
  },
};

rmSync(folder, { recursive: true, force: true });
const files = (name) => join(folder, name);
mkdirSync(join(files("in"), "connections"), { recursive: true });
for (const [name, connection] of Object.entries(wanted)) {
  writeFileSync(join(files("in"), "connections", `${name}.json`), JSON.stringify(connection));
}

// An empty tenant, and what the CLI asks for besides: the names of applications.
await control("POST", "/seed", { connections: [] });
await control("POST", "/stubs", { path: "/api/v2/clients", json: { clients: [], start: 0, limit: 100, total: 0 } });

const environment = {
  ...process.env,
  AUTH0_DOMAIN: new URL(base).host,
  AUTH0_CLIENT_ID: clientId,
  AUTH0_CLIENT_SECRET: clientSecret,
  AUTH0_INCLUDED_ONLY: '["connections"]',
};
const cli = new URL("./node_modules/auth0-deploy-cli/lib/index.js", import.meta.url).pathname;
const deploy = (...told) => execFileSync(process.execPath, [cli, ...told], { env: environment, stdio: "inherit" });

const read = (name, connection) => JSON.parse(readFileSync(join(files(name), "connections", `${connection}.json`), "utf8"));

/** Everything that was imported comes back; the tenant may have added options of its own. */
function compare(name) {
  for (const [connection, imported] of Object.entries(wanted)) {
    const exported = read(name, connection);
    for (const [field, value] of Object.entries(imported)) {
      if (field === "options") assert.deepEqual({ ...exported.options, ...value }, exported.options);
      else assert.deepEqual(exported[field], value, `${connection}: ${field}`);
    }
  }
}

deploy("import", "--input_file", files("in"));
deploy("export", "--format", "directory", "--output_folder", files("out"));
compare("out");

// What was exported is imported again: everything is there by now, and stays as it is.
deploy("import", "--input_file", files("out"));
deploy("export", "--format", "directory", "--output_folder", files("again"));
for (const connection of Object.keys(wanted)) assert.deepEqual(read("again", connection), read("out", connection));

/** Runs `a0p`, whose exit code tells whether it would change anything. */
function a0p(expected, ...told) {
  const env = {
    ...process.env,
    AUTH0_DOMAIN: "tenant.example.com",
    AUTH0_BASE_URL: base,
    AUTH0_CLIENT_ID: clientId,
    AUTH0_CLIENT_SECRET: clientSecret,
    SSL_CERT_FILE: process.env.NODE_EXTRA_CA_CERTS,
    XDG_CACHE_HOME: files("cache"),
    XDG_CONFIG_HOME: files("config"),
  };
  const run = spawnSync(cargo, ["run", "--quiet", "-p", "auth0-provisioning-cli", "--", ...told], { cwd: workspace, env });
  assert.equal(run.status, expected, `a0p ${told.join(" ")}: ${run.status}\n${run.stdout}${run.stderr}`);
}

const ours = files("ours.yaml");
a0p(0, "plan", "--file", files("again"), "--detailed-exitcode");
a0p(0, "export", "--format", "deploy-cli", "--to", ours);
a0p(0, "update", "acme-workspace", "--groups", "off");
a0p(2, "plan", "--file", ours, "--detailed-exitcode");
deploy("import", "--input_file", ours);
a0p(0, "plan", "--file", ours, "--detailed-exitcode");

const { requests } = await control("POST", "/expectations", { request: { status: 404, method: "GET" } });
const unknown = requests.filter((request) => request.operation === null);
assert.deepEqual(unknown.map((request) => request.path), []);
console.log("the Deploy CLI gives back what it imported, and gets along with a0p");
