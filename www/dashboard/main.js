// The owner's dashboard: who is signed in, which program and view the address names, and the frame
// around a view. What a view shows is its own business (views/*.js, one file each).
import { Refused, ask, ofProgram } from "./api.js";
import { button, choice, field, h } from "./dom.js";
import { address, place } from "./place.js";
import { problem, sentence } from "./problems.js";
import { language, languages, preferred, speak, t } from "./texts.js";
import { advocates } from "./views/advocates.js";
import { conversions } from "./views/conversions.js";
import { data } from "./views/data.js";
import { numbers } from "./views/numbers.js";
import { ratings } from "./views/ratings.js";
import { reviews } from "./views/reviews.js";
import { rewards } from "./views/rewards.js";
import { signIn } from "./views/sign-in.js";
import { terms } from "./views/terms.js";
import { warnings } from "./views/warnings.js";
import { webhooks } from "./views/webhooks.js";

const views = { numbers, reviews, rewards, advocates, conversions, ratings, terms, webhooks, data };

const top = h("header", { class: "top" });
const alarms = h("div", { class: "alarms" });
const main = h("main", { id: "main" });
const said = h("p", { class: "said", role: "status" });
let programs = [];
let framed = "";

/** Milliseconds for which it stands there what was done: the view shows it, too. */
const said_ms = 10_000;
let hushing;

/** Says what came of something, for everybody to hear; a refusal in the reader's words. */
function tell(what) {
  const text = what instanceof Error ? sentence(what) : what;
  clearTimeout(hushing);
  said.textContent = "";
  // A text that is there already would not be read out again.
  requestAnimationFrame(() => { said.textContent = text; });
  hushing = setTimeout(() => { said.textContent = ""; }, said_ms);
}

async function open({ hasSignedIn = false } = {}) {
  try {
    ({ programs } = await ask("GET", "/v1/session"));
    await listNamed();
  } catch (refused) {
    if (refused.status === 401) return outside(hasSignedIn ? t("session_not_kept") : undefined);
    top.replaceChildren(brand());
    main.replaceChildren(h("h1", {}, "Goodword"), problem(refused), button(t("again"), () => open()));
    return;
  }
  framed = "";
  await show();
}

/** A program that was only just put may not be listed yet, but can be asked for by its name. */
async function listNamed() {
  const { program } = place();
  if (program === "" || programs.includes(program)) return;
  const isThere = await ask("GET", ofProgram(program)).then(() => true, () => false);
  if (isThere) programs.push(program);
}

function outside(hint) {
  top.replaceChildren(brand(), h("div", { class: "tools" }, languageChoice()));
  framed = "";
  document.title = `${t("sign_in")} – Goodword`;
  main.replaceChildren(signIn({ open, hint }));
}

const brand = () => h("span", { class: "brand" }, "Goodword");

function languageChoice() {
  const select = choice(languages.map(([tag, name]) => [tag, name]), language, { "aria-label": t("language") });
  select.addEventListener("change", async () => {
    await speak(select.value, true);
    await open();
  });
  return select;
}

/** Shows what the address names. */
async function show({ isMove = false } = {}) {
  const at = place();
  const program = programs.includes(at.program) ? at.program : programs[0];
  if (program === undefined) return nothingYet();
  const view = Object.hasOwn(views, at.view) ? at.view : "numbers";
  if (program !== at.program || view !== at.view) {
    history.replaceState(null, "", address(program, view));
    at.query = {};
  }
  frame(program, view);
  const heading = h("h1", { tabindex: "-1" }, t(`view_${view}`));
  const room = h("div", { "aria-busy": "true" }, h("p", { class: "empty" }, t("loading")));
  main.replaceChildren(heading, room);
  document.title = `${t(`view_${view}`)} – ${program} – Goodword`;
  if (isMove) heading.focus();
  const go = (query) => {
    const to = address(program, view, query);
    // The same once more is meant to look again.
    if (location.hash === to) show();
    else location.hash = to;
  };
  try {
    const document_ = await ask("GET", ofProgram(program));
    await views[view](room, { program, terms: document_, query: at.query, go, tell });
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    if (refused.status !== 401) room.replaceChildren(problem(refused), button(t("again"), () => show()));
  } finally {
    room.removeAttribute("aria-busy");
  }
}

