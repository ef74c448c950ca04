// Makes bundled scripts smaller where they are: terser finds what esbuild has left, a fiftieth of the
// download. One process for all of them, because starting takes longer than the work.
import { readFile, writeFile } from "node:fs/promises";
import { minify } from "terser";

for (const path of process.argv.slice(2)) {
  // The loader is a plain script; all else are modules.
  const module = !path.endsWith("goodword.js");
  // Nothing in these scripts reads a property for what the reading does.
  const compress = { passes: 3, pure_getters: true };
  const { code } = await minify(await readFile(path, "utf8"), { module, ecma: 2020, compress });
  await writeFile(path, code);
}
