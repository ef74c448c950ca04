// Starts the development server the way a newcomer does (`cargo xtask start`), on a free port and
// with its state in a folder of its own, and takes it down again: politely (stop) or the way a power
// cut does (kill). What the server answers is not looked at here.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { descendants, killTree, running } from "./processes.mjs";
import { until } from "./until.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

// A first build on a slow machine is minutes; a server that is already built takes seconds.
const ready_ms_max = 15 * 60_000;
const stop_ms_max = 30_000;

/** The path of the xtask program: `XTASK`, or where cargo puts it. */
export function xtask() {
  const path = process.env.XTASK ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug", "xtask");
  if (!existsSync(path)) throw new Error(`${path} is not there: run \`cargo build -p xtask\` or set XTASK`);
  return path;
}

/** A port nobody listens on at this moment. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** A folder for one server's keys and KV, below the system's temporary folder. */
export const temporaryState = () => mkdtempSync(join(tmpdir(), "goodword-test-"));

/** `NAME=value` lines; a value may stand in double quotes, two live secrets are `new,old`. */
export function readVars(path) {
  const vars = {};
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const found = /^\s*([A-Z_][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (found) vars[found[1]] = found[2].replace(/^"(.*)"$/, "$1");
  }
  return vars;
}

/** Everything a run of xtask wrote, and how it ended. For the cases in which it is to fail. */
export async function runXtask(args) {
  const child = spawn(xtask(), args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (written += text));
  const [status] = await once(child, "close");
  return { status, written };
}

/**
 * Starts a server and waits until it says that it is ready.
 * `state` given: the same keys and the same KV as an earlier server's.
 */
export async function startServer({ state = temporaryState(), port, extra = [] } = {}) {
  port ??= await freePort();
  // A process group of its own, so that an interrupt reaches what a terminal's Ctrl-C would reach.
  const child = spawn(xtask(), ["start", "--port", String(port), "--state", state, ...extra], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let written = "";
  let ended = null;
  child.once("exit", (status, signal) => (ended = { status, signal }));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (written += text));
    stream.unref();
  }
  // A running server by itself keeps no test process alive.
  child.unref();
  // A test that ends in the middle leaves no server behind.
  process.once("exit", () => running(child.pid) && killTree(child.pid));

  const base = await until(
    "the line `ready: http://…`",
    () => {
      if (ended) throw new Error(`start ended early (${JSON.stringify(ended)}):\n${written}`);
      return /^ready: (http:\/\/\S+?)\/?\s*$/m.exec(written)?.[1];
    },
    { ms_max: ready_ms_max, evidence: () => written },
  );
  const vars = readVars(join(state, ".dev.vars"));

  return {
    base,
    port,
    state,
    vars,
    /** What start has written so far. */
    written: () => written,
    /** The processes below xtask, itself included, as they are now. */
    processes: () => descendants(child.pid),
    /** Ctrl-C: an interrupt to the whole group; resolves when nothing of it is left. */
    async stop({ keep = false } = {}) {
      const tree = descendants(child.pid);
      if (!ended) process.kill(-child.pid, "SIGINT");
      await until("the server's processes to be gone", () => tree.every(({ pid }) => !running(pid)), {
        ms_max: stop_ms_max,
        evidence: () => tree.filter(({ pid }) => running(pid)).map(({ pid, name }) => `${pid} ${name}`).join("\n") + "\n" + written,
      }).catch((error) => {
        for (const { pid } of tree) if (running(pid)) process.kill(pid, "SIGKILL");
        throw error;
      });
      if (!keep) rmSync(state, { recursive: true, force: true });
    },
    /** `kill -9`: workerd first, in the middle of whatever it was doing, then all the rest. */
    async kill() {
      const tree = descendants(child.pid);
      const workers = tree.filter(({ name }) => name.startsWith("workerd"));
      if (workers.length === 0) throw new Error(`no workerd below ${child.pid}: ${tree.map(({ name }) => name)}`);
      for (const { pid } of [...workers, ...tree]) if (running(pid)) process.kill(pid, "SIGKILL");
      await until("the killed processes to be gone", () => tree.every(({ pid }) => !running(pid)), { ms_max: stop_ms_max });
    },
  };
}
