// A friend's way: what becomes of the link they came by, on this page and the next ones, and what greets
// them there.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { showing } from "../support/browser.mjs";
import { check } from "../support/check.mjs";
import { openGuest } from "../support/guest.mjs";
import { qualifies } from "../support/program.mjs";
import { until } from "../support/until.mjs";

describe("a friend", () => {
  let guest, shop, code, claim, other, visit, open, at;

  before(async () => {
    guest = await openGuest();
    ({ shop, code, claim, visit, open, at } = guest);
    other = await open("other");
  });

  after(() => guest?.close());

  check("a link that is worth nothing here takes nothing from who invited before", [
    ["cut short", () => claim.slice(0, -4), {}],
    ["made up", () => "lNOBODY", {}],
    ["made up, under first click", () => "fNOBODY", { model: "first_click" }],
    ["another program's", async () => other.click((await other.enrol("zoe")).code), {}],
  ], async (link, { model = "last_click" }) => {
    const attribution = { model, window_days: 30, typed_code: "wins" };
    const own = await open("older", { attribution });
    const older = await own.click((await own.enrol("anna", { name: "Anna" })).code);
    const body = '<good-word-welcome></good-word-welcome><form><input name="goodword_claim"></form>';
    const { page, faults, close } = await visit(body, { program: own.id, gw: older });
    await showing(page.locator("good-word-welcome"), /Anna/);
    for (const gw of [await link(), ""]) {
      await page.goto(at(body, { program: own.id, gw }));
      await showing(page.locator("good-word-welcome"), /Anna/);
      assert.equal(await page.evaluate(() => goodword.claim()), older);
      assert.equal(await page.locator("input").inputValue(), older);
      assert.match(await page.evaluate(() => document.cookie), new RegExp(`goodword_claim=${older}(;|$)`));
    }
    assert.deepEqual(faults, []);
    await close();
  });

  check("the cookie is there on every page that has a claim", [
    ["after it has run out", ""],
    ["after another program of the site has written its own", "lOTHER"],
  ], async (cookie) => {
    const { page, close } = await visit("", { gw: claim });
    const written = () => until("the cookie", async () => (await page.evaluate(() => document.cookie)).includes(`goodword_claim=${claim}`));
    await written();
    await page.evaluate((cookie) => (document.cookie = `goodword_claim=${cookie};path=/;max-age=${cookie ? 60 : 0}`), cookie);
    await page.goto(at(""));
    await written();
    await close();
  });

  check("a sentence of the page's own is said where it is true", [
    ["with a name and a reward", { name: "Anna" }, {}, /Anna sends you €10 off/],
    ["without a name", {}, {}, /^(?!.*sends you).*€10/],
    ["without a reward", { name: "Anna" }, { friend_reward: null }, /^(?!.*sends you).*Anna/],
  ], async (who, terms, words) => {
    const own = await open("said", terms);
    const gw = await own.click((await own.enrol("anna", who)).code);
    const { page, close } = await visit('<good-word-welcome text="{name} sends you {reward}"></good-word-welcome>', { program: own.id, gw });
    const said = await showing(page.locator("good-word-welcome"), /./);
    assert.match(said.replace(/[\u2068\u2069]/g, ""), words);
    await close();
  });

  test("a field has the claim that another tab has learnt", async () => {
    const { page, context, close } = await visit("<form method=get><input type=hidden name=goodword_claim><button>Send</button></form>");
    const tab = await context.newPage();
    await tab.goto(at("", { gw: claim }));
    await until("the claim", () => tab.evaluate((claim) => globalThis.goodword?.claim?.() === claim, claim));
    await page.getByRole("button", { name: "Send" }).click();
    await page.waitForURL((url) => url.searchParams.get("goodword_claim") === claim);
    await close();
  });

  test("a welcome that the page moves while it is on its way greets once", async () => {
    const { page, close } = await visit("<good-word-welcome></good-word-welcome><div></div>", { gw: claim }, async ({ context }) => {
      await context.route((url) => url.pathname.startsWith("/v1/claims/"), async (route) => {
        await until("the page to have moved it", () => route.request().frame().evaluate(() => globalThis.moved));
        await route.continue();
      });
    });
    await page.evaluate(() => {
      globalThis.greetings = 0;
      goodword.on("welcome", () => (greetings += 1));
    });
    await until("its question", () => page.evaluate(() => document.querySelector("good-word-welcome").leave !== undefined));
    await page.evaluate(() => {
      document.querySelector("div").append(document.querySelector("good-word-welcome"));
      globalThis.moved = true;
    });
    await showing(page.locator("good-word-welcome"), /Anna/);
    await page.waitForLoadState("networkidle");
    assert.equal(await page.evaluate(() => greetings), 1);
    await close();
  });

  check("what a page's `ref` may mean", [
    ["somebody else's word", "producthunt", 0],
    ["a code", "ANNA", 1],
  ], async (ref, asked) => {
    const code = ref === "ANNA" ? (await shop.enrol("anna")).code : ref;
    const { page, sent, faults, close } = await visit("", { ref: code });
    await until("what `ref` needs", () => sent.some(({ path }) => /\/widget\/more\./.test(path)));
    await page.waitForLoadState("networkidle");
    assert.equal(sent.filter(({ path }) => path === "/v1/clicks").length, asked);
    assert.equal(new URL(page.url()).searchParams.has("ref"), asked === 0);
    assert.deepEqual(faults, []);
    await close();
  });

  test("the address keeps everything else, and the page's own state of it", async () => {
    const { page, close } = await visit("", { gw: claim, a: "1" }, ({ context }) => context.addInitScript(() => history.replaceState({ router: 7 }, "")));
    await until("the claim to leave the address", () => page.evaluate(() => !location.search.includes("gw=")));
    assert.deepEqual(await page.evaluate(() => [history.state, new URL(location).searchParams.get("a")]), [{ router: 7 }, "1"]);
    await close();
  });

  check("what is no claim goes nowhere", [
    ["a cookie's attributes", "lA;domain=shop.example"],
    ["another letter", "xABC"],
    ["too long", `l${"A".repeat(120)}`],
  ], async (gw) => {
    const { page, close } = await visit("<form><input name=goodword_claim></form>", { gw });
    await until("it to leave the address", () => page.evaluate(() => !location.search.includes("gw=")));
    await page.waitForLoadState("networkidle");
    assert.deepEqual(await page.evaluate(() => [goodword.claim(), document.cookie, document.querySelector("input").value]), [null, "", ""]);
    await close();
  });

  check("who invited first, and who invited last", [
    ["the first click counts", "first_click", 0],
    ["the last click counts", "last_click", 1],
  ], async (model, whose) => {
    const own = await open("models", { attribution: { model, window_days: 30, typed_code: "wins" } });
    const claims = [];
    for (const name of ["anna", "zoe"]) claims.push(await own.click((await own.enrol(name)).code));
    const { page, close } = await visit("", { program: own.id, gw: claims[0] });
    const claimed = () => page.evaluate(() => globalThis.goodword?.claim?.());
    await until("the first claim", async () => (await claimed()) === claims[0]);
    await page.goto(at("", { program: own.id, gw: claims[1] }));
    await until("it to leave the address", () => page.evaluate(() => !location.search.includes("gw=")));
    await page.waitForLoadState("networkidle");
    assert.equal(await claimed(), claims[whose]);
    await close();
  });

  test("a person is counted once, by whatever link they come", async () => {
    const { page, sent, close } = await visit("", { ref: code });
    const clicks = () => sent.filter(({ path }) => path === "/v1/clicks").map(({ body }) => JSON.parse(body));
    await until("the claim", () => page.evaluate(() => globalThis.goodword?.claim?.()));
    await page.goto(at("", { ref: code }));
    await until("the second click", () => clicks().length === 2);
    assert.deepEqual(clicks().map(({ first }) => first), [true, false]);
    await close();
  });

  test("consent that is taken back takes the greeting with it, be it there or on its way", async () => {
    const body = "<good-word-welcome></good-word-welcome>";
    const { page, close } = await visit(body, { gw: claim });
    await showing(page.locator("good-word-welcome"), /Anna/);
    await page.evaluate(() => goodword.consent(false));
    await until("no greeting", () => page.locator("good-word-welcome").evaluate(({ shadowRoot }) => !shadowRoot.textContent));
    await close();
    let answer;
    const held = new Promise((resolve) => (answer = resolve));
    const next = await visit(body, { gw: claim }, ({ context }) => context.route("**/v1/claims/**", async (route) => {
      await held;
      await route.continue();
    }));
    await until("its question", () => next.sent.some(({ path }) => path.startsWith("/v1/claims/")));
    await next.page.evaluate(() => goodword.consent(false));
    answer();
    await next.page.waitForLoadState("networkidle");
    assert.equal(await next.page.locator("good-word-welcome").evaluate(({ shadowRoot }) => shadowRoot), null);
    await next.close();
  });

  test("a welcome that was closed does not come again, and keeps the claim", async () => {
    const body = "<good-word-welcome></good-word-welcome>";
    const { page, close } = await visit(body, { gw: claim });
    await showing(page.locator("good-word-welcome"), /Anna/);
    await page.getByRole("button", { name: "Close" }).click();
    for (const again of [() => page.reload(), () => page.goto(at(body))]) {
      await again();
      await page.waitForLoadState("networkidle");
      assert.equal(await page.locator("good-word-welcome").evaluate(({ shadowRoot }) => shadowRoot?.textContent ?? ""), "");
      assert.equal(await page.evaluate(() => goodword.claim()), claim);
    }
    await close();
  });

  check("a friend who has bought is greeted again only where another order counts", [
    ["the first order", { which: "first" }, false],
    ["every order", { which: "every" }, true],
    ["their sign-up", { kind: "signup" }, true],
  ], async (counting, greeted) => {
    const own = await open("bought", { qualifies: qualifies(counting) });
    const gw = await own.click((await own.enrol("anna", { name: "Anna" })).code);
    const { page, sent, close } = await visit("<good-word-welcome></good-word-welcome>", { program: own.id, gw });
    await showing(page.locator("good-word-welcome"), /Anna/);
    await page.goto(at('<good-word mode="after-purchase" order="1"></good-word>', { program: own.id }));
    await showing(page.locator("good-word"), /Who else would like this.*Get my link/s);
    sent.length = 0;
    await page.goto(at("<good-word-welcome></good-word-welcome><good-word></good-word>", { program: own.id }));
    await showing(page.locator("good-word"), /Get my link/);
    if (greeted) await showing(page.locator("good-word-welcome"), /Anna/);
    assert.equal(sent.some(({ path }) => path.startsWith("/v1/claims/")), greeted);
    assert.equal(await page.evaluate(() => goodword.claim()), gw, "what comes of the order is not the greeting's");
    await close();
  });

  check("a claim that is refused is carried on where that may pass", [
    ["a program that is paused", (own) => own.put({ status: "paused" }), true],
    ["an advocate who is blocked", (own, its) => own.call("POST", `/v1/programs/${own.id}/advocates/${its}/block`, { key: own.owner, body: {} }), true],
    ["a link that was cut short", () => {}, false],
  ], async (change, stays) => {
    const own = await open("refused");
    const { code: its } = await own.enrol("anna", { name: "Anna" });
    const gw = (await own.click(its)).slice(0, stays ? undefined : -4);
    await change(own, its);
    const { page, sent, close } = await visit("<good-word-welcome></good-word-welcome>", { program: own.id, gw });
    await until("the question about it", () => sent.some(({ path }) => path.startsWith("/v1/claims/")));
    await page.waitForLoadState("networkidle");
    assert.equal(await page.evaluate(() => goodword.claim()), stays ? gw : null);
    await close();
  });

  check("the reader's language", [
    ["the page's", "pl", "de-DE", /Twój link/],
    ["the browser's, where the page says none", "", "de-DE", /Dein Link|Ihr Link/],
    ["a language that there is not", "nl", "de-DE", /Your link/],
    ["written with an underscore", "zh_TW", "en-GB", /您的連結/],
    ["with a script", "zh-Hant-HK", "en-GB", /您的連結/],
    ["of mainland China", "zh-CN", "en-GB", /您的链接/],
  ], async (lang, locale, words) => {
    const { page, close } = await visit('<good-word identity="ID"></good-word>', { lang }, undefined, { locale });
    await showing(page.locator("good-word"), words);
    await close();
  });
});
