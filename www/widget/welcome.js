// The welcome: greets a friend with the name of who invited them and with what they get. It
// decides which of its few sentences is true; it needs no Wasm, because the page a friend
// lands on should carry as little as possible.

import { form, welcome as own } from "goodword-texts";
import { look } from "./claim.js";
import { counted, known, make, money, percent, written } from "./make.js";
import ink from "./ink.css";
import css from "./welcome.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(ink + css);

/** The reward in words, or nothing where there is none. */
const said = (tag, words, reward, digits) => {
  if (!reward) return "";
  let limits = "";
  for (const [name, limit] of [["upto", "at_most"], ["minimum", "minimum"]]) {
    if (reward[limit]) limits += fill(words[name], { [limit]: money(tag, reward[limit], digits[reward[limit].currency]) });
  }
  return worth(tag, words, reward, digits) + limits;
};

const worth = (tag, words, { gives, value, basis_points }, digits) => {
  if (basis_points) return fill(words[gives], { value: percent(tag, basis_points) });
  if (value.label) return value.label;
  if (value.currency) return fill(words[gives], { value: money(tag, value, digits[value.currency]) });
  const { amount, unit } = value;
  const count = amount.toLocaleString(tag);
  return unit ? count + " " + unit : fill(counted(form, words.points, amount), { value: count });
};

const fill = (text = "{value}", gaps) => text.replace(/{(\w+)}/g, (_, gap) => gaps[gap] ?? "");

/** An owner's own sentence, where what it speaks of is there. */
const spoken = (text, gaps) =>
  text && [...text.matchAll(/{(\w+)}/g)].every(([, gap]) => gaps[gap]) && text;

export const mount = async ([element, wished, language, , program, , kept, keep, ask, emit]) => {
  element.leave?.();
  let left = !element.isConnected;
  element.leave = () => (left = true);
  const { claim } = kept();
  const answer = await look(claim, program, ask, "?locale=" + wished);
  if (answer.over) keep({ claim: null });
  // Meanwhile the page may have moved it, and another greeting is on its way.
  if (left || answer.over || !answer.valid || kept().claim != claim) return;
  const tag = known(wished, language);
  const { inviter, friend_reward, currency_digits, coupon, code, locale_matches, texts } = answer;
  // The owner's words before ours, if they are in the reader's language; a panel may have others of
  // the same name.
  const words = { ...own };
  const owners = locale_matches && texts;
  for (const name of Object.keys(own)) words[name] = owners?.["welcome." + name] ?? own[name];
  keep({ code });
  const reward = said(tag, words, friend_reward, currency_digits);
  // Isolated, so that a name with marks of direction in it turns nothing but itself.
  const name = inviter?.name && "\u2068" + inviter.name + "\u2069";
  const sentence = name
    ? reward ? words.invited : words.plain
    : reward ? words.nameless : words.bare;

  const root = element.shadowRoot || element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren();
  // With the consent goes what the greeting knows.
  const consented = ({ detail: given }) => given || root.replaceChildren();
  document.addEventListener("goodword:consent", consented);
  element.leave = () => {
    left = true;
    document.removeEventListener("goodword:consent", consented);
  };
  const box = make(root, "section", {
    part: "welcome",
    ...written(language),
    "aria-label": words.region,
  });
  const status = make(box, "p", { part: "text", role: "status" });
  // Announced only if it comes into a region that is already there.
  setTimeout(() => {
    const gaps = { name, reward };
    status.append(fill(spoken(element.getAttribute("text"), gaps) || sentence, gaps));
    // For a checkout that asks for a code, and for another device.
    const applied = make(box, "p", { part: "code" }, words.code + " ");
    make(applied, "code", { dir: "ltr" }, coupon || code);
    const close = make(box, "button", { part: "close", "aria-label": words.close }, "×");
    close.addEventListener("click", () => {
      keep({ dismissed: claim });
      root.replaceChildren();
    });
    emit("welcome", { code, name: inviter?.name, reward }, element);
  });
};
