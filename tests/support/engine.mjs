// A tracker, a shop with some history, its pages, and a browser that is no Chromium: which one says
// `cargo xtask engines`, in the environment.
import { mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { caller, freshAddress } from "./http.mjs";
import { root, startServer } from "./server.mjs";
import { openShop } from "./shop.mjs";
import { pageOf, servePage } from "./static.mjs";
import { until } from "./until.mjs";
import { openBrowser } from "./webdriver.mjs";

const { ENGINE, DRIVER, BROWSER } = process.env;
const screenshots = join(root, "tests", "screenshots");

const engines = {
  firefox: { capabilities: { "moz:firefoxOptions": { binary: BROWSER, args: ["-headless"], prefs: { "intl.accept_languages": "en-GB" } } } },
  // It knows no headless: a screen that nobody sees is before it.
  webkit: { before: ["xvfb-run", "--auto-servernum"], capabilities: { "webkitgtk:browserOptions": { binary: BROWSER, args: ["--automation"] } } },
};

/** What a page notes before anything of ours runs: what was thrown, and what was heard. */
const notes = `<script>{
  const note = (window.note = { faults: [], heard: [] });
  addEventListener("error", ({ message }) => note.faults.push(message));
  addEventListener("unhandledrejection", ({ reason }) => note.faults.push(String(reason)));
  console.error = (...said) => note.faults.push(said.join(" "));
  for (const name of ["share", "copy", "welcome", "error"]) {
    document.addEventListener("goodword:" + name, ({ detail }) => note.heard.push([name, detail]));
  }
}</script>`;

export async function openEngine() {
  if (!engines[ENGINE]) throw new Error("these tests are run by `cargo xtask engines`, which finds the browsers");
  const server = await startServer();
  const front = await openFront(server.base);
  let shop;
  // The page is asked for by a path, and what it needs is filled in at each request.
  const site = await servePage((path) => {
    const { pathname, searchParams, search } = new URL(path, "http://any");
    const given = Object.fromEntries(searchParams);
    if (pathname.startsWith("/cart")) return "{}";
    if (pathname === "/narrow") return `<!doctype html><title>Narrow</title><iframe src="/16-panel${search}" width="320" height="700" title="A panel"></iframe>`;
    const identity = shop.token({ sub: "anna", name: "Anna" });
    const html = pageOf(pathname.slice(1), {
      tracker: front.origin, origin: site.origin, program: shop.id, query: search, identity, attributes: given.attributes ?? "",
      lang: given.lang ?? "en", dir: given.lang === "ar" ? "rtl" : "ltr",
      element: (given.element ?? "<good-word identity=\"ID\"></good-word>").replaceAll("ID", identity),
    });
    // Where a policy allows no script of the page's, nothing is noted.
    const noting = html.includes("Content-Security-Policy") ? "" : notes + (given.before ? `<script>${given.before}</script>` : "");
    return html.replace("</title>", `</title>${noting}`).replace("light dark", given.scheme ?? "light dark");
  });
  shop = await openShop({ ...server, call: caller(server.base) }, "engines", {
    destination: `${site.origin}/17-checkout`, origins: [site.origin], leaderboard: true,
    channels: ["whatsapp", "wechat", "email"],
    milestones: [{ at: 3, reward: { gives: "gift", label: "A tour of the tea house" } }],
  });
  // Ben has invited Anna, and she a friend, who bought.
  const anna = await shop.enrol("anna", { name: "Anna" });
  await shop.order({ claim: await shop.click(anna.code) });
  await shop.settle();
  const ben = await shop.enrol("ben", { name: "Ben" });
  ben.claim = await shop.click(ben.code);
  const browser = await openBrowser(DRIVER, engines[ENGINE]);
  console.log(`looked at in ${browser.name}`);

  return {
    browser, shop, anna, ben, front, site,

    /** Opens a page by its name; `fresh` is a device that knows nobody. */
    async open(parameters = {}, { name = "16-panel", fresh = true, width = 1200 } = {}) {
      await browser.resize(width, 900);
      if (fresh) {
        await browser.goto(`${site.origin}/15-no-panel`);
        await browser.run(() => {
          localStorage.clear();
          document.cookie = "goodword_claim=;path=/;max-age=0";
        });
      }
      await browser.goto(`${site.origin}/${name}?${new URLSearchParams(parameters)}`);
    },

    /** Waits until what an element shows matches, and gives what it shows. */
    async showing(pattern, selector = "good-word") {
      let seen = "";
      const look = async () => {
        seen = await browser.run(shownText, selector);
        return pattern.test(seen) && seen;
      };
      return until(`${pattern}`, look, { ms_max: 30_000, evidence: () => `it shows: ${seen}` });
    },

    /** Presses something of an element's where it is seen. */
    async pressOn(selector, { host = "good-word", at = 0 } = {}) {
      await browser.click(...(await browser.run((host, selector, at) => {
        const pressed = document.querySelector(host).shadowRoot.querySelectorAll(selector)[at];
        pressed.scrollIntoView({ block: "center" });
        const { left, top, width, height } = pressed.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      }, host, selector, at)));
    },

    async type(text) {
      for (const letter of text) await browser.press(letter);
    },

    /** Something of the panel's, or where there is none of the welcome's, by a function in the page. */
    look: (work, ...given) => browser.run(`(...given) => (${work})((document.querySelector("good-word") ?? document.querySelector("good-word-welcome")).shadowRoot, ...given)`, ...given),

    faults: () => browser.run(() => window.note.faults),

    /** Keeps what the window shows, for people to look at. */
    async picture(name) {
      mkdirSync(screenshots, { recursive: true });
      writeFileSync(join(screenshots, `${ENGINE}-${name}.png`), await browser.picture(), "base64");
    },

    async close() {
      await browser.close();
      site.close();
      front.close();
      await server.stop();
    },
  };
}

/**
 * The tracker at an origin of its own, where each call comes from another address, so that no limit is
 * met, and where answers can be changed: `change(path, body)` gives another body, or throws for none.
 */
async function openFront(base) {
  const front = { change: null };
  const server = createServer(async (request, response) => {
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const headers = { ...request.headers, "cf-connecting-ip": freshAddress() };
      // What is said between the two ends of one connection.
      for (const name of ["host", "connection", "content-length"]) delete headers[name];
      const answer = await fetch(base + request.url, {
        method: request.method, redirect: "manual", headers, body: chunks.length ? Buffer.concat(chunks) : undefined,
      });
      let body = Buffer.from(await answer.arrayBuffer());
      if (front.change && request.url.startsWith("/v1/")) body = JSON.stringify(front.change(request.url, JSON.parse(body)));
      const answered = Object.fromEntries(answer.headers);
      for (const name of ["content-length", "content-encoding", "transfer-encoding"]) delete answered[name];
      // A browser would keep an answer that is to be changed the next time.
      if (request.url.startsWith("/v1/")) answered["cache-control"] = "no-store";
      response.writeHead(answer.status, answered).end(body);
    } catch {
      response.destroy();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  front.origin = `http://127.0.0.1:${server.address().port}`;
  front.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return front;
}

/** All that an element shows, shadow roots included. In the page. */
function shownText(selector) {
  const textOf = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const isElement = node.nodeType === Node.ELEMENT_NODE;
    if (!isElement && node.nodeType !== Node.DOCUMENT_FRAGMENT_NODE) return "";
    if (isElement && node.localName !== "slot" && !node.checkVisibility()) return "";
    if (node.localName === "input") return node.value;
    const within = node.localName === "slot" ? node.assignedNodes() : (node.shadowRoot ?? node).childNodes;
    return Array.from(within, textOf).join(" ");
  };
  const element = document.querySelector(selector);
  return element ? textOf(element).replace(/\s+/g, " ").trim() : "";
}
