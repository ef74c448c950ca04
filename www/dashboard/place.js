// The address of a view: `#/{program}/{view}?{what is looked for}`, so that a reload, a bookmark and
// the back button come to the same view.

/** Where the address leads. */
export function place() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [program = "", view = ""] = path.split("/").map(decoded);
  return { program, view, query: Object.fromEntries(new URLSearchParams(query)) };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** The address of a view; what is empty is left out. */
export function address(program, view, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(given).toString();
  return `#/${encodeURIComponent(program)}/${view}${text === "" ? "" : `?${text}`}`;
}
