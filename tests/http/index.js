// `node --test tests/http/` comes here: every file of tests in one process, so that they share one
// server. A single file runs by itself as well.
import { readdirSync } from "node:fs";

const here = new URL(".", import.meta.url);
for (const name of readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort()) await import(new URL(name, here));
