// The product page and the basket behind it.

import { basketCookie, quantityOf, setQuantity } from "../basket.js";
import { teaOf } from "../catalog.js";
import { formOf } from "../forms.js";
import { productPage } from "../pages/product.js";
import { message, page, seeOther } from "../replies.js";

export function showProduct({ url, count, session }) {
  return page(productPage({ added: teaOf(url.searchParams.get("added")), count, customer: session.customer }));
}

/** `change` is `set` or `remove` in the basket itself; the product page adds. */
export async function changeBasket({ request, basket }) {
  const { fields, refused } = await formOf(request);
  if (refused) return message(refused);
  const tea = teaOf(fields.get("tea"));
  if (!tea) return message(400);
  const change = fields.get("change");
  const held = change === "set" ? 0 : (basket.get(tea.id) ?? 0);
  setQuantity(basket, tea.id, change === "remove" ? 0 : held + quantityOf(fields.get("quantity")));
  const next = fields.get("then") === "checkout" ? "/checkout" : `/?added=${tea.id}`;
  return seeOther(next, [basketCookie(basket)]);
}
