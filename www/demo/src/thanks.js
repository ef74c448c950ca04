// Decides what a customer reads about the tracker's answer, in the shop's own words. Nothing here
// is asked of the tracker again.

import { amount, day } from "./money.js";
import { isFinal } from "./tracker.js";

/** A reward's value in words: `€10 shop credit`, `50 points`, `A tour of the tea house`. */
export function rewardWords({ gives, value, basis_points }) {
  if (Number.isSafeInteger(basis_points)) return `${basis_points / 100}% off`;
  if (value?.label) return value.label;
  if (value?.unit) return `${value.amount} ${value.unit}`;
  if (Number.isSafeInteger(value?.amount)) return `${value.amount} points`;
  if (!Number.isSafeInteger(value?.amount_minor)) return "a present";
  const money = amount(value.amount_minor, value.currency);
  const words = { credit: `${money} shop credit`, discount: `${money} off`, coupon: `a coupon worth ${money}` };
  return words[gives] ?? money;
}

/** `{headline, lines}` for the thank-you page; both may be empty when there is nothing to say. */
export function thanksFor(order, answer, now_ms) {
  const body = answer?.body;
  if (body?.outcome === "attributed") return attributed(order, body, now_ms);
  if (!order.claim) return { headline: null, lines: [] };
  if (body?.outcome === "unattributed") return unattributed(order, body.reason);
  // The tracker refused the order itself; what was wrong with it is no business of the customer's.
  if (isFinal(answer)) return unattributed(order, null);
  const headline = savedSentence(order, null);
  return { headline, lines: ["Your invitation travels with your order. We are still passing it on; there is nothing you need to do."] };
}

function attributed(order, body, now_ms) {
  const rewards = (Array.isArray(body.rewards) ? body.rewards : []).filter((reward) => reward.value?.amount_minor !== 0);
  const inviter = order.inviter ?? "your friend";
  const mine = rewards.filter((reward) => reward.side === "friend");
  const theirs = rewards.filter((reward) => reward.side === "advocate");
  const lines = [
    ...mine.map((reward) => friendLine(order, reward, now_ms)),
    ...theirs.map((reward) => `${order.inviter ?? "Your friend"} gets ${rewardWords(reward)} as our thank-you, ${when(reward, now_ms)}.`),
  ];
  if (body.review?.length > 0) lines.push("One of us takes a short look at this invitation first.");
  return { headline: savedSentence(order, inviter) ?? `You came here thanks to ${inviter}.`, lines };
}

function friendLine(order, reward, now_ms) {
  const words = rewardWords(reward);
  if (order.off_minor > 0) return `Your ${words} is in the total already.`;
  // The tracker was away at checkout, so the friend paid in full: the shop owes what it promised.
  if (reward.gives === "discount") return `Your ${words} could not be taken off in time. We send it back to your card.`;
  return `You get ${words}, ${when(reward, now_ms)}.`;
}

function when({ status, due_at }, now_ms) {
  if (status !== "pending") return "and that is final";
  if (Date.parse(due_at) > now_ms) return `pending until ${day(due_at)}`;
  return "pending until the order is settled";
}

const OTHERWISE = "This time the invitation did not count.";
const UNATTRIBUTED = {
  self_referral: "An invitation is for somebody else: a link of your own earns nothing.",
  not_first_purchase: "Invitations are for a first order, and this was not your first.",
  existing_customer: "Invitations are for new customers, and we know you already.",
  already_referred: "Somebody else had invited you before, and their invitation stands.",
  outside_window: "The invitation was too old to count.",
  below_minimum: "The order was too small for the invitation to count.",
  program_inactive: "Our invitations are taking a break, so this one did not count.",
};

function unattributed(order, reason) {
  const saved = savedSentence(order, null);
  const lines = [UNATTRIBUTED[reason] ?? OTHERWISE];
  // A price that was shown is the price that is charged, whatever the tracker says afterwards.
  if (saved) lines.push("What we took off stays off.");
  return { headline: saved, lines };
}

function savedSentence(order, inviter) {
  if (order.off_minor === 0) return null;
  return `You saved ${amount(order.off_minor, order.currency)}${inviter ? ` thanks to ${inviter}` : ""}.`;
}
