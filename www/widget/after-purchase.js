// `<good-word mode="after-purchase" order="…">`: the panel as a prompt on the page that thanks
// for an order. It comes once for an order: not again once it was closed or shared from.

import { modes as words } from "goodword-texts";
import css from "./prompt.css";
import { make } from "./make.js";
import { mount as panel } from "./panel.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export const mount = (page, ...asked) => {
  const [element, , , , , kept, keep] = page;
  const prompted = element.getAttribute("order") || "any";
  /** Nothing comes: neither does the room held free for it stay. */
  const free = () => (element.style.minHeight = "");
  // With an order the loader has seen to this already.
  if (kept().prompted == prompted) return free();
  const done = () => keep({ prompted });
  const root = element.shadowRoot || element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren();
  const prompt = make(root, "div", { part: "prompt" });
  make(prompt, "div", { part: "place" });
  const close = make(prompt, "button", { part: "close", type: "button", "aria-label": words.close }, "×");
  close.addEventListener("click", () => {
    done();
    element.leave?.();
    root.replaceChildren();
    free();
  });
  element.addEventListener("goodword:share", done);
  element.addEventListener("goodword:copy", done);
  panel(page, ...asked, (owner) => ({ headline: owner?.prompt || words.prompt }));
};
