// How the panel looks, for the panel and for what looks like it.

import css from "./panel.css";

export const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
