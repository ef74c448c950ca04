// What the owner reads and decides: lists, files that are streamed, blocks, a person's data.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertStatus } from "../support/check.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();

/** A shop with Anna, who brought `orders` friends. */
async function open(orders) {
  const shop = await openShop(tracker, "owner", { hold_days: 14 });
  const { code } = await shop.enrol("anna", { name: "Zofia Anna", email: "zofia@mail.example" });
  for (let count = 0; count < orders; count += 1) await shop.order({ claim: await shop.click(code) });
  const path = `/v1/programs/${shop.id}`;
  const ask = async (method, rest, more = {}) => assertStatus(await shop.call(method, `${path}/${rest}`, { key: shop.owner, ...more }), 200);
  return { shop, code, ask };
}

test("lists come page by page and hold everything once", async () => {
  const { code, ask } = await open(5);
  for (const [list, id, count] of [["conversions", "conversion_id", 5], ["advocates", "code", 1]]) {
    const found = [];
    let cursor = "";
    do {
      const { body } = await ask("GET", `${list}?limit=2${cursor}`);
      assert.ok(body.data.length <= 2);
      found.push(...body.data);
      cursor = body.next_cursor && `&cursor=${body.next_cursor}`;
    } while (cursor);
    assert.equal(new Set(found.map((entry) => entry[id])).size, count);
    assert.equal(found.length, count);
  }
  const { body } = await ask("GET", "advocates?q=zofia%40mail.example");
  assert.deepEqual(body.data.map((advocate) => [advocate.code, advocate.display_name, advocate.conversions]), [[code, "Zofia", 5]]);
});

test("a file is streamed whole, with its names first", async () => {
  const { code, ask } = await open(3);
  const { text, headers } = await ask("GET", "export/conversions.csv");
  assert.match(headers.get("content-type"), /^text\/csv/);
  assert.match(headers.get("content-disposition"), /conversions\.csv/);
  assert.equal(headers.get("content-length"), null, "it is made while it is sent");
  const [names, ...lines] = text.trimEnd().split("\r\n");
  assert.match(names, /^conversion_id,order_id,.*,amount_minor,currency,/);
  assert.equal(lines.length, 3);
  assert.ok(lines.every((line) => line.includes(",4990,EUR,0,attributed,") && line.endsWith(code)), text);
  assert.match((await ask("GET", "export/rewards.csv")).text, /,advocate,/);
});

test("a blocked advocate's link leads to the shop, and their open orders earn nothing", async () => {
  const { shop, code, ask } = await open(2);
  const { body } = await ask("POST", `advocates/${code}/block`, { body: { note: "orders of her own" } });
  assert.deepEqual(body, { code, status: "blocked", orders: 2, remaining: 0 });
  const link = assertStatus(await shop.call("GET", `/r/${code}`), 302);
  assert.doesNotMatch(link.headers.get("location"), /gw=/);
  await shop.settle();
  const { body: declined } = await ask("GET", "conversions?outcome=unattributed");
  assert.deepEqual(declined.data.map(({ reason }) => reason), ["advocate_blocked", "advocate_blocked"]);
  await ask("POST", `advocates/${code}/unblock`);
  assert.equal((await shop.rewards({ status: "pending" })).length > 0, true);
});

test("a person is shown and erased in one call each, and amounts stay", async () => {
  const { shop, code, ask } = await open(1);
  const { body: data } = await ask("GET", "people?customer_id=anna");
  assert.equal(data.advocate.email, "zofia@mail.example");
  const before = (await shop.rewards()).map(({ reward_id, value, status }) => ({ reward_id, value, status }));
  for (let again = 0; again < 2; again += 1) {
    const { body } = await ask("DELETE", "people", { key: shop.server, body: { email: "zofia@mail.example" } });
    assert.deepEqual(body, { erased: true });
  }
  const { body: list } = await ask("GET", "advocates");
  assert.deepEqual(list.data.map(({ status, email }) => [status, email]), [["erased", null]]);
  assert.doesNotMatch(JSON.stringify(list), /zofia/i);
  const after = await shop.rewards();
  assert.deepEqual(after.map(({ reward_id, value, status }) => ({ reward_id, value, status })), before);
  assert.ok(after.every((reward) => code.endsWith(reward.code)), "a code without a name");
});

test("other terms are reckoned beside the present ones", async () => {
  const { shop, ask } = await open(2);
  const { body } = await ask("POST", "what-if", { body: { ...shop.terms, qualifies: { ...shop.terms.qualifies, minimum_minor: 900_000 } } });
  assert.equal(body.present.conversions, 2);
  assert.deepEqual([body.other.conversions, body.other.unattributed], [0, { below_minimum: 2 }]);
});
