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

/** Addresses as the page wrote them, so that another claim takes the place of the first. */
const written = new WeakMap();
const buttons = new WeakSet();
let inCart;

/** Gives the claim to whatever takes it to checkout; a withdrawn claim is taken back. */
export const hand = (claim) => {
  for (const link of document.querySelectorAll("a[href*='://buy.stripe.com/']")) {
    const own = written.get(link) || link.getAttribute("href");
    // A shop that has a reference of its own there keeps it.
    if (/[?&]client_reference_id=/.test(own)) continue;
    written.set(link, own);
    const [address, hash = ""] = own.split(/(?=#)/);
    const reference = claim ? (/\?/.test(address) ? "&" : "?") + "client_reference_id=" + claim : "";
    if (link.getAttribute("href") != address + reference + hash) {
      link.setAttribute("href", address + reference + hash);
    }
  }
  for (const button of document.querySelectorAll("stripe-buy-button,stripe-pricing-table")) {
    const name = "client-reference-id";
    if (button.hasAttribute(name) && !buttons.has(button)) continue;
    buttons.add(button);
    if (claim) button.setAttribute(name, claim);
    else button.removeAttribute(name);
  }
  // The cart's attributes become the order's, where the shop's webhook finds the claim.
  if (window.Shopify && inCart !== claim) {
    inCart = claim;
    fetch((Shopify.routes?.root || "/") + "cart/update.js", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ attributes: { goodword_claim: claim || "" } }),
    }).catch(() => {});
  }
};
