// The main job from end to end, as people see it: Anna shares her link, Ben follows it and buys, both
// get their reward. Two browser profiles, the demo shop, the real tracker; a picture of each step.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, launch, person, picture, pictures, showing, shownText } from "../support/browser.mjs";
import { assertStatus } from "../support/check.mjs";
import { newest } from "../support/identity.mjs";
import { caller } from "../support/http.mjs";
import { startServer } from "../support/server.mjs";
import { until } from "../support/until.mjs";

describe("Anna invites Ben", () => {
  let server, call, browser, anna, ben, link, order;
  const visited = [];

  before(async () => {
    server = await startServer();
    call = caller(server.base);
    browser = await launch();
    anna = await person(browser, { baseURL: server.base });
    ben = await person(browser, { baseURL: server.base });
    // The channels' own sites are not asked; where they would have been sent is looked at instead.
    for (const { context } of [anna, ben]) {
      await context.route((url) => url.origin !== server.base, (route) => {
        visited.push(route.request().url());
        return route.fulfill({ contentType: "text/html", body: "<!doctype html><title>elsewhere</title>" });
      });
    }
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const panel = (who) => who.page.locator("good-word");
  const welcome = (who) => who.page.locator("good-word-welcome");
  const channel = (name) => panel(anna).getByRole("link", { name }).or(panel(anna).getByRole("button", { name }));

  /** The page again and again, until an element of it shows what is waited for. */
  const showingAtLast = (who, locator, pattern) => {
    let seen = "";
    return until(`${pattern}`, async () => {
      await who.page.reload();
      await locator.waitFor();
      for (let looks = 0; looks < 20; looks += 1) {
        seen = await shownText(locator);
        if (pattern.test(seen)) return seen;
        await who.page.waitForTimeout(50);
      }
      return false;
    }, { evidence: () => `it shows: ${seen}` });
  };

  test("1. the shop's pages carry the tag and nothing else special", async () => {
    await anna.page.goto("/");
    await anna.page.getByRole("heading", { level: 1 }).waitFor();
    const tags = await anna.page.locator("script").evaluateAll((scripts) => scripts.map(({ src, async, dataset }) => [new URL(src).pathname, async, dataset.program]));
    assert.deepEqual(tags, [["/goodword.js", true, "demo"]]);
    await anna.page.waitForLoadState("networkidle");
    assert.equal(await shownText(welcome(anna)), "", "nobody invited this visitor");
    await accessible(anna.page, "product page");
    await pictures(anna.page, "1-shop");
  });

  test("2. Anna sees her link, the channels and her figures", async () => {
    await anna.page.goto("/account");
    await accessible(anna.page, "sign-in page");
    await picture(anna.page, "2-sign-in");
    await anna.page.getByRole("button", { name: /Anna/ }).click();
    await anna.page.getByRole("heading", { name: "Hello, Anna" }).waitFor();
    const text = await showing(panel(anna), /\/r\/ANNA-[0-9A-Z]{9}/);
    const code = /ANNA-[0-9A-Z]{9}/.exec(text)[0];
    link = `${server.base}/r/${code}`;
    assert.ok(text.includes(link), text);
    for (const name of [/WhatsApp/, /\bX\b/, /Facebook/, /Telegram/, /e-?mail/i, /SMS|text message/i]) await channel(name).first().waitFor();
    // Without its stylesheet the panel works as well, with icons as large as the page.
    for (const icon of await panel(anna).locator("svg").all()) {
      const { width, height } = await icon.boundingBox();
      assert.ok(width <= 48 && height <= 48, `an icon of ${width} by ${height} pixels`);
    }
    await accessible(anna.page, "account page");
    await pictures(anna.page, "2-panel");
  });

  test("2. Anna copies her link, and is told so", async () => {
    await panel(anna).getByRole("button", { name: /copy/i }).first().click();
    await showing(panel(anna), /copied/i);
    assert.ok((await anna.page.evaluate(() => navigator.clipboard.readText())).includes(link));
    await picture(anna.page, "2-copied");
  });

  test("2. Anna presses WhatsApp: it opens with her link, and the share is counted", async () => {
    const opened = anna.context.waitForEvent("page");
    await channel(/WhatsApp/).first().click();
    await (await opened).waitForLoadState();
    const address = visited.find((url) => url.startsWith("https://wa.me/"));
    const message = new URL(address).searchParams.get("text");
    assert.ok(message.includes(`${link}?c=whatsapp`), message);
    assert.ok(!address.includes("+"), "blanks are %20: a plus would be shown as one");
    await (await opened).close();
  });

  test("3. Ben follows the link: 302, the shop greets him, the address is clean", async () => {
    const answers = [];
    ben.page.on("response", (response) => response.url().startsWith(`${server.base}/r/`) && answers.push(response));
    await ben.page.goto(`${link}?c=whatsapp&utm_source=wa`);
    assert.equal(answers.length, 1);
    assert.equal(answers[0].status(), 302);
    assert.match(await answers[0].headerValue("cache-control"), /no-store/);
    const greeting = await showing(welcome(ben), /Anna/);
    assert.match(greeting, /€\s?10\b|10\s?€/);
    await ben.page.waitForFunction(() => !location.search.includes("gw="));
    assert.equal(new URL(ben.page.url()).pathname, "/");
    assert.equal(new URL(ben.page.url()).searchParams.get("utm_source"), "wa");
    assert.match(await ben.page.evaluate(() => globalThis.goodword.claim()), /^l[A-Za-z0-9_-]+$/);
    assert.equal(await ben.page.evaluate(() => globalThis.goodword.code()), link.split("/").at(-1));
    await accessible(ben.page, "the friend's welcome");
    await pictures(ben.page, "3-welcome");
  });

  test("3. the click stands in Anna's figures", async () => {
    await showingAtLast(anna, panel(anna), /\b1 visit\b/);
    await picture(anna.page, "3-figures");
  });

  test("4. Ben buys: the price is less before he pays, and the order is Anna's", async () => {
    await ben.page.getByRole("button", { name: "Buy now" }).click();
    await ben.page.getByRole("heading", { name: "Checkout" }).waitFor();
    await ben.page.getByText("Invited by Anna").first().waitFor();
    const main = await shownText(ben.page.getByRole("main"));
    // €34.90 less €10.00.
    assert.match(main, /€34\.90/);
    assert.match(main, /−€10\.00/);
    assert.match(main, /€24\.90/);
    await accessible(ben.page, "checkout");
    await pictures(ben.page, "4-checkout");

    await ben.page.getByLabel("Full name").fill("Ben Okafor");
    await ben.page.getByLabel("E-mail").fill("ben.okafor@example.com");
    await ben.page.getByRole("button", { name: /Place order/ }).click();
    await ben.page.getByRole("heading", { name: "Thank you, Ben." }).waitFor();
    order = ben.page.url();
    const thanks = await shownText(ben.page.getByRole("main"));
    assert.match(thanks, /You saved €10 thanks to Anna/);
    assert.match(thanks, /Anna gets €10 shop credit/);
    assert.match(thanks, /pending/);
    await accessible(ben.page, "thank-you page");
    await pictures(ben.page, "4-thanks");
  });

  test("4. behind the counter one sees what the shop said and what it was answered", async () => {
    await ben.page.goto("/backstage");
    await ben.page.getByText("Attributed to Anna").waitFor();
    for (const summary of await ben.page.locator("summary").all()) await summary.click();
    const main = await shownText(ben.page.getByRole("main"));
    assert.match(main, /"outcome": "attributed"/);
    assert.match(main, /"status": "pending"/);
    await accessible(ben.page, "behind the counter");
    await picture(ben.page, "4-backstage");
  });

  test("5. settlement runs: Anna's panel shows her reward confirmed", async () => {
    await anna.page.goto("/account");
    await showing(panel(anna), /€10 credit pending/);
    await picture(anna.page, "5-pending");
    const settled = await call("POST", "/v1/programs/demo/settle", { key: newest(server.vars.OWNER_KEY) });
    assert.equal(assertStatus(settled, 200).body.remaining, 0);
    const text = await showingAtLast(anna, panel(anna), /€10 credit confirmed/);
    assert.match(text, /\b1 friend bought\b/);
    assert.doesNotMatch(text, /pending/i);
    await accessible(anna.page, "the panel with a reward");
    await pictures(anna.page, "5-confirmed");
  });

  test("5. and Ben's account shows his", async () => {
    await ben.page.goto(order);
    await ben.page.getByRole("button", { name: "Open my account" }).click();
    await ben.page.getByRole("heading", { name: "Hello, Ben" }).waitFor();
    const text = await showing(panel(ben), /\/r\/BEN-[0-9A-Z]{9}/);
    assert.match(text, /€10 off confirmed .*as an invited friend/);
    await accessible(ben.page, "the friend's account");
    await pictures(ben.page, "5-friend");
  });

  test("Anna cannot buy through her own link", async () => {
    await anna.page.goto(link);
    await anna.page.getByRole("button", { name: "Buy now" }).click();
    await anna.page.getByRole("button", { name: /Place order/ }).click();
    await anna.page.getByRole("heading", { name: /Thank you/ }).waitFor();
    assert.match(await shownText(anna.page.getByRole("main")), /a link of your own earns nothing/);
    await picture(anna.page, "6-self-referral");
  });

  test("nothing was written to the console, nothing was thrown", () => {
    assert.deepEqual({ anna: anna.faults, ben: ben.faults }, { anna: [], ben: [] });
  });
});
