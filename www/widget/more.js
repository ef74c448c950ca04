// What few pages need, and the loader therefore fetches only then: friends who come by a direct
// link or for the second time, orders that the page itself reports, and Stripe's and Shopify's ways to carry a claim.

import { look } from "./claim.js";

/** The claim to keep, if it is a new one; a friend who came with `?ref=CODE` has yet to get theirs. */
export const arrive = async (claim, code, older, program, ask, strip, emit) => {
  // Any other site may mean something else by `ref`, which no tracker need hear of.
  if (/(^|-)[\da-tv-z]{9}$/i.test(code)) {
    ({ claim } = await ask("clicks", { code, first: !older }));
    // It goes only if it was a code.
    if (claim) {
      strip("ref");
      emit("click", { code });
    }
  }
  if (!older || older == claim || !claim) return claim;
  // A link that was cut short, or another program's, takes nothing from who invited before.
  if ((await look(claim, program, ask)).over) return;
  // Under first click the older claim stays, unless it is worth nothing.
  if (claim[0] == "f") {
    const { valid, over } = await look(older, program, ask);
    if (valid != 0 && !over) return;
  }
  return claim;
};

/** Reports an order once the page has consent. */
export const convert = async (order, may, kept, ask) => {
  while (!may()) {
    await new Promise((heard) => {
      document.addEventListener("goodword:consent", heard, { once: true });
    });
  }
  return ask("conversions/unverified", {
    kind: "purchase",
    occurred_at: new Date(),
    claim: kept().claim,
    ...order,
  });
};

/** Every claim that was handed on this page: what carries another reference has the shop's own. */
const given = new Set();
let current, inCart;

/** An address as the page wrote it: without a claim of ours. */
const own = (address) =>
  address.replace(/([?&])client_reference_id=([\w-]+)(?:&|(?=#|$))/g, (whole, lead, claim) =>
    given.has(claim) ? (whole.endsWith("&") ? lead : "") : whole,
  );

/**
 * The page may write another address, reference or value at any moment, as late as when something is
 * pressed: before the browser goes there, the claim is in it again.
 */
const again = () => hand(current);
const watching = new MutationObserver(again);

/** A page that writes back each time has the last word: an element is written to no more often in a row. */
const TIMES_MAX = 20;
const times = new Map();
const write = (element, name, value) => {
  if (element.getAttribute(name) == value) return;
  // The row ends where the page comes to rest.
  if (!times.size) setTimeout(() => times.clear());
  const time = (times.get(element) || 0) + 1;
  times.set(element, time);
  if (time > TIMES_MAX) return;
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
};
const attributeFilter = ["href", "publishable-key", "client-reference-id"];

/** The cart is written to only where it holds something else, perhaps since an earlier page. */
const cart = async (claim) => {
  const root = (Shopify.routes?.root || "/") + "cart";
  const { attributes } = await (await fetch(root + ".js")).json();
  if ((attributes?.goodword_claim || "") == (claim || "")) return;
  await fetch(root + "/update.js", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ attributes: { goodword_claim: claim || "" } }),
  });
};

/** Gives the claim to whatever takes it to checkout; a withdrawn claim is taken back. */
export const hand = (claim) => {
  current = claim;
  if (claim) given.add(claim);
  for (const link of document.querySelectorAll("a[href*='://buy.stripe.com/']")) {
    const now = link.getAttribute("href");
    const [address, hash = ""] = own(now).split(/(?=#)/);
    // A shop that has a reference of its own there keeps it.
    if (/[?&]client_reference_id=/.test(address)) continue;
    const reference = claim ? (/\?/.test(address) ? "&" : "?") + "client_reference_id=" + claim : "";
    write(link, "href", address + reference + hash);
  }
  for (const button of document.querySelectorAll("stripe-buy-button,stripe-pricing-table")) {
    const name = "client-reference-id";
    const now = button.getAttribute(name);
    if (!now || given.has(now)) write(button, name, claim);
  }
  // The cart's attributes become the order's, where the shop's webhook finds the claim.
  if (window.Shopify && inCart !== claim) {
    inCart = claim;
    cart(claim).catch(() => {});
  }
  watching.observe(document, { subtree: true, attributeFilter });
};
