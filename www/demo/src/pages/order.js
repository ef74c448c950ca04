// One order: the thank-you after paying, and the same page whenever the customer comes back.

import { html } from "../markup.js";
import { day, price } from "../money.js";
import { keepAccount } from "./account.js";
import { layout } from "./layout.js";

/** `thanks` is what the customer reads about the invitation; `reported` whether the tracker has decided. */
export function orderPage({ order, thanks, reported, mayKeep, count, customer }) {
  const first = order.customer.name.split(/\s+/)[0];
  const main = html`
<div class="narrow confirmation">
  <p class="eyebrow">Order ${order.id}</p>
  <h1>Thank you, ${first}.</h1>
  <p class="lead">Your tea set is being packed. A confirmation goes to ${order.customer.email}.</p>
  ${(thanks.headline || thanks.lines.length > 0) &&
    html`<section class="thanks" aria-label="Your invitation">
    ${thanks.headline && html`<h2>${thanks.headline}</h2>`}
    ${thanks.lines.map((line) => html`<p>${line}</p>`)}
    ${!reported && order.claim && html`<form method="post" action="/orders/${order.id}/report"><button class="quiet">Try again now</button></form>`}
  </section>`}
  <section aria-labelledby="bought">
    <h2 id="bought">What you bought</h2>
    <dl class="totals">
      ${order.lines.map((line) => html`<div><dt>${line.quantity} × ${line.name}</dt><dd>${price(line.value_minor, order.currency)}</dd></div>`)}
      ${order.off_minor > 0 && html`<div class="off"><dt>${order.inviter ? `Invited by ${order.inviter}` : "Your invitation"}</dt><dd>−${price(order.off_minor, order.currency)}</dd></div>`}
      <div class="total"><dt>Paid on ${day(order.placed_at)}</dt><dd>${price(order.paid_minor, order.currency)}</dd></div>
    </dl>
  </section>
  ${mayKeep ? keepAccount(order) : customer && html`<p><a class="button" href="/account">Invite a friend from your account</a></p>`}
</div>`;
  return layout({ title: `Order ${order.id}`, main, count });
}
