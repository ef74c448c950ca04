// The guest in other people's pages, and the claim on its way to the order, in a browser that is no
// Chromium: what each page of tests/pages denies or gets in the way, link, copying and greeting are there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { check } from "../support/check.mjs";
import { openEngine } from "../support/engine.mjs";
import { until } from "../support/until.mjs";
import { keys } from "../support/webdriver.mjs";

let engine, browser, open, showing, pressOn, look, anna, ben;

before(async () => {
  engine = await openEngine();
  ({ browser, open, showing, pressOn, look, anna, ben } = engine);
});
after(() => engine?.close());

const both = "<good-word-welcome></good-word-welcome><good-word identity=\"ID\"></good-word>";
const claimed = () => until("the claim", () => browser.run(() => window.goodword?.claim?.()));

/** What this device keeps. */
const kept = () => browser.run(() => {
  try {
    return [Object.keys(localStorage).length, document.cookie];
  } catch {
    return "denied";
  }
});

check("the panel, the greeting and the claim in the form are on every page", [
  ["a plain page", "01-plain"],
  ["a strict content policy", "02-strict-csp"],
  ["Trusted Types", "03-trusted-types"],
  ["no Wasm", "04-no-wasm"],
  ["storage denied", "05-storage-denied"],
  ["two panels", "08-two-widgets"],
  ["an element added late", "09-added-late"],
  ["the tag twice", "11-tag-twice"],
  ["everything unset", "13-all-unset"],
  ["loud styles", "14-loud-styles"],
], async (name) => {
  await open({ a: 1, gw: ben.claim, b: " " }, { name });
  assert.ok((await showing(/\/r\/ANNA-/)).includes(anna.share_link));
  const greeting = await showing(/Ben/, "good-word-welcome");
  assert.ok(greeting.includes("€10 off") && greeting.includes(ben.code), greeting);
  await until("the claim in the form", () => browser.run((claim) => document.querySelector("[name=goodword_claim]").value === claim, ben.claim));
  assert.equal(await browser.run(() => location.search), "?a=1&b=+", "the claim leaves the address, the rest stays");
  await pressOn("[data-copy]");
  await showing(/Copied/);
  // Styles are there whatever a policy says of a page's own.
  assert.notEqual(await look((root) => getComputedStyle(root.querySelector("section")).paddingTop), "0px");
  assert.deepEqual(await browser.run(() => window.note?.faults ?? []), []);
  await engine.picture(`pages-${name}`);
});

test("a strict content policy lets a QR code come", async () => {
  await open({}, { name: "02-strict-csp" });
  await showing(/\/r\/ANNA-/);
  await pressOn("summary");
  await until("the code", () => look((root) => [...root.querySelectorAll("[open] img")].some(({ complete, naturalWidth }) => complete && naturalWidth > 0)));
});

test("no Wasm, and nobody known: one address, Enter, and there is the link", async () => {
  for (const [lang, enrol] of [["en", /Get my link/], ["ar", /احصل على رابطي/]]) {
    await open({ lang }, { name: "19-no-wasm-no-identity" });
    await showing(enrol);
    await pressOn("input");
    await engine.type(`gala-${lang}@example.com`);
    await browser.press(keys.enter);
    await showing(/\/r\//);
  }
});

test("within another site's page the panel stands", async () => {
  await open({ gw: ben.claim }, { name: "06-third-party-frame" });
  // Another host is another site, whatever the port.
  await browser.goto(`http://localhost:${engine.site.port}/06-third-party-frame?gw=${ben.claim}`);
  await browser.frame(true);
  await showing(/\/r\/ANNA-/);
  await showing(/Ben/, "good-word-welcome");
  await browser.frame(false);
});

test("a friend follows the link: the claim is with the shop, and on the way to every payment", async () => {
  await open();
  await browser.goto(`${anna.share_link}?c=whatsapp&utm_source=x`);
  const claim = await claimed();
  assert.match(claim, /^l/);
  assert.equal(await browser.run(() => location.search), "?utm_source=x");
  const [, cookie] = await kept();
  assert.equal(cookie, `goodword_claim=${claim}`);
  const links = () => browser.run(() => [...document.querySelectorAll("a")].map((link) => link.getAttribute("href")));
  await until("the payment links", async () => (await links())[0].includes(claim));
  assert.deepEqual(await links(), [`https://buy.stripe.com/test_1?client_reference_id=${claim}`,
    `https://buy.stripe.com/test_2?prefilled_email=a%20b&client_reference_id=${claim}#top`,
    "https://buy.stripe.com/test_3?client_reference_id=own"]);
  assert.deepEqual(await browser.run(() => [document.querySelector("stripe-buy-button").getAttribute("client-reference-id"), document.querySelector("[name=goodword_claim]").value]), [claim, claim]);
  const answer = await browser.run(() => goodword.convert({ order_id: "page-1", value: { amount_minor: 4990, currency: "EUR" } }));
  assert.equal(answer.error, undefined, JSON.stringify(answer));
  // And it is there on the next page, and when they come back to this one.
  await browser.goto(`${engine.site.origin}/15-no-panel`);
  assert.equal(await claimed(), claim);
  await browser.back();
  assert.equal(await claimed(), claim);
});

test("a direct link does the same from the page", async () => {
  await open({ ref: anna.code }, { name: "17-checkout" });
  assert.match(await claimed(), /^l/);
  await until("a clean address", () => browser.run(() => location.search === ""));
});

test("who comes back to a page finds the panel at work", async () => {
  await open();
  await showing(/\/r\/ANNA-/);
  await browser.goto(`${engine.site.origin}/15-no-panel`);
  await browser.back();
  await showing(/\/r\/ANNA-/);
  await pressOn("[data-copy]");
  await showing(/Copied/);
  assert.deepEqual(await engine.faults(), []);
});

test("consent is waited for, and what was kept goes when it is taken back", async () => {
  await open({ gw: ben.claim, attributes: " data-consent=wait", element: both });
  await showing(/Show my link/);
  assert.deepEqual(await kept(), [0, ""]);
  await browser.run(() => goodword.consent(true));
  await showing(/\/r\/ANNA-/);
  await showing(/Ben/, "good-word-welcome");
  assert.deepEqual(await kept(), [1, `goodword_claim=${ben.claim}`]);
  await browser.run(() => goodword.consent(false));
  assert.deepEqual(await kept(), [0, ""]);
  assert.equal(await browser.run(() => goodword.claim()), null);
  assert.deepEqual(await engine.faults(), []);
});

test("under Global Privacy Control the claim is in memory only", async () => {
  await open({ gw: ben.claim, element: both, before: "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });" });
  await showing(/Ben/, "good-word-welcome");
  assert.equal(await browser.run(() => goodword.claim()), ben.claim);
  assert.deepEqual(await kept(), [0, ""]);
});

test("the tracker does not answer: said so, and a press tries again", async () => {
  engine.front.change = () => { throw new Error("no answer"); };
  await open();
  await showing(/cannot be loaded just now/);
  engine.front.change = null;
  await pressOn("[data-do=retry]");
  await showing(/\/r\/ANNA-/);
});

test("a page that was shared from keeps what it knows where the tracker is gone later", async () => {
  await open();
  await showing(/\/r\/ANNA-/);
  engine.front.change = () => { throw new Error("no answer"); };
  await browser.reload();
  assert.match(await showing(/cannot be loaded just now/), /\/r\/ANNA-/);
  engine.front.change = null;
});
