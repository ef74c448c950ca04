// Tables that can be read by eye, by ear and on a phone, and lists that come page by page.
import { button, h } from "./dom.js";
import { problem } from "./problems.js";
import { t } from "./texts.js";

/**
 * A table in a frame that scrolls by itself. A column has a `head`, gives a `cell` of a row, and
 * may hold `numbers`; the first one names its row. On a phone a row is a card whose cells name their
 * columns, and the roles say that it is a table all the same.
 */
export function table(caption, columns, rows) {
  const body = h("tbody", { role: "rowgroup" });
  const heads = columns.map(({ head, numbers }) => h("th", { scope: "col", role: "columnheader", class: numbers && "number" }, head));
  const whole = h("table", { role: "table" },
    h("caption", {}, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
    body,
  );
  const cellOf = (row, { head, cell, numbers }, index) => {
    const inside = h("div", {}, cell(row));
    const kind = numbers && "number";
    return index === 0
      ? h("th", { class: kind, scope: "row", role: "rowheader" }, inside)
      : h("td", { class: kind, role: "cell", "data-head": head }, inside);
  };
  const add = (more) => body.append(...more.map((row) => h("tr", { role: "row" }, columns.map((column, index) => cellOf(row, column, index)))));
  add(rows);
  const frame = h("div", { class: "frame", role: "region", tabindex: "0", "aria-label": caption }, whole);
  return { frame, add };
}

/**
 * A list that `load(cursor)` gives in pages of `{ data, next_cursor }`: what `show(data)` makes of the
 * first page, more of it on demand, or what is said where there is nothing or no answer.
 */
export async function list(room, { load, show, tell }) {
  let first;
  try {
    first = await load("");
  } catch (refused) {
    // What was looked for stays there to be mended.
    room.replaceChildren(problem(refused));
    return;
  }
  if (first.data.length === 0 && first.next_cursor === null) {
    room.replaceChildren(h("p", { class: "empty" }, t("nothing")));
    return;
  }
  const { frame, add } = show(first.data);
  room.replaceChildren(frame);
  let cursor = first.next_cursor;
  if (cursor === null) return;
  const more = button(t("more"), async () => {
    try {
      const page = await load(cursor);
      add(page.data);
      cursor = page.next_cursor;
      if (cursor === null) more.remove();
    } catch (refused) {
      tell(refused);
    }
  });
  room.append(h("p", {}, more));
}
