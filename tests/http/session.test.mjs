// The owner signs in: by the key, for a cookie, on the server that everybody shares; and by Cloudflare
// Access, on a workerd whose way out leads to a team of the test's own, so that the platform verifies
// real signatures by keys that it fetched.
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Miniflare, Response, convertV4MiniflareOptions } from "miniflare";
import { assertStatus, check } from "../support/check.mjs";
import { root } from "../support/server.mjs";
import { sharedTracker } from "../support/tracker.mjs";

/** What is deployed, its entry first. */
function filesOfWorker() {
  const folder = join(root, "build/worker");
  const files = readdirSync(folder, { recursive: true }).filter((path) => /\.(js|wasm)$/.test(path));
  files.sort((one, other) => (other === "entry.js") - (one === "entry.js"));
  return files.map((path) => ({
    type: path.endsWith(".js") ? "ESModule" : "CompiledWasm",
    path,
    contents: readFileSync(join(folder, path), path.endsWith(".js") ? "utf8" : null),
  }));
}

const { call, base, vars } = await sharedTracker();

test("the key is sent once, and the cookie does the rest", async () => {
  const refused = await call("POST", "/v1/session", { origin: "https://shop.example", body: { key: vars.OWNER_KEY } });
  assertStatus(refused, 403);
  const answer = assertStatus(await call("POST", "/v1/session", { origin: base, body: { key: vars.OWNER_KEY } }), 200);
  const cookie = answer.headers.get("set-cookie");
  assert.match(cookie, /^__Host-goodword-owner=[\w-]+; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict$/);
  assert.ok(!cookie.includes(vars.OWNER_KEY));
  const headers = { cookie: cookie.split(";")[0] };
  const { body } = assertStatus(await call("GET", "/v1/session", { headers }), 200);
  assert.ok(body.programs.includes("demo"));
  const settle = (origin) => call("POST", "/v1/programs/demo/settle", { origin, headers });
  assertStatus(await settle(base), 200);
  assertStatus(await settle("https://shop.example"), 403);
  assertStatus(await settle(), 403);
  const out = assertStatus(await call("DELETE", "/v1/session", { origin: base, headers }), 204);
  assert.match(out.headers.get("set-cookie"), /^__Host-goodword-owner=; Path=\/; Max-Age=0;/);
});

describe("Cloudflare Access", () => {
  const issuer = "https://tea.cloudflareaccess.com";
  const audience = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";
  const keys = ["one", "two"].map((kid) => ({ kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) }));
  const asked = [];
  let workerd;

  before(async () => {
    workerd = new Miniflare(convertV4MiniflareOptions({
      modules: filesOfWorker(),
      compatibilityDate: "2026-11-01",
      kvNamespaces: ["STORE"],
      bindings: { ...vars, ACCESS_TEAM: "tea", ACCESS_AUD: audience },
      outboundService: (request) => {
        asked.push(request.url);
        const [{ kid, publicKey }] = keys;
        return Response.json({ keys: [{ kid, use: "sig", alg: "RS256", ...publicKey.export({ format: "jwk" }) }], public_certs: [] });
      },
    }));
    await workerd.ready;
  });

  after(() => workerd?.dispose());

  const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

  function token({ key = keys[0], kid = key.kid, alg = "RS256", claims = {} } = {}) {
    const now = Math.floor(Date.now() / 1000);
    const all = { aud: [audience], iss: issuer, email: "olga@shop.example", iat: now, nbf: now, exp: now + 3600, type: "app", ...claims };
    const message = `${part({ alg, kid, typ: "JWT" })}.${part(all)}`;
    return `${message}.${sign("RSA-SHA256", Buffer.from(message), key.privateKey).toString("base64url")}`;
  }

  const get = async (jwt) => (await workerd.dispatchFetch("https://owner.shop.example/v1/session", { headers: { "cf-access-jwt-assertion": jwt } })).status;

  test("its keys are fetched once, and whom it lets in is the owner", async () => {
    assert.equal(await get(token()), 200);
    assert.equal(await get(token()), 200);
    assert.deepEqual(asked, [`${issuer}/cdn-cgi/access/certs`]);
  });

  check("who is not let in", [
    ["another application's token", { claims: { aud: ["another"] } }],
    ["another team's token", { claims: { iss: "https://evil.cloudflareaccess.com" } }],
    ["a token that has ended", { claims: { exp: Math.floor(Date.now() / 1000) - 1 } }],
    ["another key under a known name", { key: keys[1], kid: "one" }],
    ["a key that is not published", { key: keys[1] }],
    ["another algorithm's name", { alg: "HS256" }],
    ["no algorithm", { alg: "none" }],
  ], async (parts) => assert.equal(await get(token(parts)), 401));

  test("another page cannot act for them", async () => {
    const settle = (origin) => workerd.dispatchFetch("https://owner.shop.example/v1/programs/demo/settle", {
      method: "POST", headers: { "cf-access-jwt-assertion": token(), origin },
    });
    assert.equal((await settle("https://evil.example")).status, 403);
    assert.equal((await settle("https://owner.shop.example")).status, 404, "there is no program");
  });
});
