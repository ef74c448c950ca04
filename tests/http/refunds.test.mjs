// POST /v1/refunds, in every order of arrival: the ledger must end the same, only what was already
// settled is clawed back where the rest is voided.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check } from "../support/check.mjs";
import { always, percent } from "../support/program.mjs";
import { openShop, owed, shown } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();

// The advocate gets 10 % of the order, the friend a fixed €10; orders below €20 earn nothing.
const shop = await openShop(tracker, "refunds", { advocate_reward: always(percent(1000)) });
const { code } = await shop.enrol("anna");

// Each way an order, its refunds and settlement can follow one another.
const arrivals = {
  "refunds first": async (body, refunds) => {
    for (const refund of refunds) assertStatus(await shop.sendRefund(refund), 201);
    assertStatus(await shop.send(body), 201);
  },
  "refunds between the order and its settlement": async (body, refunds) => {
    assertStatus(await shop.send(body), 201);
    for (const refund of refunds) assertStatus(await shop.sendRefund(refund), 201);
  },
  "refunds after settlement": async (body, refunds) => {
    assertStatus(await shop.send(body), 201);
    await shop.settle();
    for (const refund of refunds) assertStatus(await shop.sendRefund(refund), 201);
  },
  "refunds after settlement, last one first": async (body, refunds) => {
    assertStatus(await shop.send(body), 201);
    await shop.settle();
    for (const refund of refunds.toReversed()) assertStatus(await shop.sendRefund(refund), 201);
  },
  "everything at once": async (body, refunds) => {
    const answers = await Promise.all([shop.send(body), ...refunds.map(shop.sendRefund)]);
    for (const answer of answers) assertStatus(answer, 201);
  },
  "one refund first, the others after settlement": async (body, [first, ...others]) => {
    assertStatus(await shop.sendRefund(first), 201);
    assertStatus(await shop.send(body), 201);
    await shop.settle();
    for (const refund of others) assertStatus(await shop.sendRefund(refund), 201);
  },
};

// amount paid, refunds, what the advocate (10 %) and the friend (€10, fixed) are owed in the end.
const sums = [
  ["nothing refunded", 4990, [], 499, 1000],
  ["all of it", 4990, [4990], 0, 0],
  ["all of it in three parts", 4990, [1000, 3000, 990], 0, 0],
  ["more than all of it", 4990, [3000, 3000], 0, 0],
  ["a part", 4990, [990], 400, 1000],
  ["two parts", 4990, [500, 490], 400, 1000],
  ["a cent: 498.9 rounds up", 4990, [1], 499, 1000],
  ["half a cent rounds up: 498.5", 4990, [5], 499, 1000],
  ["below half a cent rounds down: 498.4", 4990, [6], 498, 1000],
  ["down to the minimum", 4990, [2990], 200, 1000],
  // What is left falls below the minimum: the fixed reward goes, the percentage only shrinks.
  ["a cent below the minimum: 199.9 rounds up", 4990, [2991], 200, 0],
  ["a small order, a cent below the minimum", 2000, [1], 200, 0],
  ["all but a cent: 0.1 rounds down", 4990, [4989], 0, 0],
];

for (const [arrival, run] of Object.entries(arrivals)) {
  const rows = sums.filter(([, , refunds]) => refunds.length > 0 || arrival === "refunds first");
  check(arrival, rows, async (amount, refunds, advocate, friend) => {
    const body = shop.orderBody({ code, amount });
    await run(body, refunds.map((part, place) => shop.refundBody(body.order_id, part, { refund_id: `${body.order_id}-${place}` })));
    await shop.settle();
    const rewards = await shop.rewards({ order_id: body.order_id });
    assert.deepEqual([owed(rewards, "advocate"), owed(rewards, "friend")], [advocate, friend], JSON.stringify(rewards));
    assert.ok(rewards.every(({ status }) => status !== "pending"), JSON.stringify(rewards));
    for (const side of ["advocate", "friend"]) assert.ok(rewards.filter((reward) => reward.side === side).length <= 1, JSON.stringify(rewards));
  });
}

const statuses = (rewards) => rewards.map(({ side, status }) => `${side}:${status}`).sort();

test("before settlement a full refund voids", async () => {
  const { order_id } = await shop.order({ code });
  const answer = await shop.refund(order_id, 4990);
  assert.deepEqual([answer.outcome, answer.order_id], ["recorded", order_id]);
  assert.deepEqual(statuses(answer.rewards), ["advocate:voided", "friend:voided"]);
  await shop.settle();
  assert.deepEqual(statuses(await shop.rewards({ order_id })), ["advocate:voided", "friend:voided"]);
});

