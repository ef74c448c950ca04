// How long a page takes to show the panel, beside shareon, in the same run: on this machine, and on a
// slow phone (150 ms round trip, 1.6 Mbit/s, a quarter of the processor). Medians of 15. Printed, never
// asserted; only layout shifts and long tasks are counted beside it. The page without either of them
// shows how long a task takes that is the browser's own.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { launch, person } from "../support/browser.mjs";
import { caller } from "../support/http.mjs";
import { root, startServer } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";

const RUNS = 15;
const channels = ["whatsapp", "telegram", "x", "facebook", "linkedin", "reddit", "email", "sms"];
const of_shareon = ["whatsapp", "telegram", "twitter", "facebook", "linkedin", "reddit", "email", "copy-url"];

const tracker = await startServer();
let shop, identity;
const page = (head, body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width">${head}</head><body><h1>A page</h1>${body}<p>What stands below.</p></body></html>`;
const pages = {
  // The style is what www/widget/README.md tells a page to have.
  "/goodword": () => page(`<style>good-word[identity] { display: block; min-height: max(32em, 84em - 85vw) }</style><script async src="/goodword.js" data-program="${shop.id}"></script>`, `<good-word identity="${identity}"></good-word>`),
  "/neither": () => page("", "<div class=neither></div>"),
  "/shareon": () => page('<link rel="stylesheet" href="/shareon/shareon.min.css"><script async src="/shareon/shareon.iife.js"></script>',
    `<div class="shareon">${of_shareon.map((name) => `<a class="${name}"></a>`).join("")}</div><script>addEventListener("load", () => Shareon.init())</script>`),
};
// Everything comes compressed and from one place, as from the edge; what is immutable is kept.
const kept = new Map();
const compressed = (bytes) => brotliCompressSync(bytes);
const answer = async (request) => {
  const path = new URL(request.url, "http://any").pathname;
  if (pages[path]) return { status: 200, type: "text/html", bytes: compressed(pages[path]()) };
  if (path.startsWith("/shareon/")) {
    const bytes = readFileSync(join(root, "node_modules/shareon/dist", path.slice("/shareon/".length)));
    return { status: 200, type: path.endsWith("css") ? "text/css" : "text/javascript", bytes: compressed(bytes) };
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { "content-type": type, origin, authorization } = request.headers;
  const sent = Object.fromEntries(Object.entries({ "content-type": type, origin, authorization }).filter(([, value]) => value));
  const answered = await fetch(tracker.base + request.url, { method: request.method, headers: sent, body: chunks.length ? Buffer.concat(chunks) : undefined });
  return { status: answered.status, type: answered.headers.get("content-type"), bytes: compressed(Buffer.from(await answered.arrayBuffer())) };
};
const site = createServer(async (request, response) => {
  const known = kept.get(request.url);
  const { status, type, bytes } = known ?? (await answer(request));
  if (/^\/(widget|shareon|goodword\.js)/.test(request.url)) kept.set(request.url, { status, type, bytes });
  response.writeHead(status, { "content-type": type, "content-encoding": "br", "cache-control": "no-store" });
  response.end(bytes);
}).listen(0, "127.0.0.1");
await once(site, "listening");
const origin = `http://127.0.0.1:${site.address().port}`;
shop = await openShop({ ...tracker, call: caller(tracker.base) }, "bench", { destination: `${origin}/goodword`, origins: [origin], channels });
identity = shop.token({ sub: "anna", name: "Anna" });

const browser = await launch();
const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
const measure = async (name, slow) => {
  const visited = await person(browser, { viewport: { width: 390, height: 800 }, isMobile: slow });
  await visited.context.addInitScript(() => {
    const seen = (globalThis.seen = { shift: 0, long: 0 });
    new PerformanceObserver((list) => { for (const { value } of list.getEntries()) seen.shift += value; }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) seen.long = Math.max(seen.long, duration); }).observe({ type: "longtask", buffered: true });
    const look = () => {
      if (document.querySelector("good-word")?.shadowRoot?.querySelector("[part=figures]") || document.querySelector(".shareon > [href], .shareon > [role=button], .neither")) {
        seen.rendered = performance.now();
        console.debug("rendered");
      }
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const session = await visited.context.newCDPSession(visited.page);
  if (slow) {
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000 });
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  // Whoever waits by asking the page puts a script into it, and the page pays for that: so it says when.
  const rendered = visited.page.waitForEvent("console", (message) => message.text() === "rendered");
  await visited.page.goto(`${origin}/${name}`, { waitUntil: "commit" });
  await rendered;
  await visited.page.waitForTimeout(300);
  const result = await visited.page.evaluate(() => {
    const [own] = performance.getEntriesByType("navigation");
    const { responseEnd } = performance.getEntriesByType("resource").find(({ name }) => /goodword\.js|shareon\.iife\.js/.test(name)) ?? own;
    // The tracker's time is the server's, of this machine; what comes after its last answer is the page's.
    const answered = Math.max(own.responseEnd, ...performance.getEntriesByType("resource").filter(({ name, responseEnd }) => !/favicon/.test(name) && responseEnd < globalThis.seen.rendered).map(({ responseEnd }) => responseEnd));
    return { ...globalThis.seen, script: responseEnd, answered };
  });
  await visited.close();
  return result;
};

console.log(`medians of ${RUNS}, in ms          navigation -> rendered   script -> rendered   last answer -> rendered   layout shift   longest task`);
for (const slow of [false, true]) {
  const results = { goodword: [], shareon: [], neither: [] };
  for (let run = 0; run < RUNS; run += 1) {
    for (const name of Object.keys(results)) results[name].push(await measure(name, slow));
  }
  for (const [name, runs] of Object.entries(results)) {
    const column = (value, width) => median(runs.map(value)).toFixed(value === shift ? 3 : 0).padStart(width);
    const shift = (run) => run.shift;
    console.log(`${slow ? "slow phone" : "this machine"}  ${name.padEnd(10)}`.padEnd(32) + column((run) => run.rendered, 24) + column((run) => run.rendered - run.script, 21) + column((run) => run.rendered - run.answered, 26) + column(shift, 15) + column((run) => run.long, 15));
  }
}
await browser.close();
site.closeAllConnections();
site.close();
await tracker.stop();
