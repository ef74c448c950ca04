// POST /v1/advocates and GET /v1/advocates/me: who becomes an advocate, from which pages, and what
// answers to a customer who enrols again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check, invalid } from "../support/check.mjs";
import { identityToken, newest, nowSeconds, respell } from "../support/identity.mjs";
import { origin } from "../support/program.mjs";
import { openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const { call, vars, base } = tracker;
const secret = newest(vars.IDENTITY_SECRET);
const shop = await openShop(tracker, "enrol");

const enrol = (body, more = { origin }) => call("POST", "/v1/advocates", { ...more, body: { program: shop.id, ...body } });

test("a signed customer gets a link, a code, a token and an empty summary", async () => {
  const { code, share_link, token, summary } = await shop.enrol("anna", { name: "Anna", email: "anna@mail.example" });
  assert.match(code, /^ANNA-[0-9A-HJKMNP-TV-Z]{9}$/);
  assert.equal(new URL(share_link).pathname, `/r/${code}`);
  assert.equal(new URL(share_link).port, new URL(base).port);
  assert.equal(typeof token, "string");
  const { program, display_name, status, clicks, shares, conversions, rewards, next_milestone } = summary;
  assert.deepEqual({ program, code: summary.code, share_link: summary.share_link, display_name, status }, {
    program: shop.id, code, share_link, display_name: "Anna", status: "active",
  });
  assert.deepEqual({ clicks, conversions, rewards, next_milestone }, { clicks: 0, conversions: 0, rewards: [], next_milestone: null });
  assert.equal(Object.values(shares).reduce((sum, count) => sum + count, 0), 0);
});

test("the link names nobody", async () => {
  const { share_link, code } = await shop.enrol("customer-4711", { email: "quiet@mail.example" });
  for (const personal of ["customer", "4711", "quiet", "mail"]) assert.ok(!share_link.toLowerCase().includes(personal), share_link);
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{9}$/);
});

test("the same customer, the same answer; another customer, another code", async () => {
  const first = await shop.enrol("ben", { name: "Ben" });
  const again = await shop.enrol("ben", { name: "Ben" });
  assert.equal(again.code, first.code);
  assert.equal(again.share_link, first.share_link);
  assert.equal((await shop.summary(again.token)).code, first.code);
  assert.notEqual((await shop.enrol("benjamin", { name: "Ben" })).code, first.code);
});

test("enrolled five times at once: one code", async () => {
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => shop.enrol("clara", { name: "Clara" })));
  assert.equal(new Set(answers.map(({ code }) => code)).size, 1);
});

test("enrolling again with less erases nothing", async () => {
  await shop.enrol("dora", { name: "Dora", email: "dora@mail.example" });
  const { token } = await shop.enrol("dora");
  assert.equal((await shop.summary(token)).display_name, "Dora");
});

test("the same customer in another program has another code", async () => {
  const other = await openShop(tracker, "enrol-other");
  assert.notEqual((await other.enrol("anna", { name: "Anna" })).code, (await shop.enrol("anna", { name: "Anna" })).code);
});

test("by e-mail: code and link, but no token and no figures, known or not", async () => {
  await shop.enrol("known", { email: "known@mail.example" });
  for (const email of ["known@mail.example", "unknown@mail.example"]) {
    const { body } = assertStatus(await enrol({ email }), 200, 201);
    assert.deepEqual([typeof body.code, typeof body.share_link, body.token, body.summary], ["string", "string", null, null], email);
  }
});

test("an e-mail's case and surrounding blanks make no second advocate", async () => {
  const { body: one } = assertStatus(await enrol({ email: "eve@mail.example" }), 200, 201);
  const { body: other } = assertStatus(await enrol({ email: " Eve@Mail.Example " }), 200, 201);
  assert.equal(other.code, one.code);
});

const now = nowSeconds();
const usual = { sub: "frank", aud: shop.id };
const signed = (claims, header, key = secret) => identityToken(key, { ...usual, ...claims }, header);
const [head, payload, signature] = signed({}).split(".");
check("an identity token that proves nothing is refused", [
  ["signed with another key", signed({}, {}, "another-secret")],
  ["signed with nothing", signed({}, {}, "")],
  ["alg none, no signature", `${signed({}, { alg: "none" }).split(".").slice(0, 2).join(".")}.`],
  ["alg none, signed", signed({}, { alg: "none" })],
  ["alg None", signed({}, { alg: "None" })],
  ["another algorithm's name", signed({}, { alg: "HS512" })],
  ["no algorithm", signed({}, { alg: undefined })],
  ["a critical header nobody knows", signed({}, { crit: ["exp2"], exp2: 1 })],
  ["another customer under an old signature", `${head}.${signed({ sub: "eve" }).split(".")[1]}.${signature}`],
  ["the signature cut", `${head}.${payload}.${signature.slice(0, -2)}`],
  ["no signature", `${head}.${payload}.`],
  ["two parts", `${head}.${payload}`],
  ["four parts", `${head}.${payload}.${signature}.${signature}`],
  ["the signature respelt", respell(signed({}))],
  ["the signature padded", `${signed({})}=`],
  ["a line break behind it", `${signed({})}\n`],
  ["for another program", signed({ aud: "another" })],
  ["for no program", signed({ aud: undefined })],
  ["expired", signed({ iat: now - 7200, exp: now - 60 })],
  ["expired beyond the leeway", signed({ iat: now - 600, exp: now - 6 })],
  ["issued in the future", signed({ iat: now + 600, exp: now + 1200 })],
  ["valid a second more than three hours", signed({ iat: now, exp: now + 3 * 3600 + 1 })],
  ["no exp", signed({ exp: undefined })],
  ["no iat", signed({ iat: undefined })],
  ["exp before iat", signed({ iat: now, exp: now - 1 })],
  ["exp as text", signed({ exp: String(now + 60) })],
  ["no sub", signed({ sub: undefined })],
  ["an empty sub", signed({ sub: "" })],
  ["sub as a number", signed({ sub: 7 })],
  ["not a token", "frank"],
  ["empty", ""],
], async (identity) => {
  const answer = await enrol({ identity });
  assertProblem(answer, [...invalid, 401], ["unauthorized", "invalid_field"]);
  assert.equal(answer.body.token, undefined);
});

