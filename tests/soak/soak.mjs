// Days of a shop until so many orders are reported, each day with a KV of its own: the KV that runs
// on this machine reads all its keys for every list, so a day of 100,000 orders would take a week.
// Run by `cargo xtask soak [--orders N]`; it talks to this machine alone and ends by itself.
import { parseArgs } from "node:util";
import { liveDay } from "./day.mjs";

/** Orders of a day: with more of them each takes noticeably longer, with fewer the starts do. */
const orders_per_day = 2_000;

const { values } = parseArgs({ options: { orders: { type: "string", default: "300" } } });
const orders_max = Number(values.orders);
if (!Number.isInteger(orders_max) || orders_max < 1) throw new Error(`--orders ${values.orders} is no number of orders`);

const start = Date.now();
const sums = {};
const faults = { lost: 0, doubled: 0, invented: 0, changed: 0 };
for (let done = 0; done < orders_max; done += orders_per_day) {
  const { counts, wrong } = await liveDay(Math.min(orders_per_day, orders_max - done));
  for (const [what, count] of Object.entries(counts)) sums[what] = (sums[what] ?? 0) + count;
  for (const [what, list] of Object.entries(wrong)) {
    faults[what] += list.length;
    for (const each of list.slice(0, 10)) console.log(`  ${what}: ${each}`);
  }
  console.log(`  ${told()}`);
}
console.log(
  `${told()}: ${faults.lost} lost, ${faults.doubled} doubled, ${faults.invented} invented, ${faults.changed} answered otherwise`,
);
process.exitCode = Object.values(faults).every((count) => count === 0) ? 0 : 1;

function told() {
  const { acknowledged, again, refunds, kills, unanswered, settlements } = sums;
  const seconds = Math.round((Date.now() - start) / 1_000);
  return (
    `${acknowledged} orders acknowledged in ${seconds} s, ${again} told again, ${refunds} given back, ` +
    `${kills} kills, ${unanswered} calls unanswered, ${settlements} settlements`
  );
}
