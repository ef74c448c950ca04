// GET /r/{code}: where a share link leads, what it never leads to, and who counts as a person.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertStatus, check } from "../support/check.mjs";
import { assertRedirect, claimForm, follow, robots } from "../support/links.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";
import { until } from "../support/until.mjs";

const tracker = await sharedTracker();
const { call } = tracker;
const shop = await openShop(tracker, "links", { destination: "https://shop.example/tea?shop=1" });
const { code } = await shop.enrol("anna", { name: "Anna" });

/** Off the shop's host is nowhere a link may lead. */
const allowedHosts = ["shop.example", new URL(tracker.base).host];

test("a link leads to the stored destination with a claim", async () => {
  const answer = await follow(call, code);
  const to = assertRedirect(answer);
  assert.equal(to.origin + to.pathname, "https://shop.example/tea");
  assert.equal(to.searchParams.get("shop"), "1");
  assert.match(to.searchParams.get("gw"), claimForm);
  assert.deepEqual([...to.searchParams.keys()].sort(), ["gw", "shop"]);
});

test("every click has its own claim, none of which names the customer", async () => {
  const claims = [];
  for (let clicks = 0; clicks < 3; clicks += 1) claims.push(assertRedirect(await follow(call, code)).searchParams.get("gw"));
  for (const claim of claims) {
    const { body } = assertStatus(await call("GET", `/v1/claims/${claim}`, { key: shop.server }), 200);
    assert.equal(body.valid, true);
    assert.ok(!Buffer.from(claim, "base64url").toString("latin1").includes("anna"));
  }
});

test("a claim begins with the program's model", async () => {
  const first = await openShop(tracker, "first", { attribution: { model: "first_click", window_days: 30, typed_code: "wins" } });
  const { code: its } = await first.enrol("anna");
  assert.equal(assertRedirect(await follow(call, its)).searchParams.get("gw")[0], "f");
  assert.equal(assertRedirect(await follow(call, code)).searchParams.get("gw")[0], "l");
});

check("the visitor's own parameters are kept", [
  ["UTM", "?utm_source=news&utm_medium=e-mail", { utm_source: "news", utm_medium: "e-mail" }],
  ["beside the link's own", "?c=whatsapp&utm_source=wa", { utm_source: "wa", c: null }],
  ["an encoded value", "?q=black%20tea%20%26%20milk", { q: "black tea & milk" }],
  ["in another script", "?q=%E8%8C%B6", { q: "茶" }],
  ["a claim of their own is not", "?gw=lAAAA", {}],
  ["the destination's own wins", "?shop=2", { shop: "1" }],
], async (query, kept) => {
  const to = assertRedirect(await follow(call, code, query));
  for (const [name, value] of Object.entries(kept)) assert.equal(to.searchParams.get(name), value, String(to));
  assert.equal(to.searchParams.getAll("gw").length, 1);
  assert.notEqual(to.searchParams.get("gw"), "lAAAA");
  assert.deepEqual(to.searchParams.getAll("shop"), ["1"]);
});

check("`to` is a path on the same host", [
  ["another page", "/oolong", "/oolong"],
  ["the home page", "/", "/"],
  ["a deep page", "/teas/green/sencha", "/teas/green/sencha"],
  ["a blank in it", "/black%20tea", "/black%20tea"],
], async (path, pathname) => {
  const to = assertRedirect(await follow(call, code, `?to=${encodeURIComponent(decodeURIComponent(path))}`));
  assert.equal(to.origin, "https://shop.example");
  assert.equal(to.pathname, pathname);
  assert.match(to.searchParams.get("gw"), claimForm);
});

// As it stands in the query, so that each spelling reaches the tracker untouched.
check("a `to` that would leave the shop leads to the shop all the same", [
  ["another host", "https://evil.example"],
  ["another host, encoded", "https%3A%2F%2Fevil.example"],
  ["no scheme", "//evil.example"],
  ["no scheme, encoded", "%2F%2Fevil.example"],
  ["encoded twice", "%252F%252Fevil.example"],
  ["half encoded", "/%2Fevil.example"],
  ["a backslash", "/\\evil.example"],
  ["a backslash, encoded", "%2F%5Cevil.example"],
  ["two backslashes", "%5C%5Cevil.example"],
  ["a tab between", "/%09/evil.example"],
  ["a line break between", "/%0A/evil.example"],
  ["a return between", "/%0D/evil.example"],
  ["a blank before", "%20//evil.example"],
  ["a control character before", "%01//evil.example"],
  ["a NUL between", "/%00/evil.example"],
  ["a user name", "@evil.example"],
  ["a user name behind the path", "/@evil.example"],
  ["a host's end", ".evil.example"],
  ["a port", ":8443/evil.example"],
  ["a scheme that runs script", "javascript:alert(1)"],
  ["data", "data:text/html,evil.example"],
  ["dots up and out", "/..//evil.example"],
  ["dots, encoded", "/%2e%2e//evil.example"],
  ["a dot", "/.//evil.example"],
  ["a relative path", "evil.example"],
  ["a header of its own", "/%0D%0ASet-Cookie:%20evil=1"],
  ["a header of its own, host too", "%0D%0ALocation:%20https://evil.example"],
  ["a wide solidus", "%EF%BC%8F%EF%BC%8Fevil.example"],
  ["twice", "/tea&to=//evil.example"],
  ["very long", `/${"a".repeat(6000)}`],
], async (to) => {
  const answer = await follow(call, code, `?to=${to}`);
  if (answer.status === 400 || answer.status === 414) return assert.equal(answer.to, null);
  const where = assertRedirect(answer);
  assert.equal(where.origin, "https://shop.example", String(where));
  assert.equal(where.username, "");
  assert.equal(answer.headers.get("set-cookie"), null);
  // A path that begins with two slashes is safe behind a host, and a trap as soon as a page uses it.
  assert.doesNotMatch(where.pathname, /^\/[/\\]/);
});

