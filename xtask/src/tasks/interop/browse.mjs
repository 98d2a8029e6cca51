// Looks at the page of a mock tenant in a headless Chromium, and presses what there is to press. No packages: the browser is
// driven over a pipe. Arguments: base URL, Chromium, folder for its profile and for screenshots.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [base, chromium, folder] = process.argv.slice(2);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const browser = spawn(chromium, [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--remote-debugging-pipe", `--user-data-dir=${join(folder, "profile")}`,
  "about:blank",
], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });

/** Requests and events of the browser: JSON texts, each ended by a zero byte. */
let last = 0;
let received = "";
const waiting = new Map();
const problems = [];
browser.stdio[4].setEncoding("utf8").on("data", (text) => {
  const messages = (received + text).split("\0");
  received = messages.pop();
  for (const message of messages.map((message) => JSON.parse(message))) {
    if (message.id) {
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
    } else if (message.method === "Runtime.exceptionThrown") {
      problems.push(message.params.exceptionDetails.exception?.description ?? message.params.exceptionDetails.text);
    } else if (message.method === "Network.requestWillBeSent") {
      const { url } = message.params.request;
      if (!url.startsWith(base) && !url.startsWith("data:")) problems.push(`asked for ${url}`);
    }
  }
});

let sessionId;
function send(method, params = {}) {
  const id = ++last;
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  browser.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  return answer;
}

async function evaluate(expression) {
  const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  assert.ok(!exceptionDetails, exceptionDetails?.exception?.description);
  return result.value;
}

/** Waits until an expression holds on the page; the page looks at the tenant each second. */
async function until(what, expression) {
  for (let tries = 0; tries < 150; tries += 1) {
    if (await evaluate(expression)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the page does not show ${what}: ${await evaluate("document.body.innerText")}`);
}

const holds = (id, text) => `document.getElementById(${JSON.stringify(id)}).innerText.includes(${JSON.stringify(text)})`;
const press = (selector) => evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);

async function screenshots() {
  for (const scheme of ["light", "dark"]) {
    await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    for (const width of [1280, 390]) {
      await send("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 });
      assert.ok(await evaluate("document.documentElement.scrollWidth <= innerWidth"), `wider than ${width} px`);
      const height = await evaluate("document.documentElement.scrollHeight");
      const clip = { x: 0, y: 0, width, height, scale: 1 };
      const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: true, clip });
      writeFileSync(join(folder, `${scheme}-${width}.png`), Buffer.from(data, "base64"));
    }
  }
}

try {
  const { targetInfos } = await send("Target.getTargets");
  const { targetId } = targetInfos.find((target) => target.type === "page");
  ({ sessionId } = await send("Target.attachToTarget", { targetId, flatten: true }));
  for (const domain of ["Page", "Runtime", "Network"]) await send(`${domain}.enable`);
  await send("Page.navigate", { url: `${base}/_mock/` });

  const connection = '[data-connection="con_0123456789abcdef"]';
  await until("the connections", `document.querySelector(${JSON.stringify(connection)}) !== null`);
  await until("the time", "/^\\d{4}-\\d\\d-\\d\\d .* UTC$/.test(document.getElementById('now').textContent)");
  await until("past runs", holds("logs", "directory_sync_completed"));

  await press(`${connection} button`);
  await until("the run", `document.querySelector(${JSON.stringify(connection)}).innerText.includes("running")`);
  const before = await evaluate("document.getElementById('now').textContent");
  await press('[data-advance="60"]');
  await until("its end", `!document.querySelector(${JSON.stringify(connection)}).innerText.includes("running")`);
  assert.notEqual(await evaluate("document.getElementById('now').textContent"), before);
  await press(`${connection} button`);
  await until("the refusal", "document.getElementById('notice').innerText.length > 0");

  await evaluate(`document.getElementById("operation").value = "get_connections"`);
  await press("#fault button");
  await until("the fault", holds("faults", "get_connections"));
  const statuses = await evaluate(`(async () => {
    const told = await (await fetch("./tokens", { method: "POST" })).json();
    const headers = { authorization: "Bearer " + told.access_token };
    const ask = async () => (await fetch("/api/v2/connections", { headers })).status;
    return [await ask(), await ask()];
  })()`);
  assert.deepEqual(statuses, [503, 200]);
  await until("the requests", `${holds("requests", "503")} && ${holds("requests", "200")}`);
  await until("that the fault is over", holds("faults", "Nothing goes wrong"));

  await press("#freeze");
  await until("that the clock stands", "!document.getElementById('frozen').hidden");
  await press("#features input");
  await until("a feature that is off", "document.querySelector('#features input').checked === false");
  await press("#fault button");
  await until("the next fault", holds("faults", "get_connections"));
  await screenshots();
  await evaluate("window.confirm = () => true");
  await press("#reset");
  await until("the start", "document.querySelector('#features input').checked === true");
  assert.deepEqual(problems, []);
  console.log(`the page does what it shows; screenshots are in ${folder}`);
} finally {
  browser.kill();
}
