// The description of the routes is served where a page or a tool can read it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertStatus } from "../support/check.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const { call } = await sharedTracker();

test("the OpenAPI document is there for pages of any origin", async () => {
  const { body, headers } = assertStatus(await call("GET", "/openapi.json"), 200);
  assert.equal(body.openapi, "3.1.0");
  assert.equal(headers.get("access-control-allow-origin"), "*");
});
