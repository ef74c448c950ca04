// The panel in a browser that is no Chromium: its states and modes, what is pressed and typed, what is
// copied, and whether it can be read.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { colors, leastContrast, ofText } from "../support/contrast.mjs";
import { check } from "../support/check.mjs";
import { openEngine } from "../support/engine.mjs";
import { until } from "../support/until.mjs";
import { keys } from "../support/webdriver.mjs";

let engine, browser, open, showing, pressOn, look;

before(async () => {
  engine = await openEngine();
  ({ browser, open, showing, pressOn, look } = engine);
});
after(() => engine?.close());

const element = (mode) => ({ element: `<good-word ${mode} identity="ID"></good-word>` });
const modes = {
  bar: element("mode=bar"), question: element("mode=question"), leaderboard: element("mode=leaderboard"),
  launcher: element("mode=launcher"), prompt: element("mode=after-purchase order=1"),
};
const nobody = { element: "<good-word></good-word>" };
const isOffer = (path) => path.includes("/offer");
const ended = (path, body) => (isOffer(path) ? { ...body, status: "ended" } : body);
const blocked = (path, body) => (path === "/v1/advocates" ? { ...body, summary: { ...body.summary, status: "blocked" } } : body);
const nothing = () => { throw new Error("no answer"); };

/** Opens the launcher's dialog, where there is one. */
const opened = async (parameters) => {
  if (parameters !== modes.launcher) return;
  await until("the launcher", () => browser.run(() => !!document.querySelector("good-word").shadowRoot?.querySelector("[part=launcher]")));
  await pressOn("[part=launcher]");
};

check("each state and mode is there, wide and light, narrow and dark, from the left and from the right", [
  ["signed in", {}, /\/r\/ANNA-/],
  ["nobody known", nobody, /Get my link|احصل على رابطي/],
  ["before consent", { attributes: " data-consent=wait" }, /Show my link|أظهر رابطي/],
  ["the program ended", {}, /no invitations|متوقفة/, ended],
  ["the link is blocked", {}, /not active|غير مفعّل/, blocked],
  ["the tracker does not answer", {}, /cannot be loaded|تعذّر/, nothing],
  ["the bar", modes.bar, /\/r\/ANNA-/],
  ["the prompt after a purchase", modes.prompt, /Who else.*\/r\/ANNA-|من غيرك.*\/r\/ANNA-/],
  ["the question", modes.question, /How likely|ما مدى/],
  ["the leaderboard", modes.leaderboard, /Who recommends|الأكثر/],
  ["the launcher's dialog", modes.launcher, /\/r\/ANNA-/],
], async (parameters, shows, change = null) => {
  for (const [lang, scheme, name] of [["en", "light", "16-panel"], ["ar", "dark", "narrow"]]) {
    engine.front.change = change;
    await open({ ...parameters, lang, scheme }, { name });
    if (name === "narrow") await browser.frame(true);
    await opened(parameters);
    await showing(shows);
    engine.front.change = null;
    const { faults, direction, beyond } = await look((root) => ({
      faults: window.note.faults,
      direction: getComputedStyle(root.querySelector("section")).direction,
      beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    assert.deepEqual({ faults, direction, beyond }, { faults: [], direction: lang === "ar" ? "rtl" : "ltr", beyond: 0 });
    if (name === "narrow") await browser.frame(false);
    await engine.picture(`${shows.source.replace(/\W+/g, "-").slice(0, 20)}-${lang}`);
  }
});

test("nothing that is seen of the page moves when the panel comes", async () => {
  // Where what stands below is, with each frame.
  const before = `const tops = (window.tops = []);
    const watch = () => {
      const below = document.querySelector("main > p");
      if (below) tops.push(Math.round(below.getBoundingClientRect().top));
      requestAnimationFrame(watch);
    };
    watch();`;
  for (const parameters of [{}, nobody, modes.bar, modes.launcher]) {
    for (const width of [520, 1200]) {
      await open({ ...parameters, before }, { name: "18-things-below", width });
      await until("the panel", () => browser.run(() => !!document.querySelector("good-word").shadowRoot?.querySelector("section,[part=launcher]")));
      await showing(/\/r\/|Get my link|Invite friends/);
      const { tops, height } = await browser.run(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve({ tops: window.tops, height: innerHeight })))));
      // What lies beyond the window's edge may come nearer.
      assert.equal(new Set(tops.map((top) => Math.min(top, height))).size, 1, `${parameters.element} at ${width}: ${[...new Set(tops)]} in ${height}`);
    }
  }
});

