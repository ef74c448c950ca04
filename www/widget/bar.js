// `<good-word mode="bar">`: the panel in a row: what it is about, the link, the channels' signs.

import css from "./bar.css";
import { mount as panel } from "./panel.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export const mount = (page, ...asked) => {
  const [element] = page;
  const root = element.shadowRoot || element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  panel(page, ...asked);
};
