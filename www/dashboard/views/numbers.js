// The numbers: the few that matter most, a line through the days, every rate with what it was divided
// from, and the same by channel, device, group, variant or advocate; of an experiment, what may be said.
import { ask, ofProgram, withQuery } from "../api.js";
import { choice, field, h } from "../dom.js";
import { chart } from "../chart.js";
import { count, day, decimal, digits, duration, moment, money, none, parts, percent, points } from "../format.js";
import { problem } from "../problems.js";
import { named, t } from "../texts.js";
import { table } from "../table.js";
import { address } from "../place.js";

const day_ms = 86_400_000;
const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);

const counts = ["advocates", "shares", "clicks", "people", "orders", "orders_attributed", "friends"];
const sums = ["referred_revenue", "reward_cost"];
const dimensions = ["channel", "device", "group", "variant", "advocate"];
/** Rows of a comparison that are shown at first. */
const rowsFirst = 50;

// How a rate is written, and both of its parts.
const ofCounts = (write) => ({ write, part: count, under: count });
const rates = {
  participation: ofCounts(percent), share_rate: ofCounts(percent), shares_per_advocate: ofCounts(decimal),
  clicks_per_share: ofCounts(decimal), conversion_rate: ofCounts(percent), referral_rate: ofCounts(percent),
  repeat_advocates: ofCounts(percent), friends_per_share: ofCounts(decimal), k_factor: ofCounts(decimal),
  cost_per_customer: { write: money, part: money, under: count }, roi: { write: percent, part: money, under: money },
  friend_value: { write: money, part: money, under: count }, other_value: { write: money, part: money, under: count },
};

export async function numbers(room, { program, terms, query, go, tell }) {
  // `to` is the last day for the reader, and the day after it for the tracker.
  const to = query.to ?? dayOf(Date.now());
  const from = query.from ?? dayOf(Date.parse(to) - 29 * day_ms);
  const by = dimensions.includes(query.by) ? query.by : "channel";
  const until = dayOf(Date.parse(to) + day_ms);
  const report = (what) => ask("GET", withQuery(ofProgram(program, "/report"), { from, to: until, by: what, experiment: what === "variant" ? query.experiment : "" }));
  const search = (changes) => go({ ...query, ...changes });
  const results = h("div", {}, h("p", { class: "empty" }, t("loading")));
  room.replaceChildren(period(from, to, search), results);
  let days, slices;
  try {
    [days, slices] = await Promise.all([report("day"), report(by)]);
  } catch (refused) {
    results.replaceChildren(problem(refused));
    return;
  }
  results.replaceChildren(
    since(days.complete_through),
    tiles(days.total),
    line(days, from, to, query.line, terms.currency),
    all(days.total),
    h("section", {},
      h("h2", {}, t("compare")),
      h("div", { class: "search" },
        field(t("by"), pick(dimensions.map((name) => [name, t(`by_${name}`)]), by, (value) => search({ by: value }))),
        by === "variant" && terms.experiments.length > 1 && field(t("experiment"), pick(
          terms.experiments.map(({ id }) => [id, id]), query.experiment ?? terms.experiments[0].id, (value) => search({ experiment: value }))),
      ),
      compared(program, by, slices.data, tell),
      by === "variant" && slices.comparison && trial(slices.comparison),
    ),
  );
}

function pick(options, chosen, then) {
  const select = choice(options, chosen);
  select.addEventListener("change", () => then(select.value));
  return select;
}

function period(from, to, search) {
  const first = h("input", { type: "date", value: from, required: true, max: to });
  const last = h("input", { type: "date", value: to, required: true });
  const presets = [7, 30, 90, 365].map((length) => h("button", { type: "button", click: () => {
    const today = dayOf(Date.now());
    search({ from: dayOf(Date.parse(today) - (length - 1) * day_ms), to: today });
  } }, t("last_days", { n: count(length) })));
  return h("form", { class: "search", submit: (event) => {
    event.preventDefault();
    search({ from: first.value, to: last.value });
  } },
    field(t("from"), first), field(t("to"), last),
    h("button", { class: "main" }, t("show")),
    h("span", { class: "presets" }, presets),
  );
}

/** The cron adds clicks up; where it has not come for long, something is wrong with it. */
function since(through) {
  if (through === null) return h("p", { class: "quiet" }, t("not_added_up"));
  const isLate = Date.now() - Date.parse(through) > 6 * 3_600_000;
  const text = t("added_up", { at: moment(through) });
  return h("p", { class: isLate ? "alarm" : "quiet" }, text, isLate && ` ${t("cron_late")}`);
}

function tiles(total) {
  const tile = (name, text, small) => h("div", { class: "tile" }, h("dt", {}, t(`m_${name}`)), h("dd", {}, text, small && h("small", {}, small)));
  const rate = (name) => {
    const { value, numerator, denominator } = total[name];
    const { write, part, under } = rates[name];
    return tile(name, value === null ? none : write(value), parts(part(numerator), under(denominator)));
  };
  return h("dl", { class: "tiles" },
    tile("referred_revenue", money(total.referred_revenue)),
    tile("orders_attributed", count(total.orders_attributed)),
    tile("friends", count(total.friends)),
    tile("reward_cost", money(total.reward_cost), total.rewards_unpriced > 0 && t("unpriced", { n: count(total.rewards_unpriced) })),
    rate("roi"), rate("conversion_rate"),
  );
}

