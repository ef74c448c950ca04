// Who earned an order, or why nobody did. Whatever the reason, the order is recorded: posted again it
// is a replay with the same answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertStatus, check } from "../support/check.mjs";
import { attribution, qualifies } from "../support/program.mjs";
import { openShop, shown } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const shop = await openShop(tracker, "attribution");
const anna = await shop.enrol("anna", { name: "Anna", email: "anna@mail.example" });
const ben = await shop.enrol("ben", { name: "Ben", email: "ben.tea@gmail.com" });
const claim = await shop.click(anna.code);

/** Posts an order twice and gives what is decided of it: the code, or the reason. */
async function decided(at, parts) {
  const body = at.orderBody(parts);
  const { body: first } = assertStatus(await at.send(body), 201);
  assert.deepEqual(assertStatus(await at.send(body), 200).body, first);
  const rewards = await at.rewards({ order_id: body.order_id });
  if (first.outcome === "attributed") {
    assert.equal(first.reason ?? null, null);
    return first.code;
  }
  assert.equal(first.outcome, "unattributed");
  assert.deepEqual(first.rewards, []);
  assert.deepEqual(rewards, [], "an unattributed order earns nobody anything");
  return first.reason;
}

const tampered = claim.slice(0, -6) + (claim.at(-6) === "A" ? "B" : "A") + claim.slice(-5);
const elsewhere = await openShop(tracker, "elsewhere");
const stranger = await elsewhere.enrol("anna");
const foreign = await elsewhere.click(stranger.code);
const bare = anna.code.split("-").at(-1);
const mistyped = `ANNA-${bare[0] === "0" ? "1" : "0"}${bare.slice(1)}`;

check("why nobody earned it", [
  ["no claim and no code", {}, "no_claim"],
  ["an empty claim", { claim: "" }, ["no_claim", "invalid_claim"]],
  ["a claim tampered with", { claim: tampered }, "invalid_claim"],
  ["a claim cut short", { claim: claim.slice(0, -1) }, "invalid_claim"],
  ["a claim that is none", { claim: "lAAAA" }, "invalid_claim"],
  ["a claim that is text", { claim: "hello world" }, "invalid_claim"],
  ["another program's claim", { claim: foreign }, "other_program"],
  ["a mistyped code", { code: mistyped }, "unknown_code"],
  ["a code that cannot be one", { code: "TEATIME" }, "unknown_code"],
  ["another program's code", { code: stranger.code }, ["unknown_code", "other_program"]],
  ["the advocate's own order, by id", { claim, customer: { id: "anna" } }, "self_referral"],
  ["the advocate's own order, by typed code", { code: anna.code, customer: { id: "anna" } }, "self_referral"],
  ["the advocate's own e-mail", { claim, customer: { id: "anna-2", email: "anna@mail.example" } }, "self_referral"],
  ["the same e-mail, written otherwise", { claim, customer: { id: "anna-3", email: " Anna@MAIL.example " } }, "self_referral"],
  ["the same mailbox by the provider's dots and plus", { code: ben.code, customer: { id: "ben-2", email: "b.e.n.tea+gift@gmail.com" } }, "self_referral"],
  ["a cent below the minimum", { claim, amount: 1999 }, "below_minimum"],
  ["nothing paid", { claim, amount: 0 }, "below_minimum"],
  ["another currency", { claim, currency: "USD" }, "not_qualifying"],
  ["a sign-up where purchases count", { claim, kind: "signup" }, "not_qualifying"],
  ["a customer from before", { claim, customer: { id: "old-friend", existing: true } }, "existing_customer"],
], async (parts, reasons) => {
  const reason = await decided(shop, parts);
  assert.ok([reasons].flat().includes(reason), `${reason}, expected ${reasons}`);
});

