// Half of the HTTP tests in one process, so that they share one server; the two halves run side by side,
// because a server and who asks it keep one core busy. A single file runs by itself as well. What plays with
// a server of its own is in ../servers/.
import { readdirSync } from "node:fs";

const tests = new URL("../http/", import.meta.url);

/** Runs every second file of tests, from the first (0) or the second (1) on. */
export async function runHalf(first) {
  const names = readdirSync(tests).filter((name) => name.endsWith(".test.mjs")).sort();
  for (const [place, name] of names.entries()) {
    if (place % 2 === first) await import(new URL(name, tests));
  }
}
