// The panel itself in a real browser: its states and modes in both colour schemes, at three widths and
// in a language that is read from the right; its names for those who hear it, its keys, its colours,
// what it makes of hostile texts, where its channels lead, and what it leaves behind.
//
// One long file, because all of it looks at one panel: one tracker, one shop with one history and one
// browser serve every test, and to start them again would take longer than the tests do.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { check } from "../support/check.mjs";
import { accessible, launch, person, picture, showing, shownText } from "../support/browser.mjs";
import { caller } from "../support/http.mjs";
import { letterTo } from "../support/letters.mjs";
import { root, startServer } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";
import { pageOf, servePage } from "../support/static.mjs";
import { until } from "../support/until.mjs";

const channels = ["whatsapp", "telegram", "x", "facebook", "messenger", "linkedin", "reddit", "bluesky", "mastodon",
  "threads", "pinterest", "line", "weibo", "wechat", "vk", "viber", "email", "sms"];

describe("the panel", () => {
  let server, browser, site, shop, all, anna, tracker;

  before(async () => {
    server = await startServer({ extra: ["--mail-from", "tea@shop.example"] });
    // The page holds what its address says: `?element=…&lang=…`.
    site = await servePage((path) => {
      const { pathname, searchParams } = new URL(path, "http://any");
      if (pathname.startsWith("/cart")) return "{}";
      const lang = searchParams.get("lang") ?? "en";
      return pageOf(pathname.slice(1), {
        tracker: server.base, program: searchParams.get("program") ?? shop.id, lang, dir: lang === "ar" ? "rtl" : "ltr",
        attributes: searchParams.get("attributes") ?? "",
        element: (searchParams.get("element") ?? "<good-word identity=\"ID\"></good-word>")
          .replaceAll("ID", shop.token({ sub: "anna", name: "Anna" })),
      });
    });
    tracker = { ...server, call: caller(server.base) };
    const terms = { destination: `${site.origin}/17-checkout`, origins: [site.origin], milestones: [{ at: 3, reward: { gives: "gift", label: "A tour of the tea house" } }] };
    shop = await openShop(tracker, "panel", terms);
    all = await openShop(tracker, "channels", { ...terms, channels });
    // Anna has been at it for a while.
    anna = await shop.enrol("anna", { name: "Anna" });
    anna.claim = await shop.click(anna.code);
    await shop.order({ claim: anna.claim });
    await shop.settle();
    await shop.order({ claim: anna.claim });
    browser = await launch(["--js-flags=--expose-gc", "--enable-precise-memory-info"]);
  });

  after(async () => {
    await browser?.close();
    site?.close();
    await server?.stop();
  });

  const at = (parameters = {}, name = "16-panel") => `${site.origin}/${name}?${new URLSearchParams(parameters)}`;
  const panel = (page) => page.locator("good-word");
  const offer = (url) => url.pathname.endsWith("/offer");
  const enrolment = (url) => url.pathname === "/v1/advocates";
  const preflights = { "access-control-allow-origin": "*" };

  /** Answers of the tracker with something of them replaced. */
  const changed = (visited, which, change) => visited.context.route(which, async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    await route.fulfill({ response: answer, json: change(body) ?? body });
  });

  const visit = async (parameters, { prepare = () => {}, name, ...options } = {}) => {
    const visited = await person(browser, options);
    await prepare(visited);
    await visited.page.goto(at(parameters, name));
    return visited;
  };

  // Every state, by what brings it about and what it shows.
  const states = {
    ready: { shows: /\/r\/ANNA-/ },
    enrolling: { parameters: { element: "<good-word></good-word>" }, shows: /Get my link|احصل على رابطي/ },
    enrolled: {
      parameters: { element: "<good-word></good-word>" }, shows: /\/r\//,
      act: async ({ page }) => {
        await page.locator("good-word input[type=email]").fill("dora@example.com");
        await page.keyboard.press("Enter");
      },
    },
    asking: { parameters: { attributes: " data-consent=wait" }, shows: /Show my link|أظهر رابطي/ },
    blocked: { prepare: (visited) => changed(visited, enrolment, (body) => void (body.summary.status = "blocked")), shows: /not active|غير مفعّل/ },
    ended: { prepare: (visited) => changed(visited, offer, (body) => void (body.status = "ended")), shows: /no invitations|متوقفة/ },
    unreachable: { prepare: ({ context }) => context.route("**/v1/**", (route) => route.abort()), shows: /cannot be loaded|تعذّر/, refused: true },
    bar: { parameters: { element: "<good-word mode=bar identity=\"ID\"></good-word>" }, shows: /\/r\/ANNA-/ },
    "after-purchase": { parameters: { element: "<good-word mode=after-purchase order=1 identity=\"ID\"></good-word>" }, shows: /\/r\/ANNA-/ },
    launcher: {
      parameters: { element: "<good-word mode=launcher identity=\"ID\"></good-word>" }, shows: /\/r\/ANNA-/,
      act: ({ page }) => page.locator("good-word").getByRole("button").first().click(),
    },
  };

  for (const [name, { parameters = {}, prepare, shows, act = () => {}, refused = false }] of Object.entries(states)) {
    test(`${name}: at three widths, in light and dark, and from the right`, async () => {
      for (const lang of ["en", "ar"]) {
        const visited = await visit({ ...parameters, lang }, { prepare });
        const { page } = visited;
        await until("the element", () => panel(page).evaluate(({ shadowRoot }) => shadowRoot?.querySelector("section,[part=launcher]")));
        await act(visited);
        await showing(panel(page), shows);
        for (const [width, colorScheme] of lang === "en" ? [[1280, "light"], [768, "dark"], [320, "light"], [320, "dark"]] : [[1280, "dark"], [320, "light"]]) {
          await page.setViewportSize({ width, height: 800 });
          await page.emulateMedia({ colorScheme });
          await picture(page, `panel-${name}-${lang}-${width}-${colorScheme}`);
          if (width !== 320 || lang === "ar") await accessible(page, `${name}, ${lang}, ${width}, ${colorScheme}`);
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(beyond <= 0, `${name}, ${lang}: ${beyond} pixels beyond ${width}`);
        }
        const faults = visited.faults.filter((fault) => !(refused && /^Failed to load/.test(fault)));
        assert.deepEqual(faults, []);
        await visited.close();
      }
    });
  }

  test("nothing of the page moves, whatever the state and the mode", async () => {
    for (const [name, { parameters = {}, prepare = () => {}, shows, act = () => {} }] of Object.entries(states)) {
      // One enrolment a state: there is a limit to how many come from one address in a minute.
      let answer;
      for (const width of [320, 390, 768, 1280]) {
        const visited = await visit(parameters, {
          name: "18-things-below", viewport: { width, height: 800 },
          prepare: async (visited) => {
            await visited.context.addInitScript(() => {
              globalThis.moved = [];
              // What comes within half a second of a press is expected, and the browser leaves it out.
              new PerformanceObserver((list) => {
                for (const { value, hadRecentInput, sources } of list.getEntries()) {
                  if (!hadRecentInput) moved.push({ value, what: sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 80)) });
                }
              }).observe({ type: "layout-shift", buffered: true });
            });
            // An answer that takes its time: something is shown before it.
            await visited.context.route(enrolment, async (route) => {
              await new Promise((resolve) => setTimeout(resolve, 700));
              answer ??= await (await route.fetch()).json();
              await route.fulfill({ headers: preflights, json: answer });
            });
            await prepare(visited);
          },
        });
        const { page } = visited;
        await until("the element", () => panel(page).evaluate(({ shadowRoot }) => shadowRoot?.querySelector("section,[part=launcher]")));
        await act(visited);
        await showing(panel(page), shows);
        // Two frames later the browser has told of it.
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50)))));
        assert.deepEqual(await page.evaluate(() => moved), [], `${name} at ${width} pixels`);
        await visited.close();
      }
    }
  });

  test("the bar: a channel that is reached by QR code has its sign, and its code opens below", async () => {
    const element = `<good-word mode="bar" identity="${all.token({ sub: "bo", name: "Bo" })}"></good-word>`;
    for (const offered of [["wechat"], ["whatsapp", "wechat", "email"]]) {
      const { page, faults, close } = await visit({ program: all.id, element }, { prepare: (visited) => changed(visited, offer, (body) => void (body.channels = offered)) });
      await showing(panel(page), /\/r\/BO-/);
      for (const [width, colorScheme] of [[1280, "light"], [320, "dark"], [320, "light"]]) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await panel(page).locator("[part=channels] > li").evaluateAll((items) => items.map(({ offsetWidth, offsetHeight }) => [offsetWidth, offsetHeight])), offered.map(() => [44, 44]));
        const sign = panel(page).locator("summary:visible");
        const before = await sign.boundingBox();
        await sign.click();
        const code = panel(page).getByRole("img", { name: /\/r\/BO-/ });
        await until("the code", () => code.evaluate(({ complete, naturalWidth }) => complete && naturalWidth > 0));
        const shown = await code.evaluate((image) => {
          const { left, right, top, bottom, width } = image.getBoundingClientRect();
          const { bottom: end } = image.closest("section").getBoundingClientRect();
          return { inside: left >= 0 && right <= innerWidth && bottom <= end, top, width };
        });
        assert.ok(shown.inside && shown.width >= 120, JSON.stringify(shown));
        assert.deepEqual(await sign.boundingBox(), before, "what was pressed stays where it is");
        assert.ok(shown.top >= before.y + before.height, "nothing is covered");
        await picture(page, `panel-bar-code-${offered.length}-${width}-${colorScheme}`);
        await accessible(page, `bar, code, ${width}`);
        await sign.click();
        await code.waitFor({ state: "hidden" });
      }
      assert.deepEqual(faults, []);
      await close();
    }
  });

  // Text twice as large: at the width that zooming leaves, and on the narrowest phone.
  for (const [name, lang, width] of [["ready", "en", 640], ["ready", "en", 320], ["bar", "en", 320], ["bar", "ru", 320], ["after-purchase", "en", 320], ["launcher", "en", 320], ["launcher", "ru", 320]]) {
    test(`${name}: at 200 % text size nothing is lost, ${lang}, ${width}`, async () => {
      const { parameters, shows, act = () => {} } = states[name];
      const visited = await visit({ ...parameters, lang }, { viewport: { width, height: 800 } });
      const { page } = visited;
      await until("the element", () => panel(page).evaluate(({ shadowRoot }) => shadowRoot?.querySelector("section,[part=launcher]")));
      await page.addStyleTag({ content: ":root { font-size: 32px }" });
      await act(visited);
      await showing(panel(page), shows);
      await picture(page, `panel-text-200-${name}-${lang}-${width}`);
      const lost = await page.evaluate(() => {
        const beyond = [];
        if (document.documentElement.scrollWidth > innerWidth) beyond.push("the page");
        const { shadowRoot } = document.querySelector("good-word");
        const { left, right } = shadowRoot.querySelector("section").getBoundingClientRect();
        for (const element of shadowRoot.querySelectorAll("section *")) {
          const box = element.getBoundingClientRect();
          // A name for ears only is a pixel wide.
          if (box.width > 1 && (box.left < left || box.right > right)) beyond.push(element.outerHTML.slice(0, 60));
        }
        // A word breaks where it has to, but not after every letter.
        for (const button of shadowRoot.querySelectorAll("section button")) {
          if (button.offsetHeight > 2 * button.offsetWidth) beyond.push(`${button.textContent}: ${button.offsetWidth} by ${button.offsetHeight}`);
        }
        return beyond;
      });
      assert.deepEqual(lost, []);
      await visited.close();
    });
  }

  test("forced colours: signs, edges and focus are there", async () => {
    const { page, close } = await visit({}, { forcedColors: "active" });
    await showing(panel(page), /ANNA-/);
    await accessible(page, "forced colours");
    await picture(page, "panel-forced-colours");
    await close();
  });

  test("an address that enrolled is known on this device, shows no figures, and can be changed", async () => {
    const { page, close } = await visit({ element: "<good-word></good-word>" });
    await panel(page).getByLabel("Your e-mail address").fill("emil@example.com");
    await panel(page).getByRole("button", { name: "Get my link" }).click();
    const text = await showing(panel(page), /\/r\//);
    assert.doesNotMatch(text, /visits|shares/);
    await page.reload();
    await showing(panel(page), /\/r\//);
    await panel(page).getByRole("button", { name: /Not you/ }).click();
    await showing(panel(page), /Your e-mail address/);
    await page.reload();
    await showing(panel(page), /Your e-mail address/);
    await close();
  });

  check("an address that the tracker refuses is not sent, and the browser says why in its own words", [
    ["a name without a place", "gil@shop", false],
    ["a dot before the sign only", "gil.b@shop", false],
    ["a usual address", "gil.b@shop.example", true],
    ["another alphabet", "gil@büro.example", true],
  ], async (email, isAddress) => {
    const asked = await tracker.call("POST", "/v1/advocates", { origin: shop.origin, body: { program: shop.id, email } });
    assert.equal(asked.status, isAddress ? 200 : 400);
    const { page, close } = await visit({ element: "<good-word></good-word>" }, { prepare: ({ context }) => context.route(enrolment, answering(enrolled("GIL-1"))) });
    const field = panel(page).getByLabel("Your e-mail address");
    await field.fill(email);
    assert.equal(await field.evaluate((input) => input.validationMessage === ""), isAddress);
    await page.keyboard.press("Enter");
    if (isAddress) await showing(panel(page), /GIL-1/);
    else assert.deepEqual([await field.inputValue(), await shown(page, "[role=status]", "textContent")], [email, ""]);
    await close();
  });

  test("who enrols in one panel of a page is known in the others, whose own readers stay who they are", async () => {
    const element = `<good-word></good-word><good-word></good-word><good-word identity="${identified("ava")}"></good-word>`;
    const { page, faults, close } = await visit({ element }, {
      prepare: ({ context }) => context.route(enrolment, (route) => answering(enrolled(route.request().postDataJSON().email ? "MAIL-1" : "AVA-1"))(route)),
    });
    for (const [at, says] of [[0, /Get my link/], [1, /Get my link/], [2, /AVA-1/]]) await showing(panel(page).nth(at), says);
    await panel(page).first().getByLabel("Your e-mail address").fill("gil@shop.example");
    await page.keyboard.press("Enter");
    for (const [at, says] of [[0, /MAIL-1/], [1, /MAIL-1/], [2, /AVA-1/]]) await showing(panel(page).nth(at), says);
    assert.deepEqual(faults, []);
    await close();
  });

  test("the link in the letter opens the panel with its figures, and leaves no proof in the address", async () => {
    const mailed = await openShop(tracker, "mailed", { origins: [site.origin] });
    await mailed.put({ destination: at({ element: "<good-word></good-word>", lang: "ar", program: mailed.id }) });
    const { page, close } = await visit({ element: "<good-word></good-word>", lang: "ar", program: mailed.id });
    await panel(page).locator("input[type=email]").fill("fatima@mail.example");
    await page.keyboard.press("Enter");
    await showing(panel(page), /\/r\//);
    await close();
    // On another device, which knows nobody.
    const [{ text }] = await letterTo("fatima@mail.example", tracker);
    const [opened] = /http\S+#goodword_token=\S+/.exec(text);
    const elsewhere = await person(browser);
    await elsewhere.page.goto(opened);
    await showing(panel(elsewhere.page), /\/r\/.*زيار/s);
    assert.equal(new URL(elsewhere.page.url()).hash, "");
    await accessible(elsewhere.page, "opened by a letter");
    assert.deepEqual(elsewhere.faults, []);
    await elsewhere.close();
  });

  test("the launcher: nothing is asked before the press, Escape closes, focus returns", async () => {
    const asked = [];
    const { page, close } = await visit({ element: states.launcher.parameters.element }, {
      prepare: ({ page }) => page.on("request", (request) => asked.push(new URL(request.url()).pathname)),
    });
    const button = panel(page).getByRole("button", { name: "Invite friends" });
    await button.waitFor();
    assert.ok(!asked.some((path) => path.startsWith("/v1/") || path.includes("/inline.")), asked.join("\n"));
    await button.focus();
    await page.keyboard.press("Enter");
    await showing(panel(page), /\/r\/ANNA-/);
    await panel(page).getByRole("dialog", { name: "Invite friends" }).waitFor();
    await panel(page).getByRole("button", { name: "Copy", exact: true }).click();
    await showing(panel(page), /Copied/);
    await page.keyboard.press("Escape");
    await panel(page).getByRole("dialog").waitFor({ state: "hidden" });
    assert.equal(await panel(page).evaluate(({ shadowRoot }) => shadowRoot.activeElement?.part.value), "launcher");
    await close();
  });

  test("the launcher: where the panel did not come, the next press tries again", async () => {
    const { page, close } = await visit({ element: states.launcher.parameters.element }, {
      prepare: ({ context }) => context.route("**/widget/inline.*", (route) => route.abort()),
    });
    const button = panel(page).getByRole("button", { name: "Invite friends" });
    for (const time of ["first", "second"]) {
      await button.click();
      await showing(panel(page), /cannot be loaded/);
      await picture(page, `panel-launcher-failed-${time}`);
      await page.keyboard.press("Escape");
    }
    await page.context().unroute("**/widget/inline.*");
    await button.click();
    await showing(panel(page), /\/r\/ANNA-/);
    await close();
  });

  test("the prompt after a purchase comes once for an order", async () => {
    const { page, close } = await visit(states["after-purchase"].parameters);
    await showing(panel(page), /Thank you! Who else/);
    await panel(page).getByRole("button", { name: "Close" }).click();
    assert.equal(await shownText(panel(page)), "");
    await page.reload();
    await page.waitForLoadState("networkidle");
    assert.equal(await shownText(panel(page)), "");
    const thanking = (order) => at({ element: states["after-purchase"].parameters.element.replace("order=1", `order=${order}`) });
    await page.goto(thanking(2));
    await showing(panel(page), /Thank you! Who else/);
    await panel(page).getByRole("button", { name: "Close" }).click();
    // An older order's page is opened once more.
    await page.goto(thanking(1));
    await page.waitForLoadState("networkidle");
    assert.equal(await shownText(panel(page)), "");
    // Twenty orders are remembered, whatever their numbers: those that were thanked for last.
    const kept = await page.evaluate((place) => {
      const prompted = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [at < 18 ? `A-${at}` : at - 17, at + 1]));
      localStorage[place] = JSON.stringify({ ...JSON.parse(localStorage[place]), prompted });
      return Object.keys(prompted);
    }, `goodword:${shop.id}`);
    await page.goto(thanking("new"));
    await panel(page).getByRole("button", { name: "Close" }).click();
    const prompted = await page.evaluate((place) => Object.keys(JSON.parse(localStorage[place]).prompted), `goodword:${shop.id}`);
    assert.deepEqual(prompted.sort(), [...kept.filter((order) => order !== "A-0"), "new"].sort());
    await close();
  });

  test("who closes a prompt by key goes on behind it", async () => {
    const element = `${states["after-purchase"].parameters.element}<a href="#on">On</a>`;
    const { page, close } = await visit({ element });
    await panel(page).getByRole("button", { name: "Close" }).press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.localName), "good-word");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "On");
    assert.equal(await panel(page).getAttribute("tabindex"), null);
    await close();
  });

  test("a prompt that was closed takes no room, whatever the page held free for it", async () => {
    // For an order the loader sees to it at later visits; without one it is the script's.
    for (const order of ["order=1", ""]) {
      const { page, close } = await visit({ element: states["after-purchase"].parameters.element.replace("order=1", order) }, { name: "18-things-below" });
      await panel(page).getByRole("button", { name: "Close" }).click();
      const height = () => panel(page).evaluate(({ offsetHeight }) => offsetHeight);
      assert.equal(await height(), 0);
      if (!order) {
        await page.reload();
        await until("the room to be given back", async () => (await height()) === 0);
      }
      await close();
    }
  });

  test("keys alone reach everything and do everything", async () => {
    const { page, close } = await visit();
    await showing(panel(page), /ANNA-/);
    const reached = [];
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => {
        const { shadowRoot } = document.querySelector("good-word");
        const element = shadowRoot.activeElement;
        if (!element) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return `${element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent}|${outlineStyle !== "none" && parseFloat(outlineWidth) >= 2}`;
      });
      if (name === null) break;
      reached.push(name);
    }
    assert.deepEqual(reached, ["Your link", "Copy", "Copy: Your code", "WhatsApp", "Telegram", "X", "E-mail", "SMS", "Your message", "QR code"].map((name) => `${name}|true`));
    await panel(page).getByRole("button", { name: "Copy", exact: true }).focus();
    await page.keyboard.press("Space");
    await showing(panel(page), /Copied/);
    await panel(page).getByText("Your message").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Mine: ");
    assert.match(await panel(page).getByRole("link", { name: "WhatsApp" }).getAttribute("href"), /Mine%3A%20/);
    assert.equal(await page.evaluate(() => document.querySelector("good-word").shadowRoot.activeElement.localName), "textarea", "typing keeps its focus");
    await close();
  });

  test("everything to press is at least 24 pixels wide and high", async () => {
    for (const parameters of [{}, { program: all.id, element: `<good-word identity="${all.token({ sub: "bo", name: "Bo" })}"></good-word>` }, states.bar.parameters]) {
      const { page, close } = await visit(parameters, { viewport: { width: 320, height: 800 } });
      await showing(panel(page), /\/r\//);
      const small = await panel(page).evaluate(({ shadowRoot }) => Array.from(shadowRoot.querySelectorAll("a,button,summary,input,textarea"))
        .filter((element) => element.checkVisibility() && Math.min(element.offsetWidth, element.offsetHeight) < 24)
        .map((element) => `${element.textContent}: ${element.offsetWidth} by ${element.offsetHeight}`));
      assert.deepEqual(small, []);
      await close();
    }
  });

  test("names and live regions, as they are read out", async () => {
    const { page, close } = await visit();
    await showing(panel(page), /ANNA-/);
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const read = nodes.filter(({ ignored }) => !ignored).map(({ role, name, properties = [] }) =>
      [role?.value, name?.value, properties.find(({ name }) => name === "live")?.value.value].filter(Boolean).join(" | "));
    for (const expected of ["heading | Give €10, get €10", "textbox | Your link", "button | Copy", "button | Copy: Your code",
      "link | WhatsApp", "link | E-mail", "list | Share with", "status | polite"]) {
      assert.ok(read.includes(expected), `${expected} is not among\n${read.join("\n")}`);
    }
    assert.ok(read.some((line) => /^progressbar \| 1 more friend unlocks: A tour of the tea house/.test(line)), read.join("\n"));
    await close();
  });

  // What is read, and on what: the way to be rid of a prompt or a dialog lies upon the panel.
  const read = {
    ready: { "[part=panel]": "[part=panel]", "[part~=primary]": "[part~=primary]" },
    "after-purchase": { "[part=close]": "[part=panel]" },
    launcher: { "[part=launcher]": "[part=launcher]", "[part=dialog]": "[part=dialog]", "[part=close]": "[part=panel]" },
    welcome: { "[part=welcome]": "[part=welcome]", "[part=close]": "[part=welcome]" },
  };
  for (const [name, inks] of Object.entries(read)) {
    test(`${name}: text is readable on whatever colours the owner sets, 4.5:1 at least`, async () => {
      const welcome = { parameters: { gw: anna.claim, element: "<good-word-welcome></good-word-welcome>" }, shows: /Anna/ };
      const { parameters, shows, act = () => {} } = states[name] ?? welcome;
      const visited = await visit(parameters);
      const { page } = visited;
      const element = page.locator("good-word, good-word-welcome");
      await until("the element", () => element.evaluate(({ shadowRoot }) => shadowRoot?.querySelector("section,[part=launcher],[part=welcome]")));
      await act(visited);
      await showing(element, shows);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const worst = await element.evaluate((element, inks) => {
          const root = element.shadowRoot;
          const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
          // What the colour is once it is on the screen.
          const drawn = (color) => {
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => value / 255)
              .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
          };
          const luminance = (color) => drawn(color).reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
          const contrast = (one, other) => {
            const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
            return (high + 0.05) / (low + 0.05);
          };
          const colors = [];
          for (let red = 0; red < 256; red += 51) for (let green = 0; green < 256; green += 51) for (let blue = 0; blue < 256; blue += 51) colors.push(`rgb(${red} ${green} ${blue})`);
          // Greys about where black and white are equally readable, names, other notations, half seen through.
          for (let grey = 105; grey < 130; grey += 1) colors.push(`rgb(${grey} ${grey} ${grey})`);
          colors.push("rebeccapurple", "hsl(200 100% 50%)", "oklch(0.7 0.2 30)", "rgb(255 255 255 / 0.1)", "transparent", "#0008");
          // Beyond what a screen shows, and the colour of the text itself.
          colors.push("oklch(0.55 0.4 30)", "lab(45 -150 20)", "oklch(0.5 0.4 200)", "color(display-p3 0 0.55 0)", "currentColor", "currentcolor");
          let worst = [99];
          for (const color of colors) {
            element.style.setProperty("--goodword-background", color);
            element.style.setProperty("--goodword-accent", color);
            for (const [ink, ground] of Object.entries(inks)) {
              const { color: read } = getComputedStyle(root.querySelector(ink));
              const { backgroundColor } = getComputedStyle(root.querySelector(ground));
              const ratio = contrast(read, backgroundColor);
              if (!(ratio >= worst[0])) worst = [ratio, ink, color, read, backgroundColor];
            }
          }
          return worst;
        }, inks);
        console.log(`the least contrast over all colours, ${name}, ${colorScheme}: ${worst.join(" ")}`);
        assert.ok(worst[0] >= 4.5, worst.join(" "));
      }
      await visited.close();
    });
  }

  const message = "Tea & cake #1, 100%+?\n🍵 好茶 شاي";
  const text = "Tea%20%26%20cake%20%231%2C%20100%25%2B%3F%0A%F0%9F%8D%B5%20%E5%A5%BD%E8%8C%B6%20%D8%B4%D8%A7%D9%8A";
  test("every channel's address, byte for byte, as the browser has it", async () => {
    const { page, close } = await visit({ program: all.id, element: `<good-word identity="${all.token({ sub: "cy", name: "Cy" })}"></good-word>` });
    await showing(panel(page), /\/r\/CY-/);
    await panel(page).getByText("Your message").click();
    await panel(page).getByRole("textbox", { name: "Your message" }).fill(message);
    const { share_link } = await all.enrol("cy");
    const link = (channel) => encodeURIComponent(`${share_link}?c=${channel}`);
    const expected = {
      whatsapp: `https://wa.me/?text=${text}%20${link("whatsapp")}`,
      telegram: `https://t.me/share/url?url=${link("telegram")}&text=${text}`,
      x: `https://x.com/intent/tweet?text=${text}&url=${link("x")}`,
      facebook: `https://www.facebook.com/sharer/sharer.php?u=${link("facebook")}`,
      messenger: `fb-messenger://share/?link=${link("messenger")}`,
      linkedin: `https://www.linkedin.com/sharing/share-offsite/?url=${link("linkedin")}`,
      reddit: `https://www.reddit.com/submit?url=${link("reddit")}&title=${text}`,
      bluesky: `https://bsky.app/intent/compose?text=${text}%20${link("bluesky")}`,
      mastodon: `https://share.joinmastodon.org/#text=${text}%20${link("mastodon")}`,
      threads: `https://www.threads.com/intent/post?text=${text}&url=${link("threads")}`,
      pinterest: `https://www.pinterest.com/pin/create/button/?url=${link("pinterest")}&media=&description=${text}`,
      line: `https://social-plugins.line.me/lineit/share?url=${link("line")}&text=${text}`,
      weibo: `https://service.weibo.com/share/share.php?url=${link("weibo")}&title=${text}`,
      vk: `https://vk.com/share.php?url=${link("vk")}&title=${text}`,
      viber: `viber://forward?text=${text}%20${link("viber")}`,
      email: `mailto:?subject=An%20invitation%20to%20Kettle%20%26%20Leaf&body=${text.replace("%0A", "%0D%0A")}%0D%0A%0D%0A${link("email")}`,
      sms: `sms:?&body=${text}%20${link("sms")}`,
    };
    const found = await panel(page).evaluate(({ shadowRoot }) => {
      const addresses = {};
      for (const a of shadowRoot.querySelectorAll("a[data-channel]")) addresses[a.dataset.channel] = a.getAttribute("href");
      return addresses;
    });
    assert.deepEqual(found, expected);
    // Beyond a network's limit the message is cut, and the advocate is told where.
    await panel(page).getByRole("textbox", { name: "Your message" }).fill("long ".repeat(70));
    await showing(panel(page), /Shortened for: X Reddit Bluesky/);
    await picture(page, "panel-all-channels");
    await close();
  });

  // Answers made here: what the tracker says does not matter, when it comes does.
  const enrolled = (code) => ({
    code, share_link: `${server.base}/r/${code}`, token: `proof-${code}`,
    summary: { code, share_link: `${server.base}/r/${code}`, status: "active", clicks: 0, shares: {}, conversions: 0, rewards: [], next_milestone: null },
  });
  const answering = (json) => (route) => route.fulfill({ headers: preflights, json });
  const summaries = (url) => url.pathname === "/v1/advocates/me";
  const identities = {};
  const identified = (sub) => (identities[sub] ??= shop.token({ sub, name: sub }));
  const shown = (page, selector, read) => page.evaluate(([selector, read]) => document.querySelector("good-word").shadowRoot.querySelector(selector)[read], [selector, read]);
  /** Holds answers back until `open` is called, and gives what was held. */
  const gate = () => {
    let open;
    const opened = new Promise((resolve) => (open = resolve));
    return { open, opened };
  };
  /** Once another request was answered, the page has heard of what came before. */
  const heardOf = (page) => page.evaluate(async (base) => {
    await (await fetch(`${base}/health`, { mode: "no-cors" })).text();
    await new Promise((resolve) => setTimeout(resolve));
  }, server.base);

  /** Lets the answer go that a gate holds, and waits until the page has heard of it. */
  const letGo = async (page, held, which) => {
    const answered = page.waitForResponse((response) => which(new URL(response.url())));
    held.open();
    await (await answered).finished();
    await heardOf(page);
  };

  test("who was here before gets no word in: a late answer changes neither panel nor device", async () => {
    const late = gate();
    const { page, context, close } = await visit({ element: `<good-word identity="${identified("ava")}"></good-word>` }, {
      prepare: ({ context }) => context.route(enrolment, async (route) => {
        const isFirst = route.request().postDataJSON().identity === identified("ava");
        if (isFirst) await late.opened;
        await answering(enrolled(isFirst ? "AVA-1" : "BEN-1"))(route);
      }),
    });
    await until("the wait", () => panel(page).evaluate(({ shadowRoot }) => shadowRoot?.querySelector("progress")));
    await panel(page).evaluate((element, identity) => element.setAttribute("identity", identity), identified("ben"));
    await showing(panel(page), /BEN-1/);
    await letGo(page, late, enrolment);
    assert.match(await shownText(panel(page)), /BEN-1/);
    const { me } = await page.evaluate((id) => JSON.parse(localStorage[`goodword:${id}`]), shop.id);
    assert.deepEqual([me.code, me.who], ["BEN-1", "ben"]);
    // The figures that the same person asked for before they left come too late as well.
    const figures = gate();
    await context.route(summaries, async (route) => {
      await figures.opened;
      await answering({ ...enrolled("BEN-1").summary, clicks: 99 })(route);
    });
    const asked = page.waitForRequest((request) => summaries(new URL(request.url())));
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await asked;
    await panel(page).evaluate((element, identity) => element.setAttribute("identity", identity), identified("ava"));
    await showing(panel(page), /AVA-1/);
    await letGo(page, figures, summaries);
    await panel(page).evaluate(({ shadowRoot }) => shadowRoot.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true })));
    assert.match(await shown(page, "[data-channel=whatsapp]", "href"), /AVA-1/);
    await close();
  });

  test("the next customer finds nothing of the former one's, and a new identity of the same one takes nothing away", async () => {
    const late = gate();
    const { page, faults, close } = await visit({ element: `<good-word identity="${identified("ava")}"></good-word>` }, {
      prepare: ({ context }) => context.route(enrolment, async (route) => {
        const isFirst = route.request().postDataJSON().identity === identified("ava");
        if (!isFirst) await late.opened;
        await answering(enrolled(isFirst ? "AVA-1" : "BEN-1"))(route);
      }),
    });
    const message = panel(page).getByRole("textbox", { name: "Your message" });
    const write = async (text) => {
      await panel(page).getByText("Your message").click();
      await message.fill(text);
    };
    const becomes = (identity) => panel(page).evaluate((element, identity) => element.setAttribute("identity", identity), identity);
    await showing(panel(page), /AVA-1/);
    await write("For my sister Kate");
    await panel(page).getByRole("link", { name: "SMS" }).evaluate((a) => {
      a.addEventListener("click", (event) => event.preventDefault());
      a.click();
    });
    await showing(panel(page), /Thank you for sharing/);
    // While the next one's link is on its way, the former's is not there any more.
    await becomes(identified("ben"));
    await until("a sign of it", () => panel(page).getByRole("progressbar").count());
    assert.doesNotMatch(await shownText(panel(page)), /AVA-1|Thank you/);
    await accessible(page, "waiting for the next customer");
    late.open();
    await showing(panel(page), /BEN-1/);
    assert.doesNotMatch(await panel(page).evaluate(({ shadowRoot }) => shadowRoot.querySelector("section").outerHTML), /AVA-1|Kate|Thank you/);
    await write("For my brother Carl");
    await becomes(shop.token({ sub: "ben", name: "Benjamin" }));
    await letGo(page, late, enrolment);
    assert.equal(await shown(page, "textarea", "value"), "For my brother Carl");
    assert.match(await shown(page, "[data-channel=whatsapp]", "href"), /Carl/);
    assert.deepEqual(faults, []);
    await close();
  });

  test("who uses another address finds nothing of the former one's", async () => {
    const { page, faults, close } = await visit({ element: "<good-word></good-word>" }, {
      prepare: ({ context }) => context.route(enrolment, (route) => answering(enrolled(route.request().postDataJSON().email.slice(0, 3)))(route)),
    });
    for (const name of ["gil", "hal"]) {
      await panel(page).getByLabel("Your e-mail address").fill(`${name}@shop.example`);
      await page.keyboard.press("Enter");
      await showing(panel(page), new RegExp(`/r/${name}`));
      assert.doesNotMatch(await panel(page).evaluate(({ shadowRoot }) => shadowRoot.querySelector("section").outerHTML), /Kate/);
      await panel(page).getByText("Your message").click();
      await panel(page).getByRole("textbox", { name: "Your message" }).fill("For my sister Kate");
      await panel(page).getByRole("button", { name: /Not you/ }).click();
    }
    assert.deepEqual(faults, []);
    await close();
  });

  check("what was pressed shows that it is on its way, and that nobody waits any longer; what comes late counts", [
    ["an address", {}, async (page) => {
      await panel(page).getByLabel("Your e-mail address").fill("gil@shop.example");
      await page.keyboard.press("Enter");
    }],
    ["one's link", { identity: true, attributes: " data-consent=wait" }, (page) => panel(page).getByRole("button", { name: "Show my link" }).click()],
    ["another try", { identity: true, isDown: true }, (page) => panel(page).getByRole("button", { name: "Try again" }).click()],
  ], async ({ identity, isDown, attributes = "" }, press) => {
    const late = gate();
    let isPressed = false;
    let count = 0;
    const { page, close } = await visit({ attributes, element: identity ? `<good-word identity="${identified("ava")}"></good-word>` : "<good-word></good-word>" }, {
      prepare: async ({ context }) => {
        // The panel's patience ends when the test says so.
        await context.addInitScript(() => {
          const { setTimeout } = globalThis;
          globalThis.setTimeout = (work, ms, ...rest) => (ms === 8000 ? ((globalThis.giveUp = work), 0) : setTimeout(work, ms, ...rest));
        });
        if (isDown) await context.route(offer, (route) => (isPressed ? route.continue() : route.abort()));
        await context.route(enrolment, async (route) => {
          if (!isPressed) return route.abort();
          count += 1;
          await late.opened;
          await answering(enrolled("AVA-1"))(route);
        });
      },
    });
    await showing(panel(page), /Get my link|Show my link|Try again/);
    const before = await shownText(panel(page));
    isPressed = true;
    const said = () => shown(page, "[role=status]", "textContent");
    for (const time of [1, 2]) {
      await press(page);
      await until("the request", () => count === time);
      assert.equal(await panel(page).getByRole("status").getByRole("progressbar").count(), 1);
      // All else is where it was.
      if (identity) assert.equal(await shownText(panel(page)), before);
      await accessible(page, "on its way");
      await page.evaluate(() => giveUp());
      assert.deepEqual([await said(), await panel(page).getByRole("progressbar").count()], ["This cannot be loaded just now.", 0]);
    }
    await letGo(page, late, enrolment);
    await showing(panel(page), /AVA-1/);
    assert.equal(await said(), "");
    await close();
  });

  test("a late first answer leaves alone what is typed after the second", async () => {
    const late = gate();
    let count = 0;
    const { page, close } = await visit({ element: "<good-word></good-word>" }, {
      prepare: async ({ context }) => {
        // Patience ends at once.
        await context.addInitScript(() => {
          const { setTimeout } = globalThis;
          globalThis.setTimeout = (work, ms, ...rest) => setTimeout(work, ms > 5000 ? 600 : ms, ...rest);
        });
        await context.route(offer, async (route) => {
          count += 1;
          if (count === 1) await late.opened;
          await route.continue();
        });
      },
    });
    await panel(page).getByRole("button", { name: "Try again" }).click();
    await panel(page).getByLabel("Your e-mail address").fill("half@typ");
    await letGo(page, late, offer);
    assert.equal(await panel(page).getByLabel("Your e-mail address").inputValue(), "half@typ");
    await close();
  });

  test("one press of two enrols, and its answer is not for who came meanwhile", async () => {
    const late = gate();
    const sent = [];
    const { page, close } = await visit({ element: "<good-word></good-word>" }, {
      prepare: ({ context }) => context.route(enrolment, async (route) => {
        const { email } = route.request().postDataJSON();
        sent.push(email);
        if (email) await late.opened;
        await answering(enrolled(email ? "MAIL-1" : "BEN-1"))(route);
      }),
    });
    await panel(page).getByLabel("Your e-mail address").fill("gil@example.com");
    const button = panel(page).getByRole("button", { name: "Get my link" });
    await button.click();
    await button.click();
    await heardOf(page);
    assert.deepEqual(sent, ["gil@example.com"]);
    await panel(page).evaluate((element, identity) => element.setAttribute("identity", identity), identified("ben"));
    await showing(panel(page), /BEN-1/);
    await letGo(page, late, enrolment);
    assert.match(await shownText(panel(page)), /BEN-1/);
    assert.equal(await page.evaluate((id) => JSON.parse(localStorage[`goodword:${id}`]).me.code, shop.id), "BEN-1");
    await close();
  });

  const waits = { attributes: " data-consent=wait" };
  test("before consent no letter's proof is sent, and after it who the letter was for is known", async () => {
    const sent = [];
    const { page, context, close } = await person(browser);
    await context.route(summaries, (route) => {
      sent.push(route.request().headers().authorization);
      return answering(enrolled("MAIL-2").summary)(route);
    });
    await page.goto(`${at({ ...waits, element: "<good-word></good-word>" })}#goodword_token=proof`);
    await showing(panel(page), /Get my link/);
    await heardOf(page);
    assert.deepEqual([sent, new URL(page.url()).hash], [[], "#goodword_token=proof"]);
    await page.evaluate(() => goodword.consent(true));
    await showing(panel(page), /MAIL-2/);
    assert.deepEqual([sent, new URL(page.url()).hash], [["Bearer proof"], ""]);
    await close();
  });

  test("a letter's proof leaves the address whoever is here, and is sent for nobody else", async () => {
    for (const parameters of [{}, waits]) {
      const sent = [];
      const { page, context, close } = await person(browser);
      page.on("request", (request) => summaries(new URL(request.url())) && sent.push(request.url()));
      await context.route(enrolment, answering(enrolled("ANNA-1")));
      await page.goto(`${at(parameters)}#goodword_token=proof`);
      if (parameters === waits) {
        await panel(page).getByRole("button", { name: "Show my link" }).click();
        await showing(panel(page), /ANNA-1/);
        assert.equal(new URL(page.url()).hash, "#goodword_token=proof");
        await page.evaluate(() => goodword.consent(true));
      }
      await showing(panel(page), /ANNA-1/);
      await until("a clean address", () => new URL(page.url()).hash === "");
      assert.deepEqual(sent, []);
      await close();
    }
  });

  test("the link in a letter opens the panel where the page's addresses are of another place", async () => {
    for (const parameters of [{}, waits]) {
      const { page, context, faults, close } = await person(browser);
      await context.route(summaries, answering(enrolled("MAIL-2").summary));
      const address = at({ ...parameters, element: "<base href=\"https://cdn.shop.example/\"><good-word></good-word>" });
      await page.goto(`${address}#goodword_token=proof`);
      if (parameters === waits) {
        await showing(panel(page), /Get my link/);
        await page.evaluate(() => goodword.consent(true));
      }
      await showing(panel(page), /MAIL-2/);
      await until("a clean address", () => page.url() === address);
      assert.deepEqual(faults, []);
      await close();
    }
  });

  test("to try again is no consent, to ask for one's link is", async () => {
    const sent = [];
    let isThere = false;
    const { page, close } = await visit(waits, {
      prepare: async ({ context }) => {
        await context.route(offer, (route) => (isThere ? route.continue() : route.abort()));
        await context.route(enrolment, (route) => {
          sent.push(route.request().postDataJSON().program);
          return sent.length === 1 ? route.abort() : answering(enrolled("ANNA-1"))(route);
        });
      },
    });
    const again = panel(page).getByRole("button", { name: "Try again" });
    await again.waitFor();
    isThere = true;
    await again.click();
    await showing(panel(page), /Show my link/);
    assert.deepEqual(sent, []);
    await panel(page).getByRole("button", { name: "Show my link" }).click();
    // It was asked for, and it still is when that failed.
    await again.click();
    await showing(panel(page), /ANNA-1/);
    assert.equal(sent.length, 2);
    await close();
  });

  test("consent brings back who enrolled on this device, and leaves a form alone where nobody did", async () => {
    for (const code of ["", "DORA-1"]) {
      const { page, close } = await visit({ ...waits, element: "<good-word></good-word>" }, {
        prepare: ({ context }) => code && context.addInitScript(([place, me]) => { localStorage[place] = JSON.stringify({ me }); },
          [`goodword:${shop.id}`, { code, share_link: `${server.base}/r/${code}`, who: "" }]),
      });
      await panel(page).getByLabel("Your e-mail address").fill("half@typ");
      await page.evaluate(() => goodword.consent(true));
      await heardOf(page);
      if (code) await showing(panel(page), /DORA-1/);
      else assert.equal(await panel(page).getByLabel("Your e-mail address").inputValue(), "half@typ");
      await close();
    }
  });

  test("consent that is taken back takes the link, the figures and their proof with it; given again, they come again", async () => {
    const me = (code) => ({ code, share_link: `${server.base}/r/${code}`, who: "" });
    const cases = {
      identified: [{ element: `<good-word identity="${identified("ava")}"></good-word>` }, /Show my link/],
      // Who enrolled by an address is somebody unknown again.
      remembered: [{ element: "<good-word></good-word>" }, /Get my link/],
      waited: [{ ...waits, element: `<good-word identity="${identified("ava")}"></good-word>` }, /Show my link/],
    };
    for (const [name, [parameters, without]] of Object.entries(cases)) {
      const sent = [];
      const { page, context, close } = await visit(parameters, {
        prepare: async ({ context }) => {
          if (name === "remembered") await context.addInitScript(([place, me]) => { localStorage[place] ??= JSON.stringify({ me }); }, [`goodword:${shop.id}`, me("AVA-1")]);
          await context.route(enrolment, answering(enrolled("AVA-1")));
          await context.route(summaries, (route) => {
            sent.push(route.request().headers().authorization);
            return answering(enrolled("AVA-1").summary)(route);
          });
        },
      });
      if (name === "waited") await panel(page).getByRole("button", { name: "Show my link" }).click();
      await showing(panel(page), /AVA-1/);
      await page.evaluate(() => goodword.consent(false));
      const text = await showing(panel(page), without);
      assert.doesNotMatch(text, /AVA-1|visits/, name);
      assert.equal(await page.evaluate(() => Object.keys(localStorage).join()), "", name);
      // A panel that comes later knows nobody either.
      await panel(page).evaluate((element) => {
        element.after(document.createElement("good-word"));
        element.nextSibling.id = "later";
      });
      assert.doesNotMatch(await showing(page.locator("#later"), /Get my link/), /AVA-1/, name);
      await page.evaluate(() => later.remove());
      // Nobody looks at the figures of whom the page has forgotten.
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await heardOf(page);
      assert.deepEqual(sent, [], name);
      await page.evaluate(() => goodword.consent(true));
      if (name === "remembered") await showing(panel(page), /Get my link/);
      else await showing(panel(page), /AVA-1/);
      // What is on its way when it is taken back comes too late.
      if (name === "remembered") {
        const late = gate();
        await context.route(enrolment, async (route) => {
          await late.opened;
          await answering(enrolled("EVE-1"))(route);
        });
        await panel(page).getByLabel("Your e-mail address").fill("eve@example.com");
        await page.keyboard.press("Enter");
        await page.evaluate(() => goodword.consent(false));
        await letGo(page, late, enrolment);
        assert.doesNotMatch(await showing(panel(page), without), /EVE-1/);
      }
      await close();
    }
  });

  test("somebody else who is set while the panel's script is on its way is who is here", async () => {
    const sent = [];
    const late = gate();
    const { page, close } = await visit({ element: `<good-word identity="${identified("ava")}"></good-word>` }, {
      prepare: async ({ context }) => {
        await context.route(enrolment, (route) => {
          const { identity } = route.request().postDataJSON();
          sent.push(identity === identified("ava") ? "ava" : "ben");
          return answering(enrolled(`${sent.at(-1).toUpperCase()}-1`))(route);
        });
        await context.route("**/widget/inline.*", async (route) => {
          await late.opened;
          await route.continue();
        });
      },
    });
    await until("who was here first", () => sent.length === 1);
    await panel(page).evaluate((element, identity) => element.setAttribute("identity", identity), identified("ben"));
    late.open();
    await showing(panel(page), /BEN-1/);
    assert.deepEqual(sent, ["ava", "ben"]);
    await close();
  });

  test("consent that comes while the first answer is on its way counts", async () => {
    const late = gate();
    const { page, close } = await visit(waits, {
      prepare: async ({ context }) => {
        await context.route(enrolment, answering(enrolled("ANNA-1")));
        await context.route(offer, async (route) => {
          await late.opened;
          await route.continue();
        });
      },
    });
    await until("the wait", () => panel(page).evaluate(({ shadowRoot }) => shadowRoot?.querySelector("progress")));
    await page.evaluate(() => goodword.consent(true));
    late.open();
    await showing(panel(page), /ANNA-1/);
    await close();
  });

  test("who comes back to the page hears of rewards that are new or have another status, and of no others", async () => {
    const reward = (reward_id, status) => ({ reward_id, status, side: "advocate", gives: "credit", value: { currency: "EUR", amount_minor: 1000 }, due_at: "2026-01-01T00:00:00Z" });
    const { summary, ...others } = enrolled("AVA-1");
    const answers = [
      null,
      { ...summary, rewards: [reward("one", "confirmed"), reward("two", "pending"), reward("three", "pending")] },
      { ...summary, rewards: [reward("one", "confirmed"), reward("two", "pending"), reward("three", "voided")] },
    ];
    const { page, faults, close } = await visit({ element: `<good-word identity="${identified("ava")}"></good-word>` }, {
      prepare: async ({ context }) => {
        await context.route(enrolment, answering({ ...others, summary: { ...summary, rewards: [reward("one", "pending"), reward("two", "pending")] } }));
        await context.route(summaries, (route) => answering(answers.shift())(route));
      },
    });
    await showing(panel(page), /AVA-1/);
    await page.evaluate(() => {
      globalThis.told = [];
      document.addEventListener("goodword:reward", ({ detail }) => told.push([detail.reward_id, detail.status]));
    });
    for (const told of [[], [["one", "confirmed"], ["three", "pending"]], [["three", "voided"]]]) {
      const answered = page.waitForResponse((response) => summaries(new URL(response.url())));
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await (await answered).finished();
      await heardOf(page);
      // An answer that makes no sense changes nothing.
      assert.deepEqual(await page.evaluate(() => globalThis.told.splice(0)), told);
    }
    assert.deepEqual(faults, []);
    await close();
  });

  test("each share is reported once: by a code that opens, by the middle button, by two quick presses", async () => {
    const sent = [];
    const { page, close } = await visit({ program: all.id, element: `<good-word identity="${all.token({ sub: "cy", name: "Cy" })}"></good-word>` }, {
      prepare: async ({ context }) => {
        await context.route(enrolment, answering(enrolled("CY-1")));
        await context.route("**/v1/shares", (route) => {
          sent.push(route.request().postDataJSON().channel);
          return answering({})(route);
        });
        // Nothing leaves this page for an app.
        await context.addInitScript(() => {
          for (const event of ["click", "auxclick"]) {
            document.addEventListener(event, (event) => event.composedPath().some(({ localName }) => localName === "a") && event.preventDefault());
          }
        });
      },
    });
    await showing(panel(page), /CY-1/);
    const code = panel(page).locator("summary[part=channel]");
    await code.click();
    assert.match(await shown(page, "details[open] img", "src"), /\/qr\/CY-1\.svg\?c=wechat$/);
    await until("a report", () => sent.length === 1);
    await code.click({ delay: 10, button: "middle" });
    await code.click();
    await panel(page).getByRole("link", { name: "WhatsApp" }).click({ button: "middle" });
    await panel(page).getByRole("link", { name: "Telegram" }).click({ button: "right" });
    await panel(page).getByRole("link", { name: "SMS" }).dblclick();
    await code.focus();
    await page.keyboard.press("Enter");
    await until("the reports", () => sent.length >= 4);
    await heardOf(page);
    assert.deepEqual(sent, ["wechat", "whatsapp", "sms", "wechat"]);
    await close();
  });

  test("what cannot be copied is selected, be it the link or the code", async () => {
    const { page, close } = await visit({}, {
      prepare: async ({ context }) => {
        await context.route(enrolment, answering(enrolled("ANNA-1")));
        await context.addInitScript(() => {
          navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
          document.execCommand = () => false;
        });
      },
    });
    await showing(panel(page), /ANNA-1/);
    const selected = () => panel(page).evaluate(({ shadowRoot }) => String(shadowRoot.getSelection()));
    await panel(page).getByRole("button", { name: "Copy: Your code" }).click();
    await showing(panel(page), /Please copy the selected text/);
    assert.equal(await selected(), "ANNA-1");
    await panel(page).getByRole("button", { name: "Copy", exact: true }).click();
    await until("the link", async () => (await selected()) === `${server.base}/r/ANNA-1`);
    // Where only the clipboard is refused, the old way copies both.
    await page.evaluate(() => delete document.execCommand);
    await panel(page).getByRole("button", { name: "Copy: Your code" }).click();
    await showing(panel(page), /Copied/);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "ANNA-1");
    await panel(page).getByRole("button", { name: "Copy", exact: true }).click();
    await until("the link", async () => (await page.evaluate(() => navigator.clipboard.readText())) === `${server.base}/r/ANNA-1`);
    await close();
  });

  test("a refused native share copies the link, one that was called off does nothing", async () => {
    for (const [refusal, expected] of [["NotAllowedError", "Copied"], ["AbortError", ""]]) {
      const { page, close } = await visit({}, {
        prepare: async ({ context }) => {
          await context.route(enrolment, answering(enrolled("ANNA-1")));
          await context.addInitScript((refusal) => { navigator.share = () => Promise.reject(new DOMException("no", refusal)); }, refusal);
        },
      });
      await panel(page).getByRole("button", { name: "Share…" }).click();
      await heardOf(page);
      await until("a word", async () => (await shown(page, "[role=status]", "textContent")) === expected);
      if (expected) assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${server.base}/r/ANNA-1`);
      await close();
    }
  });

  test("a message of any length and with anything in it reaches every channel whole", async () => {
    const { page, close } = await visit({ program: all.id, element: `<good-word identity="${all.token({ sub: "cy", name: "Cy" })}"></good-word>` }, {
      prepare: async (visited) => {
        await visited.context.route(enrolment, answering(enrolled("CY-1")));
        // As many and as long texts as an owner may have.
        await changed(visited, offer, (body) => {
          for (const channel of channels) body.texts[`message.${channel}`] = "茶".repeat(666);
          for (let count = 0; count < 60; count += 1) body.texts[`text${count}`] = "茶".repeat(666);
        });
      },
    });
    await showing(panel(page), /CY-1/);
    const address = (name) => panel(page).getByRole("link", { name }).getAttribute("href");
    assert.ok(decodeURIComponent(await address("SMS")).includes("茶".repeat(666)));
    await panel(page).getByText("Your message").click();
    const field = panel(page).getByRole("textbox", { name: "Your message" });
    await field.focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("好".repeat(60_000));
    assert.equal(await field.inputValue(), "好".repeat(1000));
    for (const name of ["WhatsApp", "Weibo", "SMS"]) assert.ok(decodeURIComponent(await address(name)).includes("好".repeat(1000)), name);
    // Mail's line ends are for mail.
    await field.fill("a=mailto:b\nc");
    assert.match(await address("WhatsApp"), /a%3Dmailto%3Ab%0Ac/);
    assert.match(await address("E-mail"), /a%3Dmailto%3Ab%0D%0Ac/);
    await close();
  });

  // What somebody may call themselves, or write, to do harm.
  const marks = ["<img src=x onerror=harm()>", "<script>harm()</script>", "\"><svg onload=harm()>", "javascript:harm()", "{{constructor.constructor('harm()')()}}",
    "${harm()}", "'-harm()-'", "</textarea><script>harm()</script>", "&lt;b&gt;&amp;", "%3Cscript%3Eharm()%3C/script%3E", "{reward} {t.copy} {n}", "<@'#>", "\u202Egnp.exe", "\u2066\u2067\u2068 isolates",
    "👩‍👩‍👧‍👦🏳️‍🌈", "Z̷̧̛a̸l̴g̷o̶", "شاي", "\u0000\u0001\u0002\u0003\u0004\u0005div", "a\u001ft.copy=harm", "null", "undefined", "__proto__", "constructor", "茶".repeat(3000), "A".repeat(10_000)];
  const places = {
    headline: (text) => ({ offer: { texts: { headline: text } }, shows: "[part=headline]" }),
    lead: (text) => ({ offer: { texts: { lead: text } }, shows: "[part=lead]" }),
    gift: (text) => ({ summary: { next_milestone: { at: 9, reached: 0, reward: { gives: "gift", value: { label: text } } } }, shows: "label[for=goal]" }),
    code: (text) => ({ advocate: { code: text }, shows: "code" }),
  };
  // Gaps of texts are the owner's; names and labels have none.
  const plain = (text, place) => {
    const without = text.replace(/[\0-\x08\x0b-\x1f]/g, "");
    return /headline|lead/.test(place) ? without.replace(/{{constructor.*|{(reward|t\.copy|n|harm\(\))}/g, "") : without;
  };
  test("a hundred hostile names and texts are shown as text, none is executed", async () => {
    const visited = await visit({ element: "<good-word></good-word>" });
    const { page } = visited;
    await showing(panel(page), /Get my link/);
    await page.evaluate((base) => {
      globalThis.harm = () => { globalThis.harmed = true; };
      const summary = { status: "active", clicks: 0, shares: {}, conversions: 0, rewards: [], next_milestone: null };
      globalThis.fetch = async (address) => {
        const { offer, advocate, summary: more } = globalThis.hostile;
        return Response.json(String(address).includes("/offer")
          ? { status: "active", name: "Tea", channels: ["whatsapp"], texts: {}, ...offer }
          : { code: "ANNA", share_link: `${base}/r/ANNA`, token: null, ...advocate, summary: { ...summary, ...more } });
      };
    }, server.base);
    let count = 0;
    for (const [name, place] of Object.entries(places)) {
      for (const text of marks) {
        const hostile = place(text);
        const shown = await page.evaluate(async ({ hostile, selector, count }) => {
          globalThis.hostile = hostile;
          const element = document.querySelector("good-word");
          const before = element.shadowRoot.querySelector("section");
          element.setAttribute("identity", `nobody.${count}`);
          while (element.shadowRoot.querySelector("section") === before) await new Promise((resolve) => setTimeout(resolve, 5));
          const root = element.shadowRoot;
          return {
            text: root.querySelector(selector)?.textContent,
            made: root.querySelectorAll("script,iframe,img[src=x],[onerror],[onload]").length,
            active: [...root.querySelectorAll("a")].filter((a) => a.protocol === "javascript:").length,
          };
        }, { hostile, selector: hostile.shows, count: (count += 1) });
        assert.equal(shown.made + shown.active, 0, `${name}: ${text.slice(0, 60)}`);
        const expected = plain(text, name);
        // Gaps that mean something are filled; what does not is shown as it is written.
        if (!/[{$]/.test(text)) assert.ok(shown.text.includes(expected), `${name}: ${expected.slice(0, 60)} is not in ${shown.text?.slice(0, 80)}`);
      }
    }
    assert.equal(count, 100);
    assert.equal(await page.evaluate(() => globalThis.harmed), undefined);
    assert.deepEqual(visited.faults, []);
    await visited.close();
  });

  test("a friend is greeted by whatever name the inviter has, as text", async () => {
    let name;
    const visited = await visit({ gw: anna.claim, element: "<good-word-welcome></good-word-welcome>" }, {
      prepare: async ({ context }) => {
        await context.addInitScript(() => { globalThis.harm = () => { globalThis.harmed = true; }; });
        await context.route("**/v1/claims/**", (route) => route.fulfill({ headers: preflights, json: { valid: true, program: shop.id, code: "A", inviter: { name }, friend_reward: null, coupon: name } }));
      },
    });
    for (name of marks.slice(0, 14)) {
      await visited.page.reload();
      const greeting = await until("the greeting", () => visited.page.evaluate(() => document.querySelector("good-word-welcome").shadowRoot?.querySelector("[part=text]")?.textContent), { every_ms: 20 });
      assert.equal(greeting, `\u2068${name}\u2069 invited you`);
      assert.equal(await visited.page.evaluate(() => document.querySelector("good-word-welcome").shadowRoot.querySelector("code").textContent), name);
      assert.equal(await visited.page.evaluate(() => globalThis.harmed), undefined);
    }
    await visited.close();
  });

  test("consent is waited for: nothing is stored or sent that identifies, until it is given", async () => {
    const sent = [];
    const visited = await visit({ gw: anna.claim, attributes: " data-consent=wait", element: "<good-word-welcome></good-word-welcome><good-word identity=\"ID\"></good-word>" }, {
      prepare: ({ page }) => page.on("request", (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`)),
    });
    const { page } = visited;
    await showing(panel(page), /Show my link/);
    const kept = () => page.evaluate(() => [Object.keys(localStorage).join(), document.cookie]);
    assert.deepEqual(await kept(), ["", ""]);
    assert.ok(!sent.some((line) => /advocates|claims|clicks/.test(line)), sent.join("\n"));
    assert.equal(await page.evaluate(() => goodword.claim()), anna.claim, "known to this page");
    assert.ok(!page.url().includes("gw="));
    await page.evaluate(() => goodword.consent(true));
    await showing(panel(page), /\/r\/ANNA-/);
    await showing(page.locator("good-word-welcome"), /Anna/);
    assert.match((await kept())[1], /goodword_claim=l/);
    await page.evaluate(() => goodword.consent(false));
    assert.deepEqual(await kept(), ["", ""], "withdrawn");
    assert.equal(await page.evaluate(() => goodword.claim()), null);
    await visited.close();
  });

  test("under Global Privacy Control the claim is in memory only", async () => {
    const { page, close } = await visit({ gw: anna.claim, element: "<good-word-welcome></good-word-welcome>" }, {
      prepare: ({ context }) => context.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true })),
    });
    await showing(page.locator("good-word-welcome"), /Anna/);
    assert.deepEqual(await page.evaluate(() => [goodword.claim()[0], Object.keys(localStorage).join(), document.cookie]), ["l", "", ""]);
    await close();
  });

  test("a checkout: queued calls are made, and the claim goes where it is taken to payment", async () => {
    const carts = [];
    const { page, close } = await visit({ ref: anna.code, utm_source: "x" }, {
      name: "17-checkout",
      prepare: ({ page }) => page.on("request", (request) => request.url().endsWith("/cart/update.js") && carts.push(request.postDataJSON())),
    });
    const claim = await until("the claim", () => page.evaluate(() => goodword.claim?.()));
    assert.match(claim, /^l/);
    assert.equal(new URL(page.url()).search, "?utm_source=x");
    assert.equal(await page.evaluate(() => goodword.code()), anna.code);
    assert.deepEqual(await page.evaluate(() => heard), ["function", { code: anna.code }]);
    const addresses = () => page.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    const expected = [`https://buy.stripe.com/test_1?client_reference_id=${claim}`,
      `https://buy.stripe.com/test_2?prefilled_email=a%20b&client_reference_id=${claim}#top`,
      "https://buy.stripe.com/test_3?client_reference_id=own"];
    await until("the payment links", async () => (await addresses())[0] === expected[0]);
    assert.deepEqual(await addresses(), expected);
    assert.equal(await page.locator("stripe-buy-button").getAttribute("client-reference-id"), claim);
    await until("the cart", () => carts.length);
    assert.deepEqual(carts, [{ attributes: { goodword_claim: claim } }]);
    assert.equal(await page.locator("[name=goodword_claim]").inputValue(), claim);
    const answer = await page.evaluate(() => goodword.convert({ order_id: "page-1", value: { amount_minor: 4990, currency: "EUR" }, customer: { id: "page-friend" } }));
    assert.equal(answer.error, undefined, JSON.stringify(answer));
    // Withdrawn, it is taken back.
    await page.evaluate(() => goodword.consent(false));
    assert.equal(await page.evaluate(() => goodword.claim()), null);
    await close();
  });

  test("a thousand times in and out of the page leaves nothing that grows", async () => {
    const { page, close } = await visit();
    await showing(panel(page), /ANNA-/);
    // Answered in the page: a thousand requests would measure the tracker.
    await page.evaluate(({ base, channels }) => {
      const offer = { status: "active", name: "Tea", channels, texts: {} };
      const enrolment = { code: "A", share_link: `${base}/r/A`, token: null, summary: null };
      globalThis.fetch = async (address) => Response.json(String(address).includes("/offer") ? offer : enrolment);
    }, { base: server.base, channels });
    const session = await page.context().newCDPSession(page);
    // Ten elements at a time: the browser looks once a frame whether one is near.
    const cycle = (times) => page.evaluate(async (times) => {
      const parent = document.querySelector("main");
      // One upon the other, so that each is near.
      const make = () => Object.assign(document.createElement("good-word"), { style: "position: absolute; top: 0" });
      const elements = (globalThis.elements ??= Array.from({ length: 10 }, make));
      const section = (element) => element.shadowRoot?.querySelector("section");
      for (let time = 0; time < times; time += elements.length) {
        const before = elements.map(section);
        for (const element of elements) {
          element.remove();
          element.setAttribute("identity", "nobody");
          parent.prepend(element);
        }
        while (elements.some((element, at) => !section(element) || section(element) === before[at])) await new Promise((resolve) => setTimeout(resolve));
      }
    }, times);
    const weigh = async () => {
      await session.send("HeapProfiler.collectGarbage");
      const { usedSize } = await session.send("Runtime.getHeapUsage");
      const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
      return { heap_bytes: usedSize, nodes, jsEventListeners };
    };
    await cycle(50);
    const before = await weigh();
    await cycle(1000);
    const now = await weigh();
    console.log(`1,000 mounts: heap ${before.heap_bytes} B -> ${now.heap_bytes} B, nodes ${before.nodes} -> ${now.nodes}, listeners ${before.jsEventListeners} -> ${now.jsEventListeners}`);
    assert.ok(now.heap_bytes - before.heap_bytes < 1_000_000, "a kilobyte a mount would be a leak");
    assert.ok(now.nodes - before.nodes < 5000, "a panel's nodes stay behind");
    assert.ok(now.jsEventListeners - before.jsEventListeners < 50, "listeners stay behind");
    await close();
  });

  test("each language's forms of counted texts are those of its plural rules", async () => {
    for (const language of ["en", "pl", "ru", "zh", "zh-hant", "de", "es", "fr", "ja", "pt", "ar"]) {
      const { form } = await import(`../../www/widget/texts/${language}.js`);
      const rules = new Intl.PluralRules(language);
      const counts = Array.from({ length: 200 }, (_, count) => count);
      const used = ["zero", "one", "two", "few", "many", "other"].filter((category) => counts.some((count) => rules.select(count) === category));
      assert.deepEqual(counts.map(form), counts.map((count) => used.indexOf(rules.select(count))), language);
    }
  });

  test("the types say what there is", () => {
    execFileSync("node", ["node_modules/typescript/bin/tsc", "--noEmit", "--strict", "--lib", "es2022,dom", "--types", "", "tests/pages/types.ts"], { cwd: root, stdio: "pipe", encoding: "utf8" });
  });
});
