// A shop that runs a program, in the tests' words: it enrols customers, its friends click and buy, it
// refunds, it settles. Each call says what it expects of the status; sums are the tests' business.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { assertStatus } from "./check.mjs";
import { identityToken, newest } from "./identity.mjs";
import { plainProgram } from "./program.mjs";

/** A program id nobody has used. */
export const freshId = (name) => `${name}-${randomBytes(3).toString("hex")}`;

/** Puts a program (the plain one with `overrides`) and gives the shop that runs it. */
export async function openShop(tracker, name, overrides = {}) {
  const shop = new Shop(tracker, plainProgram(freshId(name), overrides));
  await shop.put();
  return shop;
}

export class Shop {
  #orders = 0;
  #friends = 0;

  constructor({ call, vars }, terms) {
    this.call = call;
    this.vars = vars;
    this.terms = terms;
    this.id = terms.id;
    this.origin = terms.origins[0];
    this.server = newest(vars.SECRET_KEY);
    this.owner = newest(vars.OWNER_KEY);
  }

  /** Puts the terms, or further ones over them. */
  async put(overrides = {}) {
    this.terms = { ...this.terms, ...overrides };
    return assertStatus(await this.call("PUT", `/v1/programs/${this.id}`, { key: this.owner, body: this.terms }), 200, 201);
  }

  token = (claims) => identityToken(newest(this.vars.IDENTITY_SECRET), { aud: this.id, ...claims });

  /** Enrols a customer: `{ code, share_link, token, summary }`. */
  async enrol(sub, claims = {}) {
    const body = { program: this.id, identity: this.token({ sub, ...claims }) };
    return assertStatus(await this.call("POST", "/v1/advocates", { origin: this.origin, body }), 200, 201).body;
  }

  /** A friend arrives by a direct link: the claim. */
  async click(code, more = {}) {
    const answer = await this.call("POST", "/v1/clicks", { origin: this.origin, body: { program: this.id, code, ...more } });
    return assertStatus(answer, 200, 201).body.claim;
  }

  /** The body of an order of €49.90 by a new friend, now, with anything of it replaced. */
  orderBody({ amount = 4990, currency = "EUR", at = new Date().toISOString(), ...more } = {}) {
    this.#orders += 1;
    this.#friends += 1;
    return {
      program: this.id,
      order_id: `order-${this.#orders}`,
      kind: "purchase",
      occurred_at: at,
      value: { amount_minor: amount, currency },
      customer: { id: `friend-${this.#friends}` },
      ...more,
    };
  }

  send = (body) => this.call("POST", "/v1/conversions", { key: this.server, body });

  /** Posts a new order; the answer's body, with the order's id. */
  async order(parts) {
    const body = this.orderBody(parts);
    return { order_id: body.order_id, ...assertStatus(await this.send(body), 201).body };
  }

  sendRefund = (body) => this.call("POST", "/v1/refunds", { key: this.server, body });

  refundBody(order_id, amount, { refund_id = `refund-of-${order_id}`, currency = "EUR", at = new Date().toISOString() } = {}) {
    return { program: this.id, order_id, refund_id, occurred_at: at, value: { amount_minor: amount, currency } };
  }

  async refund(order_id, amount, parts) {
    return assertStatus(await this.sendRefund(this.refundBody(order_id, amount, parts)), 201).body;
  }

  /** Settles until a call finds nothing to do; gives what that call answered. */
  async settle() {
    for (let calls = 0; calls < 50; calls += 1) {
      const { body } = assertStatus(await this.call("POST", `/v1/programs/${this.id}/settle`, { key: this.owner }), 200);
      if (body.settled === 0) return body;
    }
    return assert.fail("settlement never came to an end");
  }

  /** All rewards that match, page after page. */
  async rewards(filter = {}) {
    const found = [];
    let cursor = null;
    do {
      const query = new URLSearchParams({ ...filter, ...(cursor ? { cursor } : {}) });
      const { body } = assertStatus(await this.call("GET", `/v1/programs/${this.id}/rewards?${query}`, { key: this.owner }), 200);
      found.push(...body.data);
      cursor = body.next_cursor;
    } while (cursor !== null);
    return found;
  }

  async summary(token) {
    return assertStatus(await this.call("GET", "/v1/advocates/me", { key: token, origin: this.origin }), 200).body;
  }
}

const stands = new Set(["pending", "confirmed", "fulfilled"]);

/** What a side is owed in money, in minor units: voided and clawed back rewards are owed nothing. */
export const owed = (rewards, side) =>
  rewards.filter((reward) => reward.side === side && stands.has(reward.status)).reduce((sum, { value }) => sum + (value.amount_minor ?? 0), 0);

/** One order's rewards as `advocate:confirmed:1000`, sorted: what a table compares. */
export const shown = (rewards) =>
  rewards
    .map(({ side, status, value, capped }) => `${side}:${status}:${value.amount_minor ?? value.amount ?? value.label}${capped ? ":capped" : ""}`)
    .sort();
