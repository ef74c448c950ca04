// GET and PUT of a program's terms by its owner, and the offer that pages read from them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, assertStatus, check, faultsOf, invalid } from "../support/check.mjs";
import { newest } from "../support/identity.mjs";
import { fullProgram, origin, percent, plainProgram, qualifies } from "../support/program.mjs";
import { freshId, openShop } from "../support/shop.mjs";
import { sharedTracker } from "../support/tracker.mjs";

const tracker = await sharedTracker();
const { call, vars } = tracker;
const owner = newest(vars.OWNER_KEY);

const put = (body, path = `/v1/programs/${body.id}`) => call("PUT", path, { key: owner, body });
const get = (id) => call("GET", `/v1/programs/${id}`, { key: owner });

/** The values of `expected` as they stand in `actual`, so that further fields of an answer do no harm. */
const within = (actual, expected) =>
  Array.isArray(expected) || expected === null || typeof expected !== "object"
    ? actual
    : Object.fromEntries(Object.keys(expected).map((key) => [key, within(actual?.[key], expected[key])]));

test("the contract's example comes back as it went in", async () => {
  const terms = fullProgram(freshId("full"));
  assertStatus(await put(terms), 200, 201);
  const { body } = assertStatus(await get(terms.id), 200);
  assert.deepEqual(within(body, terms), terms);
});

test("what GET gives, PUT takes", async () => {
  const terms = fullProgram(freshId("again"));
  assertStatus(await put(terms), 200, 201);
  const { body } = assertStatus(await get(terms.id), 200);
  assertStatus(await put(body), 200);
  assert.deepEqual((await get(terms.id)).body, body);
});

test("lists and review rules may be absent, and sides may get nothing", async () => {
  const terms = { ...plainProgram(freshId("least")), advocate_reward: null, friend_reward: null };
  for (const field of ["milestones", "caps", "boosts", "experiments"]) delete terms[field];
  assertStatus(await put(terms), 200, 201);
  const { body } = assertStatus(await get(terms.id), 200);
  assert.deepEqual(within(body, terms), terms);
});

test("a later PUT replaces the terms", async () => {
  const shop = await openShop(tracker, "later");
  await shop.put({ name: "Leaf & Kettle", texts: { en: { headline: "New" } } });
  const { body } = assertStatus(await get(shop.id), 200);
  assert.equal(body.name, "Leaf & Kettle");
  assert.deepEqual(body.texts, { en: { headline: "New" } });
});

test("an unknown program: 404", async () => assertProblem(await get(freshId("none")), 404, "not_found"));

const sound = plainProgram(freshId("sound"));
const server = newest(vars.SECRET_KEY);
check("only the owner's key opens the terms", [
  ["PUT without a key", "PUT", {}, 401],
  ["PUT with another key", "PUT", { key: "gw_ok_wrong" }, 401],
  ["PUT with the server's key", "PUT", { key: server }, [401, 403]],
  ["PUT with an empty key", "PUT", { headers: { authorization: "Bearer " } }, 401],
  ["PUT with the key under another scheme", "PUT", { headers: { authorization: `Basic ${owner}` } }, 401],
  ["PUT with the key's beginning", "PUT", { key: owner.slice(0, -1) }, 401],
  ["PUT with the key and more", "PUT", { key: `${owner}A` }, 401],
  ["GET without a key", "GET", {}, 401],
  ["GET with another key", "GET", { key: "gw_ok_wrong" }, 401],
], async (method, credentials, status) => {
  const body = method === "PUT" ? sound : undefined;
  assertProblem(await call(method, `/v1/programs/${sound.id}`, { ...credentials, body }), status, ["unauthorized", "forbidden"]);
});

