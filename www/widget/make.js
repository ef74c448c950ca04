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
