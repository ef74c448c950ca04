// `<good-word mode="question">`: asks a customer whom the shop knows how likely they are to
// recommend it, from 0 to 10. Whoever answers 9 or 10 is led straight to sharing, the panel; what
// everybody else answers goes to the owner, and no share button is pressed upon them. It comes once
// on a device: not again once it was answered or closed.

import { question as words } from "goodword-texts";
import look from "./prompt.css";
import css from "./question.css";
import { answers, giveBack, inSight, known, make, nothing, watch, who, written } from "./make.js";
import { mount as panel } from "./panel.js";
import { prompt } from "./prompt.js";
import { sheet } from "./sheet.js";

const own = new CSSStyleSheet();
own.replaceSync(look + css);

/** Standard: 9 and 10 are promoters'. */
const PROMOTER_MIN = 9;

export const mount = async (page, load, first) => {
  const [element, wished, language, api, , , kept, keep, , emit] = page;
  if (!element.isConnected) return;
  element.leave?.();
  let me, form;
  const whose = who(element);
  const again = () => mount(page, load, load());
  // A shop that learns later who is here sets the attribute then; who is here may change.
  const changed = () => {
    if (!form || who(element) != whose) again();
  };
  const consented = async ({ detail: given }) => {
    // With the consent goes what is known of them, of which the form says nothing.
    if (!given) return (me = null);
    if (!form?.elements.score) return again();
    if (me) return;
    // Only now can be known whether they have answered; what they have begun stays.
    first = load();
    const known = await first[1];
    if (me || !known || element.leave != leave) return;
    me = known;
    const { score, why } = form.elements;
    if (kept().answered == known.code && !score.value && !why.value) {
      leave();
      nothing(element);
    }
  };
  const leave = watch(element, changed, consented);
  // Or they have changed while this was on its way.
  if (first[2] !== element.getAttribute("identity")) first = load();

  const [offer, answer] = await answers(element, first);
  if (me !== null) me = answer;
  // Meanwhile it may have left the page, or somebody else may be here.
  if (element.leave != leave || !element.isConnected) return;
  const isKnown = element.getAttribute("identity") && !me?.error && me?.summary?.status != "blocked";
  const isAnswered = me && kept().answered == me.code;
  if (!isKnown || isAnswered || offer.status != "active") return nothing(element);

  const tag = known(wished, language);
  const texts = { ...words, ...(offer.locale_matches && offer.texts) };
  // Isolated, so that a name with marks of direction in it turns nothing but itself.
  const say = (name) => texts[name].replace(/{name}/g, () => "\u2068" + offer.name + "\u2069");
  const digits = (score) => score.toLocaleString(tag);
  const done = () => me && keep({ answered: me.code });

  const room = inSight(element);
  const place = prompt(element, language, [sheet, own], done);
  const section = make(place, "section", { part: "panel", "aria-labelledby": "ask", ...written(language) });
  form = make(section, "form", { part: "main" });
  make(form, "h2", { id: "ask", part: "headline" }, say("ask"));
  const named = { role: "radiogroup", "aria-labelledby": "ask", "aria-describedby": "ends" };
  const scale = make(form, "div", { part: "scale", ...named });
  for (let score = 0; score <= 10; score++) {
    const label = make(scale, "label", { part: "score" });
    make(label, "input", { type: "radio", name: "score", value: score, required: "" });
    make(label, "span", {}, digits(score));
  }
  const ends = make(form, "p", { id: "ends", part: "ends" });
  make(ends, "span", {}, `${digits(0)} – ${say("unlikely")} `);
  make(ends, "span", {}, `${digits(10)} – ${say("likely")}`);
  make(form, "label", { for: "why" }, say("why"));
  // As many letters as the tracker takes bytes of, in any alphabet.
  make(form, "textarea", { id: "why", name: "why", part: "input", rows: 2, maxlength: 200 });
  make(form, "button", { part: "button primary" }, say("send"));
  const status = make(form, "p", { part: "status", role: "status", tabindex: -1 });
  giveBack(element, room);

  let sending;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    status.textContent = "";
    const { score: chosen, why } = form.elements;
    const score = +chosen.value;
    const isPromoter = score >= PROMOTER_MIN;
    // Room for the panel, while the press that will bring it is fresh.
    if (isPromoter) element.style.minHeight = "var(--room)";
    try {
      // Before consent nobody was enrolled; sending is consent to being known.
      if (!me) first = load(true);
      me = await first[1];
      if (!me.token) throw 0;
      const { ok } = await fetch(api + "/v1/advocates/me/rating", {
        method: "PUT",
        headers: { authorization: "Bearer " + me.token },
        body: JSON.stringify({ score, comment: why.value.trim() || null }),
      });
      if (!ok) throw 0;
    } catch {
      // What was asked in vain is asked anew with the next press.
      if (!me?.token) me = undefined;
      sending = false;
      status.textContent = say("unsent");
      return;
    }
    done();
    emit("rating", { score }, element);
    if (isPromoter) {
      return panel(page, load, first, (owner) => ({ headline: owner?.promoted || words.promoted }));
    }
    const height = inSight(element);
    while (form.firstChild != status) form.firstChild.remove();
    section.setAttribute("aria-labelledby", (status.id = "heard"));
    status.textContent = say("heard");
    status.focus();
    giveBack(element, height);
  });
};
