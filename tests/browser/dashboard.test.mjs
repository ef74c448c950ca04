// The owner's dashboard in a real browser on real workerd: signing in and out, the numbers, a held order
// accepted, a reward handed over, an advocate blocked, terms refused with their faults shown, tried and
// saved; every view in both schemes, on the narrowest phone and read from the right.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { accessible, launch, person, picture, pictures, showing } from "../support/browser.mjs";
import { caller } from "../support/http.mjs";
import { root, startServer } from "../support/server.mjs";
import { assertStatus, check } from "../support/check.mjs";
import { openShop } from "../support/shop.mjs";
import { money } from "../../www/dashboard/format.js";
import { placeOf, placesIn } from "../../www/dashboard/json-places.js";

const texts = join(root, "www/dashboard/texts");
const views = ["numbers", "reviews", "rewards", "advocates", "conversions", "ratings", "terms", "webhooks", "data"];

describe("the dashboard", () => {
  let server, browser, shop, anna;

  before(async () => {
    server = await startServer();
    shop = await openShop({ ...server, call: caller(server.base) }, "tea", {
      fraud: { block: ["self"], review: { seconds_after_click: 60 } },
      groups: { staff: { factor_bp: 15_000 } },
    });
    anna = await shop.enrol("anna", { name: "Anna <b>Nowak</b>", email: "anna@mail.example" });
    // Two orders come so soon after the click that a person is to look at them; others came typed.
    for (const order_id of ["held-1", "held-2"]) await shop.order({ order_id, claim: await shop.click(anna.code) });
    for (let count = 0; count < 3; count += 1) await shop.order({ claim: null, code: anna.code });
    await shop.order({ claim: null });
    await shop.settle();
    for (const [sub, score, comment] of [["anna", 10, null], ["ben", 3, "<b>Cold</b> tea\u202e"], ["carol", 8, "Nice"]]) {
      const { token } = await shop.enrol(sub, sub === "anna" ? {} : { name: sub });
      assertStatus(await shop.call("PUT", "/v1/advocates/me/rating", { key: token, origin: shop.origin, body: { score, comment } }), 200);
    }
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** The dashboard before anybody signed in. */
  const visit = async (options = {}, view = "") => {
    const visited = await person(browser, options);
    await visited.page.goto(`${server.base}/dashboard${view}`);
    return visited;
  };

  const signIn = async (page) => {
    await page.getByLabel("Owner key").fill(server.vars.OWNER_KEY);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
  };

  /** A view of somebody who is signed in. */
  const signedIn = async (view = "numbers", options = {}) => {
    const visited = await visit(options, `#/${shop.id}/${view}`);
    await signIn(visited.page);
    // Chromium tells of the 401 by which the page learns that nobody is signed in.
    assert.ok(visited.faults.splice(0).every((fault) => /401/.test(fault)));
    await settled(visited.page);
    return visited;
  };

  const settled = (page) => page.locator("main [aria-busy]").waitFor({ state: "detached" });
  const go = async (page, view) => {
    await page.goto(`${server.base}/dashboard#/${shop.id}/${view}`);
    await page.locator("h1").waitFor();
    await settled(page);
  };
  const said = (page, pattern) => showing(page.locator(".said"), pattern);

  test("the key signs in once; a reload knows the owner, signing out forgets them", async () => {
    const visited = await visit();
    const { page } = visited;
    await page.getByLabel("Owner key").fill("gw_ok_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await showing(page.getByRole("alert"), /not the owner key/);
    assert.equal(visited.faults.splice(0).filter((fault) => !/401/.test(fault)).length, 0);
    await signIn(page);
    await page.reload();
    await page.getByRole("navigation").waitFor();
    const cookies = await visited.context.cookies();
    assert.deepEqual(cookies.map(({ name, httpOnly, secure, sameSite }) => [name, httpOnly, secure, sameSite]), [["__Host-goodword-owner", true, true, "Strict"]]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await showing(page.locator("main"), /You are signed out/);
    await page.reload();
    await page.getByLabel("Owner key").waitFor();
    assert.deepEqual(await visited.context.cookies(), []);
    await visited.close();
  });

  test("a browser that keeps no cookie is told so", async () => {
    const { page, close } = await visit();
    await page.route("**/v1/session", (route, request) => (request.method() === "POST"
      ? route.fulfill({ json: { expires_at: "2100-01-01T00:00:00Z" } }) : route.continue()));
    await page.getByLabel("Owner key").fill(server.vars.OWNER_KEY);
    await page.getByRole("button", { name: "Sign in" }).click();
    await showing(page.locator("main"), /did not keep the session/);
    await close();
  });

  test("the numbers, each with what it was divided from", async () => {
    const { page, faults, close } = await signedIn("numbers");
    const all = page.getByRole("region", { name: "Rates" });
    await showing(all, /Referral rate .* 5 ÷ 6/);
    await page.getByLabel("By", { exact: true }).selectOption("advocate");
    await showing(page.getByRole("region", { name: "Compared by: Advocate" }), new RegExp(anna.code));
    await page.getByRole("img", { name: /Clicks from/ }).waitFor();
    await page.getByLabel("Line").selectOption("orders");
    await page.getByRole("img", { name: /Orders from/ }).waitFor();
    assert.deepEqual(faults, []);
    await close();
  });

  test("an experiment's variants, with the interval, and in words what it means", async () => {
    const trial = { id: "more", variants: [
      { id: "as-before", weight: 1 },
      { id: "double", weight: 1, friend_reward: { gives: "discount", amount_minor: 2000 } },
      { id: "triple", weight: 1, friend_reward: { gives: "discount", amount_minor: 3000 } },
    ] };
    await shop.put({ experiments: [trial] });
    const { page, faults, close } = await signedIn("numbers?by=variant");
    const table = page.getByRole("region", { name: "Do the variants differ?" });
    await showing(table, /as-before – 0 ÷ 0 \d – The others are compared/);
    await showing(table, /double – 0 ÷ 0 \d .-100. to .\+100. No difference is claimed/);
    await showing(page.locator("main"), /30 days after .* Counted since .* at most 5% of experiments/);
    // Thirty days later, as the tracker would answer then.
    const verdicts = [
      { conversion: { numerator: 32, denominator: 400, value: 0.08 }, waiting: 21 },
      { conversion: { numerator: 81, denominator: 402, value: 0.2015 }, waiting: 17, difference: { low: 0.0534, high: 0.1917 }, verdict: "better" },
      { conversion: { numerator: 30, denominator: 900, value: 0.0333 }, waiting: 0, difference: { low: -0.1003, high: -0.0012 }, verdict: "suspect" },
    ];
    await page.route("**/report?*by=variant*", async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      body.comparison.variants = body.comparison.variants.map((variant, index) => ({ ...variant, ...verdicts[index] }));
      await route.fulfill({ response, json: body });
    });
    await page.reload();
    await showing(table, /as-before 8% 32 ÷ 400 21 – The others/);
    await showing(table, /double 20\.2% 81 ÷ 402 17 .\+5\.34. to .\+19\.17. Better: a larger part/);
    await showing(table, /triple 3\.3% 30 ÷ 900 0 .-10\.03. to .-0\.12. Advocates are not divided/);
    await pictures(page, "dashboard-trial");
    await page.getByRole("combobox").nth(1).selectOption("ar");
    await showing(page.locator("main"), /هل تختلف النسخ؟/);
    await settled(page);
    await pictures(page, "dashboard-trial-ar");
    await shop.put({ experiments: [] });
    assert.deepEqual(faults, []);
    await close();
  });

  test("whom an advocate invited, and who invited them", async () => {
    const body = { program: shop.id, identity: shop.token({ sub: "ida", name: "Ida" }), claim: await shop.click(anna.code) };
    const ida = (await shop.call("POST", "/v1/advocates", { origin: shop.origin, body })).body;
    const { page, faults, close } = await signedIn(`advocates?code=${anna.code}`);
    await page.getByRole("row", { name: /Anna/ }).getByRole("link", { name: "Show" }).click();
    const row = page.getByRole("row", { name: new RegExp(ida.code) });
    await row.waitFor();
    assert.equal(await page.getByRole("row").count(), 2, "the names of the columns, and Ida");
    await row.getByRole("link", { name: "Show" }).click();
    await showing(page.locator("main"), /Nothing here/);
    await page.getByRole("searchbox", { name: "Invited by" }).fill(anna.code);
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await row.getByRole("link", { name: new RegExp(anna.code.replace(/^.*-/, "")) }).click();
    await page.getByRole("row", { name: /Anna/ }).waitFor();
    assert.deepEqual(faults, []);
    await close();
  });

  test("a question that is refused says why, and stays there to be mended", async () => {
    const { page, close } = await signedIn("numbers");
    await go(page, "numbers?from=2020-01-01&to=2026-01-01");
    await showing(page.getByRole("alert"), /Something in it is not right: .*from/);
    await page.getByRole("button", { name: "7 days", exact: true }).click();
    await page.getByRole("region", { name: "Rates" }).waitFor();
    await go(page, "rewards?code=nonsense");
    await showing(page.getByRole("alert"), /code/);
    await page.getByRole("searchbox", { name: "Code" }).fill(anna.code);
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByRole("table").waitFor();
    await close();
  });

  test("a program that earns nothing is told on top, until it does", async () => {
    await shop.put({ status: "paused" });
    const { page, faults, close } = await signedIn("terms");
    await showing(page.locator(".alarms"), /Warning: This program is paused/);
    await accessible(page, "a warning");
    const text = page.getByLabel("Terms");
    await text.fill((await text.inputValue()).replace('"paused"', '"active"'));
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("This program is paused").waitFor({ state: "detached" });
    assert.deepEqual(faults, []);
    await close();
  });

  test("an owner without a program begins with plain terms", async () => {
    const visited = await visit();
    const { page, close } = visited;
    await signIn(page);
    await page.route("**/v1/session", (route) => route.fulfill({ json: { programs: [] } }));
    await page.evaluate(() => history.replaceState(null, "", "/dashboard"));
    await page.reload();
    await showing(page.locator("h1"), /Your first program/);
    await accessible(page, "no program yet");
    const id = `first-${Date.now()}`;
    await page.getByLabel("Id of the program").fill(id);
    await page.getByRole("button", { name: "Begin" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await said(page, /Saved/);
    await page.locator(`option[value="${id}"]`).waitFor({ state: "attached" });
    await page.reload();
    await showing(page.locator(".alarms"), /This program is paused/);
    assert.equal(await page.getByLabel("Program").inputValue(), id, "it is not listed yet, and there");
    await close();
  });

  test("a held order is accepted, and its reward handed over", async () => {
    const { page, faults, close } = await signedIn("reviews");
    await showing(page.locator(".alarms"), /Orders waiting for your decision: 2/);
    const card = page.getByRole("listitem").filter({ hasText: "held-1" }).first();
    await showing(card, /Bought \d+ seconds after the click; 60 are expected/);
    await card.getByText("What depends on it").click();
    await showing(card, /Advocate: /);
    await card.getByRole("button", { name: "Accept order held-1" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Note").fill("A colleague, known");
    await accessible(page, "a decision");
    await picture(page, "dashboard-decision");
    await dialog.getByRole("button", { name: "Accept" }).click();
    await said(page, /Order held-1 is accepted/);
    assert.equal(await page.getByText("held-1").count(), 1, "only what was said of it");
    await page.getByLabel("Status").selectOption("accepted");
    await showing(page.locator("main"), /held-1/);

    await go(page, "rewards?status=confirmed");
    const row = page.getByRole("row").filter({ hasText: "Confirmed" }).first();
    await row.getByRole("button", { name: /^Hand over/ }).click();
    await dialog.getByLabel("Coupon").fill("TEA-10");
    await dialog.getByRole("button", { name: "Hand over" }).click();
    await said(page, /is handed over/);
    await showing(page.getByRole("table"), /Handed over TEA-10/);
    assert.deepEqual(faults, []);
    await close();
  });

  test("what advocates answered, together and one by one, the low ones first; their words are only ever text", async () => {
    const { page, faults, close } = await signedIn("ratings");
    await showing(page.locator(".tiles"), /Net Promoter Score 0 \(1 − 1 = 0\) ÷ 3 Answers 3 9 and 10: promoters 1 33\.3%/);
    await page.locator("summary").click();
    await showing(page.getByRole("region", { name: "Answers by number" }), /10 1$/);
    await showing(page.getByRole("region", { name: "One by one" }), /3 <b>Cold<\/b> tea.* BEN-/);
    assert.equal(await page.locator("table b").count(), 0);
    await page.getByLabel("Answered").selectOption("any");
    await page.getByLabel("From").fill("2020-01-01");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await showing(page.getByRole("region", { name: "One by one" }), /CAROL-.*BEN-.*ANNA-/);
    await page.getByLabel("To", { exact: true }).fill("2020-01-02");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await showing(page.locator("main"), /Net Promoter Score –.*Nothing here/);
    assert.deepEqual(faults, []);
    await close();
  });

  test("an advocate is found, blocked and unblocked; their name is only ever text", async () => {
    const { page, faults, close } = await signedIn("advocates");
    await page.getByLabel("Who").fill("anna@mail.example");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await showing(page.getByRole("table"), /Anna/);
    assert.equal(await page.locator("table b").count(), 0);
    await page.getByRole("button", { name: `Block ${anna.code}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Block" }).click();
    await said(page, /is blocked/);
    await page.getByRole("button", { name: `Unblock ${anna.code}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: `Unblock ${anna.code}` }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Unblock" }).click();
    await said(page, /active again/);
    assert.deepEqual(faults, []);
    await close();
  });

  test("terms are refused with every fault at its line, tried, and saved", async () => {
    const visited = await signedIn("terms");
    const { page, close } = visited;
    const text = page.getByLabel("Terms");
    const good = await text.inputValue();
    await text.fill(good.replace('"EUR"', '"euro"').replace('"last_click"', '"any_click"'));
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    const faults = await showing(page.getByRole("alert"), /Places to mend/);
    assert.match(faults, /Line \d+ currency/);
    assert.match(faults, /Line \d+ attribution\.model/);
    await picture(page, "dashboard-faults");
    await accessible(page, "faults of terms");
    await page.getByRole("listitem").filter({ hasText: "attribution.model" }).getByRole("button").click();
    assert.equal(await text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd)), '"any_click"');
    await text.fill(good.replace('"EUR"', '"EUR" "USD"'));
    await page.getByRole("button", { name: "What if?" }).click();
    await showing(page.getByRole("alert"), /it is not JSON/);
    assert.deepEqual(visited.faults.filter((fault) => !/400/.test(fault)), []);

    await text.fill(good.replace(/"minimum_minor": \d+/, '"minimum_minor": 900000'));
    await page.getByRole("button", { name: "What if?" }).click();
    await showing(page.getByRole("region", { name: /would have cost/ }), /Below the minimum 0 5/);
    await pictures(page, "dashboard-what-if");
    await page.getByRole("button", { name: "Discard" }).click();
    await text.fill(good.replace('"name": "', '"name": "New '));
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await said(page, /Saved/);
    await showing(page.locator("main"), /These are the terms in force/);
    await close();
  });

  test("an endpoint is refused at its field, then put", async () => {
    const { page, close } = await signedIn("webhooks");
    await page.getByRole("button", { name: "Add an endpoint" }).click();
    await page.getByLabel("Address").fill("https://10.0.0.1/hook");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("[aria-invalid]").waitFor();
    await accessible(page, "a refused endpoint");
    await page.getByLabel("Address").fill("https://shop.example/goodword");
    await page.getByRole("button", { name: "Save" }).click();
    await said(page, /Saved/);
    await close();
  });

  test("a person's data is shown, and erasing asks first", async () => {
    const { page, faults, close } = await signedIn("data");
    await page.getByLabel("Customer id").fill("anna");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await showing(page.getByRole("region", { name: "What is kept about this person" }), /anna@mail\.example/);
    await page.getByRole("button", { name: "Erase" }).click();
    await showing(page.getByRole("dialog"), /Erase anna\?/);
    await page.keyboard.press("Escape");
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Advocates (CSV)" }).click()]);
    assert.match(readFileSync(await file.path(), "utf8"), /anna@mail\.example/);
    await page.getByRole("button", { name: "Settle now" }).click();
    await said(page, /Settled: \d+; still due: \d+/);
    assert.deepEqual(faults, []);
    await close();
  });

  test("everything is reached by keyboard", async () => {
    const { page, close } = await signedIn("numbers");
    await page.reload();
    await page.locator("h1").waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.localName), "h1");
    await page.getByRole("link", { name: "Orders" }).focus();
    await page.keyboard.press("Enter");
    await showing(page.locator("h1"), /Orders/);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Orders", "the view's heading");
    await close();
  });

  test("a session that has ended leads to the sign-in", async () => {
    const { page, context, close } = await signedIn("numbers");
    await context.clearCookies();
    await page.getByRole("link", { name: "Rewards" }).click();
    await showing(page.locator("main"), /Your session has ended/);
    await close();
  });

  describe("every view, in both schemes, on the narrowest phone, and read from the right", () => {
    for (const view of views) {
      test(view, async () => {
        const { page, faults, close } = await signedIn(view, { viewport: { width: 1280, height: 900 } });
        for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["dark", 320], ["light", 320]]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 900 });
          await picture(page, `dashboard-${view}-${colorScheme}-${width}`);
          await accessible(page, `${view}, ${colorScheme}, ${width} pixels wide`);
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(beyond <= 0, `${view}: ${beyond} pixels beyond a width of ${width}`);
        }
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.getByLabel("Language").selectOption("ar");
        await page.locator("html[dir=rtl]").waitFor();
        await settled(page);
        await accessible(page, `${view} in Arabic`);
        await picture(page, `dashboard-${view}-ar`);
        assert.deepEqual(faults, []);
        await close();
      });
    }
  });

  test("every language has every text, with the same gaps", async () => {
    const english = (await import(join(texts, "en.js"))).default;
    const gaps = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
    const names = readdirSync(texts);
    assert.equal(names.length, 11);
    for (const name of names) {
      const words = (await import(join(texts, name))).default;
      assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort(), name);
      for (const [key, text] of Object.entries(english)) assert.equal(gaps(words[key]), gaps(text), `${name}: ${key}`);
    }
  });

  test("in every language there is no name without a text", async () => {
    const visited = await signedIn("numbers", { viewport: { width: 1280, height: 900 } });
    const { page, close } = visited;
    for (const name of readdirSync(texts)) {
      const tag = name.replace(".js", "");
      const { view_numbers } = (await import(join(texts, name))).default;
      await page.getByRole("combobox").nth(1).selectOption(tag);
      await showing(page.locator("h1"), new RegExp(view_numbers));
      await settled(page);
      assert.doesNotMatch(await page.locator("body").innerText(), /\b[md]_\w+|\bview_\w+|\{\w+\}/, tag);
      await picture(page, `dashboard-numbers-${tag}`);
    }
    await close();
  });
});

