// `<good-word mode="after-purchase" order="…">`: the panel as a prompt on the page that thanks
// for an order. It comes once for an order: not again once it was closed or shared from.

import { modes as words } from "goodword-texts";
import css from "./prompt.css";
import { mount as panel } from "./panel.js";
import { prompt } from "./prompt.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export const mount = (page, ...asked) => {
  const [element, , language, , , kept, keep] = page;
  const prompted = element.getAttribute("order") || "any";
  // With an order the loader has seen to this already. The room held free does not stay.
  if (kept().prompted == prompted) return (element.style.minHeight = 0);
  const done = () => keep({ prompted });
  prompt(element, language, [sheet], done);
  element.addEventListener("goodword:share", done);
  element.addEventListener("goodword:copy", done);
  panel(page, ...asked, (owner) => ({ headline: owner?.prompt || words.prompt }));
};
