// What both sides get, in the reader's words: the panel and the welcome say the same, in the currency's
// own digits, in the form a count takes, and with what limits it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, person, showing } from "../support/browser.mjs";
import { caller } from "../support/http.mjs";
import { startServer } from "../support/server.mjs";
import { always, credit, gift, qualifies } from "../support/program.mjs";
import { openShop } from "../support/shop.mjs";
import { servePage } from "../support/static.mjs";
import { until } from "../support/until.mjs";

const rewards = (friend) => ({ friend_reward: friend, advocate_reward: null, caps: [] });
const discount = (amount_minor) => rewards({ gives: "discount", amount_minor });
const points = (amount) => rewards({ gives: "points", amount });
const whatever = { qualifies: qualifies({ minimum_minor: 0 }) };

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
      assert.ok(said.includes(`Your friend gets €15 off (orders from €20). You get €${advocates} credit when they buy.`), said);
      await showing(visited.page.locator("good-word-welcome"), /€15 off/);
      const { rewards } = await shop.order({ claim });
      assert.deepEqual(rewards.map(({ side, value }) => [side, value.amount_minor]), [["advocate", advocates * 100], ["friend", 1500]]);
      assert.deepEqual(visited.faults, []);
      await visited.close();
    }
  });

  /** What `<good-word>` shows Anna, who brought these friends; each of them orders so often. */
  const told = async (terms, { orders = [], lang = "en", attributes = "", shows = /\/r\//, also = () => {} } = {}) => {
    const shop = await openShop({ ...server, call: caller(server.base) }, "told", { ...terms, destination: `${site.origin}/`, origins: [site.origin] });
    const { code } = await shop.enrol("anna", { name: "Anna" });
    for (const order of orders) await shop.order({ claim: null, code, ...order });
    const visited = await person(browser);
    const element = `<good-word ${attributes} identity="${shop.token({ sub: "anna" })}"></good-word>`;
    await visited.page.goto(`${site.origin}/?${new URLSearchParams({ program: shop.id, lang, element })}`);
    const said = await showing(visited.page.locator("good-word"), shows);
    await also(visited.page);
    assert.deepEqual(visited.faults, []);
    await visited.close();
    return said;
  };
  const friends = (count) => Array.from({ length: count }, (_, friend) => ({ customer: { id: `friend-${friend}` } }));

  const ladder = { ...whatever, friend_reward: null, advocate_reward: { steps: [{ from: 1, reward: credit(1000) }, { from: 3, reward: credit(1500) }] } };
  const twice = { ...ladder, caps: [{ side: "advocate", period: "total", count: 2 }], milestones: [{ at: 5, reward: credit(9900) }] };
  for (const [what, terms, count, says, never] of [
    ["on the first rung", ladder, 1, [/You get €10 credit when they buy\./, /2 more friends unlock: €15 credit/], /You get €15/],
    ["one friend before the next rung", ladder, 2, [/You get €15 credit when they buy\./], /You get €10/],
    ["on the last rung", ladder, 3, [/You get €15 credit when they buy\./], /You get €10|unlock/],
    ["below a cap", twice, 1, [/You get €10 credit when they buy\./], /limit reached/],
    ["at a cap", twice, 2, [/3 more friends unlock: €99 credit/], /You get|€15/],
  ]) {
    test(`what the next friend brings, ${what}`, async () => {
      const said = await told(terms, { orders: friends(count) });
      for (const words of says) assert.match(said, words);
      assert.doesNotMatch(said, never);
    });
  }

  for (const [what, terms, lead, message] of [
    ["of what the friend gets", {}, "Your friend gets €10 off (orders from €20). You get €10 credit when they buy.", "I get you €10 off (orders from €20)"],
    ["of a gift", { friend_reward: gift("A pot of tea") }, "Your friend gets A pot of tea (orders from €20). You get €10 credit when they buy.", "I get you A pot of tea (orders from €20)"],
    ["of what the advocate gets, where the friend gets nothing", { friend_reward: null }, "You get €10 credit (orders from €20) when they buy.", "Just look"],
    ["not at all where there is none", whatever, "Your friend gets €10 off. You get €10 credit when they buy.", "I get you €10 off"],
  ]) {
    test(`an order's minimum is said once, ${what}`, async () => {
      const texts = { en: { message: "I get you {reward}", plain: "Just look" } };
      const also = async (page) => {
        const address = await page.locator("good-word [data-channel=whatsapp]").getAttribute("href");
        assert.ok(new URL(address).searchParams.get("text").startsWith(`${message} http`), address);
      };
      const said = await told({ ...terms, texts }, { also });
      assert.ok(said.includes(lead), said);
    });
  }

  test("friends are counted once, however often they order", async () => {
    const [ben, cem] = friends(2);
    const said = await told({ qualifies: qualifies({ which: "every", new_customers_only: false }) }, { orders: [ben, ben, ben, cem] });
    assert.match(said, /\b2 friends bought\b/);
  });

  for (const [lang, condition, counted, purchase] of [
    ["en", "when they sign up", "1 friend joined", /\bbuy|bought/],
    ["pl", "gdy się zarejestruje", "1 znajomy", /kupi/],
    ["ru", "регистрации", "1 друг", /купил|его покупки/],
    ["zh-CN", "好友注册后", "1 位好友已注册", /购买/],
    ["zh-TW", "好友註冊後", "1 位好友已註冊", /購買/],
    ["de", "nach deren Anmeldung", "1 Freund ist dabei", /[Kk]auf/],
    ["es", "cuando se registre", "1 amigo se ha registrado", /compr/],
    ["fr", "après son inscription", "1 ami inscrit", /ach[eè]t|achat/],
    ["ja", "登録後", "1 人が登録", /購入/],
    ["pt-BR", "quando ele se cadastrar", "1 amigo se cadastrou", /\bcompr(ar|ou|a)\b/],
    ["ar", "بعد تسجيله", "صديق", /شراء|اشترى/],
  ]) {
    test(`a program that pays for sign-ups speaks of no purchase: ${lang}`, async () => {
      const terms = { qualifies: qualifies({ kind: "signup" }), advocate_reward: always(credit(1000)), milestones: [{ at: 3, reward: credit(900) }], texts: {} };
      const said = await told(terms, { lang, orders: [{ kind: "signup", value: null }] });
      for (const words of [condition, counted]) assert.ok(said.includes(words), said);
      assert.doesNotMatch(said, purchase);
    });
  }

  const written = (...locales) => ({ locales, texts: Object.fromEntries(locales.map((locale) => [locale, { headline: `[${locale}]`, message: `(${locale}) {reward}` }])) });
  for (const [lang, terms, expected, ours] of [
    ["zh-CN", written("zh-Hant", "zh-Hans", "pl"), "zh-Hans"],
    ["zh-TW", written("zh-CN", "zh-TW"), "zh-TW"],
    ["zh", written("zh-Hant"), null, "邀请好友"],
    ["de", written("zh-Hant", "pl"), null, "Freunde einladen"],
    ["de", written("pl", "en"), null, "Freunde einladen"],
    ["de-AT", written("pl", "de"), "de"],
    ["en-GB", written("en-US", "en-GB"), "en-GB"],
    // A language that we have not: the owner's words in it, else theirs in ours, else ours.
    ["it", written("en", "it"), "it"],
    ["it", written("pl", "en"), "en"],
    ["it", written("pl"), null, "Invite a friend"],
  ]) {
    test(`the owner's words in ${terms.locales} on a page in ${lang}: ${expected ?? "ours"}`, async () => {
      for (const attributes of ["", "mode=bar"]) {
        const said = await told(terms, { lang, attributes });
        const found = [...said.matchAll(/[[(]([\w-]+)[\])] /g)].map(([, locale]) => locale);
        assert.ok(found.every((locale) => locale === expected), said);
        assert.equal(found.length > 0, expected !== null, said);
        if (ours) assert.ok(said.startsWith(ours), said);
      }
    });
  }

  for (const [what, terms] of [
    ["is paused", { status: "paused" }],
    ["has ended", { ends_at: "2026-01-01T00:00:00Z" }],
    ["has yet to begin", { starts_at: "2999-01-01T00:00:00Z" }],
  ]) {
    test(`a program that ${what}: no more than that there are no invitations, and no prompt after a purchase`, async () => {
      const said = await told(terms, { shows: /invitations/ });
      assert.match(said, /There are no invitations at the moment\./);
      assert.doesNotMatch(said, /ended|Your friend gets|You get/);
      const shop = await openShop({ ...server, call: caller(server.base) }, "idle", { ...terms, destination: `${site.origin}/`, origins: [site.origin] });
      const visited = await person(browser);
      const element = `<good-word mode=after-purchase order=1 identity="${shop.token({ sub: "anna" })}"></good-word><p>Below</p>`;
      await visited.page.goto(`${site.origin}/?${new URLSearchParams({ program: shop.id, lang: "en", element })}`);
      const height = () => visited.page.locator("good-word").evaluate((element) => element.getBoundingClientRect().height);
      await until("the room to be given back", async () => (await height()) === 0);
      assert.equal(await visited.page.locator("good-word").evaluate(({ shadowRoot }) => shadowRoot?.textContent ?? ""), "");
      assert.deepEqual(visited.faults, []);
      await visited.close();
    });
  }

  test("a prompt that stands already goes when a slow tracker says that the program is paused", async () => {
    const shop = await openShop({ ...server, call: caller(server.base) }, "slow", { status: "paused", destination: `${site.origin}/`, origins: [site.origin] });
    const visited = await person(browser);
    let answer;
    const asked = new Promise((resolve) => (answer = resolve));
    await visited.context.route((url) => url.pathname.endsWith("/offer"), async (route) => {
      await asked;
      await route.continue();
    });
    const element = `<good-word mode=after-purchase order=1 identity="${shop.token({ sub: "anna" })}"></good-word>`;
    await visited.page.goto(`${site.origin}/?${new URLSearchParams({ program: shop.id, lang: "en", element })}`);
    await showing(visited.page.locator("good-word"), /Who else would like this/);
    answer();
    await until("the prompt to go", () => visited.page.locator("good-word").evaluate(({ shadowRoot }) => shadowRoot.childElementCount === 0));
    assert.deepEqual(visited.faults, []);
    await visited.close();
  });

  for (const [what, lang, terms, words] of [
    ["a currency whose browser's digits are fewer", "en", { currency: "HUF", ...discount(100_000) }, "HUF 1,000 off"],
    ["its smallest unit", "en", { currency: "HUF", ...discount(100_050) }, "HUF 1,000.50 off"],
    ["three digits, of which the browser knows none", "en", { currency: "IQD", ...discount(5_000_000) }, "IQD 5,000 off"],
    ["four digits", "en", { currency: "CLF", ...discount(12_345) }, "CLF 1.2345 off"],
    ["no digits", "en", { currency: "JPY", ...discount(1_000) }, "¥1,000 off"],
    ["a share with a limit", "en", rewards({ gives: "discount", basis_points: 1250, at_most_minor: 500 }), "12.5% off (up to €5)"],
    ["an order's minimum", "en", discount(1_000), "€10 off (orders from €20)"],
    ["an order's minimum, of a gift", "en", rewards(gift("A pot of tea")), "A pot of tea (orders from €20)"],
    ["an order's minimum in Polish", "pl", discount(1_000), "(zamówienia od 20 €)"],
    ["an order's minimum in Japanese", "ja", discount(1_000), "（€20以上のご注文）"],
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
