// Whatever is sent that should not be: the right 4xx, as a problem that names the field. That no
// answer is a 5xx, a stack trace or another form of error is checked on every call.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check, invalid } from "../support/check.mjs";
import { newest } from "../support/identity.mjs";
import { origin } from "../support/program.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const { call, vars } = tracker;
const shop = await openShop(tracker, "bad-input");
const server = newest(vars.SECRET_KEY);
const owner = newest(vars.OWNER_KEY);

// Every route that takes a body, with the credentials that get so far as to having it read.
const takers = [
  ["conversions", "POST", "/v1/conversions", { key: server }],
  ["refunds", "POST", "/v1/refunds", { key: server }],
  ["advocates", "POST", "/v1/advocates", { origin }],
  ["clicks", "POST", "/v1/clicks", { origin }],
  ["shares", "POST", "/v1/shares", { origin }],
  ["a program", "PUT", `/v1/programs/${shop.id}`, { key: owner }],
];
const json = { headers: { "content-type": "application/json" } };

const malformed = [
  ["nothing", ""],
  ["no JSON", "tea"],
  ["JSON cut off", `{"program":"${shop.id}"`],
  ["JSON and more", "{} {}"],
  ["a trailing comma", `{"program":"demo",}`],
  ["form fields", "program=demo&order_id=1"],
  ["not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
  ["nested without end", "[".repeat(30_000)],
];
for (const [name, method, path, credentials] of takers) {
  check(`${name}: a body that is no JSON`, malformed, async (text) => {
    assertProblem(await call(method, path, { ...credentials, ...json, text }), invalid, ["malformed_json", "invalid_field"]);
  });
  check(`${name}: JSON that is no object`, [["a list", []], ["text", "tea"], ["a number", 7], ["null", null]], async (body) => {
    assertProblem(await call(method, path, { ...credentials, body }), invalid, ["malformed_json", "invalid_field"]);
  });
  test(`${name}: an unknown field is named`, async () => {
    const answer = await call(method, path, { ...credentials, body: { program: shop.id, colour: "green" } });
    assertProblem(answer, invalid, ["unknown_field", "invalid_field"], ["colour"]);
  });
  test(`${name}: 70 KiB are too much, a little under 64 KiB are read`, async () => {
    const filled = (bytes) => ({ ...credentials, ...json, text: `{"program":"${shop.id}","colour":"${"g".repeat(bytes)}"}` });
    assertProblem(await call(method, path, filled(70 * 1024)), 413, "too_large");
    assertProblem(await call(method, path, filled(63 * 1024)), invalid, ["unknown_field", "invalid_field"]);
  });
  test(`${name}: 70 KiB that are no JSON are too much as well`, async () => {
    assertProblem(await call(method, path, { ...credentials, ...json, text: "x".repeat(70 * 1024) }), 413, "too_large");
  });
}

test("70 KiB whose length is not said beforehand are too much as well", async () => {
  const body = new ReadableStream({
    start(controller) {
      for (let part = 0; part < 70; part += 1) controller.enqueue(new TextEncoder().encode(" ".repeat(1024)));
      controller.close();
    },
  });
  const response = await fetch(`${tracker.base}/v1/conversions`, {
    method: "POST", body, duplex: "half", headers: { authorization: `Bearer ${server}`, "content-type": "application/json" },
  });
  assert.equal(response.status, 413);
  assert.equal((await response.json()).code, "too_large");
});

// One field wrong at a time; `undefined` takes it away.
check("conversions: the field at fault is named", [
  ["no program", { program: undefined }, "program"],
  ["a program as a number", { program: 7 }, "program"],
  ["no order", { order_id: undefined }, "order_id"],
  ["an empty order", { order_id: "" }, "order_id"],
  ["an order as a number", { order_id: 4711 }, "order_id"],
  ["an order of a thousand letters", { order_id: "x".repeat(1000) }, "order_id"],
  ["no kind", { kind: undefined }, "kind"],
  ["an unknown kind", { kind: "gift" }, "kind"],
  ["no time", { occurred_at: undefined }, "occurred_at"],
  ["a time that is none", { occurred_at: "yesterday" }, "occurred_at"],
  ["a day without a time", { occurred_at: "2026-03-01" }, "occurred_at"],
  ["a day that does not exist", { occurred_at: "2026-02-30T00:00:00Z" }, "occurred_at"],
  ["a time as a number", { occurred_at: 1_780_000_000 }, "occurred_at"],
  ["no value", { value: undefined }, "value"],
  ["a value as a number", { value: 4990 }, "value"],
  ["a value without a currency", { value: { amount_minor: 4990 } }, "value.currency"],
  ["a value without an amount", { value: { currency: "EUR" } }, "value.amount_minor"],
  ["an amount as text", { value: { amount_minor: "4990", currency: "EUR" } }, "value.amount_minor"],
  ["half a cent", { value: { amount_minor: 4990.5, currency: "EUR" } }, "value.amount_minor"],
  ["an amount below zero", { value: { amount_minor: -1, currency: "EUR" } }, "value.amount_minor"],
  ["an amount beyond every integer", { value: { amount_minor: 1e30, currency: "EUR" } }, "value.amount_minor"],
  ["a currency of four letters", { value: { amount_minor: 4990, currency: "EURO" } }, "value.currency"],
  ["a currency in small letters", { value: { amount_minor: 4990, currency: "eur" } }, "value.currency"],
  ["a value with an unknown field", { value: { amount_minor: 4990, currency: "EUR", tax: 1 } }, "value.tax", "unknown_field"],
  ["no customer", { customer: undefined }, "customer"],
  ["a customer as text", { customer: "frida" }, "customer"],
  ["a customer without an id", { customer: { email: "frida@mail.example" } }, "customer.id"],
  ["a customer with an empty id", { customer: { id: "" } }, "customer.id"],
  ["a customer's id as a number", { customer: { id: 7 } }, "customer.id"],
  ["an e-mail that is none", { customer: { id: "frida", email: 7 } }, "customer.email"],
  ["a customer with an unknown field", { customer: { id: "frida", age: 7 } }, "customer.age", "unknown_field"],
  ["a claim as a number", { claim: 7 }, "claim"],
  ["a code as a list", { code: [] }, "code"],
  ["lines that are no list", { lines: {} }, "lines"],
  ["a line without a product", { lines: [{ quantity: 1, value: { amount_minor: 1, currency: "EUR" } }] }, "lines.0.product_id"],
  ["a line with half a quantity", { lines: [{ product_id: "tea", quantity: 0.5, value: { amount_minor: 1, currency: "EUR" } }] }, "lines.0.quantity"],
  ["an unknown field", { colour: "green" }, "colour", "unknown_field"],
], async (overrides, field, code = "invalid_field") => {
  assertProblem(await shop.send({ ...shop.orderBody(), ...overrides }), invalid, code, [field]);
});

test("conversions: every fault at once", async () => {
  const body = { ...shop.orderBody(), order_id: "", kind: "gift", occurred_at: "yesterday", colour: "green", customer: {} };
  assertProblem(await shop.send(body), invalid, ["invalid_field", "unknown_field"], ["order_id", "kind", "occurred_at", "colour", "customer.id"]);
});

check("refunds: the field at fault is named", [
  ["no order", { order_id: undefined }, "order_id"],
  ["no refund", { refund_id: undefined }, "refund_id"],
  ["an empty refund", { refund_id: "" }, "refund_id"],
  ["no time", { occurred_at: undefined }, "occurred_at"],
  ["no value", { value: undefined }, "value"],
  ["an amount below zero", { value: { amount_minor: -1, currency: "EUR" } }, "value.amount_minor"],
  ["an amount as text", { value: { amount_minor: "1", currency: "EUR" } }, "value.amount_minor"],
  ["an unknown field", { reason: "cold" }, "reason", "unknown_field"],
], async (overrides, field, code = "invalid_field") => {
  assertProblem(await shop.sendRefund({ ...shop.refundBody("order-x", 100), ...overrides }), invalid, code, [field]);
});

test("an order of an unknown program: 404", async () => {
  assertProblem(await shop.send({ ...shop.orderBody(), program: "no-such-program" }), 404, "not_found");
  assertProblem(await shop.sendRefund({ ...shop.refundBody("order-x", 100), program: "no-such-program" }), 404, "not_found");
});

check("orders and refunds are the server's to report", [
  ["no key", {}],
  ["an empty key", { headers: { authorization: "Bearer " } }],
  ["another key", { key: "gw_sk_wrong" }],
  ["the key's beginning", { key: server.slice(0, -1) }],
  ["the key under another scheme", { headers: { authorization: `Basic ${server}` } }],
  ["the key without a scheme", { headers: { authorization: server } }],
  ["only the shop's origin", { origin }],
], async (credentials) => {
  for (const [path, body] of [["/v1/conversions", shop.orderBody()], ["/v1/refunds", shop.refundBody("order-x", 100)]]) {
    assertProblem(await call("POST", path, { ...credentials, body }), 401, "unauthorized");
  }
});

test("who has no key learns nothing of what was wrong with the body", async () => {
  assertProblem(await call("POST", "/v1/conversions", { ...json, text: "tea" }), 401, "unauthorized");
});

check("a list's questions are checked too", [
  ["a limit of 0", "limit=0", "limit"],
  ["a limit above a thousand", "limit=1001", "limit"],
  ["a limit that is none", "limit=many", "limit"],
  ["an unknown status", "status=lost", "status"],
  ["an unknown side", "side=both", "side"],
  ["a cursor nobody gave", "cursor=tea", "cursor"],
], async (query, field) => {
  assertProblem(await call("GET", `/v1/programs/${shop.id}/rewards?${query}`, { key: owner }), invalid, ["invalid_field", "unknown_field"], [field]);
});

test("after all this the program still works", async () => {
  const { code } = await shop.enrol("anna");
  assert.equal((await shop.order({ code })).outcome, "attributed");
  assertStatus(await call("GET", "/health"), 200);
});
