// Carries out DOM operations: a control character that says what to do, then its text; in a text,
// U+0004 stands around a count.
// crates/goodword-widget/src/page.rs lists them. Elements are made one by one: no innerHTML,
// so that Trusted Types and a strict content policy have nothing to refuse.

export const build = (operations, tag) => {
  const fragment = document.createDocumentFragment();
  let node = fragment;
  const written = operations.replace(
    // Where a message was cut short, so may be a count.
    /\x04(\d*)\x04?/g,
    (_, count) => count && Number(count).toLocaleString(tag),
  );
  for (const operation of written.split(/(?=[\x01-\x05])/)) {
    const rest = operation.slice(1);
    const equals = rest.indexOf("=");
    switch (operation.charCodeAt(0)) {
      case 1:
        node = node.appendChild(
          /^(svg|path)$/.test(rest)
            ? document.createElementNS("http://www.w3.org/2000/svg", rest)
            : document.createElement(rest),
        );
        break;
      case 2:
        node.setAttribute(
          rest.slice(0, equals),
          // What stands between marks is a value within an address. Mail wants its own line ends.
          rest.slice(equals + 1).replace(/\x06(.*?)\x06/gs, (_, value) =>
            encodeURIComponent(/^href=mailto/.test(rest) ? value.replace(/\n/g, "\r\n") : value),
          ),
        );
        break;
      case 3:
        node.append(rest);
        break;
      case 5:
        node = node.parentNode;
        // Text goes on after an element that ends within it.
        if (rest) node.append(rest);
    }
  }
  return fragment;
};
