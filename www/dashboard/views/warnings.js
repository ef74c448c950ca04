// What the owner must know before anything else: the store refuses writes, the program earns nothing,
// somebody does not hear what they should, orders wait for a decision.
import { ask, ofProgram } from "../api.js";
import { h } from "../dom.js";
import { count, moment } from "../format.js";
import { address } from "../place.js";
import { t } from "../texts.js";

// Asking about the store tries a write, and a day may have few of them: once a visit is enough.
let ofTrackerBefore = [];

export async function warnings(room, { program, again = false }) {
  const said = again ? [...ofTrackerBefore] : [];
  const asked = [["", ofTerms], ["/webhooks", ofWebhooks], ["/reviews?status=open", ofReviews]];
  if (!again) {
    room.replaceChildren();
    asked.push(["/warnings", (answer) => (ofTrackerBefore = ofTracker(answer, program))]);
  }
  await Promise.all(asked.map(async ([path, read]) => {
    // What cannot be asked now is told by the view itself, which asks as well.
    const answer = await ask("GET", ofProgram(program, path)).catch(() => null);
    if (answer) said.push(...read(answer, program));
  }));
  said.sort((one, other) => one.rank - other.rank);
  room.replaceChildren(...said.map(({ text, detail, grave, link }) =>
    h("p", { class: grave ? "alarm grave" : "alarm" }, h("strong", {}, t(grave ? "warning" : "note")), " ", text,
      detail && h("span", { lang: "en" }, " ", detail), " ", link)));
}

function ofTracker({ data }, program) {
  const unanswered = data.filter(({ warning }) => warning === "store_unavailable");
  const said = data.filter((one) => !unanswered.includes(one)).map(({ warning, from, detail }) => {
    const at = moment(from);
    switch (warning) {
      case "store_refuses_writes": return { rank: 0, grave: true, text: t(warning) };
      case "everybody_is_erased": return { rank: 0, grave: true, text: t(warning, { at }) };
      case "data_requested": return { rank: 1, grave: true, text: t(warning, { at }), detail, link: h("a", { href: address(program, "data") }, t("view_data")) };
      // What this page does not know yet is told as the tracker tells it.
      default: return { rank: 1, grave: true, detail };
    }
  });
  if (unanswered.length === 0) return said;
  const times = unanswered.reduce((sum, one) => sum + one.count, 0);
  const text = t("store_unavailable", { times: count(times), last: moment(unanswered[0].to) });
  return [...said, { rank: 1, grave: false, text }];
}

function ofTerms({ status, starts_at, ends_at }) {
  const now = Date.now();
  if (status === "paused") return [{ rank: 2, grave: true, text: t("program_paused") }];
  if (ends_at && Date.parse(ends_at) <= now) return [{ rank: 2, grave: true, text: t("program_ended", { at: moment(ends_at) }) }];
  if (starts_at && Date.parse(starts_at) > now) return [{ rank: 2, grave: false, text: t("program_not_started", { at: moment(starts_at) }) }];
  return [];
}

const ofWebhooks = ({ endpoints }, program) => endpoints.filter(({ status }) => status === "disabled").map(({ url, gone_at }) => ({
  rank: 3, grave: true,
  text: gone_at ? t("endpoint_gone", { url, at: moment(gone_at) }) : t("endpoint_disabled", { url }),
  link: h("a", { href: address(program, "webhooks") }, t("view_webhooks")),
}));

const ofReviews = ({ data }, program) => data.length === 0 ? [] : [{
  rank: 4, grave: false, text: t("reviews_open", { n: count(data.length) }),
  link: h("a", { href: address(program, "reviews") }, t("view_reviews")),
}];
