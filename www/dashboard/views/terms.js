// The terms as JSON: edited, tried on the orders there are, saved. A fault is shown with its line,
// and leads there.
import { Refused, ask, ofProgram } from "../api.js";
import { decide } from "../dialog.js";
import { button, field, h } from "../dom.js";
import { count, money, none, percent } from "../format.js";
import { lineOf, placeOf, placesIn } from "../json-places.js";
import { problem } from "../problems.js";
import { named, t } from "../texts.js";
import { table } from "../table.js";

/** What was written and not saved, by program: another view may be looked at in between. */
const drafts = new Map();

addEventListener("beforeunload", (event) => {
  if (drafts.size > 0) event.preventDefault();
});

/** Fields in the sequence in which somebody reads them; the tracker answers them by their names. */
const sequence = [
  "id", "name", "status", "from", "to", "at", "starts_at", "ends_at", "destination", "origins", "currency", "locales", "channels",
  "attribution", "qualifies", "kind", "which", "side", "period", "hold_days", "gives", "advocate_reward", "friend_reward", "milestones",
  "caps", "boosts", "groups", "fraud", "second_level", "experiments", "texts",
];

function inSequence(_, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const rank = ([name]) => (sequence.includes(name) ? sequence.indexOf(name) : sequence.length);
  return Object.fromEntries(Object.entries(value).sort((one, other) => rank(one) - rank(other)));
}

export function terms(room, { program, terms: stored, tell, saved }) {
  const written = (document_) => JSON.stringify(document_, inSequence, 2);
  let kept = written(stored);
  const text = h("textarea", { class: "code", rows: "30", dir: "ltr", lang: "en", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off" });
  text.value = drafts.get(program) ?? kept;
  const state = h("p", { class: "quiet" });
  const result = h("div", { class: "result" });

  const note = () => {
    if (text.value === kept) drafts.delete(program);
    else drafts.set(program, text.value);
    state.textContent = t(drafts.has(program) ? "unsaved" : "saved_state");
    discard.hidden = !drafts.has(program);
  };
  const goTo = ([start, end]) => {
    text.focus();
    text.setSelectionRange(start, end);
    // A line's height, so that the selection is not at the very edge.
    text.scrollTop = (text.scrollHeight / text.value.split("\n").length) * (lineOf(text.value, start) - 4);
  };
  const faults = (entries) => h("div", { class: "problem", role: "alert" },
    h("p", {}, t("faults", { n: count(entries.length) })),
    h("ul", {}, entries.map(({ at, name, detail }) => h("li", {},
      h("button", { type: "button", class: "link", click: () => goTo(at) }, t("line_n", { n: count(lineOf(text.value, at[0])) })),
      " ", name && h("code", { dir: "ltr" }, name), " ", h("span", { lang: detail.lang }, detail.text)))),
  );

  /** Asks with what is written; shows every fault at its field. */
  const send = async (method, rest) => {
    const { found, wrongAt } = placesIn(text.value);
    if (wrongAt !== null) {
      result.replaceChildren(faults([{ at: [wrongAt, wrongAt + 1], name: "", detail: { text: t("not_json") } }]));
      return null;
    }
    try {
      return await ask(method, ofProgram(program, rest), text.value);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      result.replaceChildren(refused.faults.length > 0
        ? faults(refused.faults.map((fault) => ({ at: placeOf(found, fault.field), name: fault.field, detail: { text: fault.detail, lang: "en" } })))
        : problem(refused));
      return null;
    }
  };

  const tryOut = button(t("what_if"), async () => {
    result.replaceChildren(h("p", { class: "empty" }, t("loading")));
    const answer = await send("POST", "/what-if");
    if (answer === null) return;
    result.replaceChildren(compared(answer));
    tell(t("what_if_done"));
  });
  const save = button(t("save"), async () => {
    const sure = await decide({ title: t("save_asked", { program }), detail: t("save_asked_detail"), confirm: t("save") });
    if (sure === null) return;
    const answer = await send("PUT", "");
    if (answer === null) return;
    kept = written(answer);
    text.value = kept;
    note();
    result.replaceChildren(h("p", { class: "good" }, t("saved")));
    tell(t("saved"));
    dispatchEvent(new Event("goodword-changed"));
    saved?.();
  }, { class: "main" });
  const discard = button(t("discard"), () => {
    text.value = kept;
    result.replaceChildren();
    note();
    text.focus();
  });
  text.addEventListener("input", note);
  note();

  room.replaceChildren(
    h("p", {}, t("terms_hint"), " ", h("a", { href: "/openapi.json" }, "openapi.json")),
    field(t("view_terms"), text), state,
    h("p", { class: "actions" }, tryOut, save, discard),
    result,
  );
}

/** What the terms in force and the others make of the same orders. */
function compared({ orders, complete, present, other }) {
  const roi = ({ roi: { numerator, denominator } }) => (denominator === 0 ? none : percent(numerator / denominator));
  const rows = [
    [t("m_orders_attributed"), ({ conversions }) => count(conversions)],
    [t("m_referred_revenue"), ({ revenue }) => money(revenue)],
    [t("m_reward_cost"), ({ cost }) => money(cost)],
    [t("m_roi"), roi],
  ];
  const gifts = new Map();
  for (const { rewards } of [present, other]) {
    for (const { side, gives, unit } of rewards) gifts.set(`${side} ${gives} ${unit}`, { side, gives, unit });
  }
  for (const [key, { side, gives, unit }] of gifts) {
    const isMoney = ["money", "credit", "discount", "coupon"].includes(gives);
    rows.push([`${named("side", side)}: ${named("gives", gives)}`, ({ rewards }) => {
      const found = rewards.find((one) => `${one.side} ${one.gives} ${one.unit}` === key);
      if (!found) return none;
      const amount = isMoney ? money({ amount_minor: found.amount, currency: unit }) : `${count(found.amount)} ${unit ?? ""}`;
      return [amount, h("small", {}, t("times_n", { n: count(found.count) }))];
    }]);
  }
  const reasons = new Set([present, other].flatMap(({ unattributed }) => Object.keys(unattributed)));
  for (const reason of reasons) rows.push([named("reason", reason), ({ unattributed }) => count(unattributed[reason] ?? 0)]);
  return h("section", {},
    h("h2", {}, t("what_if_title")),
    h("p", {}, t("what_if_orders", { n: count(orders) }), " ", !complete && t("what_if_incomplete")),
    table(t("what_if_title"), [
      { head: t("number"), cell: ([name]) => name },
      { head: t("terms_present"), numbers: true, cell: ([, of]) => of(present) },
      { head: t("terms_other"), numbers: true, cell: ([, of]) => of(other) },
    ], rows).frame,
  );
}
