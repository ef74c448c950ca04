// What goes out of the panel, in a real browser, and what comes back: what is reported of a share, copied and
// sent, and what the reader is told of it when they come back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { showing } from "../support/browser.mjs";
import { answering, changed, channels, enrolment, offer, openPanels, panel, shown, summaries } from "../support/panel.mjs";
import { until } from "../support/until.mjs";

describe("what is shared at a panel", () => {
  let server, shop, all, visit, enrolled, identified, heardOf, close;

  before(async () => {
    ({ server, shop, all, visit, enrolled, identified, heardOf, close } = await openPanels());
  });

  after(() => close?.());

  test("while the offer is not there, the link is shared alone and no sentence with a hole in it", async () => {
    for (const answers of [(route) => route.abort(), () => {}]) {
      const { page, close } = await visit({ element: "<good-word></good-word>" }, {
        prepare: async ({ context }) => {
          await context.addInitScript(([place, me]) => {
            localStorage[place] = JSON.stringify({ me });
            navigator.share = async (what) => void (globalThis.shared = what);
          }, [`goodword:${shop.id}`, { code: "DORA-1", share_link: `${server.base}/r/DORA-1`, who: "" }]);
          await context.route("**/v1/**", answers);
        },
      });
      await panel(page).getByRole("button", { name: "Share…" }).click();
      assert.deepEqual(await page.evaluate(() => shared), { text: "", url: `${server.base}/r/DORA-1?c=native` });
      await close();
    }
  });

  test("what the next friend brings is said anew when the reader comes back", async () => {
    const { summary, ...others } = enrolled("AVA-1");
    const brings = (amount_minor) => ({ ...summary, friends: 1, offer: { next_reward: { gives: "credit", value: { amount_minor, currency: "EUR" } }, currency_digits: { EUR: 2 } } });
    const { page, close } = await visit({ element: `<good-word identity="${identified("ava")}"></good-word>` }, {
      prepare: async ({ context }) => {
        await context.route(enrolment, answering({ ...others, summary: brings(1000) }));
        await context.route(summaries, answering(brings(1500)));
      },
    });
    await showing(panel(page), /You get €10 credit/);
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await showing(panel(page), /You get €15 credit/);
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

  test("of many rewards the first twenty are shown, which are the newest", async () => {
    const reward = (day) => ({ reward_id: `r${day}`, status: "confirmed", side: "advocate", gives: "credit", value: { currency: "EUR", amount_minor: 100 * day }, due_at: `2026-01-${String(day).padStart(2, "0")}T00:00:00Z` });
    const { summary, ...others } = enrolled("AVA-1");
    const rewards = Array.from({ length: 25 }, (_, at) => reward(25 - at));
    const { page, close } = await visit({ element: `<good-word identity="${identified("ava")}"></good-word>` }, {
      prepare: ({ context }) => context.route(enrolment, answering({ ...others, summary: { ...summary, rewards } })),
    });
    await showing(panel(page), /AVA-1/);
    const seen = await panel(page).locator("[part=rewards] b").allTextContents();
    assert.deepEqual(seen, Array.from({ length: 20 }, (_, at) => `€${25 - at} credit`));
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
    // What is written meanwhile leaves it open.
    await panel(page).getByText("Your message").click();
    await panel(page).getByRole("textbox", { name: "Your message" }).fill("Look");
    assert.match(await shown(page, "[data-channel=whatsapp]", "href"), /Look/);
    assert.equal(await shown(page, "[part=channels] details", "open"), true);
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

  test("a refused native share copies the link, one that was called off or pressed for twice does nothing", async () => {
    for (const [refusal, expected] of [["NotAllowedError", "Copied"], ["AbortError", ""], ["InvalidStateError", ""]]) {
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
});