check("an identity token at the edge of what is allowed is taken", [
  ["valid for exactly three hours", signed({ iat: now, exp: now + 3 * 3600 })],
  ["without typ", signed({}, { typ: undefined })],
  ["with fields nobody asked for", signed({ locale: "en", admin: false })],
], async (identity) => assertStatus(await enrol({ identity }), 200, 201));

test("a token signed with the older of two live secrets is as good", async () => {
  for (const live of vars.IDENTITY_SECRET.split(",")) assertStatus(await enrol({ identity: signed({}, {}, live) }), 200, 201);
});

check("which pages may enrol", [
  ["the program's origin", origin, true],
  ["another site", "https://evil.example", false],
  ["no origin", undefined, false],
  ["an origin that begins the same", "https://shop.example.evil.example", false],
  ["a subdomain", "https://www.shop.example", false],
  ["the same host without TLS", "http://shop.example", false],
  ["the same host on another port", "https://shop.example:8443", false],
  ["a sandboxed frame", "null", false],
], async (from, allowed) => {
  const answer = await enrol({ identity: signed({}) }, { origin: from });
  if (!allowed) return assertProblem(answer, 403, "forbidden_origin");
  assertStatus(answer, 200, 201);
  assert.equal(answer.headers.get("access-control-allow-origin"), from);
  assert.match(answer.headers.get("vary") ?? "", /\borigin\b/i);
});

test("JSON sent as text/plain is read, and needs no preflight", async () => {
  const text = JSON.stringify({ program: shop.id, identity: signed({}) });
  const answer = await call("POST", "/v1/advocates", { origin, text, headers: { "content-type": "text/plain;charset=UTF-8" } });
  assertStatus(answer, 200, 201);
});

check("a preflight is answered", [
  ["enrolment", "/v1/advocates", "POST", "content-type"],
  ["the panel's figures", "/v1/advocates/me", "GET", "authorization"],
  ["shares", "/v1/shares", "POST", "content-type"],
  ["clicks", "/v1/clicks", "POST", "content-type"],
], async (path, method, header) => {
  const asked = { "access-control-request-method": method, "access-control-request-headers": header };
  const answer = assertStatus(await call("OPTIONS", path, { origin, headers: asked }), 200, 204);
  const listed = (name) => (answer.headers.get(name) ?? "").toLowerCase().split(",").map((item) => item.trim());
  assert.ok([origin, "*"].includes(answer.headers.get("access-control-allow-origin")));
  assert.ok(listed("access-control-allow-methods").includes(method.toLowerCase()), "methods");
  assert.ok(listed("access-control-allow-headers").includes(header), "headers");
});

check("a body that enrols nobody", [
  ["neither identity nor e-mail", { identity: undefined }, invalid, "invalid_field"],
  ["an e-mail that is none", { email: "frank" }, invalid, "invalid_field"],
  ["an unknown field", { identity: signed({}), colour: "green" }, invalid, "unknown_field"],
  ["an unknown program", { program: "no-such-program", identity: signed({ aud: "no-such-program" }) }, [403, 404], ["not_found", "forbidden_origin"]],
], async (body, status, code) => assertProblem(await enrol(body), status, code));

check("the figures are the advocate's alone", [
  ["no token", {}],
  ["nonsense", { key: "nonsense" }],
  ["the shop's identity token", { key: signed({}) }],
  ["the server's key", { key: newest(vars.SECRET_KEY) }],
], async (credentials) => assertProblem(await call("GET", "/v1/advocates/me", { origin, ...credentials }), 401, "unauthorized"));

test("a token with one letter changed opens nothing", async () => {
  const { token } = await shop.enrol("grace");
  for (const at of [0, Math.floor(token.length / 2), token.length - 3]) {
    const changed = token.slice(0, at) + (token[at] === "x" ? "y" : "x") + token.slice(at + 1);
    assertProblem(await call("GET", "/v1/advocates/me", { origin, key: changed }), 401, "unauthorized");
  }
});

test("sixty enrolments a minute from one address pass", async () => {
  const address = "198.19.255.1";
  for (let count = 0; count < 60; count += 1) {
    assertStatus(await enrol({ identity: signed({ sub: `crowd-${count % 5}` }) }, { origin, address }), 200, 201);
  }
});
