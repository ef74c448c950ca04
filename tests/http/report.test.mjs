// The owner's report: what was counted and bought in a program, each number with what it was divided from.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check, invalid } from "../support/check.mjs";
import { origin } from "../support/program.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";
import { until } from "../support/until.mjs";

const tracker = await sharedTracker();
const { call } = tracker;
const shop = await openShop(tracker, "report");
const key = shop.owner;
const report = (query = "", more = { key }) => call("GET", `/v1/programs/${shop.id}/report${query}`, more);

test("clicks and people by channel, within seconds", async () => {
  const { code } = await shop.enrol("anna");
  const body = { program: shop.id, code, channel: "whatsapp" };
  assertStatus(await call("POST", "/v1/shares", { origin, body }), 202);
  for (const first of [true, false, false]) assertStatus(await call("POST", "/v1/clicks", { origin, body: { ...body, first } }), 200);
  const gpc = { "sec-gpc": "1" };
  assertStatus(await call("POST", "/v1/clicks", { origin, body: { ...body, first: true }, headers: gpc }), 200);
  const seen = await until("four clicks and a share", async () => {
    const { body } = assertStatus(await report("?by=channel"), 200);
    return body.total.clicks >= 4 && body.total.shares >= 1 && body;
  });
  assert.deepEqual([seen.total.clicks, seen.total.people, seen.total.shares], [4, 1, 1]);
  const { clicks_per_share } = seen.data.find((slice) => slice.key === "whatsapp");
  assert.deepEqual(clicks_per_share, { numerator: 4, denominator: 1, value: 4 });
  assert.deepEqual(seen.total.conversion_rate, { numerator: 0, denominator: 1, value: 0 });
  assert.deepEqual(seen.total.repeat_advocates, { numerator: 0, denominator: 0, value: null });
  assert.deepEqual(seen.total.referred_revenue, { amount_minor: 0, currency: "EUR" });
});

test("clicks by hour, in a file, and by advocate", async () => {
  const clicks = (key) => call("GET", `/v1/programs/${shop.id}/export/clicks.csv`, { key });
  const { text, headers } = assertStatus(await clicks(key), 200);
  assert.match(headers.get("content-type"), /^text\/csv/);
  const [names, ...lines] = text.trimEnd().split("\r\n");
  assert.equal(names, "hour,channel,device,clicks,people,shares");
  const sums = [0, 0, 0];
  for (const line of lines) {
    assert.match(line, /^20\d\d-\d\d-\d\dT\d\d:00:00Z,whatsapp,[a-z]+,/);
    line.split(",").slice(3).forEach((count, place) => { sums[place] += Number(count); });
  }
  assert.deepEqual(sums, [4, 1, 1]);
  assertProblem(await clicks(shop.server), 401, "unauthorized");
  const { body } = assertStatus(await call("GET", `/v1/programs/${shop.id}/advocates`, { key }), 200);
  assert.deepEqual(body.data.map(({ clicks, people, shares }) => [clicks, people, shares]), [[4, 1, 1]]);
});

check("what cannot be asked for", [
  ["a week", "?by=week", "by"],
  ["a day that is none", "?from=2026-02-30", "from"],
  ["ten years", "?from=2016-01-01&to=2026-01-01", "from"],
  ["the end before the beginning", "?from=2026-02-02&to=2026-02-01", "from"],
  ["an experiment that is none", "?by=variant&experiment=none", "experiment"],
], async (query, field) => assertProblem(await report(query), invalid, "invalid_field", [field]));

test("only the owner asks", async () => {
  assertProblem(await report("", {}), 401, "unauthorized");
  assertProblem(await report("", { key: "wrong" }), 401, "unauthorized");
});
