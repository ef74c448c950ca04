// Decides what is in the basket. The cookie holds tea ids and quantities only; prices are always
// the catalog's. A cookie that makes no sense is an empty basket, never an error.

import { CURRENCY, QUANTITY_MAX, SET, TEAS, teaOf } from "./catalog.js";
import { cookieOf } from "./session.js";

const COOKIE = "kettle_basket";

/** A basket is a map from tea id to quantity. */
export function basketOf(request) {
  const basket = new Map();
  for (const part of (cookieOf(request, COOKIE) ?? "").split(".")) {
    const [id, count] = part.split(":");
    setQuantity(basket, id, quantityOf(count));
  }
  return basket;
}

/** A whole number from 0 to the most one may buy; whatever is no number is 0. */
export function quantityOf(text) {
  const count = /^\d{1,3}$/.test(text ?? "") ? Number(text) : 0;
  return Math.min(count, QUANTITY_MAX);
}

export function setQuantity(basket, id, quantity) {
  if (!teaOf(id)) return;
  if (quantity > 0) basket.set(id, Math.min(quantity, QUANTITY_MAX));
  else basket.delete(id);
}

export function linesOf(basket) {
  return TEAS.filter((tea) => basket.has(tea.id)).map((tea) => {
    const quantity = basket.get(tea.id);
    return { tea: tea.id, name: `${SET.name} with ${tea.name}`, quantity, value_minor: quantity * SET.price_minor };
  });
}

export function subtotalOf(lines) {
  return { amount_minor: lines.reduce((sum, line) => sum + line.value_minor, 0), currency: CURRENCY };
}

export function countOf(basket) {
  return [...basket.values()].reduce((sum, quantity) => sum + quantity, 0);
}

export function basketCookie(basket) {
  const value = [...basket].map(([id, quantity]) => `${id}:${quantity}`).join(".");
  return `${COOKIE}=${value}; Path=/; Max-Age=${value ? 604800 : 0}; HttpOnly; SameSite=Lax`;
}
