// Who the panel knows, in a real browser: late answers, for somebody who has gone perhaps; consent, before it
// is given, when it is, and once it is taken back. What they share is in panel-sharing.test.mjs.
//
// A long file, because all of it plays with the same people at one tracker and one shop, whose start would take
// longer than the tests do.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, person, showing, shownText } from "../support/browser.mjs";
import { assertStatus, check } from "../support/check.mjs";
import { answering, changed, enrolment, gate, offer, openPanels, panel, preflights, shown, summaries } from "../support/panel.mjs";
import { until } from "../support/until.mjs";

describe("the people at a panel", () => {
  let server, browser, shop, anna, tracker, at, visit, enrolled, identified, heardOf, close;

  before(async () => {
    ({ server, browser, shop, anna, tracker, at, visit, enrolled, identified, heardOf, close } = await openPanels());
  });

  after(() => close?.());

  /** Of whom the tracker knows nothing otherwise, and would say that nobody invites by their code. */
  const inviting = (visited) => changed(visited, (url) => offer(url) && url.searchParams.has("code"), (body) => void (body.inviter = { code: "A", name: null }));

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
    await heardOf(page);
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

  test("who enrolled by address reads on every device that keeps their link that it is blocked, and somebody else can enrol there", async () => {
    const decide = async (code, decision) => assertStatus(await tracker.call("POST", `/v1/programs/${shop.id}/advocates/${code}/${decision}`, { key: shop.owner, body: {} }), 200);
    // While requests are watched the browser answers none from its cache.
    const visiting = () => visit({ element: "<good-word></good-word>" }, { prepare: ({ context }) => context.route(offer, (route) => route.continue()) });
    /** Two minutes later: a store may be behind for one. */
    const later = async (page) => {
      await page.evaluate((place) => {
        const { me, ...kept } = JSON.parse(localStorage[place]);
        localStorage[place] = JSON.stringify({ ...kept, me: { ...me, since: me.since - 120_000 } });
      }, `goodword:${shop.id}`);
      await page.reload();
    };
    const enrols = async (page, email, shows) => {
      await panel(page).getByLabel("Your e-mail address").fill(email);
      await page.keyboard.press("Enter");
      return showing(panel(page), shows);
    };
    const { page, faults, close } = await visiting();
    const [, code] = /\/r\/([\w-]+)/.exec(await enrols(page, "ivo@shop.example", /\/r\//));
    await decide(code, "block");
    await page.reload();
    await showing(panel(page), new RegExp(`/r/${code}`));
    await later(page);
    assert.doesNotMatch(await showing(panel(page), /This link is not active/), /\/r\/|Share with/);
    await accessible(page, "blocked, by address");
    await decide(code, "unblock");
    await page.reload();
    await showing(panel(page), new RegExp(`/r/${code}`));
    await decide(code, "block");
    await page.reload();
    await showing(panel(page), /This link is not active/);
    await panel(page).getByRole("button", { name: /Not you/ }).click();
    assert.doesNotMatch(await enrols(page, "jo@shop.example", /\/r\//), new RegExp(code));
    const next = await visiting();
    await enrols(next.page, "ivo@shop.example", /\/r\//);
    await later(next.page);
    await showing(panel(next.page), /This link is not active/);
    assert.deepEqual([...faults, ...next.faults], []);
    await close();
    await next.close();
  });

  test("who is forgotten in one panel of a page is so in the others", async () => {
    const { page, faults, close } = await visit({ element: "<good-word></good-word><good-word mode=bar></good-word>" }, {
      prepare: ({ context }) => context.route(enrolment, answering(enrolled("HAL-1"))),
    });
    await panel(page).first().getByLabel("Your e-mail address").fill("hal@shop.example");
    await page.keyboard.press("Enter");
    await showing(panel(page).first(), /HAL-1/);
    await panel(page).first().getByRole("button", { name: /Not you/ }).click();
    for (const at of [0, 1]) {
      await showing(panel(page).nth(at), /Get my link/);
      assert.doesNotMatch(await shownText(panel(page).nth(at)), /HAL-1/);
    }
    assert.deepEqual(faults, []);
    await close();
  });

  test("a new identity of the same customer takes neither focus nor what is open", async () => {
    const { page, close } = await visit({ element: `<good-word identity="${identified("ava")}"></good-word>` }, { prepare: ({ context }) => context.route(enrolment, answering(enrolled("AVA-1"))) });
    await showing(panel(page), /AVA-1/);
    await panel(page).getByText("Your message").click();
    await panel(page).getByRole("textbox", { name: "Your message" }).fill("Dear Kate");
    await panel(page).evaluate((element, identity) => element.setAttribute("identity", identity), shop.token({ sub: "ava", name: "Ava Maria" }));
    await heardOf(page);
    assert.equal(await panel(page).evaluate(({ shadowRoot }) => shadowRoot.activeElement?.value), "Dear Kate");
    await close();
  });

  test("who gives an address where the shop's word is over is known by it on the next page", async () => {
    const over = shop.token({ sub: "old", exp: 1 });
    const { page, close } = await visit({ element: `<good-word identity="${over}"></good-word>` });
    await panel(page).getByLabel("Your e-mail address").fill("kim@shop.example");
    await page.keyboard.press("Enter");
    await showing(panel(page), /\/r\/.*Not you/s);
    await page.goto(at({ element: "<good-word></good-word>" }));
    await showing(panel(page), /\/r\/.*Not you/s);
    await close();
  });

  test("an enrolment that fails gives back the room that was held for it", async () => {
    const { page, close } = await visit({ element: "<good-word></good-word>" }, {
      prepare: ({ context }) => context.route(enrolment, (route) => route.fulfill({ status: 429, headers: preflights, json: { code: "rate_limited" } })),
    });
    await showing(panel(page), /Get my link/);
    await panel(page).getByLabel("Your e-mail address").fill("gil@shop.example");
    await page.keyboard.press("Enter");
    await showing(panel(page), /cannot be loaded/);
    assert.ok(await panel(page).evaluate(({ offsetHeight, shadowRoot }) => offsetHeight === shadowRoot.querySelector("section").offsetHeight));
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
        prepare: async (visited) => {
          await inviting(visited);
          if (code) await visited.context.addInitScript(([place, me]) => { localStorage[place] = JSON.stringify({ me }); }, [`goodword:${shop.id}`, { code, share_link: `${server.base}/r/${code}`, who: "" }]);
        },
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
          await inviting({ context });
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
      prepare: async ({ context }) => {
        await inviting({ context });
        await context.route(enrolment, (route) => answering(enrolled(route.request().postDataJSON().email ? "MAIL-1" : "AVA-1"))(route));
      },
    });
    for (const [at, says] of [[0, /Get my link/], [1, /Get my link/], [2, /AVA-1/]]) await showing(panel(page).nth(at), says);
    await panel(page).first().getByLabel("Your e-mail address").fill("gil@shop.example");
    await page.keyboard.press("Enter");
    for (const [at, says] of [[0, /MAIL-1/], [1, /MAIL-1/], [2, /AVA-1/]]) await showing(panel(page).nth(at), says);
    // Whom the shop knows comes later than who gave an address.
    await panel(page).last().evaluate((element) => document.querySelector("good-word").before(element.cloneNode()));
    await showing(panel(page).first(), /AVA-1/);
    await heardOf(page);
    for (const at of [1, 2]) assert.match(await shownText(panel(page).nth(at)), /MAIL-1/);
    assert.deepEqual(faults, []);
    await close();
  });

  test("consent is waited for: nothing is stored or sent that identifies, until it is given", async () => {
    const sent = [];
    const visited = await visit({ gw: anna.claim, attributes: " data-consent=wait", element: `<good-word-welcome></good-word-welcome><good-word identity="${identified("gil")}"></good-word>` }, {
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
    await showing(panel(page), /\/r\/GIL-/);
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
});
