// What was acknowledged is kept: workerd is killed straight after the answer and started again on the
// same state. And the command itself: what it leaves behind, and what it says when it cannot start.
// These tests have servers of their own.
import assert from "node:assert/strict";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { after, describe, test } from "node:test";
import { assertStatus } from "../support/check.mjs";
import { follow } from "../support/links.mjs";
import { caller } from "../support/http.mjs";
import { runXtask, startServer, temporaryState } from "../support/server.mjs";
import { openShop, Shop, shown } from "../support/shop.mjs";

describe("a server of its own", () => {
  const state = temporaryState();
  let server = null;

  /** Starts a server on the one state, with the ways to talk to it. */
  async function start() {
    server = await startServer({ state });
    return { ...server, call: caller(server.base) };
  }

  after(async () => {
    await server?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  test("killed straight after the 201, started again: the conversion is there", async () => {
    const before = await start();
    const shop = await openShop(before, "kill");
    const anna = await shop.enrol("anna", { name: "Anna" });
    const body = shop.orderBody({ claim: await shop.click(anna.code) });
    const first = assertStatus(await shop.send(body), 201).body;
    await before.kill();
    server = null;

    const again = await start();
    assert.deepEqual(again.vars, before.vars, "a second start keeps the keys");
    const same = new Shop(again, shop.terms);
    assert.deepEqual(assertStatus(await same.send(body), 200).body, first);
    await same.settle();
    assert.deepEqual(shown(await same.rewards({ order_id: body.order_id })), ["advocate:confirmed:1000", "friend:confirmed:1000"]);
    assert.equal((await same.enrol("anna", { name: "Anna" })).code, anna.code);

    // A refund, an enrolment and the terms are facts like the order.
    const late = await same.enrol("late");
    await same.put({ name: "After the fire" });
    const refund = same.refundBody(body.order_id, 4990);
    const refunded = assertStatus(await same.sendRefund(refund), 201).body;
    await again.kill();
    server = null;

    const third = await start();
    const last = new Shop(third, same.terms);
    assert.deepEqual(assertStatus(await last.sendRefund(refund), 200).body, refunded);
    await last.settle();
    assert.deepEqual(shown(await last.rewards({ order_id: body.order_id })).map((text) => text.replace(/:\d+$/, "")), ["advocate:clawed_back", "friend:clawed_back"]);
    assert.equal((await third.call("GET", `/v1/programs/${last.id}`, { key: last.owner })).body.name, "After the fire");
    assert.notEqual((await follow(third.call, late.code)).to.searchParams.get("gw"), null);
  });

  test("killed in the middle of twenty orders: each acknowledged one is there, each other one can be sent again", async () => {
    const before = server ? { ...server, call: caller(server.base) } : await start();
    const shop = await openShop(before, "midway");
    const { code } = await shop.enrol("anna");
    const bodies = Array.from({ length: 20 }, () => shop.orderBody({ code }));
    const acknowledged = new Set();
    const sent = bodies.map((body) => shop.send(body).then((answer) => answer.status === 201 && acknowledged.add(body)));
    await Promise.any(sent);
    await before.kill();
    server = null;
    await Promise.allSettled(sent);
    assert.ok(acknowledged.size > 0);

    const same = new Shop(await start(), shop.terms);
    for (const body of bodies) assertStatus(await same.send(body), ...(acknowledged.has(body) ? [200] : [200, 201]));
    await same.settle();
    const rewards = await same.rewards();
    assert.deepEqual(shown(rewards), [...Array(20).fill("advocate:confirmed:1000"), ...Array(20).fill("friend:confirmed:1000")]);
  });

  test("the demo program's addresses are the server's own, after every start", async () => {
    const { call, base, vars, port } = server ? { ...server, call: caller(server.base) } : await start();
    const { body } = assertStatus(await call("GET", "/v1/programs/demo", { key: vars.OWNER_KEY.split(",")[0] }), 200);
    assert.equal(new URL(body.destination).origin, new URL(base).origin);
    assert.deepEqual(body.origins.toSorted(), [`http://127.0.0.1:${port}`, `http://localhost:${port}`]);
  });

  test("the keys are of their kind, and each its own", async () => {
    const { vars } = server ?? (await start());
    const names = [
      "SECRET_KEY", "OWNER_KEY", "PEPPER", "CLAIM_KEYS", "SEAL_KEYS", "IDENTITY_SECRET",
      "STRIPE_WEBHOOK_SECRET", "SHOPIFY_CLIENT_SECRET", "WOOCOMMERCE_WEBHOOK_SECRET", "WEBHOOK_SIGNING_SECRET",
    ];
    for (const name of names) assert.ok(vars[name]?.length >= 20, `${name}: ${vars[name]?.length} letters`);
    assert.match(vars.SECRET_KEY, /^gw_sk_/);
    assert.match(vars.OWNER_KEY, /^gw_ok_/);
    assert.equal(new Set(names.map((name) => vars[name])).size, names.length);
  });

  test("an interrupt leaves no process behind", async () => {
    const running = server ?? (await start());
    assert.ok(running.processes().some(({ name }) => name.startsWith("workerd")));
    server = null;
    // stop() waits until every process that was there is gone, and fails naming those that stay.
    await running.stop({ keep: true });
  });

  test("a taken port: one clear sentence, and a status that is not 0", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address();
    const { status, written } = await runXtask(["start", "--port", String(port), "--state", state]);
    taken.close();
    assert.notEqual(status, 0);
    assert.match(written, new RegExp(`\\b${port}\\b`));
    assert.doesNotMatch(written, /panicked|RUST_BACKTRACE|\bat .*\.js:\d+/);
  });
});
