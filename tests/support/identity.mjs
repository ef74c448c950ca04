// Identity tokens as a shop's server signs them (HS256 JWT), and every way to sign one badly.
import { createHmac } from "node:crypto";

export const base64url = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

export const nowSeconds = () => Math.floor(Date.now() / 1000);

/** The newest of the secrets that are alive (`new,old`). */
export const newest = (secrets) => secrets.split(",")[0];

/** A token: `claims` over what is usual, `header` over HS256's. */
export function identityToken(secret, claims, header = {}) {
  const iat = nowSeconds();
  const head = base64url({ alg: "HS256", typ: "JWT", ...header });
  const payload = base64url({ iat, exp: iat + 3600, ...claims });
  const signature = createHmac("sha256", secret).update(`${head}.${payload}`).digest("base64url");
  return `${head}.${payload}.${signature}`;
}

/**
 * The same bytes in another spelling: the last of the 43 letters of a 32-byte signature holds two
 * bits that mean nothing, and a strict reader refuses any but zeros there.
 */
export function respell(token) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = alphabet.indexOf(token.at(-1));
  return token.slice(0, -1) + alphabet[last ^ 1];
}
