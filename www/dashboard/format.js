// Amounts, instants and rates as the reader's language writes them.
import { locale, t } from "./texts.js";

/** ISO 4217's decimal digits. The browser's own list has fewer for some, and would make a hundred forints of one. */
export const digits = (currency) =>
  "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".includes(currency)
    ? 0
    : "BHD IQD JOD KWD LYD OMR TND".includes(currency)
      ? 3
      : "CLF UYW".includes(currency)
        ? 4
        : 2;

export const count = (value) => new Intl.NumberFormat(locale).format(value);

export const decimal = (value) => new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);

export const percent = (value) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(value);

/** A difference of two parts of a whole, in percentage points; isolated, so that its sign stays before it. */
export const points = (value) => `\u2066${new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: "exceptZero" }).format(value * 100)}\u2069`;

export function money({ amount_minor, currency }) {
  const places = digits(currency);
  const style = { style: "currency", currency, minimumFractionDigits: places, maximumFractionDigits: places };
  // A decimal text is exact where a number of that size would not be.
  const sign = amount_minor < 0 ? "-" : "";
  const minor = String(Math.abs(amount_minor)).padStart(places + 1, "0");
  const text = `${sign}${minor.slice(0, minor.length - places)}${places > 0 ? `.${minor.slice(-places)}` : ""}`;
  return new Intl.NumberFormat(locale, style).format(text);
}

/** What a reward gives: money, points, units or a gift. */
export function value(of) {
  if (of.currency) return money(of);
  if (of.label) return of.label;
  return of.unit ? `${count(of.amount)} ${of.unit}` : count(of.amount);
}

/** An instant, where the reader is. */
export const moment = (text) =>
  text ? new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text)) : none;

/** A day of a report: days are UTC's. */
export const day = (text, style = { dateStyle: "medium" }) =>
  new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...style }).format(new Date(`${text}T00:00:00Z`));

/** A time from milliseconds, in the largest unit that fits. */
export function duration(ms) {
  if (ms === null) return none;
  const units = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1_000]];
  const [unit, length] = units.find(([, size]) => ms >= size) ?? units.at(-1);
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 }).format(ms / length);
}

/** What stands where there is nothing. */
export const none = "–";

/** What is divided by what. */
export const parts = (numerator, denominator) => t("ratio", { numerator, denominator });
