// The leaderboard in a real browser: who is on it, joining and leaving by keys and ears, names that mean
// harm, how it looks in both schemes, on a phone and from the right.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, launch, person, picture, showing, shownText } from "../support/browser.mjs";
import { assertStatus } from "../support/check.mjs";
import { caller } from "../support/http.mjs";
import { startServer } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";
import { pageOf, servePage } from "../support/static.mjs";
import { until } from "../support/until.mjs";

describe("the leaderboard", () => {
  let server, browser, site, shop, without;

  before(async () => {
    server = await startServer();
    site = await servePage((path) => {
      const { pathname, searchParams } = new URL(path, "http://any");
      const lang = searchParams.get("lang") ?? "en";
      const sub = searchParams.get("sub");
      return pageOf(pathname.slice(1), {
        tracker: server.base, program: searchParams.get("program") ?? shop.id, lang, dir: lang === "ar" ? "rtl" : "ltr",
        attributes: searchParams.get("attributes") ?? "",
        element: `<good-word mode="leaderboard"${sub ? ` identity="${shop.token({ sub, name: sub })}"` : ""}>${searchParams.get("inside") ?? ""}</good-word>`,
      });
    });
    const tracker = { ...server, call: caller(server.base) };
    const terms = { destination: `${site.origin}/`, origins: [site.origin] };
    shop = await openShop(tracker, "board", { ...terms, leaderboard: true });
    without = await openShop(tracker, "without", terms);
    const friends = [3, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    for (const [place, count] of friends.entries()) {
      const { code, token } = await shop.enrol(`advocate-${place}`, { name: "A" });
      const name = ["Maria", "茶の子", "شاي", "Anna K. 🍵", "Somebody with a long name, forty letters"][place % 5];
      assertStatus(await shop.call("PUT", "/v1/advocates/me/leaderboard", { key: token, origin: shop.origin, body: { name } }), 200);
      for (let friend = 0; friend < count; friend += 1) await shop.order({ claim: null, code });
    }
    await shop.settle();
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    site?.close();
    await server?.stop();
  });

  const at = (parameters = {}, name = "16-panel") => `${site.origin}/${name}?${new URLSearchParams(parameters)}`;
  const element = (page) => page.locator("good-word");
  const visit = async (parameters = {}, { prepare = () => {}, name, ...options } = {}) => {
    const visited = await person(browser, options);
    await prepare(visited);
    await visited.page.goto(at(parameters, name));
    return visited;
  };

  test("ten places, ties in one, and how many more there are", async () => {
    const { page, faults, close } = await visit();
    await showing(element(page), /Who recommends the most/);
    const cells = await element(page).getByRole("row").evaluateAll((rows) => rows.map((row) => `${row.cells[0].textContent} ${row.cells[2].textContent}`));
    assert.deepEqual(cells, ["Place Friends who bought", "1 3", "2 2", "2 2", ...Array(7).fill("4 1")]);
    await showing(element(page), /2 more have as many friends.*Counted/);
    assert.equal(await element(page).locator("form").count(), 0, "nobody is signed in");
    await element(page).getByRole("table", { name: "Who recommends the most" }).waitFor();
    assert.equal(await element(page).getByRole("columnheader").count(), 3);
    assert.equal(await element(page).getByRole("rowheader").count(), 10);
    assert.deepEqual(faults, []);
    await close();
  });

  test("joining under a name, and leaving again, by keys alone", async () => {
    const { page, faults, close } = await visit({ sub: "newcomer" });
    const field = element(page).getByRole("textbox", { name: "Your name on this list" });
    await field.waitFor();
    assert.match(await field.evaluate((input) => input.getRootNode().getElementById(input.getAttribute("aria-describedby")).textContent), /Everybody can read it/);
    await accessible(page, "joining");
    await page.keyboard.press("Tab");
    await page.keyboard.type("anna@shop.example");
    await page.keyboard.press("Enter");
    await showing(element(page), /did not work/);
    assert.ok(faults.splice(0).every((fault) => /400/.test(fault)));
    await field.fill("Zoë 🍵");
    await page.keyboard.press("Enter");
    await showing(element(page), /You are on the list as \u2068Zoë 🍵\u2069/);
    const focused = () => element(page).evaluate(({ shadowRoot }) => shadowRoot.activeElement?.textContent || shadowRoot.activeElement?.id);
    assert.equal(await focused(), "Take me off the list");
    await accessible(page, "joined");
    await page.reload();
    await showing(element(page), /You are on the list as/);
    await element(page).getByRole("button", { name: "Take me off the list" }).focus();
    await page.keyboard.press("Enter");
    await showing(element(page), /not on the list any more/);
    assert.equal(await focused(), "called");
    assert.deepEqual(faults, []);
    await close();
  });

  test("names are only ever text", async () => {
    const hostile = "<img src=x onerror=harm()>";
    const visited = await visit({}, {
      prepare: async ({ context }) => {
        await context.addInitScript(() => { globalThis.harm = () => { globalThis.harmed = true; }; });
        await context.route("**/leaderboard", async (route) => {
          const response = await route.fetch();
          const body = await response.json();
          body.data[0].name = hostile;
          body.data[1].name = "\u202Egnp.exe";
          await route.fulfill({ response, json: body });
        });
      },
    });
    const text = await showing(element(visited.page), /Who recommends/);
    assert.ok(text.includes(hostile), text);
    assert.equal(await element(visited.page).locator("img").count(), 0);
    assert.equal(await visited.page.evaluate(() => globalThis.harmed), undefined);
    await visited.close();
  });

  test("in both schemes, on a phone, from the right and in forced colours", async () => {
    for (const lang of ["en", "de", "ar"]) {
      const { page, faults, close } = await visit({ lang, sub: "looker" });
      await element(page).getByRole("textbox").waitFor();
      for (const [width, colorScheme] of [[1280, "light"], [768, "dark"], [320, "light"], [320, "dark"]]) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await picture(page, `leaderboard-${lang}-${width}-${colorScheme}`);
        await accessible(page, `${lang}, ${width}, ${colorScheme}`);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(beyond <= 0, `${lang}: ${beyond} pixels beyond ${width}`);
      }
      assert.deepEqual(faults, []);
      await close();
    }
    const { page, close } = await visit({}, { forcedColors: "active" });
    await showing(element(page), /Who recommends/);
    await accessible(page, "forced colours");
    await close();
  });

  test("who is here is whom the shop says last, even while the script is on its way; with their consent they go", async () => {
    const joining = (page) => element(page).getByRole("textbox", { name: "Your name on this list" });
    const shown = (page) => showing(element(page), /Who recommends the most/);
    const identify = (page, sub) => element(page).evaluate((element, identity) => (identity ? element.setAttribute("identity", identity) : element.removeAttribute("identity")), sub && shop.token({ sub }));
    const named = async (sub, name) => {
      const { token } = await shop.enrol(sub);
      assertStatus(await shop.call("PUT", "/v1/advocates/me/leaderboard", { key: token, origin: shop.origin, body: { name } }), 200);
    };
    await named("ava", "Ava");
    await named("ben", "Ben");
    for (const [first, then, expected] of [[null, "ava", /as \u2068Ava/], ["ava", "ben", /as \u2068Ben/], ["ava", null, /Who recommends the most/]]) {
      let open;
      const opened = new Promise((resolve) => (open = resolve));
      const asked = [];
      const { page, faults, close } = await visit(first ? { sub: first } : {}, {
        prepare: async ({ context, page }) => {
          page.on("request", (request) => asked.push(new URL(request.url()).pathname));
          await context.route("**/widget/leaderboard.*", async (route) => {
            await opened;
            await route.continue();
          });
        },
      });
      await until("the script to be on its way", () => asked.some((path) => path.includes("/widget/leaderboard.")));
      await identify(page, then);
      open();
      const text = await showing(element(page), expected);
      if (!then) assert.doesNotMatch(text, /Ava/);
      assert.deepEqual(faults, []);
      await close();
    }
    const { page, close } = await visit({ sub: "ava", attributes: " data-consent=wait" });
    await shown(page);
    assert.equal(await element(page).locator("form").count(), 0);
    await page.evaluate(() => goodword.consent(true));
    await showing(element(page), /as \u2068Ava/);
    await page.evaluate(() => goodword.consent(false));
    await until("nobody", async () => !/Ava\u2069/.test(await shownText(element(page))));
    await page.evaluate(() => goodword.consent(true));
    await showing(element(page), /as \u2068Ava/);
    await identify(page, "newcomer");
    await joining(page).waitFor();
    await close();
  });

  test("where there is none, or it does not answer, what the owner wrote stays", async () => {
    const off = await visit({ program: without.id, inside: "Soon" });
    await off.page.waitForLoadState("networkidle");
    assert.equal(await shownText(element(off.page)), "Soon");
    await off.close();
    const down = await visit({ inside: "Soon" }, { prepare: ({ context }) => context.route("**/v1/**", (route) => route.abort()) });
    await down.page.waitForLoadState("networkidle");
    assert.equal(await shownText(element(down.page)), "Soon");
    await down.close();
  });

  test("where there is none, nothing takes room, whatever the page held free for it", async () => {
    const { page, close } = await visit({ program: without.id }, { name: "18-things-below" });
    await until("the room to be given back", () => element(page).evaluate(({ offsetHeight }) => offsetHeight === 0));
    await close();
  });

  test("nothing of the page moves", async () => {
    for (const width of [320, 1280]) {
      const { page, close } = await visit({}, {
        name: "18-things-below", viewport: { width, height: 800 },
        prepare: ({ context }) => context.addInitScript(() => {
          globalThis.moved = [];
          new PerformanceObserver((list) => {
            for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) moved.push(value);
          }).observe({ type: "layout-shift", buffered: true });
        }),
      });
      await showing(element(page), /Who recommends/);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50)))));
      assert.deepEqual(await page.evaluate(() => moved), [], `${width} pixels`);
      await close();
    }
  });
});
