// The account page: choose whom to be, or see one's orders and the share panel.

import { CUSTOMERS } from "../catalog.js";
import { html } from "../markup.js";
import { day, price } from "../money.js";
import { layout } from "./layout.js";

/** `recent` is the order a guest has placed from this browser, or null. */
export function signInPage({ count, next, recent }) {
  const main = html`
<div class="narrow">
  <h1>Welcome back</h1>
  <p class="lead">A shop would ask for a password here. This one lets you choose whom to be.</p>
  <form method="post" action="/account/sign-in">
    <input type="hidden" name="next" value="${next}">
    <ul class="people">
      ${CUSTOMERS.map(
        (customer) => html`<li><button name="customer" value="${customer.id}">
        <span class="initial" aria-hidden="true">${customer.first[0]}</span><span><span class="unseen">Sign in as </span><b>${customer.name}</b><small>${customer.email}</small></span></button></li>`,
      )}
    </ul>
  </form>
  ${recent ? keepAccount(recent) : html`<p class="aside">New here? There is no need to register: buy as a guest, and keep an account afterwards if you like.</p>`}
</div>`;
  return layout({ title: "Sign in", main, count, tag: true, here: "account" });
}

/** What a guest is offered after buying, on the order's page and where one signs in. */
export function keepAccount({ id, customer }) {
  return html`<section class="keep" aria-labelledby="keep">
  <h2 id="keep">Keep an account, ${customer.name}</h2>
  <p>See your order and your rewards, and get a link of your own to invite friends with.</p>
  <form method="post" action="/account/keep"><input type="hidden" name="order" value="${id}"><button class="main">Open my account</button></form>
  <p class="aside">A shop would send a link to ${customer.email} first. The demo takes your word for it.</p>
</section>`;
}

export function accountPage({ customer, identity, orders, count }) {
  const main = html`
<header class="greeting">
  <div><p class="eyebrow">Your account</p><h1>Hello, ${customer.first}</h1><p class="aside">${customer.email}</p></div>
  <form method="post" action="/account/sign-out"><button class="quiet">Sign out</button></form>
</header>
<div class="columns">
  <section class="panel" aria-labelledby="invite">
    <h2 id="invite">Invite a friend</h2>
    <good-word identity="${identity}"></good-word>
    <p class="aside">To play the friend, open your link in a private window or another browser profile.</p>
  </section>
  <section aria-labelledby="orders">
    <h2 id="orders">Your orders</h2>
    ${orders.length === 0 ? html`<p class="empty">Nothing yet. <a href="/">The kettle is on.</a></p>` : html`<ul class="orders">${orders.map(orderLine)}</ul>`}
  </section>
</div>`;
  return layout({ title: "Your account", main, count, tag: true, here: "account" });
}

function orderLine(order) {
  const bought = order.lines.map((line) => `${line.quantity} × ${line.name}`).join(", ");
  return html`<li><a href="/orders/${order.id}"><b>${order.id}</b><span>${bought}</span><small>${day(order.placed_at)}</small></a>
  <span class="sum">${price(order.paid_minor, order.currency)}</span></li>`;
}
