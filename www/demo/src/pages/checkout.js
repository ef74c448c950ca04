// The checkout: who buys on one side, the basket with the friend's discount on the other.

import { html } from "../markup.js";
import { amount, price } from "../money.js";
import { rewardWords } from "../thanks.js";
import { layout } from "./layout.js";
import { quantitySelect } from "./product.js";

/**
 * `view` is `{lines, subtotal, invitation, paid_minor, ticket, customer, count}` and, when the form
 * comes back, `{typed: {name, email}, faults: {name?, email?}, dearer}`.
 */
export function checkoutPage(view) {
  const { lines, customer, count } = view;
  const main = lines.length === 0 ? EMPTY : filled(view);
  return layout({ title: "Checkout", main, count, tag: true, here: "checkout" });
}

const EMPTY = html`
<good-word-welcome></good-word-welcome>
<div class="narrow"><h1>Your basket is empty</h1><p class="lead">Nothing a pot of tea could not mend.</p><p><a class="button main" href="/">See the tea set</a></p></div>`;

function filled(view) {
  const { lines, subtotal, invitation, paid_minor, dearer } = view;
  return html`
<good-word-welcome></good-word-welcome>
<h1>Checkout</h1>
${dearer && html`<p class="notice warn" role="alert"><span>The total has changed since you last saw it. Please look at it once more before you order.</span></p>`}
<div class="columns checkout">
  <section class="summary" aria-labelledby="basket">
    <h2 id="basket">Your basket</h2>
    <ul class="lines">${lines.map((line) => basketLine(line, subtotal.currency))}</ul>
    <dl class="totals">
      <div><dt>Subtotal</dt><dd>${price(subtotal.amount_minor, subtotal.currency)}</dd></div>
      ${invitation.off_minor > 0 && html`<div class="off"><dt>${invitation.inviter ? `Invited by ${invitation.inviter}` : "Your invitation"}</dt><dd>−${price(invitation.off_minor, subtotal.currency)}</dd></div>`}
      <div><dt>Delivery</dt><dd>Free</dd></div>
      <div class="total"><dt>Total <small>incl. VAT</small></dt><dd>${price(paid_minor, subtotal.currency)}</dd></div>
    </dl>
    ${invitationNote(invitation, subtotal.currency)}
  </section>
  ${details(view)}
</div>`;
}

function basketLine(line, currency) {
  return html`<li>
  <div><b>${line.name}</b><span class="sum">${price(line.value_minor, currency)}</span></div>
  <form method="post" action="/basket">
    <input type="hidden" name="tea" value="${line.tea}"><input type="hidden" name="then" value="checkout">
    <label><span class="unseen">Quantity of ${line.name}</span>${quantitySelect(line.quantity)}</label>
    <button class="quiet" name="change" value="set">Update<span class="unseen"> ${line.name}</span></button>
    <button class="quiet" name="change" value="remove">Remove<span class="unseen"> ${line.name}</span></button>
  </form></li>`;
}

function invitationNote({ state, inviter, gift, off_minor }, currency) {
  const whose = inviter ? `${inviter}’s invitation` : "This invitation";
  const words = {
    good: off_minor > 0 ? `${inviter ?? "A friend"} sends you ${amount(off_minor, currency)} off. It is in the total already.` : gift && `${inviter ?? "A friend"} sends you ${rewardWords(gift)} with this order.`,
    earlier: `${whose} is for a first order, and you have ordered here before.`,
    unsure: "We cannot check your invitation at the moment. It stays with your order, and what it is worth comes back to your card.",
    own: "That is your own link: the discount is for the friends you share it with.",
    void: "Your invitation is no longer valid, so the price is the usual one.",
  }[state];
  return words && html`<p class="invitation ${state}">${words}</p>`;
}

function details({ customer, typed, faults = {}, ticket, paid_minor, subtotal }) {
  const value = typed ?? { name: customer?.name ?? "", email: customer?.email ?? "" };
  return html`<form class="details" method="post" action="/checkout" novalidate>
  <input type="hidden" name="goodword_claim" value="">
  <input type="hidden" name="ticket" value="${ticket}">
  <input type="hidden" name="shown_minor" value="${paid_minor}">
  <fieldset>
    <legend>Who is it for?</legend>
    ${!customer && html`<p class="aside">Have an account? <a href="/account?next=checkout">Sign in</a></p>`}
    ${field({ name: "name", label: "Full name", type: "text", autocomplete: "name", length_max: 100, value: value.name, fault: faults.name })}
    ${field({ name: "email", label: "E-mail", type: "email", autocomplete: "email", length_max: 254, value: value.email, fault: faults.email })}
  </fieldset>
  <fieldset>
    <legend>Payment</legend>
    <p class="card"><span class="card-number">Demo card <span aria-hidden="true">••••</span> 4242</span><small>Pretend money: nothing is charged.</small></p>
  </fieldset>
  <button class="main large">Place order · ${price(paid_minor, subtotal.currency)}</button>
</form>`;
}

function field({ name, label, type, autocomplete, length_max, value, fault }) {
  return html`<div class="field"><label for="${name}">${label}</label>
  <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${length_max}" required value="${value}"${fault && html` aria-invalid="true" aria-describedby="${name}-fault" autofocus`}>
  ${fault && html`<p class="fault" id="${name}-fault">${fault}</p>`}</div>`;
}
