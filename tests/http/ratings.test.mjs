// How likely advocates are to recommend the shop: an answer from a page, and what the owner sees.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check, invalid } from "../support/check.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const { call } = tracker;
const shop = await openShop(tracker, "ratings");
const { origin, owner } = shop;
const rate = (key, body, more = {}) => call("PUT", "/v1/advocates/me/rating", { key, origin, body, ...more });
const ratings = (query = "", key = owner) => call("GET", `/v1/programs/${shop.id}/ratings${query}`, { key });

test("one answer a person stands, a later one takes its place, and it goes with them", async () => {
  const anna = await shop.enrol("anna");
  const ben = await shop.enrol("ben");
  // As pages send it: no preflight is spared, because the token travels in a header.
  const preflight = assertStatus(await call("OPTIONS", "/v1/advocates/me/rating", { origin }), 204);
  assert.match(preflight.headers.get("access-control-allow-methods"), /PUT/);
  const first = assertStatus(await rate(anna.token, undefined, { text: JSON.stringify({ score: 2, comment: "Cold tea ☕" }) }), 200);
  assert.equal(first.headers.get("access-control-allow-origin"), origin);
  assert.equal(first.body.score, 2);
  assertStatus(await rate(ben.token, { score: 10 }), 200);
  const low = assertStatus(await ratings("?leaning=detractor"), 200).body;
  assert.deepEqual(low.data.map(({ code, score, comment }) => [code, score, comment]), [[anna.code, 2, "Cold tea ☕"]]);
  assert.deepEqual(low.total.net_promoter_score, { numerator: 0, denominator: 2, value: 0 });
  assertStatus(await rate(anna.token, { score: 9 }), 200);
  const now = assertStatus(await ratings(), 200).body;
  assert.deepEqual([now.total.ratings, now.total.promoters, now.total.scores[9], now.total.scores[10]], [2, 2, 1, 1]);
  assertStatus(await call("DELETE", `/v1/programs/${shop.id}/people`, { key: shop.server, body: { customer_id: "anna" } }), 200);
  assert.equal((await ratings()).body.total.ratings, 1);
  assertProblem(await rate(anna.token, { score: 1 }), 401, "unauthorized");
});

check("what is no answer", [
  ["beyond ten", { score: 11 }, "invalid_field", "score"],
  ["below none", { score: -1 }, "invalid_field", "score"],
  ["a half", { score: 7.5 }, "invalid_field", "score"],
  ["nothing", {}, "invalid_field", "score"],
  ["a novel", { score: 5, comment: "x".repeat(601) }, "invalid_field", "comment"],
  ["something else beside it", { score: 5, stars: 3 }, "unknown_field", "stars"],
], async (body, code, field) => assertProblem(await rate((await shop.enrol("carol")).token, body), invalid, code, [field]));

test("who answers, and who looks", async () => {
  const { token } = await shop.enrol("carol");
  assertProblem(await rate(token, { score: 5 }, { origin: "https://evil.example" }), 403, "forbidden_origin");
  assertProblem(await rate("guess", { score: 5 }), 401, "unauthorized");
  assertProblem(await ratings("", shop.server), 401, "unauthorized");
  assertProblem(await ratings("?leaning=low"), invalid, "invalid_field", ["leaning"]);
});
