// Letters to advocates on a real workerd: who gets which, what stands in them, and that a binding
// which takes none loses none.
//
// wrangler simulates Cloudflare's `send_email`: it gives each letter its Message-ID, keeps it, and
// sends nothing. It keeps what it was handed and makes no MIME message of it, so that how a subject is
// encoded, and DKIM, which are Cloudflare's to do, are not to be seen here: what is asserted is that
// the fields are whole and have one line. It refuses letters beyond `allowed_destination_addresses`
// as Cloudflare does, but neither a sender whose domain Cloudflare does not send for, nor more letters
// a day than an account may send, nor an address that is on its list of those who do not want any.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertStatus } from "../support/check.mjs";
import { caller } from "../support/http.mjs";
import { runXtask, startServer } from "../support/server.mjs";
import { openShop } from "../support/shop.mjs";
import { letterTo, lettersTo } from "../support/letters.mjs";
import { until } from "../support/until.mjs";

const from = "tea@shop.example";

const started = async (options) => {
  const server = await startServer(options);
  return { ...server, call: caller(server.base) };
};
const tracker = await started({ extra: ["--mail-from", from] });
process.once("beforeExit", () => tracker.stop());

const enrol = async (shop, email, locale) => {
  const body = { program: shop.id, email, locale };
  return assertStatus(await shop.call("POST", "/v1/advocates", { origin: shop.origin, body }), 200, 201).body;
};

/** The proof behind the hash sign of the page that a letter leads to. */
const proofIn = (text, destination) => {
  const [, page, proof] = /(https?:\S+)#goodword_token=([\w-]+)/.exec(text) ?? assert.fail(text);
  assert.equal(page, destination);
  return proof;
};

const plain = (html) => html.replace(/<[^>]*>/g, " ").replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">");

/** What every letter has, whatever it says. */
function isWhole(letter, to) {
  assert.equal(letter.from, from);
  assert.deepEqual(letter.to, [to]);
  assert.match(letter.messageId, /^<?[^<>@\s]+@shop\.example>?$/, "an id of the sender's domain");
  assert.ok(letter.subject.trim() !== "" && !/[\r\n]/.test(letter.subject), letter.subject);
  assert.deepEqual([letter.cc, letter.bcc, letter.attachments ?? []], [undefined, undefined, []]);
  assert.ok(!letter.text.includes("undefined") && !/[{}]/.test(letter.text + letter.html), letter.text);
  assert.match(letter.html, /^<!doctype html><html lang="[\w-]+" dir="(ltr|rtl)"><meta charset="utf-8">/);
  // Both say the same, so that it does not matter which one a reader's program shows.
  for (const line of letter.text.split("\n").filter((line) => line !== "" && !line.startsWith("http"))) {
    assert.ok(plain(letter.html).includes(line.replace(/:$/, "")), `${line}\n${letter.html}`);
  }
}

for (const [locale, subject, direction] of [["pl", "Twój link", "ltr"], ["ar", "رابطك في", "rtl"], ["zh-Hant-TW", "您的", "ltr"]]) {
  test(`who asks by e-mail gets the way to their figures, in ${locale}`, async () => {
    const shop = await openShop(tracker, "letters", { name: "Kettle & <Leaf> ☕ 茶", locales: ["en", locale] });
    const email = `carol-${locale.toLowerCase()}@mail.example`;
    const { code, share_link } = await enrol(shop, email, locale);
    const [letter] = await letterTo(email, tracker);
    isWhole(letter, email);
    assert.ok(letter.subject.startsWith(subject) || letter.subject.includes(subject), letter.subject);
    assert.ok(letter.subject.includes("Kettle & <Leaf> ☕ 茶"), letter.subject);
    assert.ok(letter.html.includes(`lang="${locale}" dir="${direction}"`), letter.html);
    assert.ok(letter.text.includes(share_link) && letter.html.includes(share_link), letter.text);
    const proof = proofIn(letter.text, shop.terms.destination);
    assert.ok(letter.html.includes(`href="${shop.terms.destination}#goodword_token=${proof}"`), letter.html);
    assert.equal((await shop.summary(proof)).code, code);
    // Asked for again within the hour: nobody fills somebody's box.
    await enrol(shop, email, locale);
    await enrol(shop, `other-${email}`, locale);
    await letterTo(`other-${email}`, tracker);
    assert.equal((await lettersTo(email, tracker)).length, 1);
  });
}

