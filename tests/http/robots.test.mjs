// Which agents are no persons: the collected robots of crawler-user-agents follow a link, and so do
// the browsers inside phones' apps. What the tracker's table says must be what isbot says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { isbot, list } from "isbot";
import { follow } from "../support/links.mjs";
import { root } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";
import { until } from "../support/until.mjs";

const require = createRequire(import.meta.url);
const collected = JSON.parse(readFileSync(join(root, "node_modules/crawler-user-agents/crawler-user-agents.json"), "utf8"));
const lines = (name) => {
  const text = readFileSync(join(root, "crates/goodword-tracker/robots", name), "utf8");
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
};

const tracker = await sharedTracker();
const { call } = tracker;
const shop = await openShop(tracker, "robots");
const { code, token } = await shop.enrol("anna");

/** How many of these agents are shown the page for robots; each of them follows the link. */
async function shown(agents) {
  const seen = [];
  for (let first = 0; first < agents.length; first += 50) {
    const some = agents.slice(first, first + 50);
    seen.push(...(await Promise.all(some.map(async (agent) => (await follow(call, code, "", { agent })).status === 200))));
  }
  return seen;
}

test("the list is that of the pinned version of isbot; if not, run cargo xtask robots", () => {
  const { version } = require("isbot/package.json");
  assert.equal(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies.isbot, version);
  const written = readFileSync(join(root, "crates/goodword-tracker/robots/isbot.txt"), "utf8");
  assert.ok(written.startsWith(`# isbot ${version} `), written.split("\n")[0]);
  assert.deepEqual(lines("isbot.txt"), list);
});

test("collected robots are known, and the table decides as isbot's expressions do", async (context) => {
  const ours = lines("ours.txt").map((pattern) => new RegExp(pattern, "i"));
  const agents = collected.flatMap(({ instances, tags = [] }) => instances.map((agent) => ({ agent, tags })));
  const before = (await shop.summary(token)).clicks;
  await shown(agents.map(({ agent }) => agent));
  const expected = agents.filter(({ agent }) => isbot(agent) || ours.some((pattern) => pattern.test(agent)));
  const missed = agents.filter((each) => !expected.includes(each));
  // Whoever is taken for a person was counted: exactly those that the expressions do not know either.
  await until("the last of them is counted", async () => {
    await shop.settle();
    return (await shop.summary(token)).clicks >= before + missed.length;
  });
  assert.equal((await shop.summary(token)).clicks, before + missed.length);
  const previews = ({ tags }) => tags.includes("social-preview");
  const [known, knownPreviews, allPreviews] = [expected, expected.filter(previews), agents.filter(previews)].map(({ length }) => length);
  context.diagnostic(`${known} of ${agents.length} robots (${((100 * known) / agents.length).toFixed(2)} %), ${knownPreviews} of ${allPreviews} previews`);
  assert.ok(known >= agents.length * 0.996, missed.map(({ agent }) => agent).join("\n"));
  // The one that is left is no robot: the browser inside Facebook's app, in the hands of a person.
  assert.ok(knownPreviews >= allPreviews - 1, missed.filter(previews).map(({ agent }) => agent).join("\n"));
});

test("browsers inside phones' apps are persons", async (context) => {
  const agents = lines("in-app.txt");
  assert.ok(agents.length >= 50);
  const flagged = (await shown(agents)).filter(Boolean).length;
  context.diagnostic(`${flagged} of ${agents.length} are taken for robots`);
  assert.equal(flagged, 0);
});
