// Outgoing webhooks: what a shop's server hears, checked with the library that a shop would check it with.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { assertProblem, assertStatus, check } from "../support/check.mjs";
import { newest } from "../support/identity.mjs";
import { openShop } from "../support/shop.mjs";
import { caller } from "../support/http.mjs";
import { startServer } from "../support/server.mjs";
import { until } from "../support/until.mjs";

// A server of its own: the cron takes programs in turn, and the shared one has hundreds.
const server = await startServer();
const tracker = { ...server, call: caller(server.base) };
process.once("beforeExit", () => server.stop());
const secret = newest(tracker.vars.WEBHOOK_SIGNING_SECRET);

/** A receiver on this machine. `answer(call)` gives the status, or the headers too, of each call. */
async function receiver(t, answer = () => 204) {
  const calls = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const call = { path: request.url, method: request.method, headers: request.headers, body, id: request.headers["webhook-id"] };
    calls.push(call);
    const [status, headers = {}] = [answer(call, calls.length)].flat();
    response.writeHead(status, headers).end("ignored");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.closeAllConnections() ?? server.close());
  const events = () => calls.map((call) => ({ ...new Webhook(secret).verify(call.body, call.headers), id: call.id }));
  return { url: `http://127.0.0.1:${server.address().port}/hooks`, calls, events };
}

const put = (shop, endpoints, status = 200) =>
  shop.call("PUT", `/v1/programs/${shop.id}/webhooks`, { key: shop.owner, body: { endpoints } }).then((answer) => assertStatus(answer, status));

const resend = (shop, body) => shop.call("POST", `/v1/programs/${shop.id}/webhooks/resend`, { key: shop.owner, body });

/** The development server's own way to let the cron run. */
const cron = () => tracker.call("POST", "/cdn-cgi/explorer/api/local/scheduled?worker=goodword", { body: { cron: "*/15 * * * *" } });

const arrived = (heard, count) => until(`${count} events`, () => heard.calls.length >= count, { evidence: () => JSON.stringify(heard.calls) });

test("an order's events arrive signed, right after its answer", async (t) => {
  const shop = await openShop(tracker, "told");
  const heard = await receiver(t);
  await put(shop, [{ url: heard.url }]);
  const { code } = await shop.enrol("anna");
  await arrived(heard, 1);
  const { order_id, rewards } = await shop.order({ code });
  await arrived(heard, 4);
  const events = heard.events();
  assert.deepEqual(events.map(({ type }) => type).sort(), ["advocate.enrolled", "conversion.attributed", "reward.pending", "reward.pending"]);
  assert.ok(events.every(({ data }) => data.program === shop.id));
  const told = events.filter(({ type }) => type === "reward.pending").map(({ data: { program, ...reward } }) => reward);
  assert.deepEqual(new Set(told.map(JSON.stringify)), new Set(rewards.map(JSON.stringify)), "the rewards that the order was answered with");
  assert.equal(events.find(({ type }) => type === "conversion.attributed").data.order_id, order_id);
  for (const { method, headers } of heard.calls) {
    assert.equal(method, "POST");
    assert.equal(headers["content-type"], "application/json");
  }
});

test("what was not taken is sent again, with the same id", async (t) => {
  const shop = await openShop(tracker, "again");
  const heard = await receiver(t, (_, count) => (count === 1 ? 500 : 204));
  await put(shop, [{ url: heard.url, events: ["advocate.enrolled"] }]);
  await shop.enrol("anna");
  await arrived(heard, 1);
  await until("the cron to send it again", async () => {
    assertStatus(await cron(), 200);
    return heard.calls.length >= 2;
  }, { ms_max: 180_000 });
  const [first, second] = heard.events();
  assert.equal(first.id, second.id);
  assert.match(first.id, /^evt_[0-9a-f]{32}$/);
});

test("a redirect is not followed", async (t) => {
  const shop = await openShop(tracker, "redirect");
  const elsewhere = await receiver(t);
  const heard = await receiver(t, () => [307, { location: elsewhere.url }]);
  await put(shop, [{ url: heard.url, events: ["advocate.enrolled"] }]);
  await shop.enrol("anna");
  await arrived(heard, 1);
  assertStatus(await cron(), 200);
  await arrived(heard, 2);
  assert.equal(elsewhere.calls.length, 0);
});

test("an owner has events sent once more: one, and all since an instant", async (t) => {
  const shop = await openShop(tracker, "resend");
  const heard = await receiver(t);
  await put(shop, [{ url: heard.url }]);
  const since = new Date(Date.now() - 3600_000).toISOString();
  await shop.enrol("anna");
  await arrived(heard, 1);
  const [{ id }] = heard.events();
  // What became of it is noted after it arrived.
  await until("the event to be noted", async () => (await resend(shop, { event_id: id })).status === 202);
  await arrived(heard, 2);
  assert.deepEqual(assertStatus(await resend(shop, { since }), 202).body.next_since, null);
  await arrived(heard, 3);
  assert.deepEqual(new Set(heard.events().map((event) => event.id)), new Set([id]));
  assertProblem(await resend(shop, { event_id: "evt_unknown" }), 404, "not_found");
});

test("what GET shows can be sent back", async () => {
  const shop = await openShop(tracker, "endpoints");
  const path = `/v1/programs/${shop.id}/webhooks`;
  assert.deepEqual(assertStatus(await shop.call("GET", path, { key: shop.owner }), 200).body, { endpoints: [] });
  const { body } = await put(shop, [{ url: "https://shop.example/hooks", events: ["reward.confirmed"] }]);
  assert.deepEqual(body.endpoints, [{ url: "https://shop.example/hooks", events: ["reward.confirmed"], status: "active", gone_at: null }]);
  assert.deepEqual((await put(shop, body.endpoints)).body, body);
  assert.deepEqual((await shop.call("GET", path, { key: shop.owner })).body, body);
});

check("where events may not go", [
  ["plain http", "http://shop.example/"],
  ["the tracker itself", `${tracker.base}/v1/conversions`],
  ["an address in numbers", "https://10.0.0.1/"],
  ["one in one number", "https://2130706433/"],
  ["the cloud's own service", "http://169.254.169.254/latest/meta-data"],
  ["IPv6", "https://[::1]/"],
  ["a local name", "https://printer.local/"],
  ["a password", "https://user:password@shop.example/"],
], async (url) => {
  const shop = await openShop(tracker, "nowhere");
  const answer = await shop.call("PUT", `/v1/programs/${shop.id}/webhooks`, { key: shop.owner, body: { endpoints: [{ url }] } });
  assertProblem(answer, 400, "invalid_field");
  assert.deepEqual(answer.body.errors.map(({ field }) => field), ["endpoints[0].url"]);
});
