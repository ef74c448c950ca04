// What pages load: the loader at an address that never changes and is looked at again soon, and the
// files it names, which carry a hash and are kept for ever, by pages of any origin.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertStatus, check } from "../support/check.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const { call } = await sharedTracker();
const loader = await call("GET", "/goodword.js");
const hash = /(?<=\.)[a-p]{6}(?=\.js)/.exec(loader.text)?.[0];

const ageOf = (answer) => Number(/max-age=(\d+)/.exec(answer.headers.get("cache-control") ?? "")?.[1] ?? 0);

test("the loader is a script that is asked for again soon", async () => {
  assertStatus(loader, 200);
  assert.match(loader.headers.get("content-type"), /^(text|application)\/javascript\b/);
  assert.ok(ageOf(loader) <= 3600, loader.headers.get("cache-control"));
  assert.doesNotMatch(loader.headers.get("cache-control") ?? "", /immutable/);
  assert.ok(loader.headers.get("etag"));
  assert.equal(loader.headers.get("cross-origin-resource-policy"), "cross-origin");
});

test("the loader that has not changed is not sent again", async () => {
  const answer = await call("GET", "/goodword.js", { headers: { "if-none-match": loader.headers.get("etag") } });
  assertStatus(answer, 304);
  assert.equal(answer.text, "");
});

check("the files it names are kept for ever, and any page may load them", [
  ["the panel's script", "inline.en"],
  ["the welcome's script", "welcome.en"],
], async (name) => {
  const answer = assertStatus(await call("GET", `/widget/${name}.${hash}.js`, { origin: "https://shop.example" }), 200);
  assert.match(answer.headers.get("content-type"), /^(text|application)\/javascript\b/);
  assert.match(answer.headers.get("cache-control"), /\bimmutable\b/);
  assert.ok(ageOf(answer) >= 365 * 24 * 3600, answer.headers.get("cache-control"));
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  assert.equal(answer.headers.get("cross-origin-resource-policy"), "cross-origin");
});

test("the dashboard is a page that runs its own scripts, asks its own origin, and nothing else", async () => {
  const page = assertStatus(await call("GET", "/dashboard"), 200);
  assert.match(page.headers.get("content-type"), /^text\/html/);
  assert.equal(page.headers.get("content-security-policy"), "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
  assert.doesNotMatch(page.text, /<script(?! type="module" src=)|<style|\son\w+=/);
  for (const [, path] of page.text.matchAll(/(?:src|href)="(\/dashboard\/[^"]+)"/g)) {
    assert.match(assertStatus(await call("GET", path), 200).headers.get("cache-control"), /\bimmutable\b/);
  }
});

test("a file of another hash is not there", async () => {
  assertStatus(await call("GET", "/widget/inline.en.aaaaaa.js"), 404);
});
