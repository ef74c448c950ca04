// What tests of the panel share: a shop with one history, on pages that hold what their address says, and
// answers of the tracker that come later, or say something else.
import { launch, person } from "./browser.mjs";
import { caller } from "./http.mjs";
import { startServer } from "./server.mjs";
import { openShop } from "./shop.mjs";
import { pageOf, servePage } from "./static.mjs";

export const channels = ["whatsapp", "telegram", "x", "facebook", "messenger", "linkedin", "reddit", "bluesky", "mastodon",
  "threads", "pinterest", "line", "weibo", "wechat", "vk", "viber", "email", "sms"];

export const panel = (page) => page.locator("good-word");

// Which request it is, by its address.
export const offer = (url) => url.pathname.endsWith("/offer");
export const enrolment = (url) => url.pathname === "/v1/advocates";
export const summaries = (url) => url.pathname === "/v1/advocates/me";

export const preflights = { "access-control-allow-origin": "*" };
export const answering = (json) => (route) => route.fulfill({ headers: preflights, json });

/** Answers of the tracker with something of them replaced. */
export const changed = (visited, which, change) => visited.context.route(which, async (route) => {
  const answer = await route.fetch();
  const body = await answer.json();
  await route.fulfill({ response: answer, json: change(body) ?? body });
});

/** What an element of the panel's has. */
export const shown = (page, selector, read) => page.evaluate(([selector, read]) => document.querySelector("good-word").shadowRoot.querySelector(selector)[read], [selector, read]);

/** Holds answers back until `open` is called. */
export const gate = () => {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, opened };
};

/**
 * A tracker, a shop whose advocate Anna has been at it for a while, a shop with all channels, and a browser
 * started with `flags`. `at` is a page's address, `visit` a person's visit to it, `prepare`d before; `enrolled`
 * and `identified` are people whom the tracker knows nothing of.
 */
export async function openPanels(flags = []) {
  let browser, site;
  const server = await startServer({ extra: ["--mail-from", "tea@shop.example"] });
  const close = async () => {
    await browser?.close();
    site?.close();
    await server.stop();
  };
  try {
    let shop;
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
    const tracker = { ...server, call: caller(server.base) };
    const terms = { destination: `${site.origin}/17-checkout`, origins: [site.origin], milestones: [{ at: 3, reward: { gives: "gift", label: "A tour of the tea house" } }] };
    shop = await openShop(tracker, "panel", terms);
    const all = await openShop(tracker, "channels", { ...terms, channels });
    const anna = await shop.enrol("anna", { name: "Anna" });
    anna.claim = await shop.click(anna.code);
    await shop.order({ claim: anna.claim });
    await shop.settle();
    await shop.order({ claim: anna.claim });
    browser = await launch(flags);

    const at = (parameters = {}, name = "16-panel") => `${site.origin}/${name}?${new URLSearchParams(parameters)}`;
    const visit = async (parameters, { prepare = () => {}, name, ...options } = {}) => {
      const visited = await person(browser, options);
      await prepare(visited);
      await visited.page.goto(at(parameters, name));
      return visited;
    };

    /** What the tracker would say; what it says does not matter, when it comes does. */
    const enrolled = (code) => ({
      code, share_link: `${server.base}/r/${code}`, token: `proof-${code}`,
      summary: { code, share_link: `${server.base}/r/${code}`, status: "active", clicks: 0, shares: {}, conversions: 0, rewards: [], next_milestone: null },
    });
    const identities = {};
    const identified = (sub) => (identities[sub] ??= shop.token({ sub, name: sub }));
    /** Once another request was answered, the page has heard of what came before. */
    const heardOf = (page) => page.evaluate(async (base) => {
      await (await fetch(`${base}/health`, { mode: "no-cors" })).text();
      await new Promise((resolve) => setTimeout(resolve));
    }, server.base);
    return { server, tracker, browser, site, shop, all, anna, at, visit, enrolled, identified, heardOf, close };
  } catch (error) {
    await close();
    throw error;
  }
}
