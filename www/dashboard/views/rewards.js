// Rewards: what is to be handed over, what was, what came to nothing, and the owner's word on each.
import { ask, ofProgram, withQuery } from "../api.js";
import { button, choice, field, focusWithin, h } from "../dom.js";
import { decide } from "../dialog.js";
import { moment, none, value } from "../format.js";
import { address } from "../place.js";
import { list, table } from "../table.js";
import { named, t } from "../texts.js";

const statuses = ["confirmed", "pending", "fulfilled", "voided", "clawed_back"];
const page = 100;

export async function rewards(room, { program, query, go, tell }) {
  const status = query.status ?? "confirmed";
  const any = ["", t("any")];
  const selects = {
    status: choice([["any", t("any")], ...statuses.map((name) => [name, t(`status_${name}`)])], status),
    side: choice([any, ...["advocate", "friend"].map((name) => [name, t(`side_${name}`)])], query.side ?? ""),
  };
  const code = h("input", { type: "search", value: query.code ?? "", autocomplete: "off", spellcheck: "false" });
  const search = h("form", { class: "search", submit: (event) => {
    event.preventDefault();
    go({ status: selects.status.value, side: selects.side.value, code: code.value.trim() });
  } }, field(t("status"), selects.status), field(t("side"), selects.side), field(t("code"), code), h("button", { class: "main" }, t("show")));
  const results = h("div");
  room.replaceChildren(search, h("p", { class: "quiet" }, t("rewards_hint")), results);
  const asked = { status: status === "any" ? "" : status, side: query.side, code: query.code, limit: page };
  await list(results, {
    load: (cursor) => ask("GET", withQuery(ofProgram(program, "/rewards"), { ...asked, cursor })),
    show: (data) => table(t("view_rewards"), columns(program, tell), data),
    tell,
  });
}

const columns = (program, tell) => [
  { head: t("value"), cell: (reward) => [value(reward.value), h("small", {}, named("gives", reward.gives), reward.capped && `, ${t("capped")}`)] },
  { head: t("side"), cell: ({ side, level }) => (level ? t("side_inviter") : named("side", side)) },
  { head: t("code"), cell: ({ code }) => h("a", { href: address(program, "advocates", { code }) }, code) },
  { head: t("for"), cell: ({ order_id, milestone }) => (milestone ? t("milestone_n", { n: milestone }) : order_id ? t("order_n", { order: order_id }) : none) },
  { head: t("due"), cell: ({ due_at }) => moment(due_at) },
  { head: t("status"), cell: (reward) => standing(reward, program, tell) },
];

/** The status, and what can be done about it. */
function standing(reward, program, tell) {
  const cell = h("div", { class: "standing" });
  const show = (now) => {
    cell.replaceChildren(h("span", { class: `badge ${now.status}` }, named("status", now.status)), ...(now.coupon ? [h("small", {}, now.coupon)] : []));
    const about = { value: value(now.value), code: now.code };
    const decision = (verdict, wanted, isGrave) => button(t(verdict), async () => {
      const body = await decide({ title: t(`${verdict}_asked`, about), detail: t(`${verdict}_asked_detail`), confirm: t(verdict), wanted, isGrave });
      if (body === null) return;
      try {
        show(await ask("POST", ofProgram(program, `/rewards/${encodeURIComponent(now.reward_id)}/${verdict}`), body));
        focusWithin(cell);
        tell(t(`${verdict}_done`, about));
      } catch (refused) {
        tell(refused);
      }
    }, { class: isGrave && "grave", "aria-label": t(`${verdict}_reward`, about) });
    const note = ["note", t("note_field"), t("note_hint")];
    if (now.status === "confirmed") cell.append(decision("fulfil", [["coupon", t("coupon_field"), t("coupon_hint")], note], false));
    if (now.status === "confirmed" || now.status === "pending") cell.append(decision("void", [note], true));
  };
  show(reward);
  return cell;
}