test("after settlement a full refund claws back", async () => {
  const { order_id } = await shop.order({ code });
  await shop.settle();
  assert.deepEqual(statuses(await shop.rewards({ order_id })), ["advocate:confirmed", "friend:confirmed"]);
  await shop.refund(order_id, 4990);
  await shop.settle();
  assert.deepEqual(statuses(await shop.rewards({ order_id })), ["advocate:clawed_back", "friend:clawed_back"]);
});

test("after settlement a partial refund leaves the reward confirmed, at what is left", async () => {
  const { order_id } = await shop.order({ code });
  await shop.settle();
  await shop.refund(order_id, 990);
  await shop.settle();
  assert.deepEqual(shown(await shop.rewards({ order_id })), ["advocate:confirmed:400", "friend:confirmed:1000"]);
});

test("a refund that came first is in the order's own answer", async () => {
  const body = shop.orderBody({ code });
  assertStatus(await shop.sendRefund(shop.refundBody(body.order_id, 990)), 201);
  const { rewards } = assertStatus(await shop.send(body), 201).body;
  assert.deepEqual(shown(rewards), ["advocate:pending:400", "friend:pending:1000"]);
});

test("a refund replayed counts once, before settlement and after", async () => {
  const { order_id } = await shop.order({ code });
  const refund = shop.refundBody(order_id, 990);
  const first = assertStatus(await shop.sendRefund(refund), 201);
  for (let more = 0; more < 3; more += 1) assert.deepEqual(assertStatus(await shop.sendRefund(refund), 200).body, first.body);
  await shop.settle();
  assertStatus(await shop.sendRefund(refund), 200);
  await shop.settle();
  assert.deepEqual(shown(await shop.rewards({ order_id })), ["advocate:confirmed:400", "friend:confirmed:1000"]);
});

test("a refund five times at once counts once", async () => {
  const { order_id } = await shop.order({ code });
  const refund = shop.refundBody(order_id, 990);
  for (const answer of await Promise.all([1, 2, 3, 4, 5].map(() => shop.sendRefund(refund)))) assertStatus(answer, 200, 201);
  await shop.settle();
  assert.deepEqual(shown(await shop.rewards({ order_id })), ["advocate:confirmed:400", "friend:confirmed:1000"]);
});

test("the same refund with another amount: 409", async () => {
  const { order_id } = await shop.order({ code });
  const refund = shop.refundBody(order_id, 990);
  assertStatus(await shop.sendRefund(refund), 201);
  const answer = await shop.sendRefund({ ...refund, value: { amount_minor: 1990, currency: "EUR" } });
  assertProblem(answer, 409, "conflict");
  assert.match(answer.body.detail, /value|amount/i);
});

test("the order replayed after its refund is still a replay, and earns nothing new", async () => {
  const body = shop.orderBody({ code });
  assertStatus(await shop.send(body), 201);
  await shop.refund(body.order_id, 4990);
  assertStatus(await shop.send(body), 200);
  await shop.settle();
  assertStatus(await shop.send(body), 200);
  await shop.settle();
  assert.deepEqual(statuses(await shop.rewards({ order_id: body.order_id })), ["advocate:voided", "friend:voided"]);
});

test("a refund of an order that never comes is kept and harms nobody", async () => {
  const { outcome, rewards } = await shop.refund("order-that-never-comes", 500);
  assert.deepEqual([outcome, rewards], ["recorded", []]);
  assert.deepEqual(await shop.settle(), { settled: 0, remaining: 0 });
});

test("a refund of an order nobody earned changes nothing", async () => {
  const { order_id, outcome } = await shop.order({});
  assert.equal(outcome, "unattributed");
  await shop.refund(order_id, 4990);
  await shop.settle();
  assert.deepEqual(await shop.rewards({ order_id }), []);
});

test("the advocate's figures follow", async () => {
  const own = await openShop(tracker, "refund-summary");
  const anna = await own.enrol("anna");
  const { order_id } = await own.order({ code: anna.code });
  await own.order({ code: anna.code });
  await own.settle();
  assert.equal(owed((await own.summary(anna.token)).rewards, "advocate"), 2000);
  await own.refund(order_id, 4990);
  await own.settle();
  assert.equal(owed((await own.summary(anna.token)).rewards, "advocate"), 1000);
});
