// `node --test tests/browser/` comes here: every file of tests, one after another.
import { readdirSync } from "node:fs";

const here = new URL(".", import.meta.url);
for (const name of readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort()) await import(new URL(name, here));
