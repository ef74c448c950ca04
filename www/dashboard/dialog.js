// Asks before something is decided: what it is, and what the owner wants to note about it.
import { field, h, freshId } from "./dom.js";
import { t } from "./texts.js";

/**
 * Shows what is to be done and its consequences; `wanted` are the texts it may be given
 * (`[name, label]`). Gives those that were filled in, or null if the owner thinks better of it.
 */
export function decide({ title, detail, confirm, wanted = [], isGrave = false }) {
  const id = freshId();
  const inputs = wanted.map(([name, label, hint]) => [name, h("input", { type: "text", maxlength: "300", name, autocomplete: "off" }), label, hint]);
  return new Promise((resolve) => {
    let answer = null;
    const dialog = h("dialog", { "aria-labelledby": id, close: () => { dialog.remove(); resolve(answer); } },
      h("form", { submit: (event) => {
        event.preventDefault();
        const filled = inputs.map(([name, input]) => [name, input.value.trim()]).filter(([, text]) => text !== "");
        answer = Object.fromEntries(filled);
        dialog.close();
      } },
        h("h2", { id }, title),
        detail && h("p", {}, detail),
        inputs.map(([, input, label, hint]) => field(label, input, hint)),
        h("p", { class: "actions" },
          h("button", { type: "submit", class: isGrave ? "grave" : "main" }, confirm),
          h("button", { type: "button", click: () => dialog.close() }, t("cancel")),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
