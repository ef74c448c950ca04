// POST /v1/clicks (direct links, without the redirect) and POST /v1/shares, and how both come to
// stand in the advocate's figures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check, invalid } from "../support/check.mjs";
import { claimForm } from "../support/links.mjs";
import { origin } from "../support/program.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";
import { until } from "../support/until.mjs";

const tracker = await sharedTracker();
const { call } = tracker;
const shop = await openShop(tracker, "clicks");
const { code } = await shop.enrol("anna", { name: "Anna" });

const post = (path, body, more = { origin }) => call("POST", path, { ...more, body: { program: shop.id, code, ...body } });
const days_ms = 24 * 3600_000;

test("a direct click is answered with a claim for the program's window", async () => {
  const before = Date.now();
  const { body } = assertStatus(await post("/v1/clicks", { channel: "whatsapp", landing: "https://shop.example/tea?ref=X" }), 200, 201);
  assert.match(body.claim, claimForm);
  const expires = Date.parse(body.expires_at);
  // Instants may be kept in whole seconds.
  assert.ok(expires >= before - 1000 + 30 * days_ms && expires <= Date.now() + 1000 + 30 * days_ms, body.expires_at);
  assert.equal((await call("GET", `/v1/claims/${body.claim}`, { origin })).body.valid, true);
});

test("as text/plain, the way a beacon sends it", async () => {
  const text = JSON.stringify({ program: shop.id, code });
  const headers = { "content-type": "text/plain;charset=UTF-8" };
  assertStatus(await call("POST", "/v1/clicks", { origin, text, headers }), 200, 201);
  assertStatus(await call("POST", "/v1/shares", { origin, text: JSON.stringify({ program: shop.id, code, channel: "x" }), headers }), 202);
});

test("a share is accepted", async () => {
  const { body } = assertStatus(await post("/v1/shares", { channel: "whatsapp" }), 202);
  assert.deepEqual(body, {});
});

test("figures move: clicks and shares by channel", async () => {
  const own = await openShop(tracker, "figures");
  const anna = await own.enrol("anna");
  const ben = await own.enrol("ben");
  const body = { program: own.id, code: anna.code };
  for (const channel of ["whatsapp", "whatsapp", "email"]) {
    assertStatus(await call("POST", "/v1/shares", { origin, body: { ...body, channel } }), 202);
  }
  for (let clicks = 0; clicks < 4; clicks += 1) await own.click(anna.code, { channel: "whatsapp" });
  const summary = await until("three shares and four clicks", async () => {
    await own.settle();
    const seen = await own.summary(anna.token);
    return seen.clicks >= 4 && Object.values(seen.shares).reduce((sum, count) => sum + count, 0) >= 3 && seen;
  });
  assert.equal(summary.clicks, 4);
  assert.equal(summary.shares.whatsapp, 2);
  assert.equal(summary.shares.email, 1);
  assert.equal((await own.summary(ben.token)).clicks, 0);
});

check("a click or a share that cannot be one", [
  ["a click for a mistyped code", "/v1/clicks", { code: "ANNA-000000001" }, [...invalid, 404], ["not_found", "invalid_field"]],
  ["a click for no code", "/v1/clicks", { code: undefined }, invalid, "invalid_field", ["code"]],
  ["a click with a code of another type", "/v1/clicks", { code: 7 }, invalid, "invalid_field", ["code"]],
  ["a click with an unknown field", "/v1/clicks", { colour: "green" }, invalid, "unknown_field", ["colour"]],
  ["a click in an unknown program", "/v1/clicks", { program: "no-such-program" }, [403, 404], ["not_found", "forbidden_origin"]],
  ["a share without a channel", "/v1/shares", {}, invalid, "invalid_field", ["channel"]],
  ["a share on a channel that is none", "/v1/shares", { channel: "pigeon" }, invalid, "invalid_field", ["channel"]],
  ["a share with an unknown field", "/v1/shares", { channel: "x", colour: "green" }, invalid, "unknown_field", ["colour"]],
], async (path, body, status, code, fields = []) => assertProblem(await post(path, body), status, code, fields));

check("only the shop's own pages report", [
  ["a click from another site", "/v1/clicks", { origin: "https://evil.example" }],
  ["a click from nowhere", "/v1/clicks", {}],
  ["a share from another site", "/v1/shares", { origin: "https://evil.example" }],
  ["a share from nowhere", "/v1/shares", {}],
], async (path, from) => assertProblem(await post(path, { channel: "x" }, from), 403, "forbidden_origin"));
