// What one address may do in a minute, on the real binding. The minute may turn in the middle, so each
// test sends until it is refused, at most what three minutes would take.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus } from "../support/check.mjs";
import { freshAddress } from "../support/http.mjs";
import { assertRedirect, follow } from "../support/links.mjs";
import { origin } from "../support/program.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const { call } = tracker;
const shop = await openShop(tracker, "limits");

/** Sends one after another until one is refused; gives how many passed, and the refusal. */
async function untilRefused(send, calls_max) {
  for (let passed = 0; passed < calls_max; passed += 1) {
    const answer = await send(passed);
    if (answer.status === 429) return { passed, answer };
  }
  return assert.fail(`${calls_max} calls from one address passed`);
}

function assertRefused(answer) {
  assertProblem(answer, 429, "rate_limited");
  assert.match(answer.headers.get("retry-after"), /^[1-9]\d*$/);
}

test("60 enrolments of one address pass, not any number", async () => {
  const address = freshAddress();
  const enrol = (n) => call("POST", "/v1/advocates", { origin, address, body: { program: shop.id, identity: shop.token({ sub: `c-${n}` }) } });
  const { passed, answer } = await untilRefused(enrol, 360);
  assert.ok(passed >= 60, `${passed} passed`);
  assertRefused(answer);
  assert.equal(answer.headers.get("access-control-allow-origin"), origin, "the page can read it");
});

test("120 clicks of one address pass; beyond its limit a link still leads on with a claim", async () => {
  const anna = await shop.enrol("anna");
  const address = freshAddress();
  const { passed, answer } = await untilRefused(
    () => call("POST", "/v1/clicks", { origin, address, body: { program: shop.id, code: anna.code } }),
    900,
  );
  assert.ok(passed >= 120, `${passed} passed`);
  assertRefused(answer);
  const other = await shop.click(anna.code);
  assert.ok(other, "another address clicks as before");
  for (let n = 0; n < 5; n += 1) {
    const to = assertRedirect(await follow(call, anna.code, "", { address }));
    assert.ok(to.searchParams.get("gw"), "the friend is somebody's");
  }
});

test("who is refused for a wrong key again and again is told to wait; the right key is not", async () => {
  const address = freshAddress();
  const path = `/v1/programs/${shop.id}`;
  const { answer } = await untilRefused(() => call("GET", path, { key: "gw_ok_guess", address }), 180);
  assertRefused(answer);
  assertStatus(await call("GET", path, { key: shop.owner, address }), 200);
  assertStatus(await call("GET", "/health", { address }), 200);
});
