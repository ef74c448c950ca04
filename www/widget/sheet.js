// How the panel looks, for the panel and for what looks like it.

import ink from "./ink.css";
import css from "./panel.css";

export const sheet = new CSSStyleSheet();
sheet.replaceSync(ink + css);
