// Elements, made so that a text from data can only ever be a text.

/**
 * An element with its attributes and children. A function is a listener, `false` and `undefined`
 * leave an attribute out, text becomes a text node.
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

let ids = 0;

/** An id that no other element of the page has. */
export const freshId = () => `e${(ids += 1)}`;

/** A control under its label, with a hint below it. */
export function field(label, control, hint) {
  const id = freshId();
  control.id = id;
  const under = hint && h("small", { id: `${id}-hint` }, hint);
  if (under) control.setAttribute("aria-describedby", under.id);
  return h("div", { class: "field" }, h("label", { for: id }, label), control, under);
}

/** A choice among `[value, name]`. */
export function choice(options, chosen, attributes = {}) {
  const entries = options.map(([value, name]) => h("option", { value, selected: value === chosen }, name));
  return h("select", attributes, entries);
}

/** Where the focus goes when what had it is gone: the first button that is left, or the place itself. */
export function focusWithin(element) {
  element.tabIndex = -1;
  (element.querySelector("button") ?? element).focus();
}

/** A button that is busy while its work is done, and does not start twice. */
export function button(text, work, attributes = {}) {
  const element = h("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", async () => {
    if (element.getAttribute("aria-busy") === "true") return;
    element.setAttribute("aria-busy", "true");
    try {
      await work(element);
    } finally {
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}
