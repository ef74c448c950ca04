// `<good-word mode="after-purchase" order="…">`: the panel as a prompt on the page that thanks
// for an order. It comes once for an order: not again once it was closed or shared from, though the
// page of an older order be opened again.

import { modes as words } from "goodword-texts";
import css from "./prompt.css";
import { mount as panel } from "./panel.js";
import { prompt } from "./prompt.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** Longer than this the prompt does not wait to hear whether the program runs. */
const SLOW_MS = 500;

/** As many orders as a customer comes back to. */
const ORDERS_MAX = 20;

export const mount = async (page, load, first) => {
  const [element, , language, , , , kept, keep] = page;
  const order = element.getAttribute("order") || "any";
  /** When somebody was done with the prompt for an order, by the order. */
  const earlier = () => kept().prompted || {};
  // With an order the loader has seen to this already. The room held free does not stay.
  if (earlier()[order]) return (element.style.minHeight = 0);
  const done = () => {
    const times = Object.entries({ ...earlier(), [order]: Date.now() });
    times.sort(([, one], [, other]) => other - one);
    keep({ prompted: Object.fromEntries(times.slice(0, ORDERS_MAX)) });
  };
  const idle = first[0].then(async ({ status, qualifies }) => {
    // Where only a first order counts, a friend who has made theirs is greeted with it no more.
    if (qualifies?.kind == "purchase" && qualifies.which == "first") keep({ dismissed: kept().claim });
    // Where nobody can invite, nobody is asked to, and neither is who is blocked.
    return (status && status != "active") || (await first[1])?.summary?.status == "blocked";
  });
  const late = new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  let leave;
  const away = () => {
    (leave || element.leave)?.();
    element.shadowRoot?.replaceChildren();
    element.style.minHeight = 0;
  };
  if (await Promise.race([idle, late])) return away();
  if (!element.isConnected) return;
  // Only with consent can be known that this order has been prompted for.
  const consented = ({ detail: given }) => {
    if (leave || !element.isConnected) document.removeEventListener("goodword:consent", consented);
    else if (given && earlier()[order]) away();
  };
  document.addEventListener("goodword:consent", consented);
  prompt(element, language, [sheet], () => {
    done();
    leave?.();
  });
  // The page may move it afterwards, at one go: it stays as it is, because the loader does not begin it anew.
  const used = () => {
    done();
    leave ||= element.leave;
    element.leave = () => setTimeout(() => element.isConnected || leave());
  };
  element.addEventListener("goodword:share", used);
  element.addEventListener("goodword:copy", used);
  panel(page, load, first, (owner) => ({ headline: owner?.prompt || words.prompt }));
  if (await idle) away();
};
