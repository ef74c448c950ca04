// What an order earns: kinds of reward, percentages, ladders, milestones, caps, boosts and groups.
// Every sum here is worked out by hand. Orders carry typed codes, so that they may lie in the past.
import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../support/check.mjs";
import { always, credit, fixed, gift, percent, qualifies } from "../support/program.mjs";
import { openShop, shown } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();

/** Enrols Anna, sends her friends' orders in the given order, settles, gives one side's rewards by order. */
async function earned(terms, orders, { side = "advocate", claims = {}, refunds = [] } = {}) {
  const shop = await openShop(tracker, "rewards", terms);
  const { code, token } = await shop.enrol("anna", claims);
  const ids = [];
  for (const parts of orders) ids.push((await shop.order({ code, ...parts })).order_id);
  for (const place of refunds) await shop.refund(ids[place], 1_000_000);
  await shop.settle();
  const rewards = await shop.rewards({ side });
  const of = (order_id) => shown(rewards.filter((reward) => reward.order_id === order_id)).map((text) => text.slice(side.length + 1));
  return { shop, token, rewards, each: ids.map((id) => of(id).join(" ")), milestones: rewards.filter(({ milestone }) => milestone) };
}

const day = (date) => ({ at: `2026-03-${String(date).padStart(2, "0")}T12:00:00Z` });
const days = (count) => Array.from({ length: count }, (_, index) => day(index + 1));

check("kinds of reward, for either side", [
  ["money", { gives: "money", amount_minor: 700 }, { amount_minor: 700, currency: "EUR" }],
  ["credit", credit(700), { amount_minor: 700, currency: "EUR" }],
  ["a discount", { gives: "discount", amount_minor: 700 }, { amount_minor: 700, currency: "EUR" }],
  ["a coupon", { gives: "coupon", amount_minor: 700 }, { amount_minor: 700, currency: "EUR" }],
  ["points", { gives: "points", amount: 500 }, { amount: 500 }],
  ["units", { gives: "units", unit: "MB", amount: 250 }, { amount: 250, unit: "MB" }],
  ["a gift", gift("A caddy"), { label: "A caddy" }],
  ["percent of the order", percent(1000), { amount_minor: 499, currency: "EUR" }],
], async (reward, value) => {
  for (const [side, terms] of [["advocate", { advocate_reward: always(reward), friend_reward: null }], ["friend", { advocate_reward: null, friend_reward: reward }]]) {
    const { rewards } = await earned(terms, [{}], { side });
    assert.deepEqual(rewards.map(({ gives, value, status }) => ({ gives, value, status })), [{ gives: reward.gives, value, status: "confirmed" }]);
  }
});

check("percent rounds half up, once", [
  ["10 % of 49.90", percent(1000), 4990, 499],
  ["10 % of 49.94: 499.4", percent(1000), 4994, 499],
  ["10 % of 49.95: 499.5", percent(1000), 4995, 500],
  ["a basis point of 50.00: half a cent", percent(1), 5000, 1],
  ["a basis point of 49.99: less than half", percent(1), 4999, 0],
  ["all of it", percent(10000), 4990, 4990],
  ["33.33 % of 100.00", percent(3333), 10000, 3333],
  ["at most, not reached", percent(1000, { at_most_minor: 500 }), 4990, 499],
  ["at most, exactly", percent(1000, { at_most_minor: 499 }), 4990, 499],
  ["at most, exceeded", percent(1000, { at_most_minor: 498 }), 4990, 498],
  ["a large order", percent(1500), 900_000_000_000, 135_000_000_000],
], async (reward, amount, expected) => {
  const { each } = await earned({ advocate_reward: always(reward) }, [{ amount }]);
  // A percentage that comes to nothing may be shown as nothing or not at all.
  assert.ok([`confirmed:${expected}`, ...(expected === 0 ? [""] : [])].includes(each[0]), each[0]);
});

test("a currency without minor units is paid in whole ones", async () => {
  const shop = await openShop(tracker, "yen", { currency: "JPY", advocate_reward: always(percent(1000)) });
  const { code } = await shop.enrol("anna");
  const { order_id } = await shop.order({ code, amount: 4995, currency: "JPY" });
  await shop.settle();
  const [{ value }] = await shop.rewards({ order_id, side: "advocate" });
  assert.deepEqual(value, { amount_minor: 500, currency: "JPY" });
});

