// Files for a spreadsheet, the cron's work now, and what one person may ask for: their data, and to
// be forgotten.
import { Refused, ask, ofProgram, withQuery } from "../api.js";
import { decide } from "../dialog.js";
import { button, field, h } from "../dom.js";
import { count } from "../format.js";
import { problem } from "../problems.js";
import { t } from "../texts.js";

/** Each with the name under which this page has it elsewhere. */
const files = [["advocates", "view_advocates"], ["conversions", "view_conversions"], ["rewards", "view_rewards"], ["clicks", "m_clicks"]];

export function data(room, { program, tell }) {
  room.replaceChildren(
    h("section", { class: "card" }, h("h2", {}, t("export")), h("p", {}, t("export_hint")),
      h("ul", { class: "files" }, files.map(([name, title]) => h("li", {},
        h("a", { href: ofProgram(program, `/export/${name}.csv`), download: `${program}-${name}.csv` }, `${t(title)} (CSV)`))))),
    settlement(program, tell),
    people(program, tell),
  );
}

function settlement(program, tell) {
  const fault = h("div");
  return h("section", { class: "card" }, h("h2", {}, t("settle")), h("p", {}, t("settle_hint")),
    button(t("settle"), async () => {
      fault.replaceChildren();
      try {
        const { settled, remaining } = await ask("POST", ofProgram(program, "/settle"));
        tell(t("settle_done", { n: count(settled), rest: count(remaining) }));
      } catch (refused) {
        if (!(refused instanceof Refused)) throw refused;
        fault.replaceChildren(problem(refused));
      }
    }), fault);
}

function people(program, tell) {
  const id = h("input", { type: "text", maxlength: "200", autocomplete: "off", spellcheck: "false" });
  const email = h("input", { type: "email", maxlength: "254", autocomplete: "off" });
  const result = h("div");
  const named = () => Object.fromEntries(Object.entries({ customer_id: id.value.trim(), email: email.value.trim() }).filter(([, text]) => text !== ""));
  const attempt = async (work) => {
    result.replaceChildren();
    if (Object.keys(named()).length === 0) {
      tell(t("person_missing"));
      id.focus();
      return;
    }
    try {
      await work(named());
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      result.replaceChildren(problem(refused));
    }
  };
  const look = () => attempt(async (person) => {
    const found = await ask("GET", withQuery(ofProgram(program, "/people"), person));
    result.replaceChildren(h("pre", { class: "code", tabindex: "0", role: "region", "aria-label": t("person_data"), dir: "ltr", lang: "en" }, JSON.stringify(found, null, 2)));
    tell(t("person_shown"));
  });
  const erase = () => attempt(async (person) => {
    const who = Object.values(person).join(", ");
    const sure = await decide({ title: t("erase_asked", { who }), detail: t("erase_asked_detail"), confirm: t("erase"), isGrave: true });
    if (sure === null) return;
    await ask("DELETE", ofProgram(program, "/people"), person);
    tell(t("erase_done"));
  });
  return h("section", { class: "card" }, h("h2", {}, t("person")), h("p", {}, t("person_hint")),
    h("form", { submit: (event) => { event.preventDefault(); look(); } },
      h("div", { class: "search" }, field(t("customer"), id), field(t("email"), email)),
      h("p", { class: "actions" }, h("button", { class: "main" }, t("person_show")), button(t("erase"), erase, { class: "grave" })),
    ),
    result);
}
