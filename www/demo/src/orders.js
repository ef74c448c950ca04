// Decides how the shop keeps its orders, in its own KV namespace:
//
//   order/{order}                 the order as it was paid, written once
//   customer/{hash}/{order}       which orders a customer placed
//   refund/{order}/{refund}       money that went back, as it was posted, written once
//   answer/{order or refund}      what the tracker said to it last
//
// A real shop has a database here; nothing of this is part of Goodword.

import { utf8 } from "./keys.js";

/** Ids read like an order number and sort by time: `KL-` and eleven symbols. */
export function newOrderId(now_ms) {
  return `KL-${now_ms.toString(36).toUpperCase().slice(-8)}${randomSymbols(3)}`;
}

export function newRefundId(order_id) {
  return `${order_id}-R${randomSymbols(4)}`;
}

export function isOrderId(text) {
  return /^KL-[0-9A-Z]{11}$/.test(text ?? "");
}

function randomSymbols(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return [...bytes].map((byte) => (byte % 36).toString(36).toUpperCase()).join("");
}

export async function saveOrder(env, order) {
  await Promise.all([
    env.ORDERS.put(`order/${order.id}`, JSON.stringify(order)),
    env.ORDERS.put(`customer/${await hashOf(order.customer.id)}/${order.id}`, ""),
  ]);
}

export function orderOf(env, order_id) {
  return env.ORDERS.get(`order/${order_id}`, "json");
}

/** `id` is an order's or a refund's. */
export function answerTo(env, id) {
  return env.ORDERS.get(`answer/${id}`, "json");
}

/** A lost answer is asked for again, so a fault here costs neither the order nor the refund. */
export async function saveAnswer(env, id, answer) {
  try {
    await env.ORDERS.put(`answer/${id}`, JSON.stringify(answer));
  } catch (fault) {
    console.error(`answer to ${id}: ${fault}`);
  }
}

export function saveRefund(env, refund) {
  return env.ORDERS.put(`refund/${refund.order_id}/${refund.refund_id}`, JSON.stringify(refund));
}

export async function refundsOf(env, order_id) {
  const { keys } = await env.ORDERS.list({ prefix: `refund/${order_id}/` });
  const refunds = await Promise.all(keys.map(({ name }) => env.ORDERS.get(name, "json")));
  return refunds.filter(Boolean).sort((one, other) => one.occurred_at.localeCompare(other.occurred_at));
}

/** The newest ids of one customer's orders. */
export async function orderIdsOf(env, customer_id, count_max) {
  return newestUnder(env, `customer/${await hashOf(customer_id)}/`, count_max);
}

/** The newest ids of all orders. */
export function latestOrderIds(env, count_max) {
  return newestUnder(env, "order/", count_max);
}

// KV lists oldest first, so the newest ids are at the end of the last page.
async function newestUnder(env, prefix, count_max) {
  let ids = [];
  let cursor;
  do {
    const page = await env.ORDERS.list({ prefix, cursor });
    ids = [...ids, ...page.keys.map(({ name }) => name.slice(prefix.length))].slice(-count_max);
    cursor = page.list_complete ? null : page.cursor;
  } while (cursor);
  return ids.reverse();
}

// A key has room for 512 bytes and should not name a person.
async function hashOf(customer_id) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(customer_id)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
