// The loader as a guest of pages that change while it is there: what the page writes last is what
// counts, the claim goes along with it, and what was refused or hidden stays so.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assertStatus, check } from "../support/check.mjs";
import { picture, showing } from "../support/browser.mjs";
import { openGuest } from "../support/guest.mjs";
import { until } from "../support/until.mjs";

const stripe = "https://buy.stripe.com/";

describe("a page that changes", () => {
  let guest, site, shop, claim, visit;

  before(async () => {
    guest = await openGuest();
    ({ site, shop, claim, visit } = guest);
  });

  after(() => guest?.close());

  const friend = (body, more = {}) => visit(body, { ...more, gw: claim });
  const href = (page) => page.locator("#p").getAttribute("href");
  const carried = (page) => until("the claim in the link", async () => (await href(page)).includes(claim));
  const reference = () => `client_reference_id=${claim}`;

  check("a payment link that the page changes carries the claim, and nothing of the link before", [
    ["with more changes of the page", "p.href = next; p.textContent = 'Yearly'", `${stripe}yearly`],
    ["alone", "p.href = next", `${stripe}yearly`],
    ["with a query", "p.href = next", `${stripe}yearly?a=1#top`],
    ["twice", "p.href = 'https://buy.stripe.com/weekly'; p.href = next", `${stripe}yearly`],
    ["by what it read there", "p.href = p.href.replace('monthly', 'yearly')", `${stripe}yearly`],
    ["a copy in its place", "{ const copy = p.cloneNode(); p.remove(); copy.href = next; document.body.append(copy) }", `${stripe}yearly`],
    ["to a link that was not one of Stripe's", "p.href = '/elsewhere'; p.href = next", `${stripe}yearly`],
  ], async (change, next) => {
    const { page, faults, close } = await friend(`<a id="p" href="${stripe}monthly">Pay</a>`);
    await carried(page);
    const [address, hash] = next.split(/(?=#)/);
    const expected = `${address}${address.includes("?") ? "&" : "?"}${reference()}${hash ?? ""}`;
    await page.evaluate(([change, next]) => Function("next", change)(next), [change, next]);
    await until("the page's link, with the claim", async () => (await href(page)) === expected);
    // Whatever happens next, it stays.
    await page.evaluate(() => document.body.append("More"));
    assert.equal(await href(page), expected);
    // What the page itself wrote is there again once consent is withdrawn.
    await page.evaluate(() => goodword.consent(false));
    await until("the page's own link", async () => (await href(page)) === next);
    assert.deepEqual(faults, []);
    await close();
  });

  test("a payment link that the page changes as it is pressed leads there with the claim", async () => {
    const { page, close } = await friend(`<a id="p" href="${stripe}monthly" onclick="this.href = '${stripe}yearly'">Pay</a>`, {});
    await page.context().route(`${stripe}**`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Stripe</title>" }));
    await carried(page);
    await page.click("#p");
    await page.waitForURL(`${stripe}yearly?${reference()}`);
    await close();
  });

  test("a link that becomes one of Stripe's only later carries the claim, and a reference of the shop's own stays", async () => {
    const { page, close } = await friend(`<a id="p" href="/plans">Pay</a>`);
    await page.evaluate((next) => {
      p.href = next;
      p.textContent = "Pay by the year";
    }, `${stripe}yearly`);
    await carried(page);
    assert.equal(await href(page), `${stripe}yearly?${reference()}`);
    await page.evaluate((next) => (p.href = next), `${stripe}yearly?client_reference_id=own`);
    await page.evaluate(() => document.body.append("More"));
    await page.evaluate(() => new Promise(requestAnimationFrame));
    assert.equal(await href(page), `${stripe}yearly?client_reference_id=own`);
    await close();
  });

  check("an element of Stripe's takes the claim again, unless the page gives it a reference of its own", [
    ["a buy button", "stripe-buy-button"],
    ["a pricing table", "stripe-pricing-table"],
  ], async (tag) => {
    const { page, close } = await friend(`<${tag} publishable-key="pk"></${tag}>`);
    const button = page.locator(tag);
    const name = "client-reference-id";
    const becomes = (value) => until(`${value}`, async () => (await button.getAttribute(name)) === value);
    await becomes(claim);
    await button.evaluate((button, name) => button.removeAttribute(name), name);
    await becomes(claim);
    await button.evaluate((button, name) => button.setAttribute(name, "own"), name);
    await page.evaluate(() => document.body.append("More"));
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await becomes("own");
    await page.evaluate(() => goodword.consent(false));
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await becomes("own");
    await close();
  });

  const unparted = ({ context }) => context.route((url) => url.pathname.startsWith("/widget/"), (route) => route.abort());
  /** Chromium writes it whenever the network says no. */
  const ownFaults = (faults) => faults.filter((fault) => !fault.startsWith("Failed to load resource"));

  test("convert never rejects, and neither does a queued one", async () => {
    const { page, faults, close } = await visit("", {}, unparted);
    const { error } = await page.evaluate(async () => ({ error: typeof (await goodword.convert({ order_id: "1" })).error }));
    assert.equal(error, "object");
    await page.evaluate(() => goodword.push(["convert", { order_id: "1" }]));
    await page.evaluate(() => goodword.convert({ order_id: "1" }));
    assert.deepEqual(ownFaults(faults), []);
    await close();
  });

  test("of calls made before the script is there, one that throws keeps none from being heard", async () => {
    const { page, faults, close } = await visit("", {}, ({ context }) => context.addInitScript(() => {
      globalThis.heard = [];
      globalThis.goodword = [
        ["on", "error", ({ detail }) => heard.push(detail.message)],
        () => { throw new Error("the page's own"); },
        ["nothing"],
        (goodword) => heard.push(goodword.claim()),
      ];
    }));
    const heard = await page.evaluate(() => heard);
    assert.deepEqual([heard.length, heard[0], heard[2]], [3, "the page's own", null]);
    assert.deepEqual(faults, []);
    await close();
  });

  test("what a page reports outlives the page", async () => {
    const { page, sent, close } = await visit("<good-word identity=\"ID\"></good-word>", {}, ({ context }) => context.addInitScript(() => {
      globalThis.outliving = [];
      const { fetch } = globalThis;
      globalThis.fetch = (address, options) => {
        if (options.method === "POST") outliving.push(options.keepalive);
        return fetch(address, options);
      };
    }));
    await showing(page.locator("good-word"), /\/r\/ANNA-/);
    await page.locator("good-word").getByRole("button", { name: "Copy", exact: true }).first().click();
    await until("its report", () => sent.some(({ path }) => path === "/v1/shares"));
    assert.deepEqual(await page.evaluate(() => outliving), [true, true]);
    await close();
  });

  test("what is a screen's third below the screen is fetched, and what is farther only when it comes nearer", async () => {
    const at = (top) => `<good-word identity="ID" style="position:absolute;top:${top}px;width:400px"></good-word>`;
    const { page, close } = await visit(`${at(900)}${at(2000)}`, {}, () => {}, { viewport: { width: 800, height: 800 } });
    const panels = page.locator("good-word");
    await showing(panels.first(), /\/r\/ANNA-/);
    assert.equal(await panels.last().evaluate(({ shadowRoot }) => shadowRoot), null);
    await page.evaluate(() => scrollTo(0, 950));
    await showing(panels.last(), /\/r\/ANNA-/);
    await close();
  });

  const shopify = "<script>window.Shopify = { routes: { root: '/' } }</script>";
  /** Shopify's cart, of which pages see what it holds and may set its attributes. */
  const cart = ({ context }) => {
    let held = {};
    return context.route(/\/cart(\/update)?\.js$/, (route) => {
      held = JSON.parse(route.request().postData() ?? "null")?.attributes ?? held;
      return route.fulfill({ json: { attributes: held } });
    });
  };
  const carts = (sent) => sent.filter(({ path }) => path === "/cart/update.js").map(({ body }) => JSON.parse(body).attributes.goodword_claim);
  check("a Shopify cart is told of a refusal only where it held a claim", [
    ["a visitor without a claim", { attributes: "data-consent=wait" }, [], []],
    ["a visitor without a claim where nobody asks", {}, [], []],
    ["a friend who says no at once", { attributes: "data-consent=wait", friend: true }, [], []],
    ["a friend who had said yes", { attributes: "data-consent=wait", friend: true }, [true], ["claim", ""]],
    ["a friend who had said yes on a page before", { attributes: "data-consent=wait", friend: true }, [true, "reload"], ["claim", ""]],
  ], async ({ friend: isFriend, ...parameters }, before, expected) => {
    const { page, sent, close } = await visit(shopify, isFriend ? { ...parameters, gw: claim } : parameters, cart);
    for (const step of before) {
      if (step === "reload") await page.reload();
      else {
        await page.evaluate(() => goodword.consent(true));
        await until("the claim in the cart", () => carts(sent).includes(claim));
      }
    }
    await page.waitForFunction(() => globalThis.goodword?.claim);
    await page.evaluate(() => goodword.consent(false));
    await page.waitForLoadState("networkidle");
    assert.deepEqual(carts(sent).map((told) => (told === claim ? "claim" : told)), expected);
    assert.equal(await page.evaluate(() => goodword.claim()), null);
    await close();
  });

  check("an element that the page hides stays hidden and asks for nothing until it is shown", [
    ["by the attribute", "<good-word hidden identity=\"ID\"></good-word>", (element) => (element.hidden = false)],
    ["by a style", "<style>good-word { display: none }</style><good-word identity=\"ID\"></good-word>", () => document.querySelector("body style").remove()],
    ["around it", "<div hidden><good-word identity=\"ID\"></good-word></div>", (element) => (element.parentElement.hidden = false)],
  ], async (body, show) => {
    const { page, sent, close } = await visit(body);
    const panel = page.locator("good-word");
    await page.waitForLoadState("networkidle");
    assert.equal(await panel.evaluate((element) => element.checkVisibility()), false);
    assert.deepEqual(sent.filter(({ path }) => path.startsWith("/v1/")), []);
    await panel.evaluate(show);
    await showing(panel, /\/r\/ANNA-/);
    await close();
  });

  test("an identity that is set while the panel's script is on its way is who is here", async () => {
    let arrive;
    const onItsWay = new Promise((resolve) => (arrive = resolve));
    const { page, sent, faults, close } = await visit("<template id=token>ID</template><good-word></good-word>", {}, ({ context }) =>
      context.route(/\/widget\/inline/, async (route) => {
        await onItsWay;
        await route.continue();
      }));
    await until("the script is asked for", () => sent.some(({ path }) => path.includes("/inline.")));
    await page.evaluate(() => document.querySelector("good-word").setAttribute("identity", token.innerHTML));
    arrive();
    await showing(page.locator("good-word"), /\/r\/ANNA-/);
    assert.deepEqual(faults, []);
    await close();
  });

  test("an identity that is over, or none of the shop's, leads to the e-mail address and to no dead end", async () => {
    for (const identity of [shop.token({ sub: "anna", exp: 1 }), "a.b.c"]) {
      const { page, close } = await visit(`<good-word identity="${identity}"></good-word>`);
      const shown = await showing(page.locator("good-word"), /Get my link/);
      assert.ok(!/Try again|cannot be loaded/.test(shown), shown);
      await page.locator("good-word input").fill("ben@mail.example");
      await page.keyboard.press("Enter");
      await showing(page.locator("good-word"), /\/r\//);
      await close();
    }
  });

  check("a page that writes its own back each time has the last word, and does not hang", [
    ["a link", `<a id="p" href="${stripe}monthly">Pay</a>`, "href", `${stripe}monthly`],
    ["a buy button", '<stripe-buy-button id="p" publishable-key="pk"></stripe-buy-button>', "client-reference-id", null],
  ], async (body, name, own) => {
    const { page, close } = await visit("", { gw: claim }, ({ context }) => context.addInitScript(([name, own]) => {
      globalThis.written = 0;
      const back = () => {
        const element = document.getElementById("p");
        if (!element || element.getAttribute(name) === own) return;
        written += 1;
        if (own === null) element.removeAttribute(name);
        else element.setAttribute(name, own);
      };
      new MutationObserver(back).observe(document, { subtree: true, childList: true, attributes: true });
    }, [name, own]));
    await page.evaluate((body) => document.body.insertAdjacentHTML("beforeend", body), body);
    await until("the page to write back", () => page.evaluate(() => written > 0));
    assert.equal(await page.locator("#p").getAttribute(name), own);
    await close();
  });

  test("an order that the page reports after consent was taken back is not sent, until it is given", async () => {
    const { page, sent, close } = await visit("", { attributes: 'data-consent="wait"' });
    const reported = () => sent.filter(({ path }) => path.endsWith("/unverified"));
    await page.evaluate(async () => {
      goodword.consent(true);
      goodword.consent(false);
      goodword.convert({ order_id: "late", value: { amount_minor: 5000, currency: "EUR" }, customer: { id: "ben" } });
      // Its part is there once another call of it has been answered.
      goodword.consent(false);
    });
    await until("its part", () => sent.some(({ path }) => /\/widget\/more\./.test(path)));
    await page.waitForLoadState("networkidle");
    assert.deepEqual(reported(), []);
    await page.evaluate(() => goodword.consent(true));
    await until("the order", () => reported().length === 1);
    await close();
  });

  test("elements of several modes and languages on one page are all whole", async () => {
    const elements = ["", "lang=pl", "mode=bar", "mode=after-purchase order=1"].map((attributes) => `<good-word ${attributes} identity="ID"></good-word>`);
    const { page, faults, close } = await visit(elements.join(""));
    const channels = () => page.locator("good-word").evaluateAll((all) => all.map(({ shadowRoot }) => shadowRoot?.querySelectorAll("[part=channels] a").length));
    await page.mouse.wheel(0, 5_000);
    await until("channels in each", async () => (await channels()).every((count) => count === 5));
    assert.deepEqual(faults, []);
    await close();
  });

  check("a field keeps the claim", [
    ["that was named later", "field.name = 'goodword_claim'", "<input id=field type=hidden>"],
    ["that the page emptied", "field.value = ''", "<input id=field type=hidden name=goodword_claim>"],
    ["of a form that was reset", "field.form.reset()", "<input id=field name=goodword_claim>"],
    ["beside a payment link", "field.value = ''", `<a href="${stripe}monthly">Pay</a><input id=field type=hidden name=goodword_claim>`],
  ], async (change, field) => {
    const { page, close } = await friend(`<form method="get">${field}<button>Send</button></form>`);
    await until("the claim", () => page.evaluate((claim) => goodword.claim() === claim, claim));
    await page.evaluate((change) => Function(change)(), change);
    await page.getByRole("button", { name: "Send" }).click();
    await page.waitForURL((url) => url.searchParams.get("goodword_claim") === claim);
    await close();
  });

  check("where nothing is to be asked or shown there is no box", [
    ["a question, and the tracker never answers", "question", (context) => context.route((url) => url.pathname.startsWith("/v1/"), () => {})],
    ["a leaderboard, and the tracker never answers", "leaderboard", (context) => context.route((url) => url.pathname.startsWith("/v1/"), () => {})],
  ], async (mode, prepare) => {
    const { page, close } = await visit(`<good-word mode="${mode}" identity="ID"></good-word>`, {}, ({ context }) => prepare(context));
    await until("no box", () => page.locator("good-word").evaluate(({ offsetHeight }) => offsetHeight === 0));
    await close();
  });

  test("who is blocked is not asked, nor prompted, and is not led to a list that does not take them", async () => {
    const { code } = await shop.enrol("bea", { name: "Bea" });
    assertStatus(await shop.call("POST", `/v1/programs/${shop.id}/advocates/${code}/block`, { key: shop.owner, body: {} }), 200);
    await shop.put({ leaderboard: true });
    const identity = shop.token({ sub: "bea", name: "Bea" });
    const modes = ["question", "after-purchase order=1", "leaderboard"];
    const { page, close } = await visit(modes.map((mode) => `<good-word mode=${mode} identity="${identity}"></good-word>`).join(""));
    await showing(page.locator("good-word").last(), /Nobody|nobody|first/);
    for (const at of [0, 1]) await until(`no ${modes[at]}`, () => page.locator("good-word").nth(at).evaluate(({ offsetHeight }) => offsetHeight === 0));
    assert.equal(await page.locator("good-word").last().locator("form").count(), 0);
    await close();
  });

  test("a double click opens the dialog, a selection keeps it, and a press beside it closes it", async () => {
    const { page, close } = await visit('<good-word mode="launcher" identity="ID"></good-word>');
    const isOpen = () => page.locator("good-word dialog").evaluate(({ open }) => open);
    await page.setViewportSize({ width: 600, height: 400 });
    await page.getByRole("button", { name: "Invite friends" }).dblclick();
    await showing(page.locator("good-word"), /ANNA-/);
    assert.equal(await isOpen(), true);
    const { x, y } = await page.locator("good-word dialog h2").boundingBox();
    await page.mouse.move(x + 2, y + 2);
    await page.mouse.down();
    await page.mouse.move(2, 2, { steps: 4 });
    await page.mouse.up();
    assert.equal(await isOpen(), true);
    await page.mouse.click(2, 2);
    assert.equal(await isOpen(), false);
    await close();
  });

  test("the panel comes from the launcher's own host, whatever that is called", async () => {
    const tracker = `http://launcher.test:${guest.server.port}`;
    const { page, close } = await visit('<good-word mode="launcher" identity="ID"></good-word>', { tracker });
    const hosts = new Set();
    page.on("request", (request) => hosts.add(new URL(request.url()).hostname));
    await page.getByRole("button", { name: "Invite friends" }).click();
    await showing(page.locator("good-word"), /ANNA-/);
    assert.deepEqual([...hosts], ["launcher.test"]);
    await close();
  });

  test("the dialog's way out stays where it is when the panel is longer than the screen", async () => {
    const { page, close } = await visit('<good-word mode="launcher" identity="ID"></good-word>');
    await page.setViewportSize({ width: 320, height: 480 });
    await page.getByRole("button", { name: "Invite friends" }).click();
    await showing(page.locator("good-word"), /ANNA-/);
    const close_button = page.getByRole("button", { name: "Close" });
    await page.locator("good-word dialog").evaluate((dialog) => dialog.scrollTo(0, dialog.scrollHeight));
    const { y, height } = await close_button.boundingBox();
    assert.ok(y >= 0 && y + height <= 480, `${y}`);
    await picture(page, "launcher-scrolled-320");
    await close_button.click();
    assert.equal(await page.locator("good-word dialog").evaluate(({ open }) => open), false);
    await close();
  });

  test("a prompt that was copied from goes on when the page moves it", async () => {
    const { page, faults, close } = await visit('<good-word mode="after-purchase" order="7" identity="ID"></good-word><div></div>');
    const panel = page.locator("good-word");
    const times = () => page.evaluate(() => globalThis.copies);
    await showing(panel, /ANNA-/);
    await page.evaluate(() => {
      globalThis.copies = 0;
      goodword.on("copy", () => (copies += 1));
    });
    for (const time of [1, 2]) {
      await panel.getByRole("button", { name: "Copy" }).last().click();
      await until(`copy ${time}`, async () => (await times()) === time);
      await page.evaluate(() => document.querySelector("div").append(document.querySelector("good-word")));
    }
    await panel.getByRole("button", { name: "Close" }).click();
    await until("no box", () => panel.evaluate(({ offsetHeight }) => offsetHeight === 0));
    assert.deepEqual(faults, []);
    await close();
  });

  test("a prompt that was copied from and taken out of the page asks for nothing any more", async () => {
    const { page, sent, close } = await visit('<good-word mode="after-purchase" order="8" identity="ID"></good-word>');
    await showing(page.locator("good-word"), /ANNA-/);
    await page.locator("good-word").getByRole("button", { name: "Copy", exact: true }).first().click();
    await showing(page.locator("good-word"), /Copied/);
    await page.evaluate(() => document.querySelector("good-word").remove());
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
    // What is asked is asked at once.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    assert.deepEqual(sent.filter(({ path }) => path === "/v1/advocates/me"), []);
    await close();
  });

  test("an order that was prompted for is not again, though consent come later than the script", async () => {
    const { page, close } = await visit('<good-word mode="after-purchase" order="9"></good-word>', { attributes: "data-consent=wait" }, ({ context }) => context.addInitScript((place) => {
      localStorage[place] = JSON.stringify({ prompted: { 9: 1 } });
    }, `goodword:${shop.id}`));
    await showing(page.locator("good-word"), /Who else would like this/);
    await page.evaluate(() => goodword.consent(true));
    await until("no prompt", () => page.locator("good-word").evaluate(({ shadowRoot, offsetHeight }) => !shadowRoot.childElementCount && !offsetHeight));
    await close();
  });

  test("where the parts are blocked, or a prompt was closed, the page's own rule leaves no empty box", async () => {
    const rule = "<style>good-word { display: block; min-height: 19em }</style>";
    const { page, close } = await visit(`${rule}<good-word></good-word>`, {}, unparted);
    const empty = () => until("no box", () => page.locator("good-word").evaluate(({ offsetHeight }) => offsetHeight === 0));
    await empty();
    await page.context().unrouteAll();
    await page.evaluate((id) => (localStorage[`goodword:${id}`] = JSON.stringify({ prompted: { 1: Date.now() } })), shop.id);
    await page.goto(`${site.origin}/?${new URLSearchParams({ body: `${rule}<good-word mode="after-purchase" order="1"></good-word>` })}`);
    await empty();
    await close();
  });
});
