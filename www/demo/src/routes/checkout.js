// Checkout, which is where Goodword and the shop's server meet:
//
//   1. The friend's claim comes from the form, where the script put it, or from its cookie.
//   2. Before payment the tracker is asked what the claim is worth, and the total shows it.
//   3. The customer never pays more than the page showed: a dearer total is shown once more.
//   4. The order is paid (here: pretended) and kept in the shop's own book.
//   5. Only then the tracker is told. Whatever it says, the order stands.

import { basketCookie, linesOf, subtotalOf } from "../basket.js";
import { formOf, lineIn } from "../forms.js";
import { invitationOf } from "../invitation.js";
import { isOrderId, newOrderId, orderIdsOf, saveOrder } from "../orders.js";
import { checkoutPage } from "../pages/checkout.js";
import { message, page, seeOther } from "../replies.js";
import { reportOrder } from "../reporting.js";
import { cookieOf, guestOf, opened, sessionCookie, signed } from "../session.js";
import { claimIn } from "../tracker.js";

const CLAIM = "goodword_claim";

export async function showCheckout(visit) {
  const claim = claimIn(cookieOf(visit.request, CLAIM));
  const invitation = await priced(visit, claim, visit.session.customer);
  return checkout(visit, invitation);
}

export async function placeOrder(visit) {
  const { request, env, context, url, session, basket } = visit;
  const { fields, refused } = await formOf(request);
  if (refused) return message(refused);

  // The ticket is the order's id, given out with the form: pressing twice is one order.
  const ticket = await opened(env, "ticket", fields.get("ticket"));
  const order_id = isOrderId(ticket) ? ticket : newOrderId(Date.now());
  if (session.bought.includes(order_id)) return seeOther(`/orders/${order_id}`);
  if (basket.size === 0) return seeOther("/checkout");

  const typed = { name: lineIn(fields, "name", 100), email: lineIn(fields, "email", 254).toLowerCase() };
  const customer = session.customer ?? guestOf(typed.name, typed.email);
  const faults = faultsIn(typed);
  const claim = claimIn(fields.get(CLAIM)) ?? claimIn(cookieOf(request, CLAIM));
  const invitation = await priced(visit, claim, faults.email ? session.customer : customer);
  if (faults.name || faults.email) return checkout(visit, invitation, { typed, faults }, 422);

  const order = orderFrom(order_id, visit, { ...customer, ...typed }, invitation);
  // A form without the figure was not made by this shop, and shows nothing to hold it to.
  const shown_minor = Number.parseInt(fields.get("shown_minor") ?? "", 10);
  if (order.paid_minor > shown_minor) return checkout(visit, invitation, { typed, dearer: true }, 409);

  await saveOrder(env, order);
  await reportOrder(env, context, url, order);
  const kept = { ...session, bought: [order.id, ...session.bought] };
  basket.clear();
  return seeOther(`/orders/${order.id}`, [await sessionCookie(request, env, kept), basketCookie(basket)]);
}

async function priced({ env, url, basket }, claim, customer) {
  const ordered_before = claim && customer ? (await orderIdsOf(env, customer.id, 1)).length > 0 : false;
  return invitationOf(env, url, claim, subtotalOf(linesOf(basket)), customer, ordered_before);
}

async function checkout({ env, basket, count, session }, invitation, more = {}, status = 200) {
  const lines = linesOf(basket);
  const subtotal = subtotalOf(lines);
  const paid_minor = subtotal.amount_minor - invitation.off_minor;
  const ticket = await signed(env, "ticket", newOrderId(Date.now()));
  return page(checkoutPage({ lines, subtotal, invitation, paid_minor, ticket, count, customer: session.customer, ...more }), { status });
}

function faultsIn({ name, email }) {
  return {
    name: name === "" && "Please tell us your name.",
    email: !/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(email) && "Please enter an e-mail address, like name@example.com.",
  };
}

function orderFrom(id, { basket }, { id: customer_id, name, email, guest }, { claim, inviter, off_minor }) {
  const lines = linesOf(basket);
  const { amount_minor, currency } = subtotalOf(lines);
  return {
    id,
    placed_at: new Date().toISOString(),
    customer: { id: customer_id, name, email, guest },
    lines,
    off_minor,
    paid_minor: amount_minor - off_minor,
    currency,
    claim,
    inviter,
  };
}
