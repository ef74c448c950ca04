// The guest in other people's pages: each page of tests/pages denies it something, or gets in its way.
// Whatever it is, nothing is thrown, nothing stays blank, and nothing of the page is changed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { check } from "../support/check.mjs";
import { accessible, launch, person, picture, showing, shownText } from "../support/browser.mjs";
import { caller } from "../support/http.mjs";
import { startServer } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";
import { pageOf, servePage } from "../support/static.mjs";
import { until } from "../support/until.mjs";

/** What a panel asks for. */
const offer = (url) => url.pathname.endsWith("/offer");
const enrolment = (url) => url.pathname === "/v1/advocates";

/** The browser itself writes these to the console when a page's policy or the network says no. */
const refusals = /^Failed to load resource|Content Security Policy|^Permissions policy violation/;

describe("pages of all kinds", () => {
  let server, browser, site, shop, link, reader;

  before(async () => {
    server = await startServer();
    // The page is asked for by a path, and what it needs is filled in at each request.
    site = await servePage((path) => {
      const { pathname, search, searchParams } = new URL(path, "http://any");
      const lang = searchParams.get("lang") ?? "en";
      return pageOf(pathname.slice(1), {
        tracker: server.base, origin: site.origin, program: shop.id, query: search, lang, dir: lang === "ar" ? "rtl" : "ltr",
        identity: shop.token({ sub: "anna", name: "Anna" }),
      });
    });
    const at = (host) => `http://${host}:${site.port}`;
    shop = await openShop({ ...server, call: caller(server.base) }, "pages", {
      destination: `${site.origin}/15-no-panel`,
      origins: [site.origin, at("localhost"), at("shop.test")],
      channels: ["whatsapp", "wechat", "email"],
    });
    const { code, share_link } = await shop.enrol("anna", { name: "Anna" });
    link = { code, share_link, claim: await shop.click(code) };
    browser = await launch(["--host-resolver-rules=MAP shop.test 127.0.0.1"]);
    reader = await person(browser);
  });

  after(async () => {
    await browser?.close();
    site?.close();
    await server?.stop();
  });

  /** A visitor who notes what the page was like before anything of ours ran, and what was heard. */
  const visitor = async (options) => {
    const visited = await person(browser, options);
    await visited.context.addInitScript(() => {
      const note = (window[Symbol.for("note")] = { heard: [], names: new Set(Object.getOwnPropertyNames(window)) });
      for (const name of ["share", "copy", "enrol", "welcome", "reward", "error", "click"]) {
        document.addEventListener("goodword:" + name, ({ detail }) => note.heard.push([name, detail]));
      }
      // Without the array's own methods: a page of these overrides them.
      note.shapes = () => {
        let shapes = "";
        for (const { prototype } of [Array, Object, String, Element, HTMLElement, Node, EventTarget, Promise]) {
          for (const key of Reflect.ownKeys(prototype)) shapes += String(key) + " ";
        }
        return shapes;
      };
      document.addEventListener("readystatechange", () => (note.before ??= note.shapes()));
    });
    return visited;
  };

  const noted = (page, what) => page.evaluate((what) => window[Symbol.for("note")][what], what);
  const heard = async (page, name) => (await noted(page, "heard")).filter(([event]) => event === name).map(([, detail]) => detail);

  /** What a page's own text says the page is, written the way the browser writes it. */
  const written = (html) => reader.page.evaluate((html) => new DOMParser().parseFromString(html, "text/html").documentElement.outerHTML, html);

  /** Nothing but `window.goodword` came into the page; its elements and what is built in are as they were. */
  const unchanged = async (page, name, globals) => {
    const now = await page.evaluate(() => document.documentElement.outerHTML);
    const source = await (await fetch(`${site.origin}/${name}`)).text();
    // The identity is a fresh one at each request, the claim goes where it was invited to, and what
    // stands in its own element's style is the guest's.
    const plain = (html) => html.replace(/ identity="[^"]*"| style="(?:(?:display: block; )?min-height: [\d.]+px;)?"|(?<=name="goodword_claim") value="[^"]*"/g, "");
    assert.equal(plain(now), plain(await written(source)), `${name}: the page's own elements`);
    const added = await page.evaluate(() => {
      const { names } = window[Symbol.for("note")];
      return Object.getOwnPropertyNames(window).filter((name) => !names.has(name));
    });
    // What the page itself declares is its own business.
    const own = new Set([...source.matchAll(/\b(?:const|let|var|function) (\w+)/g)].map(([, name]) => name));
    const checker = new Set(["axe", "__core-js_shared__"]);
    assert.deepEqual(added.filter((name) => !own.has(name) && !checker.has(name)), globals, `${name}: globals`);
    assert.deepEqual(
      await page.evaluate(() => {
        const { before, shapes } = window[Symbol.for("note")];
        return shapes() === before;
      }),
      true,
      `${name}: what is built in`,
    );
  };

  const standing = async (place, at = 0) => {
    const text = await showing(place.locator("good-word").nth(at), /\/r\/ANNA-/);
    assert.ok(text.includes(link.share_link), text);
    assert.ok(text.includes(link.code), text);
  };

  /** Everything that is there on every page: greeting, link, code, copying, the claim in the form. */
  const works = async (page, place) => {
    await standing(place);
    const greeting = await showing(place.locator("good-word-welcome"), /Anna/);
    assert.match(greeting, /€10/);
    assert.ok(greeting.includes(`Code ${link.code}`), greeting);
    await place.locator("good-word").first().getByRole("button", { name: /copy/i }).first().click();
    await showing(place.locator("good-word").first(), /copied/i);
    await until("the claim in the form", () => place.locator("[name=goodword_claim]").evaluate((input, claim) => input.value === claim, link.claim));
    assert.equal(await place.locator("body").evaluate(() => location.search), "?a=1&b=%20", "the claim leaves the address, the rest stays");
  };

  const walk = (name, { title = name, host = "127.0.0.1", place = (page) => page, settled = () => {}, own = () => {}, changes = false, globals = ["goodword"], refused = false, audit = true, ...options } = {}) =>
    test(title, async () => {
      const { page, faults, close } = await visitor(options);
      const query = `?a=1&gw=${link.claim}&b=%20`;
      await page.goto(`http://${host}:${site.port}/${name}${query}`);
      await settled(page);
      await works(page, place(page));
      await own(page, place(page));
      if (!changes) await unchanged(page, `${name}${query}`, globals);
      if (audit) await accessible(page, name);
      await picture(page, `pages-${title}`);
      assert.deepEqual(faults.filter((fault) => !(refused && refusals.test(fault))), [], name);
      await close();
    });

  walk("01-plain", {
    async own(page) {
      const [enrolled] = await heard(page, "enrol");
      assert.deepEqual(enrolled, { code: link.code, share_link: link.share_link });
      const [welcomed] = await heard(page, "welcome");
      assert.deepEqual(welcomed, { code: link.code, name: "Anna", reward: "€10 off (orders from €20)" });
      assert.deepEqual(await heard(page, "copy"), [{ code: link.code, text: link.share_link }]);
      await page.getByRole("link", { name: "E-mail" }).evaluate((a) => {
        a.addEventListener("click", (event) => event.preventDefault());
        a.click();
      });
      assert.deepEqual(await heard(page, "share"), [{ code: link.code, channel: "email" }]);
      await showing(page.locator("good-word"), /Thank you/);
      assert.deepEqual(await heard(page, "error"), []);
    },
  });
  walk("02-strict-csp", { refused: false, own: (page) => qr(page) });
  walk("03-trusted-types");
  walk("04-no-wasm", { refused: true });
  for (const [lang, address, enrol, code] of [["en", "Your e-mail address", "Get my link", "Your code"], ["ar", "بريدك الإلكتروني", "احصل على رابطي", "رمزك"]]) {
    test(`19-no-wasm-no-identity, in ${lang}: one address, one press, and there is the link`, async () => {
      const { page, faults, close } = await visitor();
      const name = "19-no-wasm-no-identity";
      const panel = page.locator("good-word");
      await page.goto(`${site.origin}/${name}?lang=${lang}`);
      await showing(panel, new RegExp(enrol));
      const section = panel.locator("section");
      assert.deepEqual(await section.evaluate((own) => [own.lang, getComputedStyle(own).direction]), [lang, lang === "ar" ? "rtl" : "ltr"]);
      await accessible(page, `${name}, ${lang}`);
      await picture(page, `pages-${name}-${lang}`);

      // What the tracker does not take is said, and what was typed is still there.
      await page.context().route(enrolment, (route) => route.abort());
      const field = panel.getByRole("textbox", { name: address });
      await field.fill(`gala-${lang}@example.com`);
      await panel.getByRole("button", { name: enrol }).click();
      await until("a word about it", () => panel.getByRole("status").textContent());
      assert.equal(await field.inputValue(), `gala-${lang}@example.com`);
      await page.context().unroute(enrolment);

      await field.focus();
      await page.keyboard.press("Enter");
      await showing(panel, new RegExp(`/r/.*${code}`, "s"));
      const [enrolled] = await heard(page, "enrol");
      assert.equal(await panel.getByRole("textbox").inputValue(), enrolled.share_link);
      await panel.getByRole("button").first().click();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), enrolled.share_link);
      await unchanged(page, `${name}?lang=${lang}`, ["goodword"]);
      await accessible(page, `${name}, ${lang}, enrolled`);
      await picture(page, `pages-${name}-${lang}-enrolled`);
      // It is known on this device from now on.
      await page.reload();
      await showing(panel, new RegExp(enrolled.code));
      assert.deepEqual(faults.filter((fault) => !refusals.test(fault)), []);
      await close();
    });
  }
  check("without Wasm, a link that must not be shared is not shown", [
    ["the program ended", "19-no-wasm-no-identity", offer, (body) => (body.status = "ended"), /no invitations/],
    ["the program ended, for somebody known", "04-no-wasm", offer, (body) => (body.status = "ended"), /no invitations/],
    ["the link is blocked", "04-no-wasm", enrolment, (body) => (body.summary.status = "blocked"), /not active/],
  ], async (name, asked, change, says) => {
    const { page, context, close } = await visitor();
    await context.route(asked, async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      change(body);
      await route.fulfill({ response, json: body });
    });
    await page.goto(`${site.origin}/${name}`);
    const shown = await showing(page.locator("good-word"), says);
    assert.ok(!shown.includes("/r/"), shown);
    assert.equal(await page.locator("good-word").getByRole("textbox").count(), 0);
    await close();
  });
  test("without Wasm: the owner's words with the shop's name in them, ours where more is missing", async () => {
    const own = { headline: "{name}: give {reward}", link: "Your link to {name}" };
    const { page, context, faults, close } = await visitor();
    await context.route(offer, async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      await route.fulfill({ response, json: { ...body, name: "Kettle $& Leaf", texts: own } });
    });
    await page.goto(`${site.origin}/04-no-wasm`);
    const text = await showing(page.locator("good-word"), /Your link to Kettle \$& Leaf/);
    assert.match(text, /^Invite a friend/);
    assert.deepEqual(faults.filter((fault) => !refusals.test(fault)), []);
    await close();
  });

  test("without Wasm, offline later: the stored link with a note, and a press tries again", async () => {
    const { page, context, faults, close } = await visitor();
    const panel = page.locator("good-word");
    await page.goto(`${site.origin}/04-no-wasm`);
    await standing(page);
    await context.route("**/v1/**", (route) => route.abort());
    await page.reload();
    assert.match(await showing(panel, /\/r\/ANNA-/), /Your figures cannot be loaded just now\. Your link works all the same\./);
    await accessible(page, "without Wasm, a stored link");
    await picture(page, "pages-04-no-wasm-offline");
    await context.unrouteAll();
    await panel.getByRole("button", { name: "Try again" }).click();
    await until("the note to go", async () => !/cannot be loaded/.test(await shownText(panel)));
    await standing(page);
    assert.deepEqual(faults.filter((fault) => !refusals.test(fault)), []);
    await close();
  });

  walk("05-storage-denied");
  walk("06-third-party-frame", { refused: true, host: "localhost", globals: ["0"], place: (page) => page.frameLocator("iframe") });
  walk("07-with-share", {
    async own(page) {
      await page.getByRole("button", { name: /^Share/ }).click();
      await showing(page.locator("good-word"), /Thank you/);
      const [what] = await page.evaluate(() => shared);
      assert.equal(what.url, `${link.share_link}?c=native`);
      assert.match(what.text, /^I like Kettle & Leaf/);
      assert.deepEqual(await heard(page, "share"), [{ code: link.code, channel: "native" }]);
    },
  });
  walk("08-two-widgets", {
    async own(page) {
      await standing(page, 1);
      await showing(page.locator("good-word").nth(1), /Twój link/);
    },
  });
  walk("09-added-late", { changes: true });
  walk("10-removed-and-added", {
    // Whoever presses while the page takes the element out gets a panel that knows of no press,
    // and so does who presses before the panel of the last time has its answers.
    async settled(page) {
      await page.waitForFunction("answered === 4");
    },
    async own(page) {
      assert.equal(await page.locator("good-word").evaluate(({ shadowRoot }) => shadowRoot.querySelectorAll("section").length), 1);
    },
  });
  walk("11-tag-twice", {
    async own(page) {
      assert.equal((await heard(page, "enrol")).length, 1);
    },
  });
  walk("12-overridden", {
    audit: false,
    // The whole panel, and not the little that there is without Wasm.
    own: (page) => page.locator("good-word").getByRole("link", { name: "WhatsApp" }).waitFor(),
  });
  walk("13-all-unset", { audit: false, own: (page) => same(page) });
  walk("14-loud-styles", { audit: false, own: (page) => same(page) });
  walk("01-plain", { title: "01-plain over plain http", host: "shop.test" });

  // What the network does. The page is the plain one.
  const tracker = (path) => (url) => url.origin === server.base && url.pathname.startsWith(path);
  const answers = (route) => route.fulfill({ status: 500, contentType: "text/html", body: "<h1>Internal error</h1>" });
  const late = (ms) => async (route) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    await route.continue();
  };
  const plainPage = async (visited) => {
    await visited.page.goto(`${site.origin}/01-plain`);
    return visited.page.locator("good-word");
  };
  /** Whatever the network did: no exception, and the page's own elements are as they were. */
  const unharmed = async ({ page, faults, close }, allowed = refusals) => {
    await unchanged(page, "01-plain", ["goodword"]);
    assert.deepEqual(faults.filter((fault) => !allowed.test(fault)), []);
    await close();
  };

  test("a blocked tracker: what stands between the tags is shown", async () => {
    const visited = await visitor();
    await visited.context.route(tracker("/"), (route) => route.abort());
    const panel = await plainPage(visited);
    await showing(panel, /Invitations come here/);
    assert.equal(await visited.page.evaluate(() => typeof globalThis.goodword), "undefined");
    assert.deepEqual(visited.faults.filter((fault) => !refusals.test(fault)), []);
    await visited.close();
  });

  test("the loader comes, its parts are blocked: what stands between the tags is shown", async () => {
    const visited = await visitor();
    await visited.context.route(tracker("/widget/"), (route) => route.abort());
    const panel = await plainPage(visited);
    await visited.page.waitForFunction(() => document.querySelector("good-word").style.minHeight === "0px");
    assert.equal(await shownText(panel), "Invitations come here.");
    assert.equal(await visited.page.evaluate(() => globalThis.goodword.claim()), null);
    await unharmed(visited);
  });

  test("a browser without Wasm: link and copying are there", async () => {
    const visited = await visitor();
    await visited.context.addInitScript(() => delete globalThis.WebAssembly);
    const panel = await plainPage(visited);
    await standing(visited.page);
    await panel.getByRole("button", { name: /copy/i }).first().click();
    await showing(panel, /Copied/);
    await unharmed(visited);
  });

  for (const [what, refuse] of [["is not reached", (route) => route.abort()], ["answers 500", answers]]) {
    test(`the tracker ${what}: said so, and a press tries again`, async () => {
      const visited = await visitor();
      await visited.context.route(tracker("/v1/"), refuse);
      const panel = await plainPage(visited);
      await showing(panel, /cannot be loaded just now/);
      await accessible(visited.page, `a tracker that ${what}`);
      await picture(visited.page, `pages-tracker-${what.replaceAll(" ", "-")}`);
      assert.ok((await heard(visited.page, "error")).length > 0, "the page hears of it");
      await visited.context.unrouteAll();
      await panel.getByRole("button", { name: "Try again" }).click();
      await standing(visited.page);
      await unharmed(visited);
    });
  }

  test("offline later: link and copying from what is stored, a quiet note, a press tries again", async () => {
    const visited = await visitor();
    const panel = await plainPage(visited);
    await standing(visited.page);
    await visited.context.route(tracker("/v1/"), (route) => route.abort());
    await visited.page.reload();
    assert.match(await showing(panel, /\/r\/ANNA-/), /Your figures cannot be loaded just now\. Your link works all the same\./);
    await panel.getByRole("button", { name: /copy/i }).first().click();
    await showing(panel, /Copied/);
    assert.equal(await visited.page.evaluate(() => navigator.clipboard.readText()), link.share_link);
    await accessible(visited.page, "a stored link");
    await picture(visited.page, "pages-offline");
    await visited.context.unrouteAll();
    await panel.getByRole("button", { name: "Try again" }).click();
    await showing(panel, /\d visits?\b/);
    await unharmed(visited);
  });

  test("ten seconds of latency: never blank, and in the end the whole panel", async () => {
    const visited = await visitor();
    await visited.context.route(tracker("/v1/"), late(10_000));
    const panel = await plainPage(visited);
    // Looked at again and again, until the whole panel is there.
    const seen = new Set();
    await until("the whole panel", async () => {
      const text = await shownText(panel);
      const { width, height } = await panel.boundingBox();
      assert.ok(width > 0 && height > 0 && text !== "", `an empty box of ${width} by ${height}: ${text}`);
      seen.add(text.slice(0, 60));
      return /\d visits?\b/.test(text);
    }, { ms_max: 40_000, every_ms: 50 });
    assert.ok([...seen].some((text) => text.startsWith("Invite a friend")), [...seen].join("\n"));
    await unharmed(visited);
  });

  /** The QR code is a picture that came. */
  const qr = async (page) => {
    await page.getByText("WeChat").click();
    await until("the QR code", () => page.locator("good-word img").first().evaluate((image) => image.complete && image.naturalWidth > 0));
  };

  /** The panel looks as on a plain page. */
  const same = async (page) => {
    const look = (page) => page.locator("good-word").evaluate(({ shadowRoot }) =>
      ["h2", "input", "[part~=primary]", "[part=channel]"].map((selector) => {
        const { display, color, backgroundColor, fontWeight, paddingTop, minHeight, borderTopStyle } = getComputedStyle(shadowRoot.querySelector(selector));
        return { selector, display, color, backgroundColor, fontWeight, paddingTop: parseFloat(paddingTop) > 0, minHeight: parseFloat(minHeight) > 0, borderTopStyle };
      }));
    const plain = await visitor();
    await plain.page.goto(`${site.origin}/01-plain`);
    await standing(plain.page);
    assert.deepEqual(await look(page), await look(plain.page));
    await plain.close();
  };
});
