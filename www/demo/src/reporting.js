// Decides when the shop tells the tracker: after the order is safe in the shop's own book, and
// again until the tracker has decided. The same order posted twice is one conversion, so posting
// once too often does no harm.

import { saveAnswer } from "./orders.js";
import { isFinal, postConversion } from "./tracker.js";

// A Worker may go on for 30 seconds after its response: three more tries with a timeout of four
// seconds each fit. What is still unreported then waits for the button on the order's page; a real
// shop would leave it to a queue or a nightly job.
const WAITS_MS = [1000, 3000, 8000];

/** What the order says to the tracker. `value` is what was paid, so that a full refund equals it. */
export function conversionOf(env, order) {
  return {
    program: env.PROGRAM,
    order_id: order.id,
    kind: "purchase",
    occurred_at: order.placed_at,
    value: { amount_minor: order.paid_minor, currency: order.currency },
    customer: { id: order.customer.id, email: order.customer.email },
    ...(order.claim ? { claim: order.claim } : {}),
  };
}

/** Posts the order once; further tries go on after the customer has their page. */
export async function reportOrder(env, context, base, order) {
  const answer = await reportOnce(env, base, order);
  if (!isFinal(answer)) context.waitUntil(reportAgain(env, base, order));
  return answer;
}

async function reportAgain(env, base, order) {
  for (const wait_ms of WAITS_MS) {
    await new Promise((resolve) => setTimeout(resolve, wait_ms));
    if (isFinal(await reportOnce(env, base, order))) return;
  }
}

async function reportOnce(env, base, order) {
  const answer = await postConversion(env, base, conversionOf(env, order));
  await saveAnswer(env, order.id, answer);
  return answer;
}