test("keys alone reach everything, and see where they are", async () => {
  await open();
  await showing(/\/r\/ANNA-/);
  const reached = [];
  for (let presses = 0; presses < 30; presses += 1) {
    await browser.press(keys.tab);
    const name = await look(({ activeElement: at }) => {
      if (!at) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      return `${at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent}: ${outlineStyle} ${outlineWidth}`;
    });
    // In a window without anything else, the keys go round.
    if (name === null || name === reached[0]) break;
    reached.push(name);
  }
  assert.deepEqual(reached, ["Your link", "Copy", "Copy: Your code", "WhatsApp", "WeChat", "E-mail", "Your message"].map((name) => `${name}: solid 2px`));
});

/** What a person would get who pastes. */
const pasted = async () => {
  await browser.run(() => {
    const field = document.body.appendChild(document.createElement("textarea"));
    field.id = "paste";
    field.focus();
  });
  await browser.press(keys.control, "v");
  return browser.run(() => document.getElementById("paste").value);
};

const noClipboard = "Object.defineProperty(navigator, 'clipboard', { value: undefined });";
check("copying copies, and says so", [
  ["the link", {}, 0, ({ share_link }) => share_link],
  ["the code", {}, 1, ({ code }) => code],
  ["the link, without a clipboard", { before: noClipboard }, 0, ({ share_link }) => share_link],
  ["the code, without a clipboard", { before: noClipboard }, 1, ({ code }) => code],
], async (parameters, at, what) => {
  await open(parameters);
  await showing(/\/r\/ANNA-/);
  await pressOn("[data-copy]", { at });
  await showing(/Copied/);
  assert.equal(await look(({ activeElement }) => activeElement?.textContent ?? "Copied"), "Copied", "who pressed is still there");
  assert.equal(await pasted(), what(engine.anna));
  assert.deepEqual(await engine.faults(), []);
});

test("where copying is refused, the link is selected and the reader asked to copy it", async () => {
  await open({ before: `${noClipboard} document.execCommand = () => false;` });
  await showing(/\/r\/ANNA-/);
  await pressOn("[data-copy]");
  await showing(/Please copy the selected text/);
  assert.equal(await look((root) => {
    const { value, selectionStart, selectionEnd } = root.querySelector("input");
    return value.slice(selectionStart, selectionEnd);
  }), engine.anna.share_link);
});

test("one press on a code selects all of it", async () => {
  await open();
  await showing(/\/r\/ANNA-/);
  await pressOn("code");
  await browser.press(keys.control, "c");
  assert.equal(await pasted(), engine.anna.code);
});

test("a QR code comes when its channel is pressed", async () => {
  await open();
  await showing(/\/r\/ANNA-/);
  await pressOn("summary");
  await until("the code", () => look((root) => [...root.querySelectorAll("[open] img")].some(({ complete, naturalWidth }) => complete && naturalWidth > 0)));
});

