// A shop whose page is what its address says (its body, its language, its tag's attributes, its program,
// its tracker's host), and visitors of it. Two programs have this one origin.
import { launch, person } from "./browser.mjs";
import { caller } from "./http.mjs";
import { startServer } from "./server.mjs";
import { openShop } from "./shop.mjs";
import { servePage } from "./static.mjs";

export async function openGuest() {
  const server = await startServer();
  let shop;
  const site = await servePage((path) => {
    const { searchParams } = new URL(path, "http://any");
    const asked = (name, otherwise) => searchParams.get(name) ?? otherwise;
    return `<!doctype html>
<html lang="${asked("lang", "en")}"><head><meta charset="utf-8"><title>A page</title>
<script async src="${asked("tracker", server.base)}/goodword.js" data-program="${asked("program", shop.id)}" ${asked("attributes", "")}></script></head>
<body>${searchParams.get("body")?.replaceAll("ID", shop.token({ sub: "anna", name: "Anna" }))}</body></html>`;
  });
  /** Another program of the same pages. */
  const open = (name, terms = {}) => openShop({ ...server, call: caller(server.base) }, name, { destination: `${site.origin}/`, origins: [site.origin], ...terms });
  shop = await open("guest");
  const { code } = await shop.enrol("anna", { name: "Anna" });
  const browser = await launch(["--host-resolver-rules=MAP launcher.test 127.0.0.1"]);

  /** The address of the page with that body. */
  const at = (body, parameters = {}) => `${site.origin}/?${new URLSearchParams({ body, ...parameters })}`;

  return {
    server, site, shop, code, open, at, claim: await shop.click(code),
    /** A new visitor's page with that body; `sent` are the requests since then. */
    async visit(body, parameters = {}, prepare = () => {}, options = {}) {
      const visited = await person(browser, options);
      const sent = [];
      visited.page.on("request", (request) => sent.push({ path: new URL(request.url()).pathname, body: request.postData() }));
      await prepare(visited);
      await visited.page.goto(at(body, parameters));
      await visited.page.waitForFunction(() => globalThis.goodword?.claim);
      return { ...visited, sent };
    },
    async close() {
      await browser.close();
      site.close();
      await server.stop();
    },
  };
}
