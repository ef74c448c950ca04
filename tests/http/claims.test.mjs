// GET /v1/claims/{claim}: what a checkout learns before payment, and that a claim is read in exactly
// one way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check } from "../support/check.mjs";
import { origin } from "../support/program.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const { call } = tracker;
const shop = await openShop(tracker, "claims");
const { code } = await shop.enrol("anna", { name: "Anna", email: "anna@mail.example" });
const claim = await shop.click(code);

const look = async (text, more = { key: shop.server }) => assertStatus(await call("GET", `/v1/claims/${text}`, more), 200).body;

check("a good claim says who invited and what the friend gets", [
  ["to the shop's server", { key: shop.server }],
  ["to the shop's page", { origin }],
], async (credentials) => {
  const { clicked_at, expires_at, ...rest } = await look(claim, credentials);
  assert.deepEqual(rest, {
    valid: true, program: shop.id, code, inviter: { name: "Anna" },
    friend_reward: { gives: "discount", value: { amount_minor: 1000, currency: "EUR" }, minimum: { amount_minor: 2000, currency: "EUR" } }, coupon: null, currency_digits: { EUR: 2 },
  });
  assert.equal(Date.parse(expires_at) - Date.parse(clicked_at), 30 * 24 * 3600_000);
});

test("the owner's texts are there in the language asked for", async () => {
  const texts = { en: { "welcome.invited": "{name} thinks of you" }, pl: { "welcome.invited": "{name} pamięta" } };
  const own = await openShop(tracker, "worded", { texts });
  const its = await own.click((await own.enrol("anna")).code);
  const asked = async (query) => {
    const answer = await look(`${its}${query}`, { key: own.server });
    return [answer.texts, answer.locale_matches];
  };
  assert.deepEqual(await asked("?locale=pl"), [texts.pl, true]);
  assert.deepEqual(await asked("?locale=ja,pl"), [texts.pl, true]);
  assert.deepEqual(await asked("?locale=ja"), [texts.en, false]);
  assert.deepEqual(await asked(""), [undefined, undefined]);
});

test("it tells nothing of the advocate beyond the name they show", async () => {
  const { text } = await call("GET", `/v1/claims/${claim}`, { key: shop.server });
  assert.ok(!text.includes("mail.example"), text);
});

test("an advocate without a name invites all the same", async () => {
  const { code: quiet } = await shop.enrol("quiet");
  assert.equal((await look(await shop.click(quiet))).inviter.name, null);
});

check("what the friend gets, and what a checkout takes for it", [
  ["nothing", { friend_reward: null }, null],
  ["nothing, so that there is nothing to take it for", { friend_reward: null, coupon: "WELCOME10" }, null],
  ["one code for all", { coupon: "WELCOME10" }, "WELCOME10"],
  ["no such code", { coupon: null }, null],
], async (terms, coupon) => {
  const own = await openShop(tracker, "coupons", terms);
  const { code: its } = await own.enrol("anna");
  const answer = await look(await own.click(its), { key: own.server });
  assert.equal(answer.coupon, coupon);
  assert.equal(answer.friend_reward === null, terms.friend_reward === null);
});

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const changed = (at, by) => claim.slice(0, at) + alphabet[alphabet.indexOf(claim[at]) ^ by] + claim.slice(at + 1);
test("with any one letter changed it is no claim", async () => {
  for (let at = 0; at < claim.length; at += 1) {
    for (const by of [1, 32]) {
      const answer = await look(changed(at, by));
      assert.deepEqual([answer.valid, answer.reason], [false, "invalid_claim"], `letter ${at + 1} of ${claim}`);
    }
  }
});

check("what only looks like a claim is none", [
  ["cut", claim.slice(0, -1)],
  ["with a letter more", `${claim}A`],
  ["padded", `${claim}=`],
  ["in the other model", `f${claim.slice(1)}`],
  ["twice", claim + claim],
  ["another alphabet", `${claim.slice(0, -1)}+`],
  ["only its first letter", "l"],
  ["a blank behind it", `${claim}%20`],
  ["a NUL", "%00"],
  ["not UTF-8", "%FF"],
  ["121 letters", "l".repeat(121)],
], async (text) => {
  const answer = await call("GET", `/v1/claims/${text}`, { key: shop.server });
  // What is not even made of a claim's letters need not be looked at as one.
  if (answer.status !== 200) return assertProblem(answer, [400, 404], ["invalid_field", "not_found"]);
  assert.deepEqual([answer.body.valid, answer.body.reason], [false, "invalid_claim"]);
});

test("a claim of a paused program is no longer good", async () => {
  const own = await openShop(tracker, "paused");
  const { code: its } = await own.enrol("anna");
  const kept = await own.click(its);
  await own.put({ status: "paused" });
  assert.equal((await call("GET", `/v1/programs/${own.id}`, { key: own.owner })).body.status, "paused");
  const answer = await look(kept, { key: own.server });
  assert.deepEqual([answer.valid, answer.reason], [false, "program_inactive"]);
});

test("a wrong key opens no claim, and neither does another site's page", async () => {
  assertProblem(await call("GET", `/v1/claims/${claim}`, { key: "gw_sk_wrong" }), 401, "unauthorized");
  assertProblem(await call("GET", `/v1/claims/${claim}`, { origin: "https://evil.example" }), 403, "forbidden_origin");
});
