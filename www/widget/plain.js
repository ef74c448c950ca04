// The panel without Wasm, where a page's policy refuses it: there is still the way to a link, the code,
// the copying, or why not. It is fetched only there.

import { panel as words } from "goodword-texts";
import { written } from "./make.js";

/** What is known, as DOM operations: no text can pose as one. */
export const plain = ({ language, asking, waiting, failed, me, offer }) => {
  const clean = (text) => text.replace(/[\0-\x1f]/g, "");
  const say = (name) => clean(offer?.texts?.[name] ?? words[name]);
  let rest =
    `\x01form\x01label\x02for=email\x03${say("address")}\x05\x01div\x02part=row` +
    "\x01input\x02id=email\x02part=input\x02type=email\x02autocomplete=email\x02required=\x05" +
    `\x01button\x02part=button primary\x03${say("enrol")}\x05\x05\x05`;
  if (asking) rest = `\x01button\x02part=button\x02data-do=start\x03${say("start")}\x05`;
  if (waiting) rest = `\x01progress\x02aria-label=${say("headline")}\x05`;
  if (failed) {
    rest =
      `\x01p\x03${say("failed")}\x05` +
      `\x01button\x02part=button\x02data-do=retry\x03${say("retry")}\x05`;
  }
  const isOver = offer && offer.status != "active";
  if (me?.status == "blocked") rest = `\x01p\x03${say("blocked")}\x05`;
  else if (isOver) rest = `\x01p\x03${say("ended")}\x05`;
  else if (me) {
    const [link, code] = [me.share_link, me.code].map(clean);
    rest =
      `\x01label\x02for=link\x03${say("link")}\x05\x01div\x02part=row` +
      `\x01input\x02id=link\x02part=input\x02readonly=\x02value=${link}\x05` +
      `\x01button\x02part=button primary\x02data-copy=${link}\x03${say("copy")}\x05\x05` +
      `\x01p\x03${say("code")} \x01code\x03${code}\x05\x05`;
  }
  return (
    `\x01section\x02part=panel\x02lang=${language}\x02dir=${written(language).dir}\x01div\x02part=main` +
    `\x01h2\x03${say("headline")}\x05${rest}\x01p\x02part=status\x02role=status`
  );
};