test("an address, Enter, and there is the link; it is known on this device until another is wanted", async () => {
  await open(nobody);
  await showing(/Get my link/);
  await pressOn("input");
  await engine.type("gala@example.com");
  await browser.press(keys.enter);
  await showing(/\/r\//);
  await browser.reload();
  await showing(/\/r\//);
  await pressOn("[data-do=forget]");
  await showing(/Get my link/);
  await browser.reload();
  await showing(/Get my link/);
});

test("a share is thanked for, and the page hears of it", async () => {
  await open();
  await showing(/\/r\/ANNA-/);
  await browser.run(() => document.addEventListener("click", (event) => event.preventDefault()));
  await pressOn("[data-channel=email]");
  await showing(/Thank you/);
  assert.deepEqual(await browser.run(() => window.note.heard), [["share", { code: engine.anna.code, channel: "email" }]]);
});

test("the launcher: Enter opens, Escape closes and goes back, and so does a press beside the dialog", async () => {
  await open(modes.launcher);
  await until("the launcher", () => browser.run(() => !!document.querySelector("good-word").shadowRoot?.querySelector("[part=launcher]")));
  const state = () => look((root) => [root.querySelector("dialog").open, root.activeElement?.part.value ?? null]);
  await browser.press(keys.tab);
  await browser.press(keys.enter);
  await showing(/\/r\/ANNA-/);
  assert.equal((await state())[0], true);
  await browser.press(keys.escape);
  assert.deepEqual(await state(), [false, "launcher"]);
  await pressOn("[part=launcher]");
  await browser.click(10, 500);
  assert.equal((await state())[0], false);
});

test("who answers 10 is led to the panel, and is not asked again", async () => {
  await open(modes.question);
  await showing(/How likely/);
  await pressOn("[part=score] span", { at: 10 });
  await pressOn("[part~=primary]");
  await showing(/\/r\/ANNA-/);
  await browser.reload();
  await until("the room to be given back", () => browser.run(() => document.querySelector("good-word").offsetHeight === 0));
});

test("a name comes onto the leaderboard by keys and goes again", async () => {
  await open(modes.leaderboard);
  await showing(/Your name on this list/);
  await pressOn("#called");
  await engine.type("Anna K.");
  await browser.press(keys.enter);
  await showing(/You are on the list/);
  await browser.press(keys.enter);
  await showing(/You are not on the list any more/);
});

test("a prompt that was closed takes no room and does not come again", async () => {
  await open(modes.prompt);
  await showing(/\/r\/ANNA-/);
  await pressOn("[part=close]");
  const height = () => browser.run(() => document.querySelector("good-word").offsetHeight);
  assert.equal(await height(), 0);
  await browser.reload();
  await until("the element", () => browser.run(() => !!window.goodword?.claim));
  assert.equal(await height(), 0);
});

check("money, dates and counts are the reader's", [
  ["en-US", "en-US", /€10 credit.*[A-Z][a-z]{2} \d+, \d{4}/],
  ["de-CH", "de-CH", /EUR.10 Guthaben.*\d\d?\.\d\d?\.\d{4}/],
  ["pl", "pl", /10 € na zakupy.*\d+ \p{L}+ \d{4}/u],
  ["ja", "ja", /10のクレジット.*\d{4}\/\d\d\/\d\d/],
  ["as no browser takes it", "en_US", /€10 credit/],
], async (lang, shows) => {
  await open({ lang });
  await showing(shows);
  assert.deepEqual(await engine.faults(), []);
});

// What is read, and on what.
check("text is readable on whatever colours the owner sets, 4.5:1 at least", [
  ["the panel", {}, { "[part=panel]": "[part=panel]", "[part~=primary]": "[part~=primary]" }],
  ["the launcher", modes.launcher, { "[part=launcher]": "[part=launcher]", "[part=dialog]": "[part=dialog]" }],
  ["the welcome", { element: "<good-word-welcome></good-word-welcome>" }, { "[part=welcome]": "[part=welcome]" }],
], async (parameters, inks) => {
  for (const scheme of ["light", "dark"]) {
    const isWelcome = parameters.element?.includes("welcome");
    await open({ ...parameters, scheme, ...(isWelcome ? { gw: engine.ben.claim } : {}) });
    await opened(parameters);
    await showing(/ANNA-|BEN-/, isWelcome ? "good-word-welcome" : "good-word");
    const worst = await look(leastContrast, [inks, colors]);
    assert.ok(worst[0] >= 4.5, worst.join(" "));
  }
});

test("text is readable on the text's own colour, which stands for ours", async (t) => {
  await open();
  await showing(/ANNA-/);
  if (!(await browser.run(hasStyleQueries))) return t.skip("this browser has no style queries");
  const worst = await look(leastContrast, [{ "[part=panel]": "[part=panel]", "[part~=primary]": "[part~=primary]" }, ofText]);
  assert.ok(worst[0] >= 4.5, worst.join(" "));
});

/** Whether styles can ask for the value of a property. In the page. */
function hasStyleQueries() {
  const trial = document.body.appendChild(document.createElement("div"));
  const style = new CSSStyleSheet();
  style.replaceSync("i { display: block } @container style(--asked: y) { i { width: 7px } }");
  trial.attachShadow({ mode: "open" }).adoptedStyleSheets = [style];
  trial.style.setProperty("--asked", "y");
  const { width } = getComputedStyle(trial.shadowRoot.appendChild(document.createElement("i")));
  trial.remove();
  return width === "7px";
}

test("how far it is to a goal can be seen, 3:1 at least, in light and in dark", async () => {
  for (const scheme of ["light", "dark"]) {
    await open({ scheme });
    await showing(/1 more friend|2 more friends/);
    const [done, left] = await look((root) => {
      const bar = root.querySelector("progress");
      bar.scrollIntoView({ block: "center" });
      const { left, width, top, height } = bar.getBoundingClientRect();
      return [0.1, 0.9].map((part) => [(left + width * part) * devicePixelRatio, (top + height / 2) * devicePixelRatio]);
    });
    const ratio = await browser.run(async (picture, ...places) => {
      const image = new Image();
      image.src = `data:image/png;base64,${picture}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
      canvas.drawImage(image, 0, 0);
      const [low, high] = places.map(([x, y]) => {
        const [red, green, blue] = [...canvas.getImageData(x, y, 1, 1).data].map((value) => value / 255)
          .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      }).sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    }, await browser.picture(), done, left);
    await engine.picture(`progress-${scheme}`);
    assert.ok(ratio >= 3, `${ratio} in ${scheme}`);
  }
});
