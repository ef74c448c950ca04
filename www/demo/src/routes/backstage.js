// Behind the counter: the shop's orders with what was said to the tracker, and refunds.

import { formOf } from "../forms.js";
import { minorIn } from "../money.js";
import { answerTo, isOrderId, latestOrderIds, newRefundId, orderOf, refundsOf, saveAnswer, saveRefund } from "../orders.js";
import { backstagePage } from "../pages/backstage.js";
import { message, page, seeOther } from "../replies.js";
import { conversionOf } from "../reporting.js";
import { postRefund } from "../tracker.js";

const ORDERS_SHOWN_MAX = 20;

/** Everybody's orders are nobody's business, so this exists on a developer's own machine only. */
export function isBackstageOpen(url) {
  return ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
}

export async function showBackstage({ env, url, count, session }) {
  if (!isBackstageOpen(url)) return message(404);
  const ids = await latestOrderIds(env, ORDERS_SHOWN_MAX);
  const rows = await Promise.all(ids.map((id) => rowOf(env, id)));
  return page(
    backstagePage({ rows: rows.filter(Boolean), origin: url.origin, program: env.PROGRAM, count, customer: session.customer }),
  );
}

async function rowOf(env, id) {
  const [order, answer, refunds] = await Promise.all([orderOf(env, id), answerTo(env, id), refundsOf(env, id)]);
  if (!order) return null;
  const answers = await Promise.all(refunds.map((posted) => answerTo(env, posted.refund_id)));
  const refunded = refunds.map((posted, at) => ({ request: posted, answer: answers[at] }));
  return { order, request: conversionOf(env, order), answer, refunded, left_minor: leftOf(order, refunds), refund_id: newRefundId(id) };
}

function leftOf(order, refunds) {
  return order.paid_minor - refunds.reduce((sum, { value }) => sum + value.amount_minor, 0);
}

/** The refund's id comes with the form, so that pressing twice is one refund. */
export async function refund({ request, env, url }, id) {
  if (!isBackstageOpen(url)) return message(404);
  const { fields, refused } = await formOf(request);
  if (refused) return message(refused);
  const order = isOrderId(id) ? await orderOf(env, id) : null;
  if (!order) return message(404);

  const refund_id = fields.get("refund") ?? "";
  if (!refund_id.startsWith(`${id}-R`) || !/^-R[0-9A-Z]{4}$/.test(refund_id.slice(id.length))) return message(400);
  const refunds = await refundsOf(env, id);
  const earlier = refunds.find((posted) => posted.refund_id === refund_id);
  const amount_minor = minorIn(fields.get("amount"));
  if (!earlier && !(amount_minor > 0 && amount_minor <= leftOf(order, refunds))) return message(400);

  const body = earlier ?? {
    program: env.PROGRAM,
    order_id: id,
    refund_id,
    occurred_at: new Date().toISOString(),
    value: { amount_minor, currency: order.currency },
  };
  // The money has gone back before the tracker hears of it, and stays back whatever it says.
  if (!earlier) await saveRefund(env, body);
  await saveAnswer(env, refund_id, await postRefund(env, url, body));
  return seeOther(`/backstage#${id}`);
}