// One fault each; a fault in a part is named by the whole path to it, a list's place counted from 0.
check("a fault is refused and its field named", [
  ["no name", { name: undefined }, "name"],
  ["a name of another type", { name: 7 }, "name"],
  ["an unknown status", { status: "running" }, "status"],
  ["an instant that is none", { starts_at: "tomorrow" }, "starts_at"],
  ["a destination that is no address", { destination: "shop" }, "destination"],
  ["a destination that runs script", { destination: "javascript:alert(1)" }, "destination"],
  ["an origin with a path", { origins: ["https://shop.example/tea"] }, "origins.0"],
  ["an origin with a wildcard", { origins: ["https://*.shop.example"] }, "origins.0"],
  ["a second origin that is none", { origins: [origin, "*"] }, "origins.1"],
  ["a currency that is none", { currency: "euro" }, "currency"],
  ["a channel that is none", { channels: ["whatsapp", "pigeon"] }, "channels.1"],
  ["an unknown model", { attribution: { model: "linear", window_days: 30, typed_code: "wins" } }, "attribution.model"],
  ["a window below zero", { attribution: { model: "last_click", window_days: -1, typed_code: "wins" } }, "attribution.window_days"],
  ["half a day", { attribution: { model: "last_click", window_days: 1.5, typed_code: "wins" } }, "attribution.window_days"],
  ["a hold below zero", { hold_days: -1 }, "hold_days"],
  ["a hold as text", { hold_days: "14" }, "hold_days"],
  ["an unknown kind", { qualifies: { ...sound.qualifies, kind: "visit" } }, "qualifies.kind"],
  ["an unknown which", { qualifies: { ...sound.qualifies, which: "second" } }, "qualifies.which"],
  ["a minimum below zero", { qualifies: { ...sound.qualifies, minimum_minor: -1 } }, "qualifies.minimum_minor"],
  ["a reward of an unknown kind", { friend_reward: { gives: "applause", amount_minor: 1 } }, "friend_reward.gives"],
  ["credit without an amount", { friend_reward: { gives: "credit" } }, "friend_reward.amount_minor"],
  ["a step without a reward", { advocate_reward: { steps: [{ from: 1 }] } }, "advocate_reward.steps.0.reward"],
  ["a step's amount below zero", { advocate_reward: { steps: [{ from: 1, reward: { gives: "credit", amount_minor: -5 } }] } }, "advocate_reward.steps.0.reward.amount_minor"],
  ["more than the whole order", { advocate_reward: { steps: [{ from: 1, reward: percent(10001) }] } }, "advocate_reward.steps.0.reward.basis_points"],
  ["a coupon that is no text", { coupon: 10 }, "coupon"],
  ["a text that a page would take for an instant", { texts: { en: { gone_at: "soon" } } }, "texts.en.gone_at"],
  ["a text under no name", { texts: { en: { "head line": "Tea" } } }, "texts.en.head line"],
  ["a text that names itself", { texts: { en: { headline: "Hi {t.headline}" } } }, "texts.en.headline"],
  ["a variant's text that names another", { experiments: [{ id: "words", variants: [{ id: "base", weight: 1 }, { id: "more", weight: 1, texts: { en: { lead: "{n.shares}" } } }] }] }, "experiments.0.variants.1.texts.en.lead"],
  ["an empty coupon", { coupon: "" }, "coupon"],
  ["a milestone at 0", { milestones: [{ at: 0, reward: { gives: "gift", label: "Tea" } }] }, "milestones.0.at"],
  ["a cap of an unknown side", { caps: [{ side: "both", period: "month", count: 2 }] }, "caps.0.side"],
  ["a cap of an unknown period", { caps: [{ side: "advocate", period: "week", count: 2 }] }, "caps.0.period"],
  ["a boost that ends before it begins", { boosts: [{ from: "2026-11-30T00:00:00Z", to: "2026-11-23T00:00:00Z", side: "advocate", factor_bp: 20000 }] }, "boosts.0.to"],
  ["a group's factor below zero", { groups: { staff: { factor_bp: -1 } } }, "groups.staff.factor_bp"],
  ["an unknown block rule", { fraud: { block: ["luck"], review: {} } }, "fraud.block.0"],
  ["an unknown field", { colour: "green" }, "colour", "unknown_field"],
  ["an unknown field of a part", { qualifies: { ...sound.qualifies, colour: "green" } }, "qualifies.colour", "unknown_field"],
  ["an unknown review rule", { fraud: { block: [], review: { phase_of_moon: 1 } } }, "fraud.review.phase_of_moon", "unknown_field"],
  ["another program's id", { id: "another" }, "id"],
], async (overrides, field, code = "invalid_field") => {
  const answer = await put({ ...sound, ...overrides }, `/v1/programs/${sound.id}`);
  assertProblem(answer, invalid, code);
  // Where one field's fault shows in two places (a reward's two amounts), either name helps.
  const named = faultsOf(answer);
  assert.ok(named.some((name) => name === field || name.startsWith(`${field}.`) || field.startsWith(`${name}.`)), `${field} is not among ${named}`);
  assertProblem(await get(sound.id), 404, "not_found");
});

