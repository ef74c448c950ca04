// The owner key, once: afterwards a cookie knows. Where Cloudflare Access stands before this page,
// nobody comes here.
import { ask } from "../api.js";
import { field, h } from "../dom.js";
import { sentence } from "../problems.js";
import { t } from "../texts.js";

export function signIn({ open, hint }) {
  const key = h("input", { type: "password", required: true, autocomplete: "current-password", spellcheck: "false", maxlength: "1000" });
  const fault = h("p", { class: "problem", role: "alert", hidden: true });
  const submit = h("button", { class: "main" }, t("sign_in"));
  const form = h("form", { class: "card narrow", submit: async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      await ask("POST", "/v1/session", { key: key.value.trim() });
      await open({ hasSignedIn: true });
    } catch (refused) {
      fault.hidden = false;
      fault.textContent = refused.status === 401 ? t("wrong_key") : sentence(refused);
      submit.disabled = false;
      key.select();
    }
  } },
    h("h1", {}, t("sign_in")),
    hint && h("p", { role: "status" }, hint),
    field(t("owner_key"), key, t("owner_key_hint")),
    fault,
    h("p", {}, submit),
  );
  return form;
}
