// The scenarios of tests/scenarios that need no travel in time, against workerd: the same files
// that the rules and the handlers are checked with.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { root } from "../support/server.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const { base, vars } = await sharedTracker();
const newest = (secret) => secret.split(",")[0];

test("the scenarios hold over HTTP", async () => {
  const args = ["test", "--quiet", "--package", "goodword-scenarios", "--test", "levels", "running_tracker", "--", "--nocapture"];
  const env = {
    ...process.env,
    GOODWORD_BASE: base,
    GOODWORD_SECRET_KEY: newest(vars.SECRET_KEY),
    GOODWORD_OWNER_KEY: newest(vars.OWNER_KEY),
    GOODWORD_IDENTITY_SECRET: newest(vars.IDENTITY_SECRET),
  };
  const cargo = spawn("cargo", args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let written = "";
  for (const stream of [cargo.stdout, cargo.stderr]) stream.setEncoding("utf8").on("data", (text) => (written += text));
  const [status] = await once(cargo, "close");
  assert.equal(status, 0, written);
  console.log(written.split("\n").filter((line) => /scenarios/.test(line)).join("\n"));
});
