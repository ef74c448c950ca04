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

test("an experiment is compared when asked for, and says what it may", async () => {
  const trial = { id: "more", variants: [
    { id: "as-before", weight: 1 },
    { id: "double", weight: 3, friend_reward: { gives: "discount", amount_minor: 2000 } },
  ] };
  const tried = await openShop(tracker, "trial", { experiments: [trial] });
  const compared = async (query) => assertStatus(await call("GET", `/v1/programs/${tried.id}/report${query}`, { key }), 200).body.comparison;
  for (let count = 0; count < 12; count += 1) {
    const { code } = await tried.enrol(`advocate-${count}`);
    await tried.order({ claim: await tried.click(code) });
  }
  assert.equal(await compared("?by=channel"), null);
  // Real time cannot be hurried: everybody still has theirs, and nothing is claimed of it.
  const found = await compared("?by=variant");
  assert.deepEqual(await compared("?experiment=more&from=2026-01-01&to=2026-01-02"), found);
  const { experiment, started_at, window_days, error_rate, variants, note } = found;
  assert.deepEqual({ experiment, started_at, window_days, error_rate }, { experiment: "more", started_at: null, window_days: 30, error_rate: 0.05 });
  assert.match(note, /as often as you like/);
  const [first, second] = variants;
  assert.deepEqual([first.variant, first.weight, second.variant, second.weight], ["as-before", 1, "double", 3]);
  assert.equal(first.waiting + second.waiting, 12);
  const nothing = { numerator: 0, denominator: 0, value: null };
  assert.deepEqual([first.conversion, first.difference, first.ratio, first.verdict, first.meaning], [nothing, null, null, null, null]);
  assert.deepEqual([second.conversion, second.difference, second.ratio, second.verdict], [nothing, { low: -1, high: 1 }, { low: 0, high: null }, "undecided"]);
  assert.match(second.meaning, /No difference is claimed/);
  assertProblem(await call("GET", `/v1/programs/${tried.id}/report?experiment=other`, { key }), invalid, "invalid_field", ["experiment"]);
});
