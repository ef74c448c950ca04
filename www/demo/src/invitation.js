// Decides what a friend's claim is worth in this basket, before payment. The tracker says whether
// the claim is good and what the program gives; the shop adds what only it knows, namely whether
// this customer has ordered before.
//
// States: `none` (no claim), `good`, `earlier` (good, but not this customer's first order),
// `own` (the customer's own link), `void` (the tracker refused the claim, or refused it to this customer), `unsure` (the tracker could not be asked).

import { askClaim } from "./tracker.js";

const NOTHING = { state: "none", claim: null, inviter: null, gift: null, off_minor: 0 };

/** What the customer is told of a refusal; all others are simply no longer valid. */
const REFUSED = { self_referral: "own", not_first_purchase: "earlier" };

export async function invitationOf(env, base, claim, subtotal, customer, ordered_before) {
  if (!claim) return NOTHING;
  const { status, body } = await askClaim(env, base, claim, customer);
  if (status !== 200 || !body) return { ...NOTHING, state: "unsure", claim };
  if (!body.valid) return { ...NOTHING, state: REFUSED[body.reason] ?? "void", claim };

  const good = { ...NOTHING, state: "good", claim, inviter: body.inviter?.name ?? null, gift: body.friend_reward ?? null };
  if (ordered_before) return { ...good, state: "earlier" };
  return { ...good, off_minor: takenOff(good.gift, subtotal) };
}

/** What a reward takes off a subtotal at once, in minor units. Points, gifts and credit come later. */
export function takenOff(reward, subtotal) {
  if (reward?.gives !== "discount") return 0;
  const whole_minor = wholeDiscount(reward, subtotal);
  return Math.min(Math.max(whole_minor, 0), subtotal.amount_minor);
}

function wholeDiscount({ value, basis_points, at_most }, subtotal) {
  if (Number.isSafeInteger(basis_points)) {
    // Percent rounds half up to the minor unit, as the program's terms do.
    const percent_minor = Math.floor((subtotal.amount_minor * basis_points + 5000) / 10000);
    return at_most?.currency === subtotal.currency ? Math.min(percent_minor, at_most.amount_minor) : percent_minor;
  }
  const fits = value?.currency === subtotal.currency && Number.isSafeInteger(value.amount_minor);
  return fits ? value.amount_minor : 0;
}
