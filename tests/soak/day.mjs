// One day of a shop on a real workerd: orders under bounded load, many sent more than once, some
// given back, settlements that overlap, and `kill -9` in the middle of it all. Judged from the
// client's own list.
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { caller } from "../support/http.mjs";
import { startServer, temporaryState } from "../support/server.mjs";
import { openShop, Shop } from "../support/shop.mjs";
import { Ledger } from "./ledger.mjs";

/** Orders of one advocate: as many as a busy one has; a book is read with each of them. */
const orders_per_advocate = 50;
/** Calls under way at a time: what a shop's server would allow itself. */
const calls_max = 12;
/** How often a call is sent again before the soak gives up: a restart takes seconds. */
const tries_max = 600;
const kills_max = 2;

/** Lives a day of so many orders: what was counted, and what is wrong in the end. */
export async function liveDay(orders_max) {
  const state = temporaryState();
  const ledger = new Ledger();
  const counts = { again: 0, refunds: 0, settlements: 0, kills: 0, unanswered: 0 };
  let server = await startServer({ state });
  let up = Promise.resolve();
  const first = await openShop({ ...server, call: caller(server.base) }, "soak");
  const shop = () => new Shop({ ...server, call: caller(server.base) }, first.terms);

  /** Sends until there is an answer: whatever was not acknowledged is sent again. */
  async function acknowledged(send, ...statuses) {
    for (let tries = 0; tries < tries_max; tries += 1) {
      await up;
      const answer = await send(shop()).catch(() => null);
      if (answer && statuses.includes(answer.status)) return answer.body;
      if (answer && answer.status < 500) throw new Error(`${answer.method} ${answer.path} -> ${answer.status} ${answer.text}`);
      counts.unanswered += 1;
      await sleep(100);
    }
    throw new Error(`no answer to ${tries_max} tries`);
  }

  /** Kills workerd and all that serves it, and starts again on the same state. */
  async function kill() {
    counts.kills += 1;
    // The others go on sending until it is dead.
    await server.kill();
    await (up = startServer({ state }).then((again) => (server = again)));
  }

  const enrolled = [];
  const advocate = (n) => (enrolled[n] ??= acknowledged(
    (shop) => shop.call("POST", "/v1/advocates", { origin: shop.origin, body: { program: shop.id, identity: shop.token({ sub: `advocate-${n}` }) } }), 200,
  ).then(({ code }) => acknowledged(
    (shop) => shop.call("POST", "/v1/clicks", { origin: shop.origin, body: { program: shop.id, code } }), 200,
  ).then(({ claim }) => ({ code, claim }))));

  /** One order's day: told, perhaps told again at once or later, perhaps given back. */
  async function live(n) {
    const { claim } = await advocate(Math.floor(n / orders_per_advocate));
    const body = {
      program: first.id, order_id: `soak-${n}`, kind: "purchase", occurred_at: new Date().toISOString(),
      value: { amount_minor: 4990, currency: "EUR" }, customer: { id: `friend-${n}` }, claim,
    };
    await tell(body, n % 9 === 0 ? 2 : 1);
    if (n % 7 === 0) await tell(body, 1);
    // Another order of the same friend, a second later by the shop's clock.
    if (n % 31 === 0) {
      const occurred_at = new Date(Date.parse(body.occurred_at) + 1_000).toISOString();
      await tell({ ...body, order_id: `soak-${n}-second`, occurred_at }, 1, { second: true });
    }
    if (n % 23 === 0) {
      const refund = first.refundBody(body.order_id, 4990);
      await acknowledged((shop) => shop.sendRefund(refund), 200, 201);
      ledger.refunded(body.order_id);
      counts.refunds += 1;
    }
  }

  /** Tells of an order, `times` times at once. */
  async function tell(body, times, how) {
    counts.again += times - 1 + (ledger.has(body.order_id) ? 1 : 0);
    ledger.sent(body.order_id, how);
    const send = async () => ledger.acknowledged(body.order_id, await acknowledged((shop) => shop.send(body), 200, 201));
    await Promise.all(Array.from({ length: times }, send));
  }

  const settle = async () => {
    counts.settlements += 1;
    return acknowledged((shop) => shop.call("POST", `/v1/programs/${shop.id}/settle`, { key: shop.owner }), 200);
  };

  let next = 0;
  let done = 0;
  async function worker() {
    while (next < orders_max) {
      const n = next++;
      await live(n);
      done += 1;
      // Spread over the day, always with calls of the others under way.
      if (done >= ((counts.kills + 1) * orders_max) / (kills_max + 1) && counts.kills < kills_max) await kill();
    }
  }

  /** Settles over and over until the day is over; two of these overlap. */
  async function settler() {
    while (done < orders_max) {
      await settle();
      await sleep(1_000);
    }
  }

  try {
    await Promise.all([...Array.from({ length: calls_max }, worker), settler(), settler()]);
    for (let idle = 0; idle < 2; ) {
      const both = await Promise.all([settle(), settle()]);
      idle = both.every(({ settled, remaining }) => settled === 0 && remaining === 0) ? idle + 1 : 0;
    }
    const rewards = [];
    for (const { code } of await Promise.all(enrolled)) rewards.push(...(await shop().rewards({ code, limit: "1000" })));
    return { counts: { acknowledged: ledger.acknowledgedCount, ...counts }, wrong: ledger.judge(rewards) };
  } finally {
    await server.stop();
    rmSync(state, { recursive: true, force: true });
  }
}
