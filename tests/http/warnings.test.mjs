// What the owner is told about the store. That it refuses writes cannot be had on this machine: the
// native tests have it. Here: that asking works on a real one, and leaves no warning of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus } from "../support/check.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const { call } = tracker;
const shop = await openShop(tracker, "warnings");
const path = `/v1/programs/${shop.id}/warnings`;

test("a store that takes writes has no warnings, however often one asks at once", async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => call("GET", path, { key: shop.owner })));
  for (const answer of answers) assert.deepEqual(assertStatus(answer, 200).body, { data: [], next_cursor: null });
});

test("only the owner asks", async () => {
  assertProblem(await call("GET", path, { key: shop.server }), 401, "unauthorized");
  assertProblem(await call("GET", path), 401, "unauthorized");
});