const ladder = { steps: [{ from: 1, reward: credit(1000) }, { from: 3, reward: credit(1500) }, { from: 5, reward: credit(3000) }] };
check("a ladder counts the advocate's orders by when they occurred", [
  ["six friends", days(6), [], ["1000", "1000", "1500", "1500", "3000", "3000"]],
  ["posted in another order", [day(3), day(1), day(2)], [], ["1500", "1000", "1000"]],
  ["the first refunded: the others move down", days(3), [0], [null, "1000", "1000"]],
  ["the last refunded", days(3), [2], ["1000", "1000", null]],
  ["two of five refunded", days(5), [0, 3], [null, "1000", "1000", null, "1500"]],
  ["orders nobody earned do not count", [day(1), { ...day(2), amount: 100 }, day(3), day(4)], [], ["1000", "", "1000", "1500"]],
], async (orders, refunds, expected) => {
  const { each } = await earned({ advocate_reward: ladder }, orders, { refunds });
  const wanted = expected.map((value) => (value === null ? "" : value && `confirmed:${value}`));
  assert.deepEqual(each.map((text, place) => (expected[place] === null ? text.replace(/^voided:\d+$/, "") : text)), wanted);
});

test("two orders of one instant take two steps of the ladder, whichever comes first", async () => {
  const { each } = await earned({ advocate_reward: ladder }, [day(1), day(2), day(2)]);
  assert.deepEqual(each.toSorted(), ["confirmed:1000", "confirmed:1000", "confirmed:1500"]);
});

test("what is settled is not edited by an order that comes late", async () => {
  const { shop, each } = await earned({ advocate_reward: ladder }, [day(10), day(11), day(12)]);
  assert.deepEqual(each, ["confirmed:1000", "confirmed:1000", "confirmed:1500"]);
  const [{ code }] = await shop.rewards();
  // By its date the first of four: its own fold gives it the first step, the others stay as they are.
  const late = await shop.order({ code, ...day(1) });
  await shop.settle();
  const sums = (await shop.rewards({ side: "advocate" })).map(({ value }) => value.amount_minor).sort((a, b) => a - b);
  assert.deepEqual(sums, [1000, 1000, 1000, 1500]);
  assert.deepEqual(shown(await shop.rewards({ order_id: late.order_id, side: "advocate" })), ["advocate:confirmed:1000"]);
});

const milestones = [{ at: 2, reward: gift("A caddy") }, { at: 4, reward: credit(5000) }];
check("milestones", [
  ["not reached", 1, [], []],
  ["exactly reached", 2, [], ["2 confirmed A caddy"]],
  ["passed", 3, [], ["2 confirmed A caddy"]],
  ["both", 4, [], ["2 confirmed A caddy", "4 confirmed 5000"]],
  ["one refunded: not reached", 2, [1], []],
  ["one more refunded than matters", 5, [2], ["2 confirmed A caddy", "4 confirmed 5000"]],
], async (count, refunds, expected) => {
  const { milestones: reached } = await earned({ milestones }, days(count), { refunds });
  const standing = reached.filter(({ status }) => status !== "voided");
  assert.deepEqual(standing.map(({ milestone, status, value }) => `${milestone} ${status} ${value.label ?? value.amount_minor}`).sort(), expected);
  for (const reward of standing) assert.equal(reward.order_id ?? null, null);
});

test("a milestone whose count falls back after settlement is voided, and comes again once", async () => {
  const { shop, rewards } = await earned({ milestones: milestones.slice(0, 1) }, days(2));
  const [{ code, order_id }] = rewards.filter((reward) => reward.order_id);
  const of = async () => (await shop.rewards()).filter(({ milestone }) => milestone).map(({ status }) => status);
  assert.deepEqual(await of(), ["confirmed"]);
  await shop.refund(order_id, 4990);
  await shop.settle();
  assert.deepEqual((await of()).filter((status) => !["voided", "clawed_back"].includes(status)), []);
  await shop.order({ code, ...day(20) });
  await shop.settle();
  assert.equal((await of()).filter((status) => status === "confirmed").length, 1);
});

test("the panel tells the next milestone and how far it is", async () => {
  const { shop, token } = await earned({ milestones }, days(3));
  const { next_milestone, conversions } = await shop.summary(token);
  assert.equal(conversions, 3);
  assert.deepEqual(next_milestone, { at: 4, reached: 3, reward: { gives: "credit", value: { amount_minor: 5000, currency: "EUR" } } });
});

