// Decides how the shop writes amounts and days. Amounts are integer minor units everywhere;
// the only division is here, at the moment of display. The shop sells in a currency with two decimals.

const LOCALE = "en-IE";

function formatted(amount_minor, currency, options) {
  const style = { style: "currency", currency, ...options };
  return new Intl.NumberFormat(LOCALE, style).format(amount_minor / 100);
}

/** `€34.90`, as a price or a total is written. */
export function price(amount_minor, currency) {
  return formatted(amount_minor, currency, {});
}

/** `€10`, as an amount is written inside a sentence: full units go without decimals. */
export function amount(amount_minor, currency) {
  return formatted(amount_minor, currency, { trailingZeroDisplay: "stripIfInteger" });
}

/** `21 November 2026`, in UTC like everything the shop stores; empty for what is no instant. */
export function day(instant) {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(at);
}

/** `34.90`, as an amount stands in a field. */
export function digits(amount_minor) {
  return `${Math.floor(amount_minor / 100)}.${String(amount_minor % 100).padStart(2, "0")}`;
}

/** The minor units of `34.90`, `34,9` or `34`, or null. */
export function minorIn(text) {
  const found = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec((text ?? "").trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}
