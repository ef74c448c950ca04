// The hold and what ends it: POST …/settle and the cron trigger, at any time, any number of times.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check } from "../support/check.mjs";
import { caller } from "../support/http.mjs";
import { startServer } from "../support/server.mjs";
import { openShop, shown } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";
import { until } from "../support/until.mjs";

const tracker = await sharedTracker();
const day_ms = 24 * 3600_000;
const ago = (ms) => new Date(Date.now() - ms).toISOString();
const settled = ["advocate:confirmed:1000", "friend:confirmed:1000"];
const pending = ["advocate:pending:1000", "friend:pending:1000"];

// An hour to either side of the due instant: far from the clock's own inaccuracy.
check("a reward is confirmed once its hold has passed", [
  ["no hold", 0, 0, settled],
  ["fourteen days, an hour ago", 14, 14 * day_ms + 3600_000, settled],
  ["fourteen days, in an hour", 14, 14 * day_ms - 3600_000, pending],
  ["fourteen days, just bought", 14, 0, pending],
  ["a day, long ago", 1, 200 * day_ms, settled],
], async (hold_days, age_ms, expected) => {
  const shop = await openShop(tracker, "hold", { hold_days });
  const { code } = await shop.enrol("anna");
  const at = ago(age_ms);
  const { order_id, rewards } = await shop.order({ code, at });
  assert.deepEqual(shown(rewards), pending);
  for (const { due_at } of rewards) assert.equal(Date.parse(due_at), Date.parse(at) + hold_days * day_ms);
  await shop.settle();
  assert.deepEqual(shown(await shop.rewards({ order_id })), expected);
});

test("settled eight times at once: every order once, nothing remains", async () => {
  const shop = await openShop(tracker, "at-once", { milestones: [{ at: 3, reward: { gives: "credit", amount_minor: 700 } }] });
  const { code } = await shop.enrol("anna");
  for (let orders = 0; orders < 6; orders += 1) await shop.order({ code });
  await Promise.all(Array.from({ length: 8 }, () => shop.settle()));
  await shop.settle();
  const rewards = await shop.rewards();
  const expected = [...Array(6).fill("advocate:confirmed:1000"), "advocate:confirmed:700", ...Array(6).fill("friend:confirmed:1000")];
  assert.deepEqual(shown(rewards), expected);
  assert.equal(new Set(rewards.map(({ reward_id }) => reward_id)).size, 13);
});

test("the answer counts: what was settled, then nothing", async () => {
  const shop = await openShop(tracker, "counts");
  const { code } = await shop.enrol("anna");
  for (let orders = 0; orders < 3; orders += 1) await shop.order({ code });
  const settle = () => shop.call("POST", `/v1/programs/${shop.id}/settle`, { key: shop.owner });
  assert.deepEqual(assertStatus(await settle(), 200).body, { settled: 3, remaining: 0 });
  assert.deepEqual(assertStatus(await settle(), 200).body, { settled: 0, remaining: 0 });
});

test("a hundred due orders of many advocates in a call", async () => {
  const shop = await openShop(tracker, "hundred");
  const codes = [];
  for (let advocates = 0; advocates < 10; advocates += 1) codes.push((await shop.enrol(`advocate-${advocates}`)).code);
  for (let round = 0; round < 10; round += 1) await Promise.all(codes.map((code) => shop.order({ code })));
  const { body } = assertStatus(await shop.call("POST", `/v1/programs/${shop.id}/settle`, { key: shop.owner }), 200);
  assert.deepEqual(body, { settled: 100, remaining: 0 });
  assert.equal((await shop.rewards({ status: "confirmed" })).length, 200);
});

test("orders that arrive while settlement runs are settled by the next", async () => {
  const shop = await openShop(tracker, "meanwhile");
  const { code } = await shop.enrol("anna");
  await Promise.all([...Array.from({ length: 10 }, () => shop.order({ code })), shop.settle(), shop.settle()]);
  await shop.settle();
  assert.equal((await shop.rewards({ side: "advocate", status: "confirmed" })).length, 10);
});

test("refunds whose orders never come hold nobody up", async () => {
  const shop = await openShop(tracker, "orphans");
  const { code } = await shop.enrol("anna");
  for (let round = 0; round < 12; round += 1) {
    await Promise.all(Array.from({ length: 10 }, (_, place) => shop.refund(`never-${round}-${place}`, 100)));
  }
  const { order_id } = await shop.order({ code });
  await shop.settle();
  assert.deepEqual(shown(await shop.rewards({ order_id })), settled);
});

test("the advocate's panel and the friend's side both see it", async () => {
  const shop = await openShop(tracker, "panel");
  const anna = await shop.enrol("anna");
  await shop.order({ claim: await shop.click(anna.code), customer: { id: "frida" } });
  const frida = await shop.enrol("frida");
  assert.deepEqual(shown((await shop.summary(anna.token)).rewards), ["advocate:pending:1000"]);
  await shop.settle();
  const summary = await shop.summary(anna.token);
  assert.deepEqual([summary.conversions, shown(summary.rewards)], [1, ["advocate:confirmed:1000"]]);
  assert.deepEqual(shown((await shop.summary(frida.token)).rewards), ["friend:confirmed:1000"]);
});

test("a replay after settlement is still 200 and earns nothing new", async () => {
  const shop = await openShop(tracker, "replay");
  const { code } = await shop.enrol("anna");
  const body = shop.orderBody({ code });
  assertStatus(await shop.send(body), 201);
  await shop.settle();
  assertStatus(await shop.send(body), 200);
  await shop.settle();
  assert.deepEqual(shown(await shop.rewards()), settled);
});

// On a server of its own: a run of the cron takes the programs in turn, and those of the other tests
// on the shared one are more than a run reaches.
test("the cron trigger settles without being asked", async (t) => {
  const server = await startServer();
  t.after(() => server.stop());
  const shop = await openShop({ ...server, call: caller(server.base) }, "cron");
  const { code } = await shop.enrol("anna");
  const { order_id } = await shop.order({ code });
  // The development server's own way to let a trigger fire, as `start` prints it.
  const body = { cron: "*/15 * * * *" };
  await until("the cron to confirm both rewards", async () => {
    assertStatus(await shop.call("POST", "/cdn-cgi/explorer/api/local/scheduled?worker=goodword", { body }), 200);
    return (await shop.rewards({ order_id, status: "confirmed" })).length === 2;
  });
});

check("settlement is the owner's", [
  ["no key", {}, 401],
  ["another key", { key: "gw_ok_wrong" }, 401],
  ["an advocate's origin", { origin: "https://shop.example" }, 401],
], async (credentials, status) => {
  assertProblem(await tracker.call("POST", "/v1/programs/demo/settle", credentials), status, "unauthorized");
});
