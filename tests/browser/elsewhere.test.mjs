// The tag in a page of another origin than the tracker's, as on a site that is not Cloudflare's: the
// panel stands, copying works, the share is reported. Everything crosses origins here.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, launch, person, picture, showing } from "../support/browser.mjs";
import { caller } from "../support/http.mjs";
import { startServer } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";
import { servePage } from "../support/static.mjs";
import { until } from "../support/until.mjs";

describe("a page on another origin", () => {
  let server, browser, site, shop, anna, ben;
  const panel = () => anna.page.locator("good-word");

  before(async () => {
    server = await startServer();
    const tracker = { ...server, call: caller(server.base) };
    site = await servePage((path) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A plain site</title>
<script async crossorigin src="${server.base}/goodword.js" data-program="${shop.id}"></script></head>
<body><main><h1>A plain site</h1>
${path.startsWith("/friend") ? "<good-word-welcome></good-word-welcome>" : `<good-word identity="${shop.token({ sub: "anna", name: "Anna" })}"></good-word>`}
</main></body></html>`);
    shop = await openShop(tracker, "elsewhere", { destination: `${site.origin}/friend`, origins: [site.origin] });
    browser = await launch();
    anna = await person(browser);
    ben = await person(browser);
    await anna.context.route((url) => ![server.base, site.origin].includes(url.origin), (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>elsewhere</title>" }));
  });

  after(async () => {
    await browser?.close();
    site?.close();
    await server?.stop();
  });

  test("the panel stands, with the link of the tracker's origin", async () => {
    await anna.page.goto(`${site.origin}/`);
    assert.ok((await showing(panel(), /\/r\/ANNA-/)).includes(`${server.base}/r/ANNA-`));
    await accessible(anna.page, "the panel on another origin");
    await picture(anna.page, "7-elsewhere");
  });

  test("what the loader asks for goes by the loader's own connection", async () => {
    const visited = await person(browser);
    const session = await visited.context.newCDPSession(visited.page);
    await session.send("Network.enable");
    const connections = new Map();
    session.on("Network.responseReceived", ({ response: { url, connectionId } }) => connections.set(url.replace(server.base, ""), connectionId));
    await visited.page.goto(`${site.origin}/`);
    await showing(visited.page.locator("good-word"), /\/r\/ANNA-/);
    const { "/goodword.js": loader, ...others } = Object.fromEntries(connections);
    assert.ok(Object.values(others).includes(loader), JSON.stringify([...connections]));
    assert.deepEqual(visited.faults, []);
    await visited.close();
  });

  test("copying works", async () => {
    await panel().getByRole("button", { name: /copy/i }).first().click();
    await showing(panel(), /copied/i);
    assert.match(await anna.page.evaluate(() => navigator.clipboard.readText()), /\/r\/ANNA-/);
  });

  test("a share is reported and comes to stand in the figures", async () => {
    const reported = anna.page.waitForResponse((response) => response.url() === `${server.base}/v1/shares` && response.request().method() === "POST"
      && response.request().postData().includes("whatsapp"));
    await panel().getByRole("link", { name: /WhatsApp/ }).or(panel().getByRole("button", { name: /WhatsApp/ })).first().click();
    assert.equal((await reported).status(), 202);
    const { token } = await shop.enrol("anna");
    await until("the share in the figures", async () => {
      await shop.settle();
      return (await shop.summary(token)).shares.whatsapp === 1;
    });
  });

  test("a friend is greeted there", async () => {
    await ben.page.goto((await shop.enrol("anna")).share_link);
    await showing(ben.page.locator("good-word-welcome"), /Anna/);
    assert.equal(new URL(ben.page.url()).origin, site.origin);
    await ben.page.waitForFunction(() => !location.search.includes("gw="));
    await picture(ben.page, "7-elsewhere-friend");
  });

  test("nothing was written to the console, nothing was thrown", () => {
    assert.deepEqual({ anna: anna.faults, ben: ben.faults }, { anna: [], ben: [] });
  });
});
