// A shop's page on an origin of its own, as plain as can be: one HTML page for every path.
import { once } from "node:events";
import { createServer } from "node:http";

/** `{ origin, close }`; `html` is called for every request, so that it may name what starts later. */
export async function servePage(html) {
  const server = createServer((request, response) => {
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(html(request.url));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
