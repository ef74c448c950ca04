// /health and the manners every route shares: methods, unknown paths, request ids.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check } from "../support/check.mjs";
import { origin } from "../support/program.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const { call } = await sharedTracker();

test("health says ok and which version", async () => {
  const { body } = assertStatus(await call("GET", "/health"), 200);
  assert.equal(body.status, "ok");
  assert.match(body.version, /^\d+\.\d+\.\d+/);
});

test("two answers have two request ids", async () => {
  const [one, other] = [await call("GET", "/health"), await call("GET", "/health")];
  assert.notEqual(one.headers.get("x-request-id"), other.headers.get("x-request-id"));
});

check("a wrong method: 405, and Allow names the right ones", [
  ["health", "POST", "/health", ["GET"]],
  ["a link", "POST", "/r/ANNA-7K3FQ2M9X", ["GET"]],
  ["offer", "DELETE", "/v1/programs/demo/offer", ["GET"]],
  ["advocates", "GET", "/v1/advocates", ["POST"]],
  ["me", "POST", "/v1/advocates/me", ["GET"]],
  ["shares", "GET", "/v1/shares", ["POST"]],
  ["clicks", "PUT", "/v1/clicks", ["POST"]],
  ["a claim", "DELETE", "/v1/claims/lAAAA", ["GET"]],
  ["conversions", "GET", "/v1/conversions", ["POST"]],
  ["refunds", "PATCH", "/v1/refunds", ["POST"]],
  ["a program", "POST", "/v1/programs/demo", ["GET", "PUT"]],
  ["rewards", "POST", "/v1/programs/demo/rewards", ["GET"]],
  ["settle", "GET", "/v1/programs/demo/settle", ["POST"]],
  ["a method that few know", "QUERY", "/health", ["GET"]],
], async (method, path, allowed) => {
  const answer = await call(method, path, { origin });
  assertProblem(answer, 405, "method_not_allowed");
  const named = answer.headers.get("allow").split(",").map((name) => name.trim());
  for (const name of allowed) assert.ok(named.includes(name), `Allow: ${named}`);
  assert.ok(!named.includes(method), `Allow: ${named}`);
});

check("an unknown path: 404", [
  ["below /v1", "GET", "/v1/nothing"],
  ["below a program", "GET", "/v1/programs/demo/nothing"],
  ["one slash too many", "POST", "/v1//conversions"],
  ["a dot segment, escaped", "GET", "/v1/programs/%2e%2e%2fsecret/offer"],
], async (method, path) => {
  assertProblem(await call(method, path), [400, 404], ["not_found", "invalid_field"]);
});
