// Decides what every page of the shop shares: head, header, footer. The Goodword tag is what a
// shop owner pastes; pages that have nothing to do with invitations go without it.

import { html } from "../markup.js";

const TAG = html`<script async src="/goodword.js" data-program="demo"></script>`;

const MARK = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <path class="mark-pot" d="M6 15h17v3a8.5 8.5 0 0 1-17 0zM23 17h2.2a2.8 2.8 0 0 1 0 5.6H22"/>
  <path class="mark-leaf" d="M14.5 12.5C10 9 12 4 18.5 3c.6 5.5-1 8.7-4 9.5zm0 0c.2-2.6 1-4.6 2.5-6.3"/>
</svg>`;

/** `view` is `{title, main, count, tag, here}`; only `title` and `main` are required. */
export function layout({ title, main, count = 0, tag = false, here = "" }) {
  const current = (name) => (here === name ? html` aria-current="page"` : null);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Kettle &amp; Leaf</title>
<meta name="description" content="A small shop for whole-leaf tea and the pots to brew it in.">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f7f2e8" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#151a17" media="(prefers-color-scheme: dark)">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
${tag && TAG}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
  <div class="wide top-row">
    <a class="brand" href="/">${MARK}<span>Kettle <i>&amp;</i> Leaf</span></a>
    <nav aria-label="Shop">
      <a href="/"${current("product")}>Tea</a>
      <a href="/account"${current("account")}>Account</a>
      <a href="/checkout"${current("checkout")}>Basket<span class="count">${count}<span class="unseen"> ${count === 1 ? "item" : "items"}</span></span></a>
    </nav>
  </div>
</header>
<main id="main" class="wide" tabindex="-1">
${main}
</main>
<footer>
  <div class="wide foot-row">
    <p>Kettle &amp; Leaf, tea merchants of nowhere in particular.<br>An invented shop: no card is charged, nothing is sent.</p>
    <p><a href="/backstage">Behind the counter</a></p>
  </div>
</footer>
</body>
</html>
`;
}
