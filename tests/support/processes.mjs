// Which processes a program has started, read from /proc, so that a test can see that none outlives
// it and can kill the one it means. Only processes below one the tests started are ever touched.
import { readdirSync, readFileSync } from "node:fs";

function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in parentheses and may hold any character, so the fields count from the last one.
    const end = text.lastIndexOf(")");
    const [state, parent] = text.slice(end + 2).split(" ");
    return { pid, name: text.slice(text.indexOf("(") + 1, end), state, parent: Number(parent) };
  } catch {
    return null;
  }
}

/** Whether a process is there and is not merely waiting for its parent to collect it. */
export function running(pid) {
  const stat = statOf(pid);
  return stat !== null && stat.state !== "Z" && stat.state !== "X";
}

/** A process and everything below it, parents before children: `{ pid, name }`. */
export function descendants(pid) {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => statOf(Number(name))).filter(Boolean);
  const found = all.filter((stat) => stat.pid === pid);
  for (const parent of found) found.push(...all.filter((stat) => stat.parent === parent.pid));
  return found;
}

/** Ends a tree of processes at once. */
export function killTree(pid) {
  for (const stat of descendants(pid)) {
    try {
      process.kill(stat.pid, "SIGKILL");
    } catch {
      // It ended by itself between the look and the kill.
    }
  }
}
