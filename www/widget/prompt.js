// A prompt: what stands in a page until the reader closes it.

import { modes as words } from "goodword-texts";
import { make, written } from "./make.js";

/** Empties the element for a prompt and gives the place for what it holds; `closed` is called once it was closed. */
export const prompt = (element, language, sheets, closed) => {
  const root = element.shadowRoot || element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = sheets;
  root.replaceChildren();
  const whole = make(root, "div", { part: "prompt", ...written(language) });
  const place = make(whole, "div", { part: "place" });
  const close = make(whole, "button", { part: "close", type: "button", "aria-label": words.close }, "×");
  close.addEventListener("click", () => {
    closed();
    element.leave?.();
    // Who reads on from where this was, by key or by ear, need not begin the page again.
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
    root.replaceChildren();
    // Nothing comes any more: no room is held free for it, neither by the page's own style.
    element.style.minHeight = 0;
  });
  return place;
};