test("every fault is named at once", async () => {
  const answer = await put({
    ...sound, name: "", currency: "euro", hold_days: -1, colour: "green",
    qualifies: { ...sound.qualifies, kind: "visit", minimum_minor: -1 },
  });
  assertProblem(answer, invalid, ["invalid_field", "unknown_field"], [
    "name", "currency", "hold_days", "colour", "qualifies.kind", "qualifies.minimum_minor",
  ]);
});

test("the offer shows what both sides get, and nothing that is the owner's alone", async () => {
  const shop = await openShop(tracker, "offer", {
    texts: { en: { headline: "Give €10, get €10" }, pl: { headline: "Podaruj 10 €" } },
    milestones: [{ at: 5, reward: { gives: "gift", label: "A tour of the tea house" } }],
    friend_reward: { gives: "discount", basis_points: 1500, at_most_minor: 2000 },
  });
  const { body } = assertStatus(await call("GET", `/v1/programs/${shop.id}/offer?locale=pl`, { origin }), 200);
  assert.deepEqual(within(body, { program: 1, name: 1, status: 1, locale: 1, currency: 1, model: 1, window_days: 1, texts: 1, inviter: null }), {
    program: shop.id, name: "Kettle & Leaf", status: "active", locale: "pl", currency: "EUR",
    model: "last_click", window_days: 30, texts: { headline: "Podaruj 10 €" }, inviter: null,
  });
  assert.deepEqual(body.channels, ["whatsapp", "telegram", "x", "email", "sms"]);
  assert.deepEqual(Object.keys(body.signs).sort(), body.channels.toSorted(), "the signs of these channels only");
  assert.deepEqual(body.advocate_reward, { steps: [{ from: 1, reward: { gives: "credit", value: { amount_minor: 1000, currency: "EUR" } } }] });
  assert.deepEqual(body.friend_reward, { gives: "discount", basis_points: 1500, at_most: { amount_minor: 2000, currency: "EUR" }, minimum: { amount_minor: 2000, currency: "EUR" } });
  assert.deepEqual(body.milestones, [{ at: 5, reward: { gives: "gift", value: { label: "A tour of the tea house" } } }]);
  for (const secret of ["fraud", "caps", "origins", "groups"]) assert.ok(!(secret in body), secret);
});

check("the offer's language falls back to one the program speaks, and tells that it does", [
  ["a region of a language it has", "?locale=pl-PL", "pl"],
  ["a language it has not", "?locale=ja", "en", false],
  ["nonsense", "?locale=%00%ff", "en", false],
  ["nothing between", "?locale=", "en", false],
  ["none", "", "en"],
  ["several, the second of which it has", "?locale=ja,pl", "pl"],
  ["Taiwan's Chinese", "?locale=zh-TW", "zh-Hant"],
  ["China's, as pages write it", "?locale=zh_CN", "zh-Hans"],
  ["Chinese of no country", "?locale=zh", "zh-Hans"],
], async (query, given, matches = true) => {
  const locales = ["en", "pl", "zh-Hant", "zh-Hans"];
  const texts = Object.fromEntries(locales.map((locale) => [locale, { headline: locale }]));
  const shop = await openShop(tracker, "locale", { locales, texts });
  const { body } = assertStatus(await call("GET", `/v1/programs/${shop.id}/offer${query}`, { origin }), 200);
  assert.deepEqual([body.locale, body.texts.headline, body.locale_matches], [given, given, matches]);
});

