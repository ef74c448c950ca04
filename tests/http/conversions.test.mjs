// POST /v1/conversions, the same order again and again: one conversion, one reward a side, one answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check } from "../support/check.mjs";
import { openShop, shown } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const shop = await openShop(tracker, "conversions", { hold_days: 14 });
const { code } = await shop.enrol("anna", { name: "Anna" });
const held_ms = 14 * 24 * 3600_000;

test("an attributed order names the advocate, the rewards and when they are due", async () => {
  const body = shop.orderBody({ claim: await shop.click(code) });
  const answer = assertStatus(await shop.send(body), 201).body;
  assert.equal(answer.outcome, "attributed");
  assert.equal(answer.code, code);
  assert.equal(typeof answer.conversion_id, "string");
  assert.equal(answer.reason ?? null, null);
  assert.equal(answer.rewards.length, 2);
  assert.equal(new Set(answer.rewards.map(({ reward_id }) => reward_id)).size, 2);
  for (const reward of answer.rewards) {
    assert.equal(reward.code, code);
    assert.equal(reward.order_id, body.order_id);
    assert.equal(Date.parse(reward.due_at), Date.parse(body.occurred_at) + held_ms);
  }
  const by = Object.fromEntries(answer.rewards.map((reward) => [reward.side, reward]));
  assert.deepEqual([by.advocate.gives, by.advocate.value, by.advocate.status], ["credit", { amount_minor: 1000, currency: "EUR" }, "pending"]);
  assert.deepEqual([by.friend.gives, by.friend.value, by.friend.status], ["discount", { amount_minor: 1000, currency: "EUR" }, "pending"]);
});

test("posted ten times: 201, then 200 with the same body, and one reward a side", async () => {
  const body = shop.orderBody({ claim: await shop.click(code) });
  const first = assertStatus(await shop.send(body), 201);
  for (let more = 0; more < 9; more += 1) {
    const again = assertStatus(await shop.send(body), 200);
    assert.deepEqual(again.body, first.body);
  }
  assert.deepEqual(shown(await shop.rewards({ order_id: body.order_id })), ["advocate:pending:1000", "friend:pending:1000"]);
});

test("five times at once: one conversion, one reward a side", async () => {
  const body = shop.orderBody({ claim: await shop.click(code) });
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => shop.send(body)));
  for (const answer of answers) {
    assertStatus(answer, 200, 201);
    assert.deepEqual(answer.body, answers[0].body);
  }
  assertStatus(await shop.send(body), 200);
  assert.deepEqual(shown(await shop.rewards({ order_id: body.order_id })), ["advocate:pending:1000", "friend:pending:1000"]);
});

test("ten orders at once are ten orders", async () => {
  const own = await openShop(tracker, "burst");
  const { code: its } = await own.enrol("anna");
  const claim = await own.click(its);
  const bodies = Array.from({ length: 10 }, () => own.orderBody({ claim }));
  for (const answer of await Promise.all(bodies.map(own.send))) {
    assert.equal(assertStatus(answer, 201).body.outcome, "attributed");
  }
  await own.settle();
  assert.equal((await own.rewards({ side: "advocate", status: "confirmed" })).length, 10);
  assert.equal((await own.rewards({ side: "friend", status: "confirmed" })).length, 10);
});

/** An order that was posted once, and the answer it got. */
async function posted() {
  const original = shop.orderBody({ claim: await shop.click(code) });
  original.customer.email = `${original.customer.id}@mail.example`;
  return { original, recorded: assertStatus(await shop.send(original), 201).body };
}

check("the same order with other content: 409 naming the difference", [
  ["another amount", { value: { amount_minor: 4991, currency: "EUR" } }, /value|amount/i],
  ["another currency", { value: { amount_minor: 4990, currency: "USD" } }, /value|currency/i],
  ["another customer", { customer: { id: "pia" } }, /customer/i],
  ["another kind", { kind: "signup" }, /kind/i],
], async (overrides, difference) => {
  const { original, recorded } = await posted();
  const answer = await shop.send({ ...original, ...overrides });
  assertProblem(answer, 409, "conflict");
  assert.match(answer.body.detail + JSON.stringify(answer.body.errors ?? []), difference);
  // And nothing of the order has changed by it.
  assert.deepEqual(assertStatus(await shop.send(original), 200).body, recorded);
});

