// What few pages need, and the loader therefore fetches only then: friends who come by a direct
// link or for the second time, orders that the page itself reports, and, for every friend, what takes a claim to checkout.

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
let current, inCart, watching;

/** An address as the page wrote it: without a claim of ours. */
const own = (address) =>
  address.replace(/([?&])client_reference_id=([\w-]+)(?:&|(?=#|$))/g, (whole, lead, claim) =>
    given.has(claim) ? (whole.endsWith("&") ? lead : "") : whole,
  );

/** The loader fills fields as they come; here it is done again for those that the page names, empties or resets later. */
const fields = () => {
  for (const field of document.getElementsByName("goodword_claim")) field.value = current || "";
};

/**
 * The page may write another address, reference or value at any moment, as late as when something is
 * pressed: before the browser goes there, the claim is in it again.
 */
const watch = () => {
  const attributeFilter = ["href", "client-reference-id", "name"];
  new MutationObserver(() => hand(current)).observe(document, { subtree: true, attributeFilter });
  addEventListener("submit", fields, true);
  // It is told before the form is emptied.
  addEventListener("reset", () => setTimeout(fields), true);
  addEventListener("formdata", ({ formData }) => {
    if (formData.has("goodword_claim")) formData.set("goodword_claim", current || "");
  }, true);
  return true;
};

/** Gives the claim to whatever takes it to checkout; a withdrawn claim is taken back. */
export const hand = (claim = null) => {
  current = claim;
  fields();
  if (claim) given.add(claim);
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
    fetch((Shopify.routes?.root || "/") + "cart/update.js", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ attributes: { goodword_claim: claim || "" } }),
    }).catch(() => {});
  }
  watching ||= watch();
};