const cap = (rest) => ({ caps: [{ side: "advocate", ...rest }] });
const two = cap({ period: "month", count: 2 });
const climbing = { advocate_reward: ladder };
const thisYear = { from: "2026-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z" };
const boosted = { boosts: [{ ...thisYear, side: "advocate", factor_bp: 20000 }, { ...thisYear, side: "friend", factor_bp: 30000 }] };
const euros = (amount_minor) => ({ gives: "credit", value: { amount_minor, currency: "EUR" } });
check("the panel tells what the next friend brings", [
  ["on the first rung", climbing, 1, {}, euros(1000)],
  ["where the next friend reaches a rung", climbing, 2, {}, euros(1500)],
  ["on the last rung", climbing, 5, {}, euros(3000)],
  ["while a boost of this side runs", boosted, 0, {}, euros(2000)],
  ["to somebody of a group", { groups: { staff: { factor_bp: 15000 } } }, 0, { group: "staff" }, euros(1500)],
  ["in percent, boosted", { ...boosted, advocate_reward: always(percent(1250, { at_most_minor: 500 })) }, 0, {}, { gives: "credit", basis_points: 2500, at_most: { amount_minor: 1000, currency: "EUR" } }],
  ["in points", { advocate_reward: always({ gives: "points", amount: 500 }) }, 0, {}, { gives: "points", value: { amount: 500 } }],
  ["in units, what is left of them", { advocate_reward: always({ gives: "units", unit: "MB", amount: 500 }), ...cap({ period: "total", amount: 700, unit: "MB" }) }, 1, {}, { gives: "units", value: { amount: 200, unit: "MB" } }],
  ["a gift", { advocate_reward: always(gift("A caddy")) }, 1, {}, { gives: "gift", value: { label: "A caddy" } }],
  ["one gift only", { advocate_reward: always(gift("A caddy")), ...cap({ period: "total", count: 1 }) }, 1, {}, null],
  ["what a cap leaves", cap({ period: "total", amount_minor: 2500 }), 2, {}, euros(500)],
  ["nothing beyond a cap", cap({ period: "total", amount_minor: 2000 }), 2, {}, null],
  ["no percentage beyond a cap", { advocate_reward: always(percent(1000)), ...cap({ period: "total", count: 1 }) }, 1, {}, null],
  ["a percentage below it", { advocate_reward: always(percent(1000)), ...cap({ period: "total", count: 2 }) }, 1, {}, { gives: "credit", basis_points: 1000 }],
  ["nothing to advocates", { advocate_reward: null }, 1, {}, null],
], async (terms, friends, claims, expected) => {
  const { shop, token } = await earned(terms, days(friends), { claims });
  const { offer: { next_reward }, friends: told } = await shop.summary(token);
  assert.deepEqual(next_reward, expected);
  assert.equal(told, friends);
});

