// The panel without Wasm, where a page's policy refuses it: there is still the way to a link, the code,
// the copying, or why not. It is fetched only there.

import { panel as words } from "goodword-texts";

/** What is known, as DOM operations: no text can pose as one. */
export const plain = ({ t, name: shop, lang, dir, asking, waiting, failed, me, offer }) => {
  const clean = (text) => text.replace(/[\0-\x1f]/g, "");
  // Of the gaps only the shop's name is filled here: a text with another is ours.
  const say = (name) => {
    const text = t[name].replace(/{name}/g, () => shop);
    return clean(/{\w/.test(text) ? words[name] : text);
  };
  const paragraph = (name) => `\x01p\x03${say(name)}\x05`;
  const retry = failed ? `\x01button\x02part=button\x02data-do=retry\x03${say("retry")}\x05` : "";
  let rest =
    `\x01form\x01label\x02for=email\x03${say("address")}\x05\x01div\x02part=row` +
    "\x01input\x02id=email\x02part=input\x02type=email\x02pattern=.+[.][^\\x40]+" +
    "\x02autocomplete=email\x02required=\x05" +
    `\x01button\x02part=button primary\x03${say("enrol")}\x05\x05\x05`;
  if (asking) rest = `\x01button\x02part=button\x02data-do=start\x03${say("start")}\x05`;
  // The sign of it is in the status.
  if (waiting) rest = "";
  if (failed) rest = paragraph("failed") + retry;
  const isOver = (offer.status ?? "active") != "active";
  if (me?.status == "blocked") rest = paragraph("blocked");
  else if (isOver) rest = paragraph("ended");
  else if (me) {
    const [link, code] = [me.share_link, me.code].map(clean);
    rest =
      (failed ? paragraph("offline") : "") +
      `\x01label\x02for=link\x03${say("link")}\x05\x01div\x02part=row` +
      `\x01input\x02id=link\x02part=input\x02readonly=\x02value=${link}\x05` +
      `\x01button\x02part=button primary\x02data-copy=${link}\x03${say("copy")}\x05\x05` +
      `\x01p\x03${say("code")} \x01code\x03${code}\x05\x05` +
      retry;
  }
  if (me?.who === "") rest += `\x01button\x02data-do=forget\x03${say("forget")}\x05`;
  return (
    `\x01section\x02part=panel\x02lang=${lang}\x02dir=${dir}\x01div\x02part=main` +
    `\x01h2\x02id=headline\x03${say("headline")}\x05${rest}\x01p\x02part=status\x02role=status`
  );
};
