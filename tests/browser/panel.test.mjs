// The panel itself in a real browser: its states and modes in both colour schemes, at three widths and
// in a language that is read from the right; its names for those who hear it, its keys, its colours,
// what it makes of hostile texts, where its channels lead, and what it leaves behind. Who it knows, and what
// is kept and forgotten of them, is in panel-people.test.mjs; what they share in panel-sharing.test.mjs.
//
// A long file, because all of it looks at one panel: one tracker, one shop with one history and one
// browser serve every test, and to start them again would take longer than the tests do.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { accessible, person, picture, showing, shownText } from "../support/browser.mjs";
import { colors, leastContrast, ofText } from "../support/contrast.mjs";
import { letterTo } from "../support/letters.mjs";
import { changed, channels, enrolment, offer, openPanels, panel, preflights } from "../support/panel.mjs";
import { root } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";
import { until } from "../support/until.mjs";

describe("the panel", () => {
  let server, browser, site, shop, all, anna, tracker, at, visit, close;

  before(async () => {
    ({ server, browser, site, shop, all, anna, tracker, at, visit, close } = await openPanels(["--js-flags=--expose-gc", "--enable-precise-memory-info"]));
  });

  after(() => close?.());

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
    // A border that is transparent otherwise is painted where colours are forced.
    const launched = await visit(states.launcher.parameters, { forcedColors: "active" });
    await panel(launched.page).getByRole("button").first().click();
    await showing(panel(launched.page), /ANNA-/);
    await picture(launched.page, "panel-forced-colours-launcher");
    const edge = (part) => panel(launched.page).locator(`[part=${part}]`).evaluate((element) => getComputedStyle(element).border);
    for (const part of ["launcher", "dialog"]) assert.match(await edge(part), /^1px solid/);
    await launched.close();
  });

  test("the way to another address is a quiet one in the panel, and none in the bar, which is one row", async () => {
    const stored = { me: { ...anna, who: "" } };
    for (const [mode, isThere] of [["inline", true], ["bar", false]]) {
      const { page, close } = await visit({ element: `<good-word mode=${mode}></good-word>` }, {
        prepare: ({ context }) => context.addInitScript(([place, kept]) => { localStorage[place] = kept; }, [`goodword:${shop.id}`, JSON.stringify(stored)]),
      });
      await showing(panel(page), /\/r\/ANNA-/);
      const look = await panel(page).locator("[data-do=forget]").evaluate((button) => [button.checkVisibility(), getComputedStyle(button).borderTopWidth]);
      assert.deepEqual(look, [isThere, "0px"], mode);
      await close();
    }
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
        const root = await element.evaluateHandle(({ shadowRoot }) => shadowRoot);
        const worst = await root.evaluate(leastContrast, [inks, [...colors, ...ofText]]);
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
          ? { status: "active", name: "Tea", locale_matches: true, channels: ["whatsapp"], texts: {}, ...offer }
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
          const isWaiting = () => element.shadowRoot.querySelector("section") === before || element.shadowRoot.querySelector("[role=status] progress");
          while (isWaiting()) await new Promise((resolve) => setTimeout(resolve, 5));
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