/** Head, warnings and ways through the views; made anew when it is about another program. */
function frame(program, view) {
  if (framed !== `${program} ${language}`) {
    framed = `${program} ${language}`;
    const select = choice(programs.map((id) => [id, id]), program, { "aria-label": t("program") });
    select.addEventListener("change", () => { location.hash = address(select.value, place().view); });
    const names = Object.keys(views).map((name) => h("li", {}, h("a", { href: address(program, name), "data-view": name }, t(`view_${name}`))));
    top.replaceChildren(
      h("a", { class: "skip", href: "#main", click: (event) => { event.preventDefault(); main.querySelector("h1")?.focus(); } }, t("skip")),
      brand(),
      h("div", { class: "tools" }, select, languageChoice(), button(t("sign_out"), signOut)),
      h("nav", { "aria-label": t("views") }, h("ul", {}, names)),
      alarms,
    );
    warnings(alarms, { program });
  }
  for (const link of top.querySelectorAll("[data-view]")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function nothingYet() {
  top.replaceChildren(brand(), h("div", { class: "tools" }, languageChoice(), button(t("sign_out"), signOut)));
  const id = h("input", { type: "text", required: true, pattern: "[a-z0-9][a-z0-9\\-]{0,39}", maxlength: "40", autocomplete: "off", spellcheck: "false" });
  const room = h("div");
  const form = h("form", { submit: async (event) => {
    event.preventDefault();
    const made = id.value;
    await terms(room, { program: made, terms: starter(made), tell, saved: () => { programs = [made]; location.hash = address(made, "terms"); } });
  } }, field(t("program_id"), id, t("program_id_hint")), h("button", { class: "main" }, t("begin")));
  main.replaceChildren(h("h1", { tabindex: "-1" }, t("no_program")), h("p", {}, t("no_program_hint")), form, room);
}

/** Terms to begin with: everything that must be there, at its plainest. */
const starter = (id) => ({
  id, name: "My shop", status: "paused", starts_at: null, ends_at: null,
  destination: "https://shop.example/", origins: ["https://shop.example"],
  currency: "EUR", locales: ["en"], channels: ["whatsapp", "email", "sms"],
  attribution: { model: "last_click", window_days: 30, typed_code: "wins" },
  qualifies: { kind: "purchase", which: "first", minimum_minor: 0, new_customers_only: true, products: [] },
  hold_days: 14,
  advocate_reward: { gives: "credit", amount_minor: 1000 },
  friend_reward: { gives: "discount", amount_minor: 1000 },
  milestones: [], caps: [], boosts: [], groups: {},
  fraud: { block: ["self", "same_email", "existing_customer", "already_referred"], review: {} },
  second_level: null, experiments: [], texts: {},
});

async function signOut() {
  try {
    await ask("DELETE", "/v1/session");
    // Whoever is still known came through Cloudflare Access, which has a sign-out of its own.
    const isKnown = await ask("GET", "/v1/session").then(() => true, () => false);
    if (isKnown) return location.assign("/cdn-cgi/access/logout");
    outside(t("signed_out"));
    main.querySelector("input")?.focus();
  } catch (refused) {
    tell(refused);
  }
}

addEventListener("hashchange", () => show({ isMove: true }));
// A decision, terms or endpoints that were put may end a warning, or begin one.
addEventListener("goodword-changed", () => warnings(alarms, { program: place().program, again: true }));
// Whoever signs out while something is loading has signed out: the session did not end by itself.
addEventListener("goodword-signed-out", () => framed !== "" && outside(t("session_ended")));
await speak(preferred());
document.body.replaceChildren(top, main, said);
await open();
