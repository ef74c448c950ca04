// Decides how text becomes HTML: whatever is put into an `html` template is escaped,
// unless it is itself the result of one. Which text to show is left to the pages.

class Markup {
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function written(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(written).join("");
  // Absent values and conditions that did not hold leave no trace in the page.
  if (value === null || value === undefined || value === false) return "";
  return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A template whose values are escaped. Every attribute value must stand in double quotes. */
export function html(strings, ...values) {
  let text = strings[0];
  values.forEach((value, at) => {
    text += written(value) + strings[at + 1];
  });
  return new Markup(text);
}
