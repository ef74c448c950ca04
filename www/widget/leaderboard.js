// `<good-word mode="leaderboard">`: who brought the most friends, of the advocates who want that to be
// seen. A customer whom the shop knows can put a name of theirs on it, and take it off again.

import { form as formOf, leaderboard as words } from "goodword-texts";
import css from "./leaderboard.css";
import { answers, counted, giveBack, inSight, known, make, nothing, watch, who, written } from "./make.js";
import { sheet } from "./sheet.js";

const own = new CSSStyleSheet();
own.replaceSync(css);

export const mount = async (page, load, first) => {
  const [element, wished, language, api, , , , , ask] = page;
  if (!element.isConnected) return;
  element.leave?.();
  let me;
  const whose = who(element);
  const again = () => mount(page, load, load());
  // A shop that learns later who is here sets the attribute then; who is here may change, and so may
  // whether they want that to be known.
  const changed = () => {
    if (!me?.token || who(element) != whose) again();
  };
  const leave = watch(element, changed, again);
  // Or it has changed while this was on its way.
  if (first[2] !== element.getAttribute("identity")) first = load();

  const [offer, answer] = await answers(element, first);
  me = answer;
  const mine = "advocates/me/leaderboard";
  const headers = { authorization: "Bearer " + me?.token };
  const [board, member] = await Promise.all([
    offer.program && ask(`programs/${offer.program}/leaderboard`),
    me?.token && ask(mine, undefined, headers),
  ]);
  // Meanwhile it may have left the page, or somebody else may be here.
  if (element.leave != leave || !element.isConnected) return;
  if (!board?.data) return nothing(element);

  const tag = known(wished, language);
  const owners = offer.locale_matches && offer.texts;
  const texts = { ...words, ...words[offer.qualifies.kind], ...owners };
  const digits = (count) => count.toLocaleString(tag);
  const say = (text, gap, value) => text.replace("{" + gap + "}", () => value);

  const room = inSight(element);
  const root = element.shadowRoot || element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet, own];
  root.replaceChildren();
  const section = make(root, "section", { part: "panel", "aria-labelledby": "top", ...written(language) });
  const main = make(section, "div", { part: "main" });
  make(main, "h2", { id: "top", part: "headline" }, texts.top);
  const { data, further, as_of } = board;
  if (data.length) {
    const table = make(main, "table", { part: "board", "aria-labelledby": "top" });
    const heads = make(make(table, "thead", {}), "tr", {});
    for (const name of ["place", "name", "friends"]) make(heads, "th", { scope: "col" }, texts[name]);
    const rows = make(table, "tbody", {});
    for (const { place, name, friends } of data) {
      const row = make(rows, "tr", {});
      make(row, "td", {}, digits(place));
      // Isolated, so that a name with marks of direction in it turns nothing but itself.
      make(make(row, "th", { scope: "row" }), "bdi", {}, name);
      make(row, "td", {}, digits(friends));
    }
    if (further) make(main, "p", {}, say(counted(formOf, texts.more, further), "n", digits(further)));
  } else if (!member?.name) {
    make(main, "p", {}, texts.nobody);
  }
  if (as_of) {
    const style = { dateStyle: "medium", timeStyle: "short" };
    const at = new Intl.DateTimeFormat(tag, style).format(new Date(as_of));
    make(main, "p", { part: "asof" }, say(texts.asof, "at", at));
  }

  if (member && !member.error && me.summary.status != "blocked") {
    const form = make(main, "form", {});
    const status = make(main, "p", { part: "status", role: "status" });
    let { name } = member;
    const draw = () => {
      form.replaceChildren();
      if (name) {
        make(form, "p", { id: "shown" }, say(texts.shown, "name", "\u2068" + name + "\u2069"));
        return make(form, "button", { part: "button", "aria-describedby": "shown" }, texts.leave);
      }
      make(form, "label", { for: "called" }, texts.yourname);
      const input = { id: "called", part: "input", maxlength: 40, autocomplete: "nickname" };
      const field = make(form, "input", { ...input, required: "", "aria-describedby": "hint" });
      make(form, "p", { id: "hint", part: "hint" }, texts.hint);
      make(form, "button", { part: "button primary" }, texts.join);
      return field;
    };
    draw();
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      status.textContent = "";
      const wish = form.elements.called;
      try {
        const answer = await fetch(`${api}/v1/${mine}`, {
          method: wish ? "PUT" : "DELETE",
          headers,
          body: wish && JSON.stringify({ name: wish.value }),
        });
        if (!answer.ok) throw 0;
        ({ name } = await answer.json());
        // Who pressed what is gone now goes on with what came instead.
        draw().focus();
        if (!name) status.textContent = texts.left;
      } catch {
        status.textContent = texts.unsaid;
      }
    });
  }
  giveBack(element, room);
};