test("an advocate hears that a friend bought and that the reward is confirmed; the friend hears nothing", async () => {
  const shop = await openShop(tracker, "letters", { locales: ["zh", "en"], hold_days: 0 });
  const { code, share_link } = await enrol(shop, "dora@mail.example", "zh");
  const [link] = await letterTo("dora@mail.example", tracker);
  isWhole(link, "dora@mail.example");
  await shop.order({ claim: await shop.click(code), customer: { id: "ben", email: "ben@mail.example" } });
  await letterTo("dora@mail.example", tracker, 2);
  await shop.settle();
  const [, joined, reward] = await letterTo("dora@mail.example", tracker, 3);
  for (const letter of [joined, reward]) isWhole(letter, "dora@mail.example");
  assert.match(joined.subject, /购买|下单|朋友/, joined.subject);
  assert.ok(reward.text.includes("10 EUR") || reward.text.includes("10.00 EUR"), reward.text);
  assert.notEqual(joined.subject, reward.subject);
  const { conversions, rewards } = await shop.summary(proofIn(reward.text, shop.terms.destination));
  assert.deepEqual([conversions, rewards.map(({ status }) => status)], [1, ["confirmed"]]);
  assert.ok(share_link.endsWith(code));
  assert.deepEqual(await lettersTo("ben@mail.example", tracker), []);
});

test("a binding that takes no letter loses none, and says so without an address", async () => {
  const only = "owner@shop.example";
  const first = await started({ extra: ["--mail-from", from, "--mail-only-to", only] });
  const shop = await openShop(first, "refused");
  await enrol(shop, only, "en");
  await letterTo(only, first);
  const answer = await enrol(shop, "emil@mail.example", "en");
  assert.deepEqual([typeof answer.code, answer.token], ["string", null], "the answer knows nothing of letters");
  const cron = ({ call }) => call("POST", "/cdn-cgi/explorer/api/local/scheduled?worker=goodword", { body: { cron: "*/15 * * * *" } });
  for (let runs = 0; runs < 2; runs += 1) assertStatus(await cron(first), 200);
  assert.deepEqual(await lettersTo("emil@mail.example", first), []);
  await first.stop({ keep: true });

  const second = await started({ state: first.state, extra: ["--mail-from", from] });
  await until("the cron to send it", async () => {
    assertStatus(await cron(second), 200);
    return (await lettersTo("emil@mail.example", second)).length > 0;
  }, { ms_max: 180_000 });
  const [letter] = await lettersTo("emil@mail.example", second);
  isWhole(letter, "emil@mail.example");
  const me = await second.call("GET", "/v1/advocates/me", { key: proofIn(letter.text, shop.terms.destination), origin: shop.origin });
  assert.equal(assertStatus(me, 200).body.code, answer.code);
  const [line] = /\{[^{}]*"a letter was not sent"[^{}]*\}/.exec(first.written()) ?? assert.fail(first.written());
  assert.deepEqual(JSON.parse(line), { level: "error", what: "a letter was not sent", program: shop.id, detail: "the runtime gave no code" });
  const logs = [first.written(), second.written(), tracker.written()].join("\n");
  for (const personal of ["emil", "carol", "dora", "mail.example"]) assert.ok(!logs.includes(personal), logs);
  await second.stop();
});

test("letters for some need an address to be from", async () => {
  const { status, written } = await runXtask(["start", "--mail-only-to", "owner@shop.example"]);
  assert.notEqual(status, 0);
  assert.match(written, /--mail-from/);
});