const least = { amount_minor: 2000, currency: "EUR" };
check("the offer tells what a friend has to do for it, and once what their order has to be worth", [
  ["buy", {}, [{ kind: "purchase", which: "first" }, least, undefined]],
  ["buy, where the friend gets nothing", { friend_reward: null }, [{ kind: "purchase", which: "first" }, undefined, least]],
  ["buy, where the advocate gets nothing", { advocate_reward: null }, [{ kind: "purchase", which: "first" }, least, undefined]],
  ["buy, for however little", { qualifies: qualifies({ minimum_minor: 0 }) }, [{ kind: "purchase", which: "first" }, undefined, undefined]],
  ["buy, as often as they like", { qualifies: qualifies({ which: "every", minimum_minor: 0 }) }, [{ kind: "purchase", which: "every" }, undefined, undefined]],
  ["buy, for a year", { qualifies: qualifies({ which: { months: 12 } }) }, [{ kind: "purchase", which: { months: 12 } }, least, undefined]],
  ["sign up, which costs nothing", { qualifies: qualifies({ kind: "signup" }) }, [{ kind: "signup", which: "first" }, undefined, undefined]],
], async (terms, told) => {
  const shop = await openShop(tracker, "kind", terms);
  const { body } = assertStatus(await call("GET", `/v1/programs/${shop.id}/offer`, { origin }), 200);
  assert.deepEqual([body.qualifies, body.friend_reward?.minimum, body.next_reward?.minimum], told);
  const { summary } = await shop.enrol("anna");
  assert.deepEqual(summary.offer.next_reward, body.next_reward);
});

test("an offer that depends on who asks says so, and is theirs with their code", async () => {
  const change = { friend_reward: { gives: "discount", amount_minor: 2000 }, texts: { en: { headline: "More" } } };
  const variants = [{ id: "base", weight: 1 }, { id: "more", weight: 9, ...change }];
  const shop = await openShop(tracker, "tried", { experiments: [{ id: "amount", variants }] });
  const asked = async (query) => assertStatus(await call("GET", `/v1/programs/${shop.id}/offer${query}`, { origin }), 200).body;
  const anybodys = await asked("");
  const { headline } = sound.texts.en;
  assert.deepEqual([anybodys.experiments, anybodys.friend_reward.value.amount_minor, anybodys.texts.headline], [true, 1000, headline]);
  const amounts = [];
  for (let at = 0; at < 20; at += 1) {
    const { code } = await shop.enrol(`advocate-${at}`);
    const { friend_reward, texts } = await asked(`?code=${code}`);
    const friends = assertStatus(await call("GET", `/v1/claims/${await shop.click(code)}`, { origin }), 200).body;
    assert.deepEqual(friend_reward, friends.friend_reward, "an advocate and their friends are offered the same");
    assert.equal(texts.headline, friend_reward.value.amount_minor === 2000 ? "More" : headline);
    amounts.push(friend_reward.value.amount_minor);
  }
  assert.ok(amounts.includes(2000), `${amounts}`);
});

test("the offer and the claim hold the boosts that run now, the advocate's own offer their group too", async () => {
  const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const boosts = [["friend", 15000, -1, 1], ["advocate", 20000, -1, 1], ["friend", 30000, 1, 2]].map(([side, factor_bp, from, to]) => ({ from: at(from), to: at(to), side, factor_bp }));
  const shop = await openShop(tracker, "boosted", { boosts, groups: { staff: { factor_bp: 15000 } } });
  const { body, headers } = assertStatus(await call("GET", `/v1/programs/${shop.id}/offer`, { origin }), 200);
  const minor = ({ value }) => value.amount_minor;
  assert.deepEqual([minor(body.advocate_reward.steps[0].reward), minor(body.friend_reward)], [2000, 1500]);
  assert.equal(headers.get("cache-control"), "public, max-age=60");
  const { code, summary } = await shop.enrol("sam", { group: "staff" });
  assert.equal(minor(summary.offer.advocate_reward.steps[0].reward), 3000);
  const claim = await shop.click(code);
  assert.equal(minor(assertStatus(await call("GET", `/v1/claims/${claim}`, { origin }), 200).body.friend_reward), 1500);
  assert.deepEqual((await shop.order({ claim })).rewards.map(minor), [3000, 1500]);
});

test("the offer names who invites, by the name their token gave", async () => {
  const shop = await openShop(tracker, "inviter");
  const { code } = await shop.enrol("anna", { name: "Anna" });
  const { body } = assertStatus(await call("GET", `/v1/programs/${shop.id}/offer?code=${code}`, { origin }), 200);
  assert.deepEqual(body.inviter, { code, name: "Anna" });
});

test("the offer of an unknown program: 404", async () => {
  assertProblem(await call("GET", `/v1/programs/${freshId("none")}/offer`, { origin }), 404, "not_found");
});

test("the offer is not for another site's pages", async () => {
  const shop = await openShop(tracker, "foreign");
  assertProblem(await call("GET", `/v1/programs/${shop.id}/offer`, { origin: "https://evil.example" }), 403, "forbidden_origin");
});
