// Waits for a condition instead of for a time. The deadline is generous: it only bounds how long a
// broken server can hold the tests up, and is no claim about speed.
import { setTimeout as sleep } from "node:timers/promises";

/** Calls `condition` until it gives something truthy, and gives that. */
export async function until(what, condition, { ms_max = 60_000, every_ms = 100, evidence = () => "" } = {}) {
  const start = Date.now();
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() - start > ms_max) throw new Error(`waited in vain for ${what}\n${evidence()}`);
    await sleep(every_ms);
  }
}
