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

/** A tag that the browser's `Intl` takes: pages write `en_US`, too. */
export const known = (tag, language) => {
  try {
    return Intl.getCanonicalLocales(tag.replace("_", "-"))[0];
  } catch {
    return language;
  }
};

/**
 * Of the room held free for an element, which was `room`, gives back only what lies beyond the
 * window's edge: what is seen below stays where it is.
 */
export const giveBack = (element, { top, height }) => {
  element.style.display = "";
  element.style.minHeight = Math.max(0, Math.min(height, innerHeight - top)) + "px";
};
