// The leaderboard: who is on it by their own wish, in which place, and who is gone from it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check, invalid } from "../support/check.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const { call } = tracker;
const shop = await openShop(tracker, "leaderboard", { leaderboard: true });
const { origin } = shop;
const mine = (method, key, body, more = {}) => call(method, "/v1/advocates/me/leaderboard", { key, origin, body, ...more });
const board = (id = shop.id, from = origin) => call("GET", `/v1/programs/${id}/leaderboard`, { origin: from });
const rows = async () => assertStatus(await board(), 200).body.data.map(({ place, name, friends }) => `${place} ${name} ${friends}`);

test("joining, places, leaving, a block, erasing", async () => {
  assert.deepEqual(assertStatus(await board(), 200).body, { as_of: null, data: [], further: 0, next_cursor: null });
  const people = {};
  for (const [sub, friends] of [["anna", 1], ["ben", 2], ["carol", 2], ["dora", 1]]) {
    people[sub] = await shop.enrol(sub);
    assert.equal(assertStatus(await mine("PUT", people[sub].token, { name: ` ${sub} ☕ ` }), 200).body.name, `${sub} ☕`);
    for (let friend = 0; friend < friends; friend += 1) await shop.order({ claim: null, code: people[sub].code });
  }
  await shop.settle();
  const seen = assertStatus(await board(), 200);
  assert.equal(seen.headers.get("cache-control"), "public, max-age=60");
  assert.equal(seen.headers.get("access-control-allow-origin"), origin);
  assert.ok(Date.parse(seen.body.as_of) <= Date.now());
  const shown = (await rows()).sort();
  assert.deepEqual(shown, ["1 ben ☕ 2", "1 carol ☕ 2", "3 anna ☕ 1", "3 dora ☕ 1"]);
  assert.equal(assertStatus(await mine("GET", people.ben.token), 200).body.name, "ben ☕");
  assertStatus(await mine("DELETE", people.ben.token), 200);
  assertStatus(await call("POST", `/v1/programs/${shop.id}/advocates/${people.carol.code}/block`, { key: shop.server }), 200);
  assertStatus(await call("DELETE", `/v1/programs/${shop.id}/people`, { key: shop.server, body: { customer_id: "dora" } }), 200);
  assert.deepEqual(await rows(), ["1 anna ☕ 1"]);
  assertProblem(await mine("PUT", people.carol.token, { name: "Carol" }), 409, "conflict");
  const preflight = assertStatus(await call("OPTIONS", "/v1/advocates/me/leaderboard", { origin }), 204);
  assert.match(preflight.headers.get("access-control-allow-methods"), /PUT.*DELETE/);
});

check("what is no name", [
  ["an e-mail address", "anna@shop.example"],
  ["a link", "https://shop.example"],
  ["a host", "buy at shop.example"],
  ["too long", "x".repeat(41)],
  ["nothing", " "],
  ["turned round", "a\u202eb"],
], async (name) => assertProblem(await mine("PUT", (await shop.enrol("emil")).token, { name }), invalid, "invalid_field", ["name"]));

test("who may look, and where there is none", async () => {
  assertProblem(await board(shop.id, "https://evil.example"), 403, "forbidden_origin");
  assertProblem(await mine("PUT", "guess", { name: "A" }), 401, "unauthorized");
  const without = await openShop(tracker, "without");
  assertProblem(await board(without.id), 404, "not_found");
  const { token } = await without.enrol("anna");
  assertProblem(await mine("PUT", token, { name: "A" }), 404, "not_found");
  assertStatus(await mine("DELETE", token), 200);
});
