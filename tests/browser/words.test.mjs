// What both sides get, in the reader's words: the panel and the welcome say the same, in the currency's
// own digits, in the form a count takes, and with what limits it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, person, showing } from "../support/browser.mjs";
import { caller } from "../support/http.mjs";
import { startServer } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";
import { servePage } from "../support/static.mjs";

const rewards = (friend) => ({ friend_reward: friend, advocate_reward: null, caps: [] });
const discount = (amount_minor) => rewards({ gives: "discount", amount_minor });
const points = (amount) => rewards({ gives: "points", amount });

describe("the offer in words", () => {
  let server, browser, site;

  before(async () => {
    server = await startServer();
    site = await servePage((path) => {
      const { searchParams } = new URL(path, "http://any");
      const [program, lang, element] = ["program", "lang", "element"].map((name) => searchParams.get(name));
      return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Words</title>
<script async src="${server.base}/goodword.js" data-program="${program}"></script></head><body>${element}</body></html>`;
    });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    site?.close();
    await server?.stop();
  });

  test("the owner's words take the place of ours, in the welcome too", async () => {
    const texts = { en: { credit: "{.value} to spend", "welcome.invited": "{name} thinks of you: {reward}", "welcome.discount": "{value} less" } };
    const shop = await openShop({ ...server, call: caller(server.base) }, "worded", { texts, destination: `${site.origin}/`, origins: [site.origin] });
    const { code } = await shop.enrol("anna", { name: "Anna" });
    const visited = await person(browser);
    const parameters = { program: shop.id, lang: "en", gw: await shop.click(code), element: "<good-word-welcome></good-word-welcome>" };
    await visited.page.goto(`${site.origin}/?${new URLSearchParams(parameters)}`);
    await showing(visited.page.locator("good-word-welcome"), /Anna\u2069 thinks of you: €10 less/);
    assert.deepEqual(visited.faults, []);
    await visited.close();
  });

  test("where variants are tried, an advocate is offered what their friends are", async () => {
    const change = { friend_reward: { gives: "discount", amount_minor: 2000 }, texts: { en: { headline: "More" } } };
    const experiments = [{ id: "amount", variants: [{ id: "base", weight: 1 }, { id: "more", weight: 1, ...change }] }];
    const shop = await openShop({ ...server, call: caller(server.base) }, "tried", { experiments, destination: `${site.origin}/`, origins: [site.origin] });
    const visited = await person(browser);
    const seen = new Set();
    for (let at = 0; at < 20 && seen.size < 2; at += 1) {
      const { code } = await shop.enrol(`advocate-${at}`);
      const parameters = { program: shop.id, lang: "en", element: `<good-word identity="${shop.token({ sub: `advocate-${at}` })}"></good-word><good-word-welcome></good-word-welcome>` };
      await visited.page.goto(`${site.origin}/?${new URLSearchParams({ ...parameters, gw: await shop.click(code) })}`);
      const [, offered] = /(€[12]0) off/.exec(await showing(visited.page.locator("good-word-welcome"), /off/));
      const said = await showing(visited.page.locator("good-word"), /\/r\//);
      assert.ok(said.includes(`${offered} off`), said);
      assert.equal(/^More/.test(said), offered === "€20", said);
      const message = await visited.page.getByRole("link", { name: "WhatsApp" }).getAttribute("href");
      assert.ok(decodeURIComponent(message).includes(`${offered} off`), message);
      seen.add(offered);
    }
    assert.equal(seen.size, 2, "both variants were seen");
    assert.deepEqual(visited.faults, []);
    await visited.close();
  });

  test("while a boost runs, and to a group of its own, what is said is what is paid", async () => {
    const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
    const boosts = [["advocate", 20000], ["friend", 15000]].map(([side, factor_bp]) => ({ from: day(-1), to: day(1), side, factor_bp }));
    const shop = await openShop({ ...server, call: caller(server.base) }, "boosted", { boosts, groups: { staff: { factor_bp: 15000 } }, destination: `${site.origin}/`, origins: [site.origin] });
    for (const [claims, advocates] of [[{ sub: "anna" }, 20], [{ sub: "sam", group: "staff" }, 30]]) {
      const visited = await person(browser);
      const parameters = { program: shop.id, lang: "en", element: `<good-word identity="${shop.token(claims)}"></good-word><good-word-welcome></good-word-welcome>` };
      const { code } = await shop.enrol(claims.sub, claims);
      const claim = await shop.click(code);
      await visited.page.goto(`${site.origin}/?${new URLSearchParams({ ...parameters, gw: claim })}`);
      const said = await showing(visited.page.locator("good-word"), /\/r\//);
      assert.ok(said.includes(`Your friend gets €15 off. You get €${advocates} credit when they buy.`), said);
      await showing(visited.page.locator("good-word-welcome"), /€15 off/);
      const { rewards } = await shop.order({ claim });
      assert.deepEqual(rewards.map(({ side, value }) => [side, value.amount_minor]), [["advocate", advocates * 100], ["friend", 1500]]);
      assert.deepEqual(visited.faults, []);
      await visited.close();
    }
  });

  for (const [what, lang, terms, words] of [
    ["a currency whose browser's digits are fewer", "en", { currency: "HUF", ...discount(100_000) }, "HUF 1,000 off"],
    ["its smallest unit", "en", { currency: "HUF", ...discount(100_050) }, "HUF 1,000.50 off"],
    ["three digits, of which the browser knows none", "en", { currency: "IQD", ...discount(5_000_000) }, "IQD 5,000 off"],
    ["no digits", "en", { currency: "JPY", ...discount(1_000) }, "¥1,000 off"],
    ["a share with a limit", "en", rewards({ gives: "discount", basis_points: 1250, at_most_minor: 500 }), "12.5% off (up to €5)"],
    ["one point", "en", points(1), "1 point"],
    ["many points", "en", points(12_000), "12,000 points"],
    ["many points, in German", "de", points(12_000), "12.000 Punkte"],
    ["points in Arabic digits", "ar-EG", points(12_000), "١٢٬٠٠٠ نقطة"],
    ["units", "en", rewards({ gives: "units", unit: "GB", amount: 2_500 }), "2,500 GB"],
  ]) {
    test(`${what}: ${words}`, async () => {
      const shop = await openShop({ ...server, call: caller(server.base) }, "words", { ...terms, destination: `${site.origin}/`, origins: [site.origin] });
      const { code } = await shop.enrol("anna", { name: "Anna" });
      const page = (element) => `${site.origin}/?${new URLSearchParams({ program: shop.id, lang, element, gw: element.includes("welcome") ? claim : "" })}`;
      const claim = await shop.click(code);
      const visited = await person(browser);
      for (const element of ["<good-word-welcome></good-word-welcome>", `<good-word identity="${shop.token({ sub: "anna" })}"></good-word>`]) {
        await visited.page.goto(page(element));
        const said = (await showing(visited.page.locator("good-word-welcome,good-word"), /\d|[٠-٩]/)).replace(/[\u00a0\u2066-\u2069]/g, (mark) => (mark === "\u00a0" ? " " : ""));
        assert.ok(said.includes(words), `${element}: ${said}`);
        assert.ok(!/\d/.test(words) || !/[٠-٩]/.test(said), said);
      }
      assert.deepEqual(visited.faults, []);
      await visited.close();
    });
  }

  test("a reward that is pending beyond its day is being checked", async () => {
    const shop = await openShop({ ...server, call: caller(server.base) }, "words", { hold_days: 1, destination: `${site.origin}/`, origins: [site.origin] });
    const { code } = await shop.enrol("anna", { name: "Anna" });
    const days = (ago) => new Date(Date.now() - ago * 24 * 3600_000).toISOString();
    const visited = await person(browser);
    const panel = visited.page.locator("good-word");
    const parameters = { program: shop.id, lang: "en", gw: "", element: `<good-word identity="${shop.token({ sub: "anna" })}"></good-word>` };
    for (const [ago, words] of [[0, /credit pending until/], [10, /credit being checked/]]) {
      await shop.order({ code, occurred_at: days(ago) });
      await visited.page.goto(`${site.origin}/?${new URLSearchParams(parameters)}`);
      await showing(panel, words);
    }
    await visited.close();
  });
});
