// The question in a real browser: who is asked, what becomes of an answer of each kind, how it looks in
// both schemes, on a phone and from the right, and how it is used by keys and ears.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, launch, person, picture, showing, shownText } from "../support/browser.mjs";
import { assertStatus } from "../support/check.mjs";
import { caller } from "../support/http.mjs";
import { startServer } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";
import { pageOf, servePage } from "../support/static.mjs";
import { until } from "../support/until.mjs";

describe("the question", () => {
  let server, browser, site, shop;
  let people = 0;

  before(async () => {
    server = await startServer();
    site = await servePage((path) => {
      const { pathname, searchParams } = new URL(path, "http://any");
      const lang = searchParams.get("lang") ?? "en";
      const sub = searchParams.get("sub");
      return pageOf(pathname.slice(1), {
        tracker: server.base, program: shop.id, lang, dir: lang === "ar" ? "rtl" : "ltr",
        attributes: searchParams.get("attributes") ?? "",
        element: `<good-word mode="question"${sub ? ` identity="${shop.token({ sub, name: "Anna" })}"` : ""}>${searchParams.get("inside") ?? ""}</good-word>`,
      });
    });
    shop = await openShop({ ...server, call: caller(server.base) }, "question", { destination: `${site.origin}/`, origins: [site.origin] });
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    site?.close();
    await server?.stop();
  });

  const at = (parameters, name = "16-panel") => `${site.origin}/${name}?${new URLSearchParams(parameters)}`;
  const element = (page) => page.locator("good-word");
  const fresh = () => `person-${(people += 1)}`;
  const ratings = async (query = "") => assertStatus(await shop.call("GET", `/v1/programs/${shop.id}/ratings${query}`, { key: shop.owner }), 200).body;

  const visit = async (parameters, { prepare = () => {}, name, ...options } = {}) => {
    const visited = await person(browser, options);
    await prepare(visited);
    await visited.page.goto(at(parameters, name));
    return visited;
  };
  const asked = async (parameters = {}, options = {}) => {
    const visited = await visit({ sub: fresh(), ...parameters }, options);
    await visited.page.locator("good-word").getByRole("radiogroup").waitFor();
    return visited;
  };
  const answer = async (page, score, why) => {
    // The button lies unseen upon its number.
    await element(page).getByRole("radio", { name: String(score), exact: true }).check();
    if (why) await element(page).getByRole("textbox", { name: /main reason/ }).fill(why);
    await element(page).getByRole("button", { name: "Send" }).click();
  };

  test("a 9 or 10 is thanked and led straight to sharing", async () => {
    for (const score of [9, 10]) {
      const { page, faults, close } = await asked();
      const heard = page.evaluate(() => new Promise((resolve) => document.addEventListener("goodword:rating", ({ detail }) => resolve(detail))));
      await answer(page, score);
      await showing(element(page), /Thank you! Who else would like this\?.*\/r\/ANNA-.*WhatsApp/s);
      assert.deepEqual(await heard, { score });
      assert.equal(await element(page).evaluate(({ shadowRoot }) => shadowRoot.activeElement?.id), "link", "whoever pressed goes on there");
      await accessible(page, "a promoter's panel");
      await picture(page, "question-promoter");
      await element(page).getByRole("link", { name: "WhatsApp" }).waitFor();
      assert.deepEqual(faults, []);
      await close();
    }
  });

  test("everybody else is thanked, no button to share is pressed upon them, and the owner has their words", async () => {
    for (const score of [0, 6, 7, 8]) {
      const { page, faults, close } = await asked();
      await answer(page, score, `Because of <b>${score}</b>`);
      await showing(element(page), /Thank you! Your answer goes straight to .*Kettle & Leaf/);
      assert.equal(await element(page).evaluate(({ shadowRoot }) => shadowRoot.querySelectorAll("a,form [part~=button],[part=channels]").length), 0);
      assert.doesNotMatch(await shownText(element(page)), /\/r\//);
      assert.equal(await element(page).evaluate(({ shadowRoot }) => shadowRoot.activeElement?.getAttribute("role")), "status");
      await accessible(page, "thanks");
      if (score === 0) await picture(page, "question-heard");
      assert.deepEqual(faults, []);
      await close();
    }
    const { total, data } = await ratings("?leaning=detractor");
    assert.deepEqual(data.map(({ score, comment }) => [score, comment]), [[6, "Because of <b>6</b>"], [0, "Because of <b>0</b>"]]);
    assert.deepEqual([total.promoters, total.passives, total.detractors], [2, 2, 2]);
    assert.deepEqual(total.net_promoter_score, { numerator: 0, denominator: 6, value: 0 });
  });

  test("it comes once on a device: not again once answered or closed, and again for somebody else", async () => {
    const [first, second] = [fresh(), fresh()];
    const { page, close } = await asked({ sub: first });
    await answer(page, 7);
    await showing(element(page), /Thank you!/);
    await page.reload();
    await page.waitForLoadState("networkidle");
    assert.equal(await shownText(element(page)), "");
    await page.goto(at({ sub: second }));
    await element(page).getByRole("button", { name: "Close" }).click();
    assert.equal(await shownText(element(page)), "");
    assert.equal(await element(page).evaluate(({ offsetHeight }) => offsetHeight), 0, "no room is held");
    await page.reload();
    await page.waitForLoadState("networkidle");
    assert.equal(await shownText(element(page)), "");
    await close();
  });

  test("whom the shop does not know, and where there is nothing to recommend, is not asked; what the owner wrote stays", async () => {
    const nobody = await visit({ inside: "Tell us!" });
    await nobody.page.waitForLoadState("networkidle");
    assert.equal(await shownText(element(nobody.page)), "Tell us!");
    assert.deepEqual(nobody.faults, []);
    // The shop learns later who is here.
    await nobody.page.evaluate((token) => document.querySelector("good-word").setAttribute("identity", token), shop.token({ sub: fresh() }));
    await element(nobody.page).getByRole("radiogroup").waitFor();
    await nobody.page.evaluate(() => document.querySelector("good-word").removeAttribute("identity"));
    await until("the question to go", async () => (await shownText(element(nobody.page))) === "Tell us!");
    await nobody.close();
    const failing = {
      ended: ({ context }) => context.route((url) => url.pathname.endsWith("/offer"), async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), status: "ended" } });
      }),
      unreachable: ({ context }) => context.route("**/v1/**", (route) => route.abort()),
    };
    for (const [name, prepare] of Object.entries(failing)) {
      const { page, close } = await visit({ sub: fresh(), inside: "Tell us!" }, { prepare });
      await page.waitForLoadState("networkidle");
      assert.equal(await shownText(element(page)), "Tell us!", name);
      await close();
    }
  });

  test("where nothing is asked, nothing takes room, whatever the page held free for it", async () => {
    const name = "18-things-below";
    const height = (page) => element(page).evaluate(({ offsetHeight }) => offsetHeight);
    const nobody = await visit({}, { name });
    await until("the room to be given back", async () => (await height(nobody.page)) === 0);
    await nobody.close();
    for (const close of ["answered", "closed"]) {
      const visited = await asked({}, { name });
      if (close === "closed") {
        await element(visited.page).getByRole("button", { name: "Close" }).click();
        assert.equal(await height(visited.page), 0, close);
      } else {
        await answer(visited.page, 7);
        await showing(element(visited.page), /Thank you!/);
      }
      await visited.page.reload();
      await until("the room to be given back", async () => (await height(visited.page)) === 0);
      await visited.close();
    }
  });

  test("an answer that does not get through is not lost", async () => {
    const { page, close } = await asked();
    await page.route("**/rating", (route) => route.abort());
    await answer(page, 4, "A long story");
    await showing(element(page), /could not be sent/);
    assert.equal(await element(page).getByRole("textbox").inputValue(), "A long story");
    await accessible(page, "not sent");
    await page.unroute("**/rating");
    await element(page).getByRole("button", { name: "Send" }).click();
    await showing(element(page), /Thank you! Your answer/);
    await close();
  });

  test("before consent nobody is enrolled; sending is consent to that", async () => {
    const sent = [];
    const { page, close } = await asked({ attributes: " data-consent=wait" }, { prepare: ({ page }) => page.on("request", (request) => sent.push(new URL(request.url()).pathname)) });
    assert.ok(!sent.includes("/v1/advocates"), sent.join("\n"));
    await answer(page, 10);
    await showing(element(page), /Who else would like this\?.*\/r\/ANNA-/s);
    assert.deepEqual(await page.evaluate(() => [Object.keys(localStorage).join(), document.cookie]), ["", ""]);
    await close();
  });

  test("who answers is whom the shop says last, even while the script is on its way", async () => {
    for (const [first, then] of [[null, fresh()], [fresh(), fresh()], [fresh(), null]]) {
      let open;
      const opened = new Promise((resolve) => (open = resolve));
      const sent = [];
      const { page, faults, close } = await visit({ ...(first && { sub: first }), inside: "Tell us!" }, {
        prepare: async ({ context, page }) => {
          page.on("request", (request) => sent.push(request.url()));
          await context.route("**/widget/question.*", async (route) => {
            await opened;
            await route.continue();
          });
        },
      });
      await until("the script to be on its way", () => sent.some((url) => url.includes("/widget/question.")));
      await element(page).evaluate((element, identity) => (identity ? element.setAttribute("identity", identity) : element.removeAttribute("identity")), then && shop.token({ sub: then, name: "Ben" }));
      open();
      if (then) {
        await element(page).getByRole("radiogroup").waitFor();
        await answer(page, 10);
        await showing(element(page), /\/r\/BEN-/);
      } else {
        await page.waitForLoadState("networkidle");
        assert.equal(await shownText(element(page)), "Tell us!");
      }
      assert.deepEqual(faults, []);
      await close();
    }
  });

  test("it comes once though consent come later than the script; what is begun stays", async () => {
    const attributes = " data-consent=wait";
    const sub = fresh();
    const { page, close } = await asked({ attributes, sub });
    const enrolled = page.waitForResponse((response) => response.url().endsWith("/v1/advocates"));
    await page.evaluate(() => goodword.consent(true));
    await enrolled;
    await answer(page, 3);
    await showing(element(page), /Thank you! Your answer/);
    await page.reload();
    await element(page).getByRole("radiogroup").waitFor();
    await page.evaluate(() => goodword.consent(true));
    await until("no question", async () => (await shownText(element(page))) === "");
    await close();
    const next = await asked({ attributes });
    await element(next.page).getByRole("textbox", { name: /main reason/ }).fill("Half a story");
    const known = next.page.waitForResponse((response) => response.url().endsWith("/v1/advocates"));
    await next.page.evaluate(() => goodword.consent(true));
    await (await known).finished();
    assert.equal(await element(next.page).getByRole("textbox").inputValue(), "Half a story");
    await next.close();
  });

  test("a new identity of the same customer leaves what is begun, another customer's does not", async () => {
    const sub = fresh();
    const { page, close } = await asked({ sub });
    const becomes = (claims) => element(page).evaluate((element, identity) => element.setAttribute("identity", identity), shop.token(claims));
    await element(page).getByRole("textbox", { name: /main reason/ }).fill("Half a story");
    await becomes({ sub, name: "Annabel" });
    // As long as asking anew would take.
    await page.evaluate(async (base) => (await fetch(`${base}/health`, { mode: "no-cors" })).text(), server.base);
    assert.equal(await element(page).getByRole("textbox").inputValue(), "Half a story");
    await becomes({ sub: fresh(), name: "Ben" });
    await until("a question of their own", async () => (await element(page).getByRole("textbox").inputValue()) === "");
    await close();
  });

  test("consent that is taken back leaves the form and what is typed, and nobody is known", async () => {
    const sent = [];
    const { page, faults, close } = await asked({}, { prepare: ({ page }) => page.on("request", (request) => sent.push(new URL(request.url()).pathname)) });
    await element(page).getByRole("textbox", { name: /main reason/ }).fill("Half a story");
    await page.evaluate(() => goodword.consent(false));
    assert.equal(await element(page).getByRole("textbox").inputValue(), "Half a story");
    const before = sent.filter((path) => path === "/v1/advocates").length;
    await answer(page, 3);
    await showing(element(page), /Thank you! Your answer/);
    // Sending is consent to being known, so they were asked for anew.
    assert.equal(sent.filter((path) => path === "/v1/advocates").length, before + 1);
    assert.deepEqual(await page.evaluate(() => [Object.keys(localStorage).join(), document.cookie]), ["", ""]);
    // Taken back and given once more: nothing of the answer is known, so they are asked again.
    await page.evaluate(() => goodword.consent(false));
    await page.evaluate(() => goodword.consent(true));
    await element(page).getByRole("radiogroup").waitFor();
    assert.deepEqual(faults, []);
    await close();
  });

  test("keys alone answer it", async () => {
    const { page, close } = await asked();
    await page.keyboard.press("Tab");
    const focused = () => element(page).evaluate(({ shadowRoot }) => shadowRoot.activeElement?.value);
    assert.equal(await focused(), "0");
    const outline = await element(page).evaluate(({ shadowRoot }) => getComputedStyle(shadowRoot.activeElement.nextSibling).outlineStyle);
    assert.notEqual(outline, "none");
    for (let presses = 0; presses < 6; presses += 1) await page.keyboard.press("ArrowRight");
    assert.equal(await focused(), "6");
    await page.keyboard.press("Tab");
    await page.keyboard.type("By keys");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await showing(element(page), /Thank you! Your answer/);
    const { data } = await ratings("?leaning=detractor");
    assert.deepEqual([data[0].score, data[0].comment], [6, "By keys"]);
    await close();
  });

  test("names, as they are read out", async () => {
    const { page, close } = await asked();
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const read = nodes.filter(({ ignored }) => !ignored).map(({ role, name, description, properties = [] }) =>
      [role?.value, name?.value.replace(/[\u2068\u2069]/g, ""), description?.value, properties.find(({ name }) => name === "live")?.value.value].filter(Boolean).join(" | "));
    const asks = "How likely is it that you would recommend Kettle & Leaf to a friend or colleague?";
    for (const expected of [`heading | ${asks}`, `region | ${asks}`, `radiogroup | ${asks} | 0 – Not at all likely 10 – Extremely likely`, "radio | 0", "radio | 10",
      "textbox | What is the main reason for your answer? (optional)", "button | Send", "button | Close", "status | polite"]) {
      assert.ok(read.some((line) => line.trim() === expected), `${expected} is not among\n${read.join("\n")}`);
    }
    await close();
  });

  test("in both schemes, on a phone, from the right, at 200 % text and in forced colours", async () => {
    for (const lang of ["en", "de", "ar"]) {
      const { page, faults, close } = await asked({ lang });
      await element(page).getByRole("radio").nth(9).check();
      for (const [width, colorScheme] of [[1280, "light"], [768, "dark"], [320, "light"], [320, "dark"]]) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await picture(page, `question-${lang}-${width}-${colorScheme}`);
        await accessible(page, `${lang}, ${width}, ${colorScheme}`);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(beyond <= 0, `${lang}: ${beyond} pixels beyond ${width}`);
        const smallest = await element(page).evaluate(({ shadowRoot }) => Math.min(...[...shadowRoot.querySelectorAll("[part=score]")].flatMap((label) => [label.offsetWidth, label.offsetHeight])));
        assert.ok(smallest >= 24, `${lang}, ${width}: ${smallest} pixels to press`);
      }
      await page.setViewportSize({ width: 640, height: 800 });
      await page.addStyleTag({ content: ":root { font-size: 32px }" });
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(beyond <= 0, `${lang}, 200 %: ${beyond} pixels beyond the edge`);
      assert.deepEqual(faults, []);
      await close();
    }
    const { page, close } = await asked({}, { forcedColors: "active" });
    await element(page).getByRole("radio").nth(3).check();
    await accessible(page, "forced colours");
    await picture(page, "question-forced-colours");
    await close();
  });

  test("text is readable whatever colour the owner sets, chosen or not", async () => {
    const { page, close } = await asked();
    await element(page).getByRole("radio").nth(2).check();
    for (const [ground, accent] of [["#777", "#777"], ["#ffe", "#ff0"], ["#000", "#00f"], ["rebeccapurple", "pink"], ["oklch(0.7 0.2 30)", "oklch(0.7 0.2 30)"]]) {
      await element(page).evaluate((element, [ground, accent]) => {
        element.style.setProperty("--goodword-background", ground);
        element.style.setProperty("--goodword-accent", accent);
      }, [ground, accent]);
      await accessible(page, `${accent} on ${ground}`);
    }
    await close();
  });

  test("nothing of the page moves, before the answer and after it", async () => {
    for (const width of [320, 1280]) {
      for (const score of [3, 10]) {
        const { page, close } = await asked({}, {
          name: "18-things-below", viewport: { width, height: 800 },
          prepare: async ({ context }) => {
            await context.addInitScript(() => {
              globalThis.moved = [];
              new PerformanceObserver((list) => {
                for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) moved.push(value);
              }).observe({ type: "layout-shift", buffered: true });
            });
            // An answer that takes its time.
            await context.route("**/rating", async (route) => {
              await new Promise((resolve) => setTimeout(resolve, 700));
              await route.continue();
            });
          },
        });
        await answer(page, score);
        await showing(element(page), /Thank you!/);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50)))));
        assert.deepEqual(await page.evaluate(() => moved), [], `${score} at ${width} pixels`);
        await close();
      }
    }
  });

  test("a content policy without Wasm still asks, and still gives the link", async () => {
    const { page, close } = await asked({}, { prepare: ({ context }) => context.addInitScript(() => { WebAssembly.instantiateStreaming = () => Promise.reject(new Error("refused")); }) });
    await answer(page, 10);
    await showing(element(page), /\/r\/ANNA-/);
    await close();
  });
});
