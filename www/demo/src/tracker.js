// Decides how the shop's server speaks to the tracker: three calls under the secret key. A call
// that fails or takes too long is an answer with status 0, never an exception, because no fault
// of the tracker may cost the shop an order. Copy this file; outside a Worker, `env.TRACKER.fetch`
// is plain `fetch` and `base` is the tracker's address.

import { newest } from "./keys.js";

const TIMEOUT_MS = 4000;

/** What a claim can look like at all; anything else is not worth a question. */
export function claimIn(text) {
  return /^[A-Za-z0-9_-]{1,120}$/.test(text ?? "") ? text : null;
}

/**
 * Before payment: is the claim good for this customer, who invited, what does the friend get?
 * Naming the customer spares the shop a discount on somebody's own link.
 */
export function askClaim(env, base, claim, customer) {
  const query = new URLSearchParams(customer ? { customer_id: customer.id, email: customer.email } : {});
  return call(env, base, `/v1/claims/${claim}?${query}`, { method: "GET" });
}

/** After payment: here is the order. Posting the same order again is safe. */
export function postConversion(env, base, conversion) {
  return call(env, base, "/v1/conversions", { method: "POST", body: JSON.stringify(conversion) });
}

/** After money went back. Posting the same refund again is safe. */
export function postRefund(env, base, refund) {
  return call(env, base, "/v1/refunds", { method: "POST", body: JSON.stringify(refund) });
}

/** The tracker has understood and decided. Anything else, a wrong key included, is tried again. */
export function isFinal(answer) {
  return Boolean(answer) && [200, 201, 400, 409, 413, 422].includes(answer.status);
}

async function call(env, base, path, init) {
  const headers = { authorization: `Bearer ${newest(env.SECRET_KEY)}` };
  if (init.body) headers["content-type"] = "application/json";
  const at = new Date().toISOString();
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await env.TRACKER.fetch(new URL(path, base).href, { ...init, headers, signal, redirect: "manual" });
    const text = await response.text();
    return { status: response.status, body: jsonIn(text), at };
  } catch (fault) {
    console.error(`${init.method} ${path}: ${fault}`);
    return { status: 0, body: null, at };
  }
}

function jsonIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
