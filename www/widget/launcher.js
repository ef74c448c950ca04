// `<good-word mode="launcher">`: a button that opens the panel in a dialog. Nothing else is
// fetched, and nobody is enrolled, before it is pressed.

import { modes as words } from "goodword-texts";
import ink from "./ink.css";
import css from "./launcher.css";
import { make, written } from "./make.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(ink + css);

export const mount = ([element, tag, language, ...rest], load) => {
  if (!element.isConnected) return;
  element.leave?.();
  const root = element.shadowRoot || element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren();
  const label = element.getAttribute("label") || words.launch;
  const attributes = { part: "launcher", type: "button", "aria-haspopup": "dialog", ...written(language) };
  const launcher = make(root, "button", attributes, label);
  const dialog = make(root, "dialog", { part: "dialog", "aria-label": label, ...written(language) });
  const close = make(dialog, "button", { part: "close", type: "button", "aria-label": words.close }, "×");
  const place = make(dialog, "div", { part: "place" });
  element.style.display = element.style.minHeight = "";
  let asked;
  let tries = 0;
  const fetched = async () => {
    place.replaceChildren();
    make(place, "progress", { "aria-label": label });
    try {
      // A browser remembers that a script did not come: another try needs another address.
      const panel = import(import.meta.url.replace(/launcher(?=[^/]*$)/, "inline") + (tries++ ? "?" + tries : ""));
      const first = load();
      (await panel).mount([element, tag, language, ...rest], load, first);
    } catch {
      // The next press tries again.
      asked = false;
      place.replaceChildren();
      make(place, "p", { role: "status" }, words.failed);
    }
  };
  launcher.addEventListener("click", () => {
    dialog.showModal();
    asked ||= fetched();
  });
  close.addEventListener("click", () => dialog.close());
  // Beside the dialog is its backdrop. What began inside, as a selection, or on the launcher, as its
  // double click, does not close it.
  let beside;
  dialog.addEventListener("pointerdown", ({ target }) => (beside = target == dialog));
  dialog.addEventListener("click", ({ target, detail }) => {
    if (beside && target == dialog && detail < 2) dialog.close();
  });
};
