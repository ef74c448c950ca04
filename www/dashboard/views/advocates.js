// Advocates: who they are, what they brought, who invited them and whom they invited, and whether they
// may earn.
import { ask, ofProgram, withQuery } from "../api.js";
import { button, choice, field, focusWithin, h } from "../dom.js";
import { decide } from "../dialog.js";
import { count, moment, none } from "../format.js";
import { address } from "../place.js";
import { list, table } from "../table.js";
import { named, t } from "../texts.js";

const page = 100;

export async function advocates(room, { program, terms, query, go, tell }) {
  const input = (name, hint) => h("input", { type: "search", value: query[name] ?? "", autocomplete: "off", spellcheck: "false", placeholder: hint });
  const q = input("q");
  const code = input("code");
  const inviter = input("invited_by");
  const status = choice([["", t("any")], ...["active", "blocked", "erased"].map((name) => [name, t(`advocate_${name}`)])], query.status ?? "");
  const groups = Object.keys(terms.groups ?? {});
  const group = choice([["", t("any")], ...groups.map((name) => [name, name])], query.group ?? "");
  const search = h("form", { class: "search", submit: (event) => {
    event.preventDefault();
    go({ q: q.value.trim(), code: code.value.trim(), status: status.value, invited_by: inviter.value.trim(), group: groups.length > 0 ? group.value : "" });
  } }, field(t("who"), q, t("who_hint")), field(t("code"), code), field(t("invited_by"), inviter), field(t("status"), status), groups.length > 0 && field(t("by_group"), group), h("button", { class: "main" }, t("show")));
  const results = h("div");
  room.replaceChildren(search, results);
  const { q: who, code: wanted, status: standing, group: among, invited_by } = query;
  await list(results, {
    load: (cursor) => ask("GET", withQuery(ofProgram(program, "/advocates"), { q: who, code: wanted, status: standing, group: among, invited_by, limit: page, cursor })),
    show: (data) => table(t("view_advocates"), columns(program, tell), data),
    tell,
  });
}

const columns = (program, tell) => [
  // No link to follow: the owner would be counted as somebody's friend.
  { head: t("code"), cell: ({ code, share_link }) => [code, h("small", { dir: "ltr" }, share_link)] },
  { head: t("name"), cell: ({ display_name, email, customer_id }) => [display_name ?? none, email && h("small", {}, email), customer_id && h("small", {}, t("customer_n", { id: customer_id }))] },
  { head: t("by_group"), cell: ({ group }) => group ?? none },
  { head: t("brought"), numbers: true, cell: ({ conversions, code }) => [count(conversions), " ", conversions > 0 && h("a", { href: address(program, "rewards", { code, status: "any" }) }, t("view_rewards"))] },
  { head: t("m_shares"), numbers: true, cell: ({ shares }) => count(shares) },
  { head: t("m_clicks"), numbers: true, cell: ({ clicks }) => count(clicks) },
  { head: t("since"), cell: ({ since }) => moment(since) },
  { head: t("invited_by"), cell: ({ invited_by }) => (invited_by ? h("a", { href: address(program, "advocates", { code: invited_by }) }, invited_by) : none) },
  { head: t("invited"), cell: ({ code }) => h("a", { href: address(program, "advocates", { invited_by: code }) }, t("show")) },
  { head: t("status"), cell: (advocate) => standing(advocate, program, tell) },
];

function standing(advocate, program, tell) {
  const { code } = advocate;
  const cell = h("div", { class: "standing" });
  const show = (status) => {
    cell.replaceChildren(h("span", { class: `badge ${status}` }, named("advocate", status)));
    if (status === "erased") return;
    const verdict = status === "blocked" ? "unblock" : "block";
    cell.append(button(t(verdict), async () => {
      const body = await decide({
        title: t(`${verdict}_asked`, { code }), detail: t(`${verdict}_asked_detail`), confirm: t(verdict),
        wanted: [["note", t("note_field"), t("note_hint")]], isGrave: verdict === "block",
      });
      if (body === null) return;
      try {
        const answer = await ask("POST", ofProgram(program, `/advocates/${encodeURIComponent(code)}/${verdict}`), body);
        show(answer.status);
        focusWithin(cell);
        const rest = answer.remaining > 0 ? ` ${t("standing_rest", { n: count(answer.remaining) })}` : "";
        tell(`${t(`${verdict}_done`, { code, n: count(answer.orders) })}${rest}`);
      } catch (refused) {
        tell(refused);
      }
    }, { class: verdict === "block" && "grave", "aria-label": t(`${verdict}_advocate`, { code }) }));
  };
  show(advocate.status);
  return cell;
}
