/** Makes an element inside another. */
export const make = (parent, name, attributes, text) => {
  const element = document.createElement(name);
  for (const attribute of Object.keys(attributes)) {
    element.setAttribute(attribute, attributes[attribute]);
  }
  if (text) element.append(text);
  return parent.appendChild(element);
};

/** How the reader's language is written. */
export const written = (language) => ({ lang: language, dir: language == "ar" ? "rtl" : "ltr" });

/** The first of the reader's tags, as the browser's `Intl` takes it: pages write `en_US`, too. */
export const known = ([tag], language) => {
  try {
    return Intl.getCanonicalLocales(tag.replace("_", "-"))[0];
  } catch {
    return language;
  }
};

/** An amount as the reader writes it, without decimals where it has none. The browser's own list has too few `places` for some currencies. */
export const money = (tag, { currency, amount_minor }, places) => {
  const decimals = { minimumFractionDigits: places, maximumFractionDigits: places };
  const style = { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" };
  const format = new Intl.NumberFormat(tag, { ...style, ...decimals });
  return format.format(amount_minor / 10 ** format.resolvedOptions().maximumFractionDigits);
};

/** A share in hundredths of a percent, likewise. */
export const percent = (tag, basis_points) =>
  new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 2 }).format(basis_points / 1e4);

/** A text's form for a count; the language's `form` knows 0 to 199, and from 100 on they repeat. */
export const counted = (form, text, count) => {
  const forms = text.split("|");
  return forms[form(count < 200 ? count : 100 + (count % 100))] ?? forms[forms.length - 1];
};

/** How much of the room held free for an element is in sight. It is asked before anything changes: afterwards it would cost a layout. */
export const inSight = (element) => {
  const { top, height } = element.getBoundingClientRect();
  return Math.max(0, Math.min(height, innerHeight - top));
};

/** Gives back the rest of that room, what lies beyond the window's edge: what is seen below stays where it is. */
export const giveBack = (element, height) => {
  element.style.display = "";
  element.style.minHeight = height + "px";
};

/** Longer than this nobody waits for an empty place. */
const PATIENCE_MS = 8000;

/** Nothing is to come: what the owner wrote between the tags is all there is, even against the page's own style. */
export const nothing = (element) => {
  element.shadowRoot?.replaceChildren(document.createElement("slot"));
  element.style.display = "";
  element.style.setProperty("min-height", 0, "important");
};

/** The answers; until then an empty place takes no room for longer than somebody waits. */
export const answers = async (element, asked) => {
  const late = setTimeout(nothing, PATIENCE_MS, element);
  const answered = await Promise.all(asked);
  clearTimeout(late);
  return answered;
};

/** Who is here, as the shop says: its customer's id, so that nobody ever sees another one's link. */
export const who = (element) => {
  try {
    const [, payload] = element.getAttribute("identity").split(".");
    return JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {
    return "";
  }
};

/** Hears that somebody else is here, and of consent, until the element is left; gives how it is left. */
export const watch = (element, changed, consented) => {
  const watching = new MutationObserver(changed);
  watching.observe(element, { attributeFilter: ["identity"] });
  document.addEventListener("goodword:consent", consented);
  return (element.leave = () => {
    watching.disconnect();
    document.removeEventListener("goodword:consent", consented);
  });
};
