// Headless Chromium: one browser, a context for each person, and what every page of the tests has to
// keep to: no console error, no uncaught exception, nothing axe-core objects to.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { root } from "./server.mjs";
import { until } from "./until.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = join(root, "tests", "screenshots");

// Robots get no clicks, and a headless browser says that it is one.
const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36";

export async function launch(more = []) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is not there: install Chromium or set CHROMIUM`);
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      ...more,
    ],
  });
}

/** A person with a browser profile of their own: `{ page, faults, close }`. */
export async function person(browser, options = {}) {
  const context = await browser.newContext({
    userAgent: agent,
    viewport: { width: 1100, height: 800 },
    locale: "en-GB",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  const page = await context.newPage();
  const faults = [];
  context.on("console", (message) => {
    if (message.type() === "error") faults.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => faults.push(`uncaught: ${error.error().stack ?? error.error()}`));
  return { context, page, faults, close: () => context.close() };
}

/** Keeps what the page shows as a picture of the whole page, for people to look at. */
export async function picture(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

/** The same page in the dark, and on the narrowest phone; nothing may reach beyond its edge. */
export async function pictures(page, name) {
  const size = page.viewportSize();
  await picture(page, name);
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, `${name}-dark`);
  await accessible(page, `${name}, dark`);
  await page.setViewportSize({ width: 320, height: 720 });
  await picture(page, `${name}-dark-320`);
  await page.emulateMedia({ colorScheme: "light" });
  await picture(page, `${name}-320`);
  await accessible(page, `${name}, 320 pixels wide`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${name}: ${beyond} pixels beyond a width of 320`);
  await page.setViewportSize(size);
}

/** Nothing that axe-core objects to, shadow roots included. */
export async function accessible(page, name) {
  // Evaluated, not added as a script tag, so that a page's content security policy stays as it is.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations", "passes"] }));
  assert.ok(passes.length > 0, `${name}: axe-core looked at nothing`);
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ target, failureSummary }) => `  ${target}\n  ${failureSummary}`).join("\n")}`);
  assert.deepEqual(told, [], `${name}: ${told.join("\n")}`);
}

/** All a page shows, shadow roots included, as one line of text. */
export const shownText = (locator) => locator.evaluate((element) => {
  const textOf = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE && node.nodeType !== Node.DOCUMENT_FRAGMENT_NODE) return "";
    if (["STYLE", "SCRIPT", "TEMPLATE"].includes(node.nodeName)) return "";
    if (node.nodeType === Node.ELEMENT_NODE && node.localName !== "slot" && !node.checkVisibility()) return "";
    if (node instanceof HTMLInputElement) return node.value;
    // Without the array's own methods: a page of the tests overrides them.
    let text = "";
    for (const child of node.localName === "slot" ? node.assignedNodes() : (node.shadowRoot ?? node).childNodes) text += ` ${textOf(child)}`;
    return text;
  };
  return textOf(element);
}).then((text) => text.replace(/\s+/g, " ").trim());

/** Waits until what an element shows matches, and gives what it shows. */
export function showing(locator, pattern) {
  let seen = "";
  const look = async () => {
    seen = await shownText(locator).catch(() => "");
    return pattern.test(seen) && seen;
  };
  return until(`${pattern}`, look, { ms_max: 30_000, evidence: () => `it shows: ${seen}` });
}
