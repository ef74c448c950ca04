// Every order that was reported, whose it is, and if nobody's, why.
import { ask, ofProgram, withQuery } from "../api.js";
import { choice, field, h } from "../dom.js";
import { moment, money, none } from "../format.js";
import { address } from "../place.js";
import { list, table } from "../table.js";
import { named, t } from "../texts.js";

const outcomes = ["attributed", "unattributed", "unverified"];
const page = 100;

export async function conversions(room, { program, query, go, tell }) {
  const outcome = choice([["", t("any")], ...outcomes.map((name) => [name, t(`outcome_${name}`)])], query.outcome ?? "");
  const code = h("input", { type: "search", value: query.code ?? "", autocomplete: "off", spellcheck: "false" });
  const from = h("input", { type: "date", value: query.from ?? "" });
  const to = h("input", { type: "date", value: query.to ?? "" });
  const search = h("form", { class: "search", submit: (event) => {
    event.preventDefault();
    go({ outcome: outcome.value, code: code.value.trim(), from: from.value, to: to.value });
  } }, field(t("outcome"), outcome), field(t("code"), code), field(t("from"), from), field(t("to"), to), h("button", { class: "main" }, t("show")));
  const results = h("div");
  room.replaceChildren(search, results);
  const begin = query.from && `${query.from}T00:00:00Z`;
  // The last day is meant to be there as well.
  const end = query.to && new Date(Date.parse(query.to) + 86_400_000).toISOString();
  await list(results, {
    load: (cursor) => ask("GET", withQuery(ofProgram(program, "/conversions"), { outcome: query.outcome, code: query.code, from: begin, to: end, limit: page, cursor })),
    show: (data) => table(t("view_conversions"), columns(program), data),
    tell,
  });
}

const columns = (program) => [
  { head: t("order"), cell: ({ order_id, conversion_id, kind }) => [order_id ?? conversion_id, kind && h("small", {}, named("kind", kind))] },
  { head: t("when"), cell: ({ occurred_at }) => moment(occurred_at) },
  { head: t("value"), numbers: true, cell: ({ value, refunds }) => [value ? money(value) : none, refunds.map((refund) => h("small", {}, t("refunded", { value: money(refund.value) })))] },
  { head: t("outcome"), cell: ({ outcome, reason }) => [h("span", { class: `badge ${outcome}` }, named("outcome", outcome)), reason && h("small", {}, named("reason", reason))] },
  { head: t("code"), cell: ({ code }) => (code ? h("a", { href: address(program, "advocates", { code }) }, code) : none) },
];
