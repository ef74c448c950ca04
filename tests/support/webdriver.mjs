// A browser of any make by the W3C's WebDriver protocol, which is JSON over HTTP: the few of its verbs
// that the tests need. Firefox speaks it through geckodriver, WebKit through WebKitWebDriver.
//
// Written here and not taken from a package, because those bring along a program for every system to
// fetch drivers with, tens of megabytes, and know neither a driver of WebKitGTK's nor how to find one.
import { spawn } from "node:child_process";
import { basename } from "node:path";
import { descendants, killTree, running } from "./processes.mjs";
import { freePort } from "./server.mjs";
import { until } from "./until.mjs";

/** Keys that are no letters, as the protocol names them. */
export const keys = { tab: "\uE004", enter: "\uE007", control: "\uE009", escape: "\uE00C" };

/**
 * Starts a driver, by another program where one has to stand before it, and one browser by that;
 * `capabilities` are the browser's.
 */
export async function openBrowser(driver, { before = [], capabilities }) {
  const port = await freePort();
  const [program, ...args] = [...before, driver, `--port=${port}`];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let written = "";
  let ended = null;
  child.once("error", (error) => (ended = error));
  child.once("exit", (status, signal) => (ended ??= { status, signal }));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (written += text));
    stream.unref();
  }
  child.unref();
  // A test that ends in the middle leaves no browser behind.
  process.once("exit", () => ended || killTree(child.pid));

  const ask = async (method, path, body) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const isReady = async () => {
    if (ended) throw new Error(`${program} ended early (${JSON.stringify(ended)}):\n${written}`);
    return (await ask("GET", "/status").catch(() => ({}))).ready;
  };
  await until(`${driver} to be ready`, isReady, { evidence: () => written });
  const { sessionId, capabilities: is } = await ask("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
  const of = (method, path, body) => ask(method, `/session/${sessionId}${path}`, body);

  return {
    name: `${is.browserName} ${is.browserVersion}`,
    goto: (url) => of("POST", "/url", { url }),
    reload: () => of("POST", "/refresh", {}),
    back: () => of("POST", "/back", {}),
    resize: (width, height) => of("POST", "/window/rect", { width, height }),
    /** Goes into the page's only frame, or out to the page. */
    frame: (isIn) => of("POST", "/frame", { id: isIn ? 0 : null }),

    /** Calls a function in the page and gives what its promise gives, as JSON. */
    async run(work, ...given) {
      const script = `const [done, ...given] = [...arguments].reverse();
        Promise.resolve().then(() => (${work})(...given.reverse())).then(
          (value) => done(JSON.stringify({ value })),
          (error) => done(JSON.stringify({ thrown: String(error) + error?.stack })));`;
      const { value, thrown } = JSON.parse(await of("POST", "/execute/async", { script, args: given }));
      if (thrown !== undefined) throw new Error(`in the page: ${thrown}`);
      return value;
    },

    /** Presses keys as a person would: one after the other is held down, then all are let go. */
    press(...pressed) {
      const down = pressed.map((value) => ({ type: "keyDown", value }));
      const up = pressed.toReversed().map((value) => ({ type: "keyUp", value }));
      return of("POST", "/actions", { actions: [{ type: "key", id: "keys", actions: [...down, ...up] }] });
    },

    /** Presses the main button at a place of the window. */
    click: (x, y) => of("POST", "/actions", {
      actions: [{
        type: "pointer", id: "mouse", parameters: { pointerType: "mouse" },
        actions: [{ type: "pointerMove", x: Math.round(x), y: Math.round(y) }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }],
      }],
    }),

    /** What the window shows: a PNG in base64. */
    picture: () => of("GET", "/screenshot"),

    /** Ends the browser, then the driver, then whatever started it. */
    async close() {
      await of("DELETE", "");
      for (const { pid, name } of descendants(child.pid)) if (basename(driver).startsWith(name)) process.kill(pid, "SIGTERM");
      await until(`${program} to end`, () => ended, { ms_max: 30_000, evidence: () => written });
    },
  };
}