check("the same order with another claim, time or e-mail is a replay", [
  ["an hour later", ({ occurred_at }) => ({ occurred_at: new Date(Date.parse(occurred_at) + 3600_000).toISOString() })],
  ["a minute earlier", ({ occurred_at }) => ({ occurred_at: new Date(Date.parse(occurred_at) - 60_000).toISOString() })],
  ["without its claim", () => ({ claim: undefined })],
  ["with a claim that is none", () => ({ claim: "lAAAA" })],
  ["with a typed code beside it", () => ({ code })],
  ["without the e-mail", ({ customer }) => ({ customer: { id: customer.id } })],
], async (overrides) => {
  const { original, recorded } = await posted();
  assert.deepEqual(assertStatus(await shop.send({ ...original, ...overrides(original) }), 200).body, recorded);
  assert.deepEqual(shown(await shop.rewards({ order_id: original.order_id })), ["advocate:pending:1000", "friend:pending:1000"]);
});

test("two programs may have the same order id", async () => {
  const { original, recorded } = await posted();
  const own = await openShop(tracker, "same-id");
  const { code: its } = await own.enrol("anna");
  const body = own.orderBody({ order_id: original.order_id, claim: await own.click(its), amount: 7000 });
  assert.equal(assertStatus(await own.send(body), 201).body.outcome, "attributed");
  assert.deepEqual(assertStatus(await shop.send(original), 200).body, recorded);
});

check("order ids are taken as they are", [
  ["beyond what a double holds", "90071992547409931234"],
  ["a neighbour of it", "90071992547409931235"],
  ["with blanks and slashes", "2026/11 no 7"],
  ["in another script", "注文-7"],
  ["an address", "gid://shopify/Order/7"],
], async (order_id) => {
  const body = shop.orderBody({ order_id, claim: await shop.click(code) });
  assert.equal(assertStatus(await shop.send(body), 201).body.outcome, "attributed");
  assertStatus(await shop.send(body), 200);
  const rewards = await shop.rewards({ order_id });
  assert.deepEqual(shown(rewards), ["advocate:pending:1000", "friend:pending:1000"]);
  for (const reward of rewards) assert.equal(reward.order_id, order_id);
});

test("lines may come along", async () => {
  const body = shop.orderBody({
    claim: await shop.click(code),
    lines: [{ product_id: "oolong", category: "tea", quantity: 2, value: { amount_minor: 2495, currency: "EUR" } }],
  });
  assert.equal(assertStatus(await shop.send(body), 201).body.outcome, "attributed");
});

test("a sign-up earns where sign-ups count, and needs no value", async () => {
  const own = await openShop(tracker, "signup", {
    qualifies: { kind: "signup", which: "first", minimum_minor: 0, new_customers_only: true, products: [] },
  });
  const { code: its } = await own.enrol("anna");
  const body = own.orderBody({ kind: "signup", claim: await own.click(its) });
  delete body.value;
  assert.equal(assertStatus(await own.send(body), 201).body.outcome, "attributed");
  assertStatus(await own.send(body), 200);
  await own.settle();
  assert.deepEqual(shown(await own.rewards()), ["advocate:confirmed:1000", "friend:confirmed:1000"]);
});

test("a page through all rewards misses none and shows none twice", async () => {
  const own = await openShop(tracker, "paging");
  const { code: its } = await own.enrol("anna");
  for (let orders = 0; orders < 7; orders += 1) await own.order({ code: its });
  const all = await own.rewards();
  const paged = await own.rewards({ limit: 3 });
  assert.equal(all.length, 14);
  assert.deepEqual(paged.map(({ reward_id }) => reward_id).sort(), all.map(({ reward_id }) => reward_id).sort());
});

test("rewards are the owner's to list", async () => {
  assertProblem(await shop.call("GET", `/v1/programs/${shop.id}/rewards`), 401, "unauthorized");
  assertProblem(await shop.call("GET", `/v1/programs/${shop.id}/rewards`, { key: "gw_ok_wrong" }), 401, "unauthorized");
});
