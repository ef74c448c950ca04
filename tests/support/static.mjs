// A shop's pages on an origin of its own, as plain as can be.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { root } from "./server.mjs";

/** `{ origin, close }`; `html` is called for every request, so that it may name what starts later. */
export async function servePage(html) {
  const server = createServer((request, response) => {
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(html(request.url));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The page of that name in `tests/pages`; each `{{value}}` in it is filled in. */
export const pageOf = (name, values) =>
  readFileSync(join(root, "tests", "pages", `${name}.html`), "utf8").replace(/{{(\w+)}}/g, (_, value) => values[value]);
