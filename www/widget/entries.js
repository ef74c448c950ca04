// Writes what is known as the record that the Wasm reads: `name=text`, each ended by a unit
// separator, names with dots for what is inside. Here values become words, because only the
// browser knows the reader's money and dates. Control characters are taken out of
// every text: with them a text could pose as another entry or as a DOM operation.

import { form } from "goodword-texts";
import { money, percent } from "./make.js";

const written = (tag, name, value) => {
  if (value == null || value === false) return "";
  if (typeof value == "object" && !("amount_minor" in value)) {
    let all = "";
    for (const key of Object.keys(value)) {
      all += written(tag, name ? name + "." + key : key, value[key]);
    }
    return all;
  }
  // Money or a share of the order: to a text they are both the value.
  return name.replace("basis_points", "value") + "=" + said(tag, name, value).replace(/[\0-\x08\x0b-\x1f]/g, "") + "\x1f";
};

/** Of the currencies' minor units, as the tracker tells. */
let digits;

const said = (tag, name, value) => {
  if (value.currency) return money(tag, value, digits[value.currency]);
  if (/_at$/.test(name)) {
    return new Intl.DateTimeFormat(tag, { dateStyle: "medium" }).format(new Date(value));
  }
  if (/basis_points$/.test(name)) return percent(tag, value);
  return String(value);
};

export const entries = (tag, known) => {
  digits = known.offer.currency_digits || {};
  let forms = "";
  for (let count = 0; count < 200; count++) forms += form(count);
  return written(tag, "", { forms, ...known });
};
