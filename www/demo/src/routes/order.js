// One order's page, and telling the tracker about it once more.

import { formOf } from "../forms.js";
import { answerTo, isOrderId, orderOf } from "../orders.js";
import { orderPage } from "../pages/order.js";
import { message, page, seeOther } from "../replies.js";
import { reportOrder } from "../reporting.js";
import { thanksFor } from "../thanks.js";
import { isFinal } from "../tracker.js";
import { isBackstageOpen } from "./backstage.js";

/** The order, if it exists and was placed from this browser or by the customer who is signed in. */
async function ownOrder({ env, session: { customer, bought } }, id) {
  const order = isOrderId(id) ? await orderOf(env, id) : null;
  const own = order && (bought.includes(id) || (customer && !customer.guest && customer.id === order.customer.id));
  return own ? order : null;
}

export async function showOrder(visit, id) {
  const { env, session, count } = visit;
  const order = await ownOrder(visit, id);
  if (!order) return message(404);
  const answer = await answerTo(env, id);
  return page(
    orderPage({
      order,
      thanks: thanksFor(order, answer, Date.now()),
      reported: isFinal(answer),
      mayKeep: order.customer.guest && !session.customer,
      count,
      customer: session.customer,
    }),
  );
}

export async function reportNow(visit, id) {
  const { request, env, context, url } = visit;
  const { fields, refused } = await formOf(request);
  if (refused) return message(refused);
  const backstage = fields.get("next") === "backstage" && isBackstageOpen(url);
  const order = backstage && isOrderId(id) ? await orderOf(env, id) : await ownOrder(visit, id);
  if (!order) return message(404);
  await reportOrder(env, context, url, order);
  return seeOther(backstage ? `/backstage#${id}` : `/orders/${id}`);
}
