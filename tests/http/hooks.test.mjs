// Webhooks of Stripe, Shopify and WooCommerce, signed as these sign them: what they tell of orders and
// refunds on real workerd. Which body means what is a table of the handlers' tests.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assertProblem, assertStatus, check } from "../support/check.mjs";
import { newest, nowSeconds } from "../support/identity.mjs";
import { always, percent, qualifies } from "../support/program.mjs";
import { openShop, shown } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";
import { until } from "../support/until.mjs";

const tracker = await sharedTracker();
const { call, vars } = tracker;
const shop = await openShop(tracker, "hooks", {
  advocate_reward: always(percent(1000)),
  friend_reward: null,
  qualifies: qualifies({ which: "every", new_customers_only: false }),
});

const fixtures = new URL("../../crates/goodword-tracker/tests/fixtures/", import.meta.url);
const fixture = (path) => JSON.parse(readFileSync(new URL(path, fixtures), "utf8"));
const hmac = (secret, text, form) => createHmac("sha256", newest(secret)).update(text).digest(form);

function send(provider, text, headers) {
  const [name, ...rest] = provider.split("/");
  return call("POST", ["/v1/hooks", name, shop.id, ...rest].join("/"), { text, headers });
}
function stripe(body, seconds = nowSeconds()) {
  const text = JSON.stringify(body);
  const signature = `t=${seconds},v1=${hmac(vars.STRIPE_WEBHOOK_SECRET, `${seconds}.${text}`, "hex")}`;
  return send("stripe", text, { "stripe-signature": signature });
}
function shopify(topic, body) {
  const text = JSON.stringify(body);
  const signature = hmac(vars.SHOPIFY_CLIENT_SECRET, text, "base64");
  return send(`shopify/${topic}`, text, { "x-shopify-hmac-sha256": signature, "x-shopify-topic": topic.replace("-", "/") });
}
function woocommerce(body) {
  const text = JSON.stringify(body);
  return send("woocommerce/order", text, { "x-wc-webhook-signature": hmac(vars.WOOCOMMERCE_WEBHOOK_SECRET, text, "base64") });
}

/** Rewards of whoever was enrolled for one case. */
async function rewardsOf({ code }) {
  await shop.settle();
  return shown(await shop.rewards({ code }));
}

test("Stripe: a session, twice, with a refund of a part before it", async () => {
  const anna = await shop.enrol("stripe-anna");
  const refund = fixture("stripe/refund.created.json");
  refund.data.object.amount = 990;
  assertStatus(await stripe(refund), 200);
  const session = fixture("stripe/checkout.session.completed.json");
  session.created = nowSeconds();
  session.data.object.client_reference_id = await shop.click(anna.code);
  const first = assertStatus(await stripe(session), 200).body;
  assert.equal(first.outcome, "attributed");
  assert.deepEqual(assertStatus(await stripe(session), 200).body, first);
  assert.deepEqual(await rewardsOf(anna), ["advocate:confirmed:400"]);
});

test("Stripe: a subscription by session, invoice and link, then its refund by payment", async () => {
  const anna = await shop.enrol("stripe-bea");
  const session = fixture("stripe/checkout.session.completed.subscription.json");
  session.created = nowSeconds();
  Object.assign(session.data.object, { client_reference_id: await shop.click(anna.code), customer: "cus_club" });
  const invoice = fixture("stripe/invoice.paid.json");
  invoice.created = nowSeconds();
  invoice.data.object.customer = "cus_club";
  invoice.data.object.status_transitions.paid_at = nowSeconds();
  for (const event of [session, invoice, fixture("stripe/invoice_payment.paid.json")]) assertStatus(await stripe(event), 200);
  assert.deepEqual(await rewardsOf(anna), ["advocate:confirmed:499"]);
  const refund = fixture("stripe/refund.created.json");
  Object.assign(refund.data.object, { id: "re_Club", payment_intent: "pi_3TeaClub", charge: "ch_3TeaClub" });
  assertStatus(await stripe(refund), 200);
  assert.deepEqual(await rewardsOf(anna), ["advocate:clawed_back:499"]);
});

test("Stripe: a page tells the claim by the session that it came back from", async () => {
  const anna = await shop.enrol("stripe-cleo");
  const claim = await shop.click(anna.code);
  const session = fixture("stripe/checkout.session.completed.json");
  session.created = nowSeconds();
  Object.assign(session.data.object, { id: "cs_test_page", payment_intent: "pi_page", customer: "cus_page" });
  const body = { program: shop.id, order_id: "cs_test_page", claim };
  assertStatus(await call("POST", "/v1/conversions/unverified", { origin: shop.origin, body }), 202);
  assert.equal(assertStatus(await stripe(session), 200).body.outcome, "attributed");
  assert.deepEqual(await rewardsOf(anna), ["advocate:confirmed:499"]);
});