// Crockford's base32, which the symbols come from, with what a check symbol may add.
const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const bare = code.split("-").at(-1);
const replaced = (at) => bare.slice(0, at) + (bare[at] === "0" ? "1" : "0") + bare.slice(at + 1);
check("a code that names nobody leads to a shop, or nowhere, and never carries a claim", [
  ...[...bare].map((_, at) => [`symbol ${at + 1} mistyped`, replaced(at)]),
  ...[...symbols].map((symbol) => [`an unknown code ending in ${symbol}`, replaced(2).slice(0, 8) + symbol]),
  ["neighbours swapped", bare.slice(0, 3) + bare[4] + bare[3] + bare.slice(5)],
  ["too short", bare.slice(0, 8)],
  ["too long", `${bare}0`],
  ["nothing", ""],
  ["a blank", "%20"],
  ["a word", "hello"],
  ["not UTF-8", "%FF%FE"],
  ["a NUL", "%00"],
  ["a path", "..%2F..%2Fetc%2Fpasswd"],
  ["another host", "%2F%2Fevil.example"],
  ["half an escape", "%2"],
  ["a question of its own", "%3Fto=//evil.example"],
  ["very long", "A".repeat(6000)],
], async (unknown) => {
  // Two equal neighbours swapped are no mistake, and then there is nothing to see.
  if (unknown === bare) return;
  const answer = await follow(call, unknown, "?utm_source=x&to=//evil.example");
  if (answer.to === null) return assertStatus(answer, 400, 404, 414);
  const where = assertRedirect(answer);
  assert.ok(allowedHosts.includes(where.host), String(where));
  assert.equal(where.searchParams.get("gw"), null);
});

check("a code is read as people write it", [
  ["without the name", bare],
  ["in small letters", code.toLowerCase()],
  ["under another name", `BEN-${bare}`],
  ["O for 0 and I for 1", bare.replaceAll("0", "O").replaceAll("1", "I")],
], async (written) => {
  assert.match(assertRedirect(await follow(call, written)).searchParams.get("gw") ?? "", claimForm);
});

check("a link of a program that does not run leads to its own shop, without a claim", [
  ["paused", { status: "paused" }],
  ["past its end", { ends_at: "2020-01-01T00:00:00Z" }],
], async (overrides) => {
  const own = await openShop(tracker, "stopped", { destination: "https://other.example/", origins: ["https://other.example"] });
  const { code: its } = await own.enrol("anna");
  await own.put(overrides);
  const to = assertRedirect(await follow(call, its));
  assert.equal(to.host, "other.example");
  assert.equal(to.searchParams.get("gw"), null);
});

test("HEAD is answered like GET, without a claim that counts and without a body", async () => {
  const answer = await follow(call, code, "", { method: "HEAD" });
  assertRedirect(answer);
  assert.equal(answer.text, "");
  assert.equal(answer.to.host, "shop.example");
});

check("robots get a page made for the preview", robots, async (agent) => {
  const answer = await follow(call, code, "", { agent });
  // An empty agent is no person; whether it is shown the page or led on is not promised.
  if (agent === "" && answer.status === 302) return;
  assertStatus(answer, 200);
  assert.match(answer.headers.get("content-type"), /^text\/html\b/);
  assert.match(answer.headers.get("cache-control") ?? "", /\bno-store\b/);
  for (const tag of ["og:title", "og:url"]) assert.ok(answer.text.includes(`property="${tag}"`), `${tag}: ${answer.text}`);
  assert.ok(!answer.text.includes("gw="), "no claim for a robot");
});

test("what an advocate calls themselves is text in the preview, not markup", async () => {
  const { code: sly } = await shop.enrol("sly", { name: `"><script>alert(1)</script>` });
  const { text } = assertStatus(await follow(call, sly, "", { agent: "WhatsApp/2.23.20.0 A" }), 200);
  assert.ok(!text.includes("<script>alert"), text);
});

test("persons are counted; robots, prefetches and HEAD are not", async () => {
  const quiet = await openShop(tracker, "counted");
  const { code: its, token: key } = await quiet.enrol("anna");
  for (const [, agent] of robots) await follow(call, its, "", { agent });
  await follow(call, its, "", { method: "HEAD" });
  for (const headers of [{ "sec-purpose": "prefetch" }, { "sec-purpose": "prefetch;prerender" }, { purpose: "prefetch" }, { "x-moz": "prefetch" }]) {
    assertRedirect(await follow(call, its, "", { headers }));
  }
  for (let clicks = 0; clicks < 3; clicks += 1) assertRedirect(await follow(call, its));
  // Clicks of one isolate are written together and in order, so the last ones bring the others along.
  const seen = await until("three clicks", async () => {
    await quiet.settle();
    const { clicks } = await quiet.summary(key);
    return clicks >= 3 && clicks;
  });
  assert.equal(seen, 3);
});

test("a hundred and twenty clicks a minute from one address carry claims", async () => {
  const answers = await Promise.all(Array.from({ length: 120 }, () => follow(call, code, "", { address: "198.19.255.2" })));
  for (const answer of answers) assert.match(assertRedirect(answer).searchParams.get("gw") ?? "", claimForm);
});

test("and beyond any limit a friend still reaches the shop", async () => {
  for (let round = 0; round < 10; round += 1) {
    const answers = await Promise.all(Array.from({ length: 40 }, () => follow(call, code, "", { address: "198.19.255.3" })));
    for (const answer of answers) assert.equal(assertRedirect(answer).host, "shop.example");
  }
});
