// One HTTP call, as the tests make it: redirects are not followed, and what the contract promises of
// every answer (a request id, problems in RFC 9457's form, never a 5xx) is checked on every call.
import assert from "node:assert/strict";

/** A browser that no list of robots knows. */
export const person = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

// Every call comes from an address of its own (198.18.0.0/15 is set aside for tests), so that limits
// per address are met only by tests that mean to meet them.
let addresses = 0;
export function freshAddress() {
  addresses += 1;
  return `198.${18 + ((addresses >> 16) & 1)}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

/** Paths the tracker answers itself; pages and files are served without its promises. */
const ofTracker = /^\/(v1|r|qr)\/|^\/health(\?|$)/;

/**
 * `call(method, path, { key, origin, body, text, headers })`:
 * `body` is sent as JSON, `text` as it is. Gives `{ status, headers, text, body }`.
 */
export function caller(base) {
  return async function call(method, path, { key, origin, body, text, headers = {}, agent = person, address = freshAddress() } = {}) {
    const sent = { "user-agent": agent, "cf-connecting-ip": address };
    if (key !== undefined) sent.authorization = `Bearer ${key}`;
    if (origin !== undefined) sent.origin = origin;
    if (body !== undefined) sent["content-type"] = "application/json";
    Object.assign(sent, headers);
    const response = await fetch(base + path, {
      method,
      headers: sent,
      body: body !== undefined ? JSON.stringify(body) : text,
      redirect: "manual",
    });
    const answer = { method, path, status: response.status, headers: response.headers, text: await response.text(), body: null };
    const type = response.headers.get("content-type") ?? "";
    if (/\bjson\b/.test(type) && answer.text !== "") answer.body = JSON.parse(answer.text);
    if (ofTracker.test(path)) promises(answer, type);
    return answer;
  };
}

function promises(answer, type) {
  const seen = `${answer.method} ${answer.path} -> ${answer.status} ${type} ${answer.text.slice(0, 500)}`;
  assert.ok(answer.status < 500, seen);
  assert.ok(answer.headers.get("x-request-id"), `no x-request-id: ${seen}`);
  if (answer.status < 400 || answer.method === "HEAD") return;
  assert.match(type, /^application\/problem\+json\b/, seen);
  assert.equal(answer.body.status, answer.status, seen);
  for (const part of ["type", "title", "code", "detail"]) {
    assert.equal(typeof answer.body[part], "string", `no ${part}: ${seen}`);
    assert.notEqual(answer.body[part], "", `empty ${part}: ${seen}`);
  }
  for (const fault of answer.body.errors ?? []) {
    assert.equal(typeof fault.field, "string", seen);
    assert.equal(typeof fault.detail, "string", seen);
  }
  assert.doesNotMatch(answer.text, /panicked|\.rs:\d+|\bat .*\.js:\d+/, `a stack trace: ${seen}`);
}
