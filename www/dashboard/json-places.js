// Where in a JSON text its values stand, by the names that the tracker gives fields
// (`advocate_reward.steps[0].from`), and where a text stops being JSON.

const tokens = {
  string: /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,
  plain: /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y,
  space: /[ \t\r\n]*/y,
};

class Wrong extends Error {}

/** `{ found, wrongAt }`: each field's `[start, end]`, and the place of the first fault or null. */
export function placesIn(text) {
  const found = new Map();
  let at = 0;
  const take = (token) => {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) throw new Wrong();
    at = token.lastIndex;
    return match[0];
  };
  const is = (sign) => {
    take(tokens.space);
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  };
  const must = (sign) => {
    if (!is(sign)) throw new Wrong();
  };
  const entries = (end, entry) => {
    if (is(end)) return;
    let index = 0;
    do entry(index++); while (is(","));
    must(end);
  };
  const value = (path) => {
    take(tokens.space);
    const start = at;
    if (is("{")) {
      entries("}", () => {
        take(tokens.space);
        const key = JSON.parse(take(tokens.string));
        must(":");
        value(path === "" ? key : `${path}.${key}`);
      });
    } else if (is("[")) {
      entries("]", (index) => value(`${path}[${index}]`));
    } else {
      take(text[at] === '"' ? tokens.string : tokens.plain);
    }
    found.set(path, [start, at]);
  };
  try {
    value("");
    take(tokens.space);
    return { found, wrongAt: at === text.length ? null : at };
  } catch (error) {
    if (error instanceof Wrong || error instanceof RangeError) return { found, wrongAt: at };
    throw error;
  }
}

/** Where a field stands; where it is missing, what it is missing from. */
export function placeOf(found, field) {
  for (let path = field; ; path = path.replace(/(\.[^.[\]]*|\[\d+\]|^[^.[\]]*)$/, "")) {
    if (found.has(path)) return found.get(path);
    if (path === "") return [0, 0];
  }
}

/** The number of the line that a place is in. */
export const lineOf = (text, at) => text.slice(0, at).split("\n").length;