check("who earned it", [
  ["by claim", { claim }, anna.code],
  ["by typed code", { code: ben.code }, ben.code],
  ["by a code typed in small letters", { code: ben.code.toLowerCase() }, ben.code],
  ["by a code without its name", { code: bare }, anna.code],
  ["a typed code wins over a claim", { claim, code: ben.code }, ben.code],
  ["a mistyped code leaves the claim", { claim, code: mistyped }, anna.code],
  ["a bad claim leaves the typed code", { claim: tampered, code: ben.code }, ben.code],
  ["exactly the minimum", { claim, amount: 2000 }, anna.code],
  ["dots count where the provider counts them", { claim, customer: { id: "other-anna", email: "an.na@mail.example" } }, anna.code],
  ["an e-mail that only looks alike", { claim, customer: { id: "anna-x", email: "anna@mail.example.org" } }, anna.code],
], async (parts, code) => assert.equal(await decided(shop, parts), code));

test("where the program says so, the claim wins over a typed code", async () => {
  const own = await openShop(tracker, "claim-wins", { attribution: attribution({ typed_code: "loses" }) });
  const one = await own.enrol("one");
  const two = await own.enrol("two");
  assert.equal(await decided(own, { claim: await own.click(one.code), code: two.code }), one.code);
});

test("a friend's second order is not their first", async () => {
  const own = await openShop(tracker, "second");
  const { code } = await own.enrol("anna");
  const its = await own.click(code);
  assert.equal(await decided(own, { claim: its, customer: { id: "frida" } }), code);
  assert.equal(await decided(own, { claim: its, customer: { id: "frida" } }), "not_first_purchase");
  await own.settle();
  assert.deepEqual(shown(await own.rewards()), ["advocate:confirmed:1000", "friend:confirmed:1000"]);
});

test("a friend brought by one advocate is not another's", async () => {
  const own = await openShop(tracker, "taken");
  const one = await own.enrol("one");
  const two = await own.enrol("two");
  assert.equal(await decided(own, { claim: await own.click(one.code), customer: { id: "frida" } }), one.code);
  const reason = await decided(own, { claim: await own.click(two.code), customer: { id: "frida" } });
  assert.ok(["already_referred", "not_first_purchase"].includes(reason), reason);
});

test("where every order counts, a friend stays with their advocate, claim or no claim", async () => {
  const own = await openShop(tracker, "every", { qualifies: qualifies({ which: "every", new_customers_only: false }) });
  const { code } = await own.enrol("anna");
  assert.equal(await decided(own, { claim: await own.click(code), customer: { id: "frida" } }), code);
  assert.equal(await decided(own, { customer: { id: "frida" } }), code);
  assert.equal(await decided(own, { customer: { id: "somebody-else" } }), "no_claim");
  await own.settle();
  assert.deepEqual(shown(await own.rewards()), [
    "advocate:confirmed:1000", "advocate:confirmed:1000", "friend:confirmed:1000", "friend:confirmed:1000",
  ]);
});

// A claim's window, to the second: it counts up to ten minutes before the click (clocks differ) and
// until it expires, that instant excluded.
const instants = (await shop.call("GET", `/v1/claims/${claim}`, { key: shop.server })).body;
const at = (instant, seconds) => new Date(Date.parse(instant) + seconds * 1000).toISOString();
check("when a claim counts", [
  ["at the click", at(instants.clicked_at, 0), true],
  ["ten minutes before it", at(instants.clicked_at, -600), true],
  ["a second earlier", at(instants.clicked_at, -601), false],
  ["a second before it expires", at(instants.expires_at, -1), true],
  ["when it expires", at(instants.expires_at, 0), false],
  ["a second later", at(instants.expires_at, 1), false],
  ["long after", at(instants.expires_at, 86_400), false],
], async (occurred_at, counts) => {
  assert.equal(await decided(shop, { claim, at: occurred_at }), counts ? anna.code : "outside_window");
});

check("a program that is not running earns nobody anything", [
  ["paused", { status: "paused" }],
  ["not begun", { starts_at: "2999-01-01T00:00:00Z" }],
  ["past its end", { ends_at: "2020-01-01T00:00:00Z" }],
], async (overrides) => {
  const own = await openShop(tracker, "inactive");
  const { code } = await own.enrol("anna");
  const its = await own.click(code);
  await own.put(overrides);
  assert.equal(await decided(own, { claim: its }), "program_inactive");
  assert.equal(await decided(own, { code }), "program_inactive");
});
