// What is said when the tracker does not do what it was asked.
import { h } from "./dom.js";
import { named, t } from "./texts.js";

/** A refusal in the reader's words; what the tracker said itself, in English, stands below. */
export function problem(refused) {
  return h("div", { class: "problem", role: "alert" },
    h("p", {}, sentence(refused)),
    refused.message && h("p", { lang: "en", dir: "ltr" }, refused.message),
    refused.faults?.length > 0 && h("ul", { lang: "en", dir: "ltr" }, refused.faults.map(({ field, detail }) =>
      h("li", {}, h("code", {}, field), ` ${detail}`))),
  );
}

/** The same as one sentence. */
export const sentence = ({ code }) => {
  const said = named("problem", code ?? "");
  return said === code || said === "" ? t("problem_internal") : said;
};
