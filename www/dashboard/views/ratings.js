// How likely advocates are to recommend the shop: what all answers say together, and what each wrote,
// the low ones first of all.
import { ask, ofProgram, withQuery } from "../api.js";
import { choice, field, h } from "../dom.js";
import { count, decimal, moment, none, parts, percent } from "../format.js";
import { address } from "../place.js";
import { list, table } from "../table.js";
import { t } from "../texts.js";

const leanings = ["detractor", "passive", "promoter"];
const page = 100;

export async function ratings(room, { program, query, go, tell }) {
  const leaning = [...leanings, "any"].includes(query.leaning) ? query.leaning : "detractor";
  const wanted = choice([...leanings.map((name) => [name, t(`leaning_${name}`)]), ["any", t("any")]], leaning);
  const from = h("input", { type: "date", value: query.from ?? "" });
  const to = h("input", { type: "date", value: query.to ?? "" });
  const search = h("form", { class: "search", submit: (event) => {
    event.preventDefault();
    go({ leaning: wanted.value, from: from.value, to: to.value });
  } }, field(t("leaning"), wanted), field(t("from"), from), field(t("to"), to), h("button", { class: "main" }, t("show")));
  const together = h("div");
  const results = h("div");
  room.replaceChildren(h("p", { class: "quiet" }, t("ratings_hint")), search, together, h("h2", {}, t("ratings_each")), results);
  const begin = query.from && `${query.from}T00:00:00Z`;
  // The last day is meant to be there as well.
  const end = query.to && new Date(Date.parse(query.to) + 86_400_000).toISOString();
  await list(results, {
    load: async (cursor) => {
      const found = await ask("GET", withQuery(ofProgram(program, "/ratings"), { leaning: leaning === "any" ? "" : leaning, from: begin, to: end, limit: page, cursor }));
      if (cursor === "") together.replaceChildren(...all(found));
      return found;
    },
    show: (data) => table(t("ratings_each"), columns(program), data),
    tell,
  });
}

/** The score is written as it is known, from -100 to 100 without a sign for percent. */
function all({ total, complete }) {
  const { numerator, denominator, value } = total.net_promoter_score;
  const tile = (name, text, small) => h("div", { class: "tile" }, h("dt", {}, name), h("dd", {}, text, small && h("small", {}, small)));
  const share = (name, n) => tile(t(name), count(n), denominator > 0 && percent(n / denominator));
  const most = Math.max(1, ...total.scores);
  const rows = total.scores.map((n, score) => ({ n, score }));
  return [
    !complete && h("p", { class: "alarm" }, t("ratings_incomplete")),
    h("dl", { class: "tiles" },
      tile(t("nps"), value === null ? none : decimal(value * 100), parts(t("nps_parts", { promoters: count(total.promoters), detractors: count(total.detractors), net: count(numerator) }), count(denominator))),
      tile(t("ratings_n"), count(total.ratings)),
      share("leaning_promoter", total.promoters), share("leaning_passive", total.passives), share("leaning_detractor", total.detractors),
    ),
    h("details", {}, h("summary", {}, t("ratings_by_score")), table(t("ratings_by_score"), [
      { head: t("rating"), cell: ({ score }) => count(score) },
      { head: t("ratings_n"), numbers: true, cell: ({ n }) => [h("meter", { max: most, value: n, "aria-hidden": "true" }), " ", count(n)] },
    ], rows).frame),
  ].filter(Boolean);
}

const columns = (program) => [
  { head: t("rating"), cell: ({ score }) => count(score) },
  { head: t("comment"), cell: ({ comment }) => h("span", { dir: "auto" }, comment ?? none) },
  { head: t("code"), cell: ({ code }) => h("a", { href: address(program, "advocates", { code }) }, code) },
  { head: t("when"), cell: ({ rated_at }) => moment(rated_at) },
];
