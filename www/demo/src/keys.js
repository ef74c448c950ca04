// Decides how secrets and signatures are written. A secret may be two, `new,old`, while it is
// being rotated: the newest signs. Where secrets come from is left to the environment.

export function newest(secrets) {
  return secrets.split(",")[0];
}

export function utf8(text) {
  return new TextEncoder().encode(text);
}

export function base64url(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The bytes of base64url text; throws on anything else. */
export function bytesOf(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}

export function hmacKey(bytes) {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}