check("caps", [
  ["two a month, the third is worth nothing", two, days(3), ["1000", "1000", "0:capped"]],
  ["a month ends at midnight UTC", two, ["2026-03-30T12:00:00Z", "2026-03-31T12:00:00Z", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z"].map((at) => ({ at })), ["1000", "1000", "0:capped", "1000"]],
  ["by when they occurred, not when they came", two, [day(3), day(1), day(2)], ["0:capped", "1000", "1000"]],
  ["two in total, months apart", cap({ period: "total", count: 2 }), [{ at: "2026-01-05T00:00:00Z" }, { at: "2026-02-05T00:00:00Z" }, { at: "2026-03-05T00:00:00Z" }], ["1000", "1000", "0:capped"]],
  ["€20 in total", cap({ period: "total", amount_minor: 2000 }), days(3), ["1000", "1000", "0:capped"]],
  ["€20 a month, two months", cap({ period: "month", amount_minor: 2000 }), [...days(3), { at: "2026-04-02T00:00:00Z" }], ["1000", "1000", "0:capped", "1000"]],
  ["none at all", cap({ period: "total", count: 0 }), days(1), ["0:capped"]],
  ["milestones use none up", { ...cap({ period: "total", count: 2 }), milestones: [{ at: 1, reward: credit(700) }] }, days(2), ["1000", "1000"]],
], async (terms, orders, expected) => {
  const { each } = await earned(terms, orders);
  assert.deepEqual(each, expected.map((value) => `confirmed:${value}`));
});

test("a cap is not used up by what was refunded", async () => {
  const { each } = await earned(two, days(3), { refunds: [0] });
  assert.deepEqual(each.slice(1), ["confirmed:1000", "confirmed:1000"]);
});

test("a cap's amount is never exceeded by a part", async () => {
  const { rewards } = await earned(cap({ period: "total", amount_minor: 2500 }), days(4));
  assert.ok(rewards.reduce((sum, { value }) => sum + value.amount_minor, 0) <= 2500, JSON.stringify(rewards));
});

test("one advocate's cap is not another's", async () => {
  const { shop } = await earned(two, days(2));
  const { code } = await shop.enrol("ben");
  const { order_id } = await shop.order({ code, ...day(5) });
  await shop.settle();
  assert.deepEqual(shown(await shop.rewards({ order_id, side: "advocate" })), ["advocate:confirmed:1000"]);
});

const boosts = [{ from: "2026-03-10T00:00:00Z", to: "2026-03-20T00:00:00Z", side: "advocate", factor_bp: 20000 }];
const staff = { groups: { staff: { factor_bp: 15000 } } };
check("boosts and groups multiply the base reward", [
  ["a second before the boost", { boosts }, "2026-03-09T23:59:59Z", {}, 1000],
  ["when it begins", { boosts }, "2026-03-10T00:00:00Z", {}, 2000],
  ["a second before it ends", { boosts }, "2026-03-19T23:59:59Z", {}, 2000],
  ["when it ends", { boosts }, "2026-03-20T00:00:00Z", {}, 1000],
  ["staff", staff, "2026-03-01T00:00:00Z", { group: "staff" }, 1500],
  ["a group the program has not", staff, "2026-03-01T00:00:00Z", { group: "friends" }, 1000],
  ["no group", staff, "2026-03-01T00:00:00Z", {}, 1000],
  ["staff in the boost", { boosts, ...staff }, "2026-03-15T00:00:00Z", { group: "staff" }, 3000],
  ["half a cent rounds up: 1001 × 1.5", { advocate_reward: fixed(1001), ...staff }, "2026-03-01T00:00:00Z", { group: "staff" }, 1502],
  // 3.33 % of 49.90 is 166.167 cents; rounded before it is multiplied it would come to 498.
  ["rounded once, at the end", { advocate_reward: always(percent(333)), boosts, ...staff }, "2026-03-15T00:00:00Z", { group: "staff" }, 499],
  ["a boost below one", { boosts: [{ ...boosts[0], factor_bp: 5000 }] }, "2026-03-15T00:00:00Z", {}, 500],
], async (terms, at, claims, expected) => {
  const { each } = await earned(terms, [{ at }], { claims });
  assert.deepEqual(each, [`confirmed:${expected}`]);
});

test("a boost is for its own side", async () => {
  assert.deepEqual((await earned({ boosts }, [day(15)], { side: "friend" })).each, ["confirmed:1000"]);
  assert.deepEqual((await earned({ boosts: [{ ...boosts[0], side: "friend" }] }, [day(15)], { side: "friend" })).each, ["confirmed:2000"]);
});

test("the terms in force when the order occurred apply", async () => {
  const shop = await openShop(tracker, "versions");
  const { code } = await shop.enrol("anna");
  const before = new Date().toISOString();
  await shop.put({ advocate_reward: fixed(4000) });
  const old = await shop.order({ code, at: before });
  const young = await shop.order({ code, at: new Date().toISOString() });
  await shop.settle();
  assert.deepEqual(shown(await shop.rewards({ order_id: old.order_id, side: "advocate" })), ["advocate:confirmed:1000"]);
  assert.deepEqual(shown(await shop.rewards({ order_id: young.order_id, side: "advocate" })), ["advocate:confirmed:4000"]);
});

test("where every order counts, both sides are paid for each", async () => {
  const terms = { qualifies: qualifies({ which: "every", new_customers_only: false }), advocate_reward: ladder };
  const { shop, each } = await earned(terms, [1, 2, 3].map((date) => ({ ...day(date), customer: { id: "frida" } })));
  assert.deepEqual(each, ["confirmed:1000", "confirmed:1000", "confirmed:1500"]);
  assert.equal((await shop.rewards({ side: "friend", status: "confirmed" })).length, 3);
});

test("an advocate's rewards come the newest first, what they got as a friend among them", async () => {
  const shop = await openShop(tracker, "newest");
  const [anna, ben] = [await shop.enrol("anna"), await shop.enrol("ben")];
  for (const [date, code, customer] of [[3, anna.code], [8, anna.code], [1, anna.code], [5, ben.code, { id: "anna" }]]) {
    await shop.order({ code, ...day(date), ...(customer && { customer }) });
  }
  const { rewards } = await shop.summary(anna.token);
  assert.deepEqual(rewards.map(({ side, due_at }) => `${side} ${due_at.slice(8, 10)}`), ["advocate 08", "friend 05", "advocate 03", "advocate 01"]);
});
