// Decides what the shop vouches for: a token that says "this is customer so-and-so", made on the
// shop's server and given to `<good-word identity="…">`. HS256 JWT; the key is the text of
// IDENTITY_SECRET as UTF-8. Copy this file and keys.js.

import { base64url, hmacKey, newest, utf8 } from "./keys.js";

// The tracker accepts at most three hours; one is plenty for a page that is open.
const VALID_SECONDS = 3600;

export async function identityToken(env, customer, now_ms) {
  const part = (value) => base64url(utf8(JSON.stringify(value)));
  const issued_at = Math.floor(now_ms / 1000);
  const claims = {
    sub: customer.id,
    aud: env.PROGRAM,
    iat: issued_at,
    exp: issued_at + VALID_SECONDS,
    // What friends read in "Anna invited you": the first name and no more.
    name: customer.first,
    email: customer.email,
  };
  const unsigned = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  const key = await hmacKey(utf8(newest(env.IDENTITY_SECRET)));
  const mac = await crypto.subtle.sign("HMAC", key, utf8(unsigned));
  return `${unsigned}.${base64url(new Uint8Array(mac))}`;
}
