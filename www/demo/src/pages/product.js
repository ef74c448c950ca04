// The product page: one tea set, three teas to choose from.

import { CURRENCY, QUANTITY_MAX, SET, TEAS } from "../catalog.js";
import { html } from "../markup.js";
import { price } from "../money.js";
import { layout } from "./layout.js";

/** `added` is the tea that has just gone into the basket, or null. */
export function productPage({ added, count, customer }) {
  const main = html`
<good-word-welcome></good-word-welcome>
${added && html`<p class="notice" role="status"><span>${SET.name} with ${added.name} is in your basket.</span> <a href="/checkout">Go to checkout</a></p>`}
<article class="product">
  <figure class="picture">
    <img src="/tea-set.svg" width="640" height="720" alt="A celadon teapot with a bamboo handle, two small cups and a tin of tea on a wooden tray, with a sprig of tea leaves.">
  </figure>
  <div class="facts">
    <p class="eyebrow">Tea set for two</p>
    <h1>${SET.name}</h1>
    <p class="price">${price(SET.price_minor, CURRENCY)} <small>incl. VAT, delivery free</small></p>
    <p class="lead">A pot that fits one hand, two cups that fit the other, and a tin of whole leaf. Everything one needs to start, and nothing that ends up at the back of a cupboard.</p>
    <form method="post" action="/basket">
      <fieldset class="teas">
        <legend>Which tea comes with it?</legend>
        ${TEAS.map((tea, at) => teaChoice(tea, at === 0))}
      </fieldset>
      <div class="buy">
        <label class="quantity">Quantity ${quantitySelect(1)}</label>
        <button class="main" name="then" value="checkout">Buy now</button>
        <button name="then" value="stay">Add to basket</button>
      </div>
    </form>
    <ul class="promises">
      <li>Packed by hand, on its way within two days</li>
      <li>Thirty days to change your mind</li>
      <li>From gardens we visit every spring</li>
    </ul>
  </div>
</article>
<section class="band" aria-labelledby="brewing">
  <h2 id="brewing">How to brew a first pour</h2>
  <ol class="steps">
    <li><h3>Warm</h3><p>Swirl hot water through pot and cups, then pour it away. Warm clay keeps the leaf awake.</p></li>
    <li><h3>Steep</h3><p>A heaped spoon of leaf, water just off the boil, two minutes. Longer is stronger, not better.</p></li>
    <li><h3>Pour again</h3><p>Good leaf gives three pours. The second is usually the best, and the one to share.</p></li>
  </ol>
</section>
<section class="share-strip" aria-labelledby="sharing">
  <div><h2 id="sharing">Tea is better shared</h2><p>Invite a friend, and there is something in it for both of you.</p></div>
  <a class="button" href="/account">Invite a friend</a>
</section>`;
  return layout({ title: `${SET.name}, tea set for two`, main, count, tag: true, here: "product" });
}

function teaChoice(tea, chosen) {
  return html`<label class="tea tea-${tea.id}"><input type="radio" name="tea" value="${tea.id}"${chosen && html` checked`}>
  <span class="cup" aria-hidden="true"></span>
  <span><b>${tea.name}</b> <small>${tea.kind}</small><span class="note">${tea.note}</span></span></label>`;
}

export function quantitySelect(chosen) {
  const counts = Array.from({ length: QUANTITY_MAX }, (_, at) => at + 1);
  return html`<select name="quantity">${counts.map((count) => html`<option${count === chosen && html` selected`}>${count}</option>`)}</select>`;
}