const json = '{"a": {"b": [1, {"c": "x\\"y"}], "d": null}, "e": -2.5e3}';

check("a field is found where it stands, and what is missing where it would be", [
  ["a name", "e", "-2.5e3"],
  ["a name in a list", "a.b[1].c", '"x\\"y"'],
  ["a whole list", "a.b", '[1, {"c": "x\\"y"}]'],
  ["a name that is not there", "a.z", json.slice(6, json.indexOf(', "e"'))],
  ["an entry that is not there", "a.b[7].c", '[1, {"c": "x\\"y"}]'],
  ["nothing of it", "z.y", json],
], (field, text) => {
  const { found, wrongAt } = placesIn(json);
  assert.equal(wrongAt, null);
  assert.equal(json.slice(...placeOf(found, field)), text);
});

check("where a text stops being JSON", [
  ["never", ' {"a": [true, false, null, 0, "\\u00e9"]}\n', null],
  ["at once", "", 0],
  ["a comma too many", '{"a": 1,}', 8],
  ["a comma too few", '{"a": 1 "b": 2}', 8],
  ["a number that is none", "[01]", 2],
  ["a string that does not end", '["a', 1],
  ["something after it", "{} x", 3],
], (text, at) => assert.equal(placesIn(text).wrongAt, at));

check("amounts by the minor units of their currency, exactly", [
  ["two digits", 4990, "EUR", "€49.90"],
  ["less than one", -5, "EUR", "-€0.05"],
  ["none", 4990, "JPY", "¥4,990"],
  ["three", 4990, "KWD", "KWD 4.990"],
  ["two, where browsers know none", 4990, "RSD", "RSD 49.90"],
  ["as many as a number holds", 9007199254740991, "EUR", "€90,071,992,547,409.91"],
], (amount_minor, currency, text) => assert.equal(money({ amount_minor, currency }).replaceAll("\u00a0", " "), text));
