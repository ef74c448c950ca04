// schemathesis sends what it makes of the OpenAPI document to a tracker on a real workerd, in a shop
// in which something has happened. Run by `cargo xtask fuzz [--cases N]`; it talks to this machine
// alone and ends by itself. What schemathesis is told is in schemathesis.toml and hooks.py.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { assertStatus } from "../support/check.mjs";
import { caller } from "../support/http.mjs";
import { plainProgram } from "../support/program.mjs";
import { startServer, temporaryState } from "../support/server.mjs";
import { Shop } from "../support/shop.mjs";

const { values } = parseArgs({ options: { cases: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } } });
const cases_wanted = Number(values.cases);
if (!Number.isInteger(cases_wanted) || cases_wanted < 1) throw new Error(`--cases ${values.cases} is no number of cases`);

/** The program's id: what schemathesis makes of the pattern of one when it looks for limits. */
const program = "0";
const here = dirname(fileURLToPath(import.meta.url));
const state = temporaryState();
const report = join(state, "report.json");
const server = await startServer({ state });
try {
  const { known, token } = await furnished();
  const config = join(state, "schemathesis.toml");
  writeFileSync(config, readFileSync(join(here, "schemathesis.toml"), "utf8") + dictionaries(known));
  const description = await (await fetch(`${server.base}/openapi.json`)).json();
  const operations = Object.values(description.paths).flatMap((path) => Object.keys(path).filter((name) => name !== "parameters")).length;
  const status = await run(config, Math.ceil(cases_wanted / operations / 2), { ADVOCATE_TOKEN: token });
  const { test_cases, operations: { tested } } = JSON.parse(readFileSync(report, "utf8"));
  const { generated, unique_failures, errored } = test_cases;
  console.log(`${generated} cases of ${tested} operations, seed ${values.seed}: ${unique_failures} failures, ${errored} errors`);
  process.exitCode = status === 0 && unique_failures + errored === 0 && tested === operations ? 0 : 1;
} finally {
  await server.stop();
  rmSync(state, { recursive: true, force: true });
}

/** Runs schemathesis to its end. Half of the cases are the limits of the schemas, the others are drawn. */
async function run(config, examples, env) {
  const child = spawn(
    process.env.SCHEMATHESIS,
    ["--config-file", config, "run", `${server.base}/openapi.json`, "--seed", values.seed, "--max-examples", String(examples),
      "--continue-on-failure", "--generation-database", "none", "--report-json-path", report],
    {
      cwd: state,
      env: { ...process.env, ...server.vars, ...env, ORIGIN: server.base, PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: "1", SCHEMATHESIS_HOOKS: "hooks" },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  const [status] = await once(child, "close");
  return status;
}

/** A shop in which something has happened, and what its callers know of it. */
async function furnished() {
  const terms = plainProgram(program, { origins: [server.base], fraud: { block: ["self"], review: { seconds_after_click: 60 } } });
  const shop = new Shop({ ...server, call: caller(server.base) }, terms);
  await shop.put();
  // What is put and what erases everybody has a program of its own.
  await new Shop(shop, { ...terms, id: "other" }).put();
  const anna = await shop.enrol("anna", { email: "anna@mail.example" });
  const claim = await shop.click(anna.code);
  // One order is held for review, one is not.
  for (const [order_id, by] of Object.entries({ 1: { claim }, 2: { code: anna.code, claim: null } })) {
    const body = shop.orderBody({ order_id, customer: { id: `friend-${order_id}` }, ...by });
    assertStatus(await shop.call("POST", "/v1/conversions", { key: shop.server, body }), 201);
  }
  const rewards = await shop.rewards();
  const reviews = assertStatus(await shop.call("GET", `/v1/programs/${shop.id}/reviews`, { key: shop.owner }), 200).body.data;
  const known = {
    program: [program], other: ["other"], code: [anna.code], claim: [claim],
    reward: rewards.map(({ reward_id }) => reward_id), review: reviews.map(({ review_id }) => review_id),
    identity: ["anna", "ben"].map((sub) => shop.token({ sub })), customer: ["anna", "friend-1", "friend-2"], friend: ["friend-2"],
    order: ["1", "2", "3"], owner_key: [shop.owner],
  };
  return { known, token: anna.token };
}

/** The values as schemathesis reads them; a list of strings is written in TOML as it is in JSON. */
function dictionaries(known) {
  const tables = Object.entries(known).map(([name, list]) => `\n[dictionaries.${name}]\nvalues = ${JSON.stringify(list)}\n`);
  return tables.join("");
}
