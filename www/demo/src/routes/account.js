// Signing in and out, and the account with its share panel.

import { customerOf } from "../catalog.js";
import { formOf } from "../forms.js";
import { identityToken } from "../identity.js";
import { orderIdsOf, orderOf } from "../orders.js";
import { accountPage, signInPage } from "../pages/account.js";
import { message, page, seeOther } from "../replies.js";
import { guestOf, sessionCookie } from "../session.js";

const ORDERS_SHOWN_MAX = 10;

export async function showAccount({ env, url, session, count }) {
  const { customer, bought } = session;
  if (!customer) {
    const last = bought.length > 0 ? await orderOf(env, bought[0]) : null;
    const next = url.searchParams.get("next") === "checkout" ? "checkout" : "";
    return page(signInPage({ count, next, recent: last?.customer.guest ? last : null }));
  }
  // Nobody has checked a guest's e-mail, so a guest sees what this browser bought and no more.
  const ids = customer.guest ? bought : await orderIdsOf(env, customer.id, ORDERS_SHOWN_MAX);
  const orders = await Promise.all(ids.map((id) => orderOf(env, id)));
  const own = orders.filter((order) => order?.customer.id === customer.id);
  const identity = await identityToken(env, customer, Date.now());
  return page(accountPage({ customer, identity, orders: own, count }));
}

export async function signIn({ request, env, session }) {
  const { fields, refused } = await formOf(request);
  if (refused) return message(refused);
  const customer = customerOf(fields.get("customer"));
  if (!customer) return message(400);
  const next = fields.get("next") === "checkout" ? "/checkout" : "/account";
  return seeOther(next, [await sessionCookie(request, env, { ...session, customer })]);
}

/** Signing out forgets the orders of this browser as well: the next person may be another. */
export async function signOut({ request, env }) {
  const { refused } = await formOf(request);
  if (refused) return message(refused);
  return seeOther("/account", [await sessionCookie(request, env, { customer: null, bought: [] })]);
}

/** A guest who has just bought becomes a customer with an account. */
export async function keepAccount({ request, env, session }) {
  const { fields, refused } = await formOf(request);
  if (refused) return message(refused);
  const id = fields.get("order");
  const order = session.bought.includes(id) ? await orderOf(env, id) : null;
  if (!order?.customer.guest) return message(404);
  const customer = guestOf(order.customer.name, order.customer.email);
  return seeOther("/account", [await sessionCookie(request, env, { ...session, customer })]);
}
