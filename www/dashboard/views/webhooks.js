// Where events go, and events told once more.
import { Refused, ask, ofProgram } from "../api.js";
import { button, field, freshId, h } from "../dom.js";
import { count, moment } from "../format.js";
import { problem } from "../problems.js";
import { t } from "../texts.js";

const types = ["advocate.enrolled", "conversion.attributed", "conversion.flagged", "reward.pending", "reward.confirmed", "reward.voided", "reward.clawed_back", "milestone.reached", "rating.low"];
const most = 3;

export async function webhooks(room, { program, tell }) {
  const { endpoints } = await ask("GET", ofProgram(program, "/webhooks"));
  const rows = h("div");
  const fault = h("div");
  const add = button(t("endpoint_add"), () => {
    rows.append(row({ url: "https://", status: "active" }, renumber));
    renumber();
    rows.lastElementChild.querySelector("input").focus();
  });
  const renumber = () => {
    [...rows.children].forEach((one, index) => { one.querySelector("legend").textContent = t("endpoint_n", { n: count(index + 1) }); });
    add.hidden = rows.children.length >= most;
  };
  rows.append(...endpoints.map((endpoint) => row(endpoint, renumber)));
  renumber();
  const save = button(t("save"), async () => {
    fault.replaceChildren();
    for (const one of rows.children) one.told(null);
    try {
      await ask("PUT", ofProgram(program, "/webhooks"), { endpoints: [...rows.children].map((one) => one.read()) });
      tell(t("saved"));
      dispatchEvent(new Event("goodword-changed"));
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      const elsewhere = refused.faults.filter(({ field: name, detail }) => {
        const index = /^endpoints\[(\d+)\]/.exec(name)?.[1];
        return rows.children[index]?.told(detail) === undefined;
      });
      if (refused.faults.length === 0 || elsewhere.length > 0) fault.replaceChildren(problem(refused));
      else rows.querySelector("[aria-invalid]")?.focus();
    }
  }, { class: "main" });
  room.replaceChildren(
    h("p", {}, t("webhooks_hint")),
    rows, fault,
    h("p", { class: "actions" }, save, add),
    h("section", {}, h("h2", {}, t("resend")), resend(program, tell)),
  );
}

/** An endpoint; `read()` gives it as it is put, `told(detail)` shows what is wrong with it. */
function row({ url, events, status, gone_at }, removed) {
  const address = h("input", { type: "url", value: url, maxlength: "500", autocomplete: "off", spellcheck: "false", dir: "ltr" });
  const wrong = h("p", { class: "problem", lang: "en", id: freshId(), hidden: true });
  const isOn = h("input", { type: "checkbox", checked: status !== "disabled" });
  const chosen = types.map((type) => [type, h("input", { type: "checkbox", checked: events === undefined || events.includes(type) })]);
  const check = (box, label) => h("label", { class: "check" }, box, " ", label);
  const element = h("fieldset", { class: "card" },
    h("legend"),
    field(t("address"), address), wrong,
    check(isOn, t("endpoint_on")),
    gone_at && h("p", { class: "alarm" }, t("endpoint_gone", { url, at: moment(gone_at) })),
    h("details", {}, h("summary", {}, t("events")), h("div", { class: "checks" }, chosen.map(([type, box]) => check(box, h("code", { dir: "ltr" }, type))))),
    h("p", {}, button(t("remove"), () => { element.remove(); removed(); })),
  );
  element.read = () => {
    const wanted = chosen.filter(([, box]) => box.checked).map(([type]) => type);
    // All of them is said by saying nothing, so that later ones are heard as well.
    const heard = wanted.length === types.length ? {} : { events: wanted };
    return { url: address.value.trim(), status: isOn.checked ? "active" : "disabled", ...heard };
  };
  element.told = (detail) => {
    wrong.hidden = detail === null;
    wrong.textContent = detail ?? "";
    if (detail === null) {
      address.removeAttribute("aria-invalid");
      address.removeAttribute("aria-describedby");
    } else {
      address.setAttribute("aria-invalid", "true");
      address.setAttribute("aria-describedby", wrong.id);
    }
    return detail;
  };
  return element;
}

function resend(program, tell) {
  const since = h("input", { type: "datetime-local", required: true });
  const fault = h("div");
  return h("form", { class: "search", submit: async (event) => {
    event.preventDefault();
    fault.replaceChildren();
    try {
      const body = { since: new Date(since.value).toISOString() };
      const { events, next_since } = await ask("POST", ofProgram(program, "/webhooks/resend"), body);
      const rest = next_since ? ` ${t("resend_rest", { at: moment(next_since) })}` : "";
      tell(`${t("resend_done", { n: count(events) })}${rest}`);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      fault.replaceChildren(problem(refused));
    }
  } }, field(t("resend_since"), since, t("resend_hint")), h("button", {}, t("resend")), fault);
}