test("Shopify: an order of several hundred lines, then a refund", async () => {
  const anna = await shop.enrol("shopify-anna");
  const order = fixture("shopify/orders-paid.json");
  const now = new Date().toISOString();
  Object.assign(order, { created_at: now, updated_at: now });
  order.note_attributes.push({ name: "goodword_claim", value: await shop.click(anna.code) });
  order.line_items = Array.from({ length: 500 }, () => order.line_items[0]);
  assert.ok(JSON.stringify(order).length > 300_000);
  assert.equal(assertStatus(await shopify("orders-paid", order), 200).body.outcome, "attributed");
  assertStatus(await shopify("refunds-create", fixture("shopify/refunds-create.json")), 200);
  assert.deepEqual(await rewardsOf(anna), ["advocate:confirmed:299"]);
});

test("Shopify: a customer asks for their data, then to be erased", async () => {
  const customer = { id: 7001599344805, email: "ben@privacy.example" };
  await shop.enrol(String(customer.id), { email: customer.email });
  const people = `/v1/programs/${shop.id}/people?customer_id=${customer.id}`;
  const asked = async () => {
    const { data } = assertStatus(await call("GET", `/v1/programs/${shop.id}/warnings`, { key: shop.owner }), 200).body;
    return data.filter(({ warning, detail }) => warning === "data_requested" && detail.includes(`GET ${people} `));
  };
  const sent = (topic) => shopify(topic, { ...fixture(`shopify/${topic}.json`), customer });
  assert.equal(assertStatus(await sent("customers-data_request"), 200).body.outcome, "recorded");
  assert.equal((await asked()).length, 1);
  assert.equal(assertStatus(await call("GET", people, { key: shop.owner }), 200).body.advocate.email, customer.email);
  for (let twice = 0; twice < 2; twice++) assert.equal(assertStatus(await sent("customers-redact"), 200).body.outcome, "recorded");
  assert.equal(assertStatus(await call("GET", people, { key: shop.owner }), 200).body.advocate, null);
  assert.equal((await asked()).length, 0);
});

test("Shopify: the shop gives the app up, and the cron erases everybody", async () => {
  const left = await openShop(tracker, "left");
  const anna = await left.enrol("left-anna");
  const text = JSON.stringify(fixture("shopify/shop-redact.json"));
  const headers = { "x-shopify-hmac-sha256": hmac(vars.SHOPIFY_CLIENT_SECRET, text, "base64") };
  assertStatus(await call("POST", `/v1/hooks/shopify/${left.id}/shop-redact`, { text, headers }), 200);
  await until("everybody to be erased", async () => {
    const body = { cron: "*/15 * * * *" };
    assertStatus(await call("POST", "/cdn-cgi/explorer/api/local/scheduled?worker=goodword", { body }), 200);
    const path = `/v1/programs/${left.id}/advocates?status=erased`;
    const { data } = assertStatus(await call("GET", path, { key: left.owner }), 200).body;
    return data.length === 1 && anna.code.endsWith(data[0].code);
  });
});

test("Shopify: an order, well signed, erases nobody where erasing is asked for", async () => {
  const order = fixture("shopify/orders-paid.json");
  for (const topic of ["customers-redact", "shop-redact"]) assertProblem(await shopify(topic, order), [400], ["invalid_field"]);
});

test("WooCommerce: cancelled when the bank was late, then paid", async () => {
  const anna = await shop.enrol("woo-anna");
  const order = fixture("woocommerce/order.json");
  order.meta_data.push({ id: 1, key: "_goodword_claim", value: await shop.click(anna.code) });
  const at = (seconds) => new Date(Date.now() + 1000 * seconds).toISOString().slice(0, 19);
  Object.assign(order, { date_created_gmt: at(0), date_modified_gmt: at(1), status: "cancelled" });
  assertStatus(await woocommerce(order), 200);
  Object.assign(order, { date_modified_gmt: at(2), status: "processing" });
  assert.equal(assertStatus(await woocommerce(order), 200).body.outcome, "attributed");
  assert.deepEqual(await rewardsOf(anna), ["advocate:confirmed:499"]);
});

test("WooCommerce: the unsigned ping", async () => {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  assert.equal(assertStatus(await send("woocommerce/order", "webhook_id=7", headers), 200).body.outcome, "ignored");
});

const unsigned = [
  ["Stripe", "stripe", "stripe-signature", `t=${nowSeconds()},v1=${"0".repeat(64)}`],
  ["Shopify", "shopify/orders-paid", "x-shopify-hmac-sha256", "AAAA"],
  ["WooCommerce", "woocommerce/order", "x-wc-webhook-signature", ""],
];
check("whoever does not sign", unsigned, async (provider, header, value) => {
  assertProblem(await send(provider, "{}", { [header]: value }), [401], ["unauthorized"]);
});

test("Stripe: an event of five minutes ago", async () => {
  assertProblem(await stripe({ type: "invoice.paid" }, nowSeconds() - 302), [401], ["unauthorized"]);
});

test("more than 1 MiB is too much, however well it is signed", async () => {
  const filled = (bytes) => ({ type: "of.tomorrow", created: nowSeconds(), fill: "g".repeat(bytes) });
  assertStatus(await stripe(filled(1_000_000)), 200);
  assertProblem(await stripe(filled(1_048_576)), [413], ["too_large"]);
});
