// Decides who is at the other end: the session is one cookie, signed so that nobody can write
// their own. It says who is signed in and which orders this browser placed. How a customer proves
// who they are is left out: the demo lets anybody be Anna.

import { customerOf } from "./catalog.js";
import { base64url, bytesOf, hmacKey, newest, utf8 } from "./keys.js";

const COOKIE = "kettle_session";
const AGE_SECONDS = 7 * 86400;
// A browser's own recent orders are few; the limit keeps the cookie far below 4 KiB.
const BOUGHT_MAX = 5;

/** The raw value of a cookie, or null. */
export function cookieOf(request, name) {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

// The shop's own key is derived, so that a signed cookie can never pass for an identity token.
async function shopKey(env, purpose) {
  const identity = await hmacKey(utf8(newest(env.IDENTITY_SECRET)));
  return hmacKey(await crypto.subtle.sign("HMAC", identity, utf8(`kettle and leaf: ${purpose}`)));
}

/** `text` with a signature that holds for one purpose only. */
export async function signed(env, purpose, text) {
  const body = base64url(utf8(text));
  const mac = await crypto.subtle.sign("HMAC", await shopKey(env, purpose), utf8(body));
  return `${body}.${base64url(new Uint8Array(mac))}`;
}

/** The text that was signed, or null when it was not signed here for this purpose. */
export async function opened(env, purpose, token) {
  const [body, mac, ...rest] = (token ?? "").split(".");
  if (!body || !mac || rest.length > 0) return null;
  try {
    const holds = await crypto.subtle.verify("HMAC", await shopKey(env, purpose), bytesOf(mac), utf8(body));
    return holds ? new TextDecoder().decode(bytesOf(body)) : null;
  } catch {
    // What is not base64 was not signed here either.
    return null;
  }
}

/**
 * `{customer, bought}`: `customer` is `{id, name, first, email, guest}` or null,
 * `bought` the ids of the orders placed from this browser, newest first.
 */
export async function sessionOf(request, env) {
  const text = await opened(env, "session", cookieOf(request, COOKIE));
  const held = text ? JSON.parse(text) : null;
  if (!held || held.expires_at < Date.now() / 1000) return { customer: null, bought: [] };
  const known = customerOf(held.customer);
  const customer = known ? { ...known, guest: false } : held.guest ? { ...held.guest, guest: true } : null;
  return { customer, bought: held.bought };
}

export async function sessionCookie(request, env, session) {
  const { customer } = session;
  const held = {
    customer: customer && !customer.guest ? customer.id : null,
    guest: customer?.guest ? { id: customer.id, name: customer.name, first: customer.first, email: customer.email } : null,
    bought: session.bought.slice(0, BOUGHT_MAX),
    expires_at: Math.floor(Date.now() / 1000) + AGE_SECONDS,
  };
  const secure = new URL(request.url).protocol === "https:" ? "; Secure" : "";
  const value = await signed(env, "session", JSON.stringify(held));
  return `${COOKIE}=${value}; Path=/; Max-Age=${AGE_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}

/** A guest is known by e-mail until they open an account. */
export function guestOf(name, email) {
  return { id: `guest:${email}`, name, first: name.split(/\s+/)[0], email, guest: true };
}
