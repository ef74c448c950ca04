// Decides which headers the shop's own answers carry. What they say is left to the pages.

import { messagePage } from "./pages/message.js";

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  // Every page names a basket or a person, so no shared cache may keep it.
  "cache-control": "private, no-cache",
  // What the widget needs is `script-src` with 'wasm-unsafe-eval'; the tracker is this same origin here.
  "content-security-policy":
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "referrer-policy": "strict-origin-when-cross-origin",
  "x-content-type-options": "nosniff",
};

export function page(markup, { status = 200, cookies = [], allow = null } = {}) {
  const headers = new Headers(HEADERS);
  if (allow) headers.set("allow", allow);
  return new Response(String(markup), { status, headers: withCookies(headers, cookies) });
}

export function message(status, more = {}) {
  return page(messagePage(status), { ...more, status });
}

/** After a form the browser goes on with a GET, so that reloading posts nothing twice. */
export function seeOther(path, cookies = []) {
  const headers = new Headers({ location: path, "cache-control": "no-store" });
  return new Response(null, { status: 303, headers: withCookies(headers, cookies) });
}

function withCookies(headers, cookies) {
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return headers;
}