function line({ data }, from, to, chosen, currency) {
  const section = h("section", {}, h("h2", {}, t("by_day")));
  const length = Math.round((Date.parse(to) - Date.parse(from)) / day_ms) + 1;
  const days = Array.from({ length: Math.max(length, 1) }, (_, index) => dayOf(Date.parse(from) + index * day_ms));
  const known = new Map(data.map((slice) => [slice.key, slice]));
  const room = h("div");
  const draw = (name) => {
    const isMoney = sums.includes(name);
    const scale = 10 ** digits(currency);
    const values = days.map((text) => {
      const found = known.get(text)?.[name];
      return isMoney ? (found?.amount_minor ?? 0) / scale : (found ?? 0);
    });
    const shown = isMoney ? (value) => money({ amount_minor: Math.round(value * scale), currency }) : count;
    room.replaceChildren(chart(t(`m_${name}`), days, values, shown));
  };
  const names = [...counts, ...sums];
  const first = names.includes(chosen) ? chosen : "clicks";
  section.append(
    h("div", { class: "search" }, field(t("line"), pick(names.map((name) => [name, t(`m_${name}`)]), first, draw))),
    room,
    h("details", {}, h("summary", {}, t("as_table")), table(t("by_day"), [
      { head: t("day"), cell: ({ key }) => day(key) },
      ...columns([...counts, ...sums]),
    ], data).frame),
  );
  draw(first);
  return section;
}

const columns = (names) => names.map((name) => ({
  head: t(`m_${name}`), numbers: true,
  cell: (slice) => (sums.includes(name) ? money(slice[name]) : count(slice[name])),
}));

/** Every number of a period, each with what it was divided from. */
function all(total) {
  const rows = Object.entries(rates).map(([name, { write, part, under }]) => {
    const { numerator, denominator, value } = total[name];
    return { name, value: value === null ? none : write(value), parts: parts(part(numerator), under(denominator)) };
  });
  const time = total.time_to_convert;
  rows.push(
    { name: "time_median", value: duration(time.median_ms), parts: t("of_friends", { n: count(time.friends) }) },
    { name: "time_p90", value: duration(time.p90_ms), parts: t("of_friends", { n: count(time.friends) }) },
  );
  const plain = [...counts, ...sums, "rewards_unpriced"].map((name) => ({ name, value: sums.includes(name) ? money(total[name]) : count(total[name]), parts: "" }));
  const shown = (caption, entries) => table(caption, [
    { head: t("number"), cell: ({ name }) => [t(`m_${name}`), h("small", {}, t(`d_${name}`))] },
    { head: t("value"), numbers: true, cell: (row) => [row.value, row.parts && h("small", {}, row.parts)] },
  ], entries).frame;
  return h("section", {}, h("h2", {}, t("all_numbers")), h("div", { class: "pair" }, shown(t("rates"), rows), shown(t("counts"), plain)));
}

function compared(program, by, data, tell) {
  if (data.length === 0) return h("p", { class: "empty" }, t("nothing"));
  const rows = [...data].sort((one, other) => other.referred_revenue.amount_minor - one.referred_revenue.amount_minor || other.clicks - one.clicks);
  const rate = (name) => ({
    head: t(`m_${name}`), numbers: true,
    cell: (slice) => {
      const { numerator, denominator, value } = slice[name];
      return value === null ? none : [rates[name].write(value), h("small", {}, parts(rates[name].part(numerator), rates[name].under(denominator)))];
    },
  });
  const { frame, add } = table(t("compared_by", { by: t(`by_${by}`) }), [
    { head: t(`by_${by}`), cell: ({ key }) => name(program, by, key) },
    ...columns(["referred_revenue", "reward_cost", "orders_attributed", "friends", "people", "clicks", "shares", "advocates"]),
    rate("conversion_rate"), rate("roi"),
  ], rows.slice(0, rowsFirst));
  if (rows.length <= rowsFirst) return frame;
  const more = h("button", { type: "button", click: () => {
    add(rows.slice(rowsFirst));
    more.remove();
    tell(t("all_shown", { n: count(rows.length) }));
  } }, t("show_all", { n: count(rows.length) }));
  return [frame, h("p", {}, more)];
}

/** An experiment: which part of each variant's advocates converts, and what may be said about it. */
function trial({ started_at, window_days, error_rate, variants }) {
  const between = ({ low, high }) => t("trial_between", { low: points(low), high: points(high) });
  return h("section", {},
    h("h3", {}, t("trial_title")),
    h("p", {}, t("trial_counts", { days: count(window_days) }), started_at !== null && ` ${t("trial_since", { at: moment(started_at) })}`),
    h("p", {}, t("trial_any_time", { rate: percent(error_rate) })),
    table(t("trial_title"), [
      { head: t("by_variant"), cell: ({ variant }) => variant },
      { head: t("trial_conversion"), numbers: true, cell: ({ conversion: { numerator, denominator, value } }) =>
        [value === null ? none : percent(value), h("small", {}, parts(count(numerator), count(denominator)))] },
      { head: t("trial_waiting"), numbers: true, cell: ({ waiting }) => count(waiting) },
      { head: t("trial_difference"), numbers: true, cell: ({ difference }) => (difference ? between(difference) : none) },
      { head: t("trial_verdict"), cell: ({ verdict }) => (verdict ? t(`verdict_${verdict}`) : t("trial_first")) },
    ], variants).frame,
  );
}

function name(program, by, key) {
  if (key === null) return h("em", {}, t("without"));
  if (by === "advocate") return h("a", { href: address(program, "advocates", { code: key }) }, key);
  return by === "channel" || by === "device" ? named(by, key) : key;
}
