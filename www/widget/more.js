// What few pages need, and the loader therefore fetches only then: friends who come by a direct
// link or for the second time, orders that the page itself reports, and Stripe's and Shopify's ways to carry a claim.

/** The claim to keep, if it is a new one; a friend who came with `?ref=CODE` has yet to get theirs. */
export const arrive = async (claim, code, older, ask, strip, emit) => {
  if (code) {
    ({ claim } = await ask("clicks", { code, first: !older }));
    // Any other site may mean something else by `ref`: it goes only if it was a code.
    if (claim) {
      strip("ref");
      emit("click", { code });
    }
  }
  // Under first click the older claim stays, unless it has run out, which only the tracker knows.
  const stays = older && claim?.[0] == "f" && (await ask(`claims/${older}`)).valid != 0;
  return stays ? undefined : claim;
};

export const convert = async (order, agreed, kept, ask) => {
  await agreed;
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
const attributeFilter = ["href", "publishable-key", "client-reference-id", "name"];

/** Only what the cart holds can be taken back, perhaps since an earlier page. */
const cart = async (claim) => {
  const root = (Shopify.routes?.root || "/") + "cart";
  if (!claim) {
    const { attributes } = await (await fetch(root + ".js")).json();
    if (!attributes?.goodword_claim) return;
  }
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
  for (const field of document.getElementsByName("goodword_claim")) field.value = claim;
  for (const link of document.querySelectorAll("a[href*='://buy.stripe.com/']")) {
    const now = link.getAttribute("href");
    const [address, hash = ""] = own(now).split(/(?=#)/);
    // A shop that has a reference of its own there keeps it.
    if (/[?&]client_reference_id=/.test(address)) continue;
    const reference = claim ? (/\?/.test(address) ? "&" : "?") + "client_reference_id=" + claim : "";
    if (now != address + reference + hash) link.setAttribute("href", address + reference + hash);
  }
  for (const button of document.querySelectorAll("stripe-buy-button,stripe-pricing-table")) {
    const name = "client-reference-id";
    const now = button.getAttribute(name);
    if (now == claim || (now && !given.has(now))) continue;
    if (claim) button.setAttribute(name, claim);
    else button.removeAttribute(name);
  }
  // The cart's attributes become the order's, where the shop's webhook finds the claim.
  if (window.Shopify && inCart !== claim) {
    inCart = claim;
    cart(claim).catch(() => {});
  }
  // Told twice, neither of them hears twice.
  watching.observe(document, { subtree: true, attributeFilter });
  addEventListener("submit", again, true);
};
