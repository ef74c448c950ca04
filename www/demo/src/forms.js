// Decides what counts as a form: urlencoded, small, and sent by one of the shop's own pages.
// What the fields mean is left to the routes.

const BODY_BYTES_MAX = 16 * 1024;

/** `{fields}`, or `{refused}` with the HTTP status that says why. */
export async function formOf(request) {
  // SameSite keeps the session out of foreign posts; this keeps the posts themselves out.
  if (request.headers.get("sec-fetch-site") === "cross-site") return { refused: 403 };
  const type = (request.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return { refused: 415 };
  const bytes = await bytesWithin(request, BODY_BYTES_MAX);
  if (!bytes) return { refused: 413 };
  return { fields: new URLSearchParams(new TextDecoder().decode(bytes)) };
}

// A declared length may lie or be missing, so the bytes are counted while they come.
async function bytesWithin(request, bytes_max) {
  if (Number(request.headers.get("content-length") ?? 0) > bytes_max) return null;
  const bytes = new Uint8Array(bytes_max);
  let length = 0;
  for await (const chunk of request.body ?? []) {
    if (length + chunk.length > bytes_max) return null;
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return bytes.subarray(0, length);
}

/** A line of text as people type it: trimmed, inner white space as one space, no longer than `length_max`. */
export function lineIn(fields, name, length_max) {
  return (fields.get(name) ?? "").normalize("NFC").replace(/\s+/g, " ").trim().slice(0, length_max);
}
