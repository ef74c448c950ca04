// Orders that a rule holds for a person: why, what depends on them, and what the owner decides.
import { ask, ofProgram, withQuery } from "../api.js";
import { button, choice, field, h } from "../dom.js";
import { decide } from "../dialog.js";
import { count, moment, money, value } from "../format.js";
import { address } from "../place.js";
import { problem } from "../problems.js";
import { named, t } from "../texts.js";

const statuses = ["open", "accepted", "refused"];

export async function reviews(room, { program, terms, query, go, tell }) {
  const status = statuses.includes(query.status) ? query.status : "open";
  const { data } = await ask("GET", withQuery(ofProgram(program, "/reviews"), { status }));
  const select = choice(statuses.map((name) => [name, t(`review_${name}`)]), status);
  select.addEventListener("change", () => go({ status: select.value }));
  const entries = h("ul", { class: "cards" }, data.map((review) => entry(review, { program, terms, tell })));
  room.replaceChildren(
    h("div", { class: "search" }, field(t("status"), select)),
    data.length === 0 ? h("p", { class: "empty" }, t(`no_reviews_${status}`)) : entries,
  );
}

function entry(review, { program, terms, tell }) {
  const stakes = h("div");
  const card = h("li", { class: "card" },
    h("h2", {}, t("order_n", { order: review.order_id })),
    h("p", {},
      t("held_at", { at: moment(review.held_at) }), " ",
      h("a", { href: address(program, "advocates", { code: review.code }) }, review.code),
    ),
    h("ul", { class: "evidence" }, review.review.map((flag) => h("li", {}, evidence(flag, terms.currency)))),
    h("details", { toggle: (event) => event.target.open && showStakes(stakes, program, review) },
      h("summary", {}, t("stakes")), stakes),
  );
  if (review.status === "open") card.append(decisions(card, review, { program, tell }));
  else card.append(h("p", { class: "badge" }, t(`review_${review.status}`)));
  return card;
}

/** What the rule found and what it allows, in the unit that it counts in. */
function evidence({ rule, evidence: { found, allowed } }, currency) {
  const write = rule === "value_over_median" ? (amount_minor) => money({ amount_minor, currency }) : count;
  const said = t(`flag_${rule}`, { found: write(found), allowed: write(allowed) });
  return said === `flag_${rule}` ? `${rule}: ${found} > ${allowed}` : said;
}

async function showStakes(room, program, { order_id, code }) {
  if (room.hasChildNodes()) return;
  try {
    const { data } = await ask("GET", withQuery(ofProgram(program, "/rewards"), { order_id, code }));
    const lines = data.map((reward) => h("li", {},
      `${named("side", reward.side)}: ${value(reward.value)} (${named("gives", reward.gives)}, ${named("status", reward.status)})`));
    room.replaceChildren(lines.length > 0 ? h("ul", {}, lines) : h("p", {}, t("nothing")));
  } catch (refused) {
    room.replaceChildren(problem(refused));
  }
}

function decisions(card, review, { program, tell }) {
  const about = { order: review.order_id };
  const note = ["note", t("note_field"), t("note_hint")];
  const made = (verdict, asked, done) => button(t(verdict), async () => {
    const body = await decide({ title: t(asked, about), detail: t(`${asked}_detail`), confirm: t(verdict), wanted: [note], isGrave: verdict === "refuse" });
    if (body === null) return;
    try {
      await ask("POST", ofProgram(program, `/reviews/${review.review_id}/${verdict}`), body);
      const list = card.parentElement;
      card.remove();
      tell(t(done, about));
      dispatchEvent(new Event("goodword-changed"));
      const next = list?.querySelector("button");
      if (next) next.focus();
      else list?.replaceWith(h("p", { class: "empty" }, t("no_reviews_open")));
    } catch (refused) {
      card.append(problem(refused));
    }
  }, { class: verdict === "accept" ? "main" : "grave", "aria-label": t(`${verdict}_order`, about) });
  return h("p", { class: "actions" }, made("accept", "accept_asked", "accepted_order"), made("refuse", "refuse_asked", "refused_order"));
}
