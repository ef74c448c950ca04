// The share link as a picture that a phone can read; that it can is left to the library that draws it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus } from "../support/check.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const shop = await openShop(tracker, "qr");
const { code } = await shop.enrol("anna");

test("a code is drawn and may be kept", async () => {
  const answer = assertStatus(await tracker.call("GET", `/qr/${code}.svg`), 200);
  assert.equal(answer.headers.get("content-type"), "image/svg+xml");
  assert.match(answer.headers.get("cache-control"), /max-age=[1-9]/);
  assert.equal(answer.headers.get("cross-origin-resource-policy"), "cross-origin");
  assert.match(answer.text, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 (\d+) \1"/);
  assert.doesNotMatch(answer.text, /<script/);
});

test("the channel is in the picture, if it is one", async () => {
  const drawn = async (query) => assertStatus(await tracker.call("GET", `/qr/${code}.svg${query}`), 200).text;
  const plain = await drawn("");
  assert.notEqual(await drawn("?c=wechat"), plain);
  assert.notEqual(await drawn("?c=wechat"), await drawn("?c=email"));
  assert.equal(await drawn("?c=pigeon"), plain);
  assert.equal(await drawn("?c="), plain);
});

test("what cannot be a code is not drawn", async () => {
  assertProblem(await tracker.call("GET", "/qr/nobody.svg"), 404, "not_found");
  assertProblem(await tracker.call("GET", `/qr/${code}`), 404, "not_found");
});
