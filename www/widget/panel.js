// The panel's script: what only a script can do. It gathers what is known into one record,
// has the Wasm turn that into DOM operations, carries them out, and answers presses. What the
// panel says and which state it is in is decided in crates/goodword-widget.

import { place as address, render, __wbg_set_wasm } from "goodword-glue";
import { panel as words } from "goodword-texts";
import { build } from "./build.js";
import { entries } from "./entries.js";
import { giveBack, inSight, known, who, written } from "./make.js";
import { sheet } from "./sheet.js";
import wasm from "goodword-wasm";

// One Wasm serves every panel of the page. It travels within this script, a letter a byte. Bytes in
// its memory are all that crosses the border.
let ready, memory, plain;
const start = async () => {
  const bytes = Uint8Array.from(wasm, (letter) => letter.charCodeAt());
  const { instance } = await WebAssembly.instantiate(bytes);
  __wbg_set_wasm(instance.exports);
  memory = new Uint8Array(instance.exports.memory.buffer, address());
};

/** Without Wasm (a policy may refuse it) another script says the little that is needed. */
const bare = async () => {
  ({ plain } = await import(import.meta.url.replace(/[^/.]+(\.[^/]+)$/, "plain$1")));
};

/** The most that the Wasm reads. What is longer loses its end, where the rewards are. */
const KNOWN_BYTES_MAX = 1 << 18;

/** What the panel shows for what is known: names and texts go in, DOM operations come out. */
const decide = (known) => {
  const { written } = new TextEncoder().encodeInto(known, memory.subarray(0, KNOWN_BYTES_MAX));
  return new TextDecoder().decode(memory.subarray(0, render(written)));
};

/** From here on it would look empty: what is stored is shown, or that something is to come. */
const BLANK_MS = 500;
/** Longer than this nobody waits: that it failed is shown, and the rest when it comes. */
const PATIENCE_MS = 8000;
const DAY_MS = 864e5;
/** As long a new link may be unknown somewhere. */
const FRESH_MS = 12e4;

/** As many rewards as somebody reads, the newest first; what is pending a day after its date waits for the owner. */
const newest = (rewards = []) => {
  const latest = rewards.slice(0, 20);
  // Without `map`, which pages replace.
  for (const at of latest.keys()) {
    const { status, due_at } = latest[at];
    if (status == "pending" && Date.now() - Date.parse(due_at) > DAY_MS) latest[at] = { ...latest[at], status: "due" };
  }
  return latest;
};

/** How often the link was shared, by whatever channel. */
const total = (shares = {}) => {
  let sum = 0;
  for (const channel of Object.keys(shares)) sum += shares[channel];
  return sum;
};

/** `first` is what was asked for already; `own` gives the words of a mode. */
export const mount = (page, load, first, own) => {
  const [element, wished, language, api, , may, kept, keep, ask, emit] = page;
  // It may have been taken out of the page while this was on its way, or been put in twice.
  if (!element.isConnected) return;
  element.leave?.();
  const tag = known(wished, language);
  const root = element.shadowRoot || element.attachShadow({ mode: "open" });
  // A mode has a place for the panel, and a style that goes before.
  const place = root.querySelector("[part=place]") || root;
  root.adoptedStyleSheets = [...new Set([sheet, ...root.adoptedStyleSheets])];
  // What stands between the tags is shown until there is something to show.
  if (place == root && !root.firstChild) root.append(document.createElement("slot"));
  const left = new AbortController();
  const { signal } = left;

  // What is known: the offer, the advocate (`me`, as `stored` perhaps), the message as edited, and how it went.
  let offer, me, stored, token, message, failed, asking, waiting, shared, drawn;
  // Whether who is here pressed for their link without the page's consent.
  let pressed;
  // Which request is the newest: what answers an older one comes too late, for somebody else perhaps.
  let turn = 0;
  // The turn in which an address was sent, and when patience with the newest request ends.
  let sending, impatient;

  const learn = (answer, whose = who(element)) => {
    const { code, share_link, summary } = answer;
    token = answer.token;
    const known = { code, share_link, who: whose, since: Date.now() };
    me = { ...known, ...summary };
    keep({ me: known });
    emit("enrol", { code, share_link }, element);
  };

  /** An answer, if it comes before anything else was asked for somebody. */
  const timely = async (path, proof) => {
    const mine = turn;
    const answer = await ask(path, undefined, proof && { authorization: "Bearer " + proof });
    if (mine == turn && !answer?.error) return answer;
  };

  /**
   * Where variants are tried, what somebody is offered is known only with their code; and so is whether
   * a link that this device has kept is blocked: then nobody invites by it.
   */
  const vary = async () => {
    if (!me || !offer || (me != stored && !offer.experiments)) return;
    const varied = await timely(`programs/${offer.program}/offer?locale=${wished}&code=${me.code}`);
    if (!varied) return;
    offer = varied;
    // A store may be behind for a minute, and an answer kept for one.
    if (me == stored && !offer.inviter && !(Date.now() - me.since < FRESH_MS)) me = { status: "blocked", ...me };
  };

  /** The owner's words before ours, if they are in the reader's language, and the mode's before both. */
  const texts = () => {
    const owners = offer?.locale_matches && offer.texts;
    return { ...words, ...words[offer?.qualifies?.kind], ...owners, ...own?.(owners) };
  };

  /** What is known, as elements. */
  const tree = () => {
    const known = {
      t: texts(),
      name: offer?.name,
      ...written(language),
      api,
      native: !!navigator.share,
      failed,
      asking,
      waiting,
      shared,
      // Whose shop it is that one invites to is in the offer: before that the link goes alone.
      message: message ?? (offer ? null : ""),
      // Its texts stand among the texts: twice they would not fit. What is theirs goes before what
      // is everybody's.
      offer: { ...offer, texts: null, ...me?.offer },
      me: me && { ...me, shares: total(me.shares), rewards: newest(me.rewards) },
    };
    try {
      return build(plain ? plain(known) : decide(entries(tag, known)), tag);
    } catch {
      return document.createElement("slot");
    }
  };

  /** Draws everything, or only the parts named, so that the rest keeps its focus. */
  const draw = (...parts) => {
    if (signal.aborted) return;
    const room = inSight(element);
    const fresh = tree();
    if (parts.length) {
      for (const part of parts) {
        const made = fresh.querySelector(`[part~=${part}]`);
        const old = place.querySelector(`[part~=${part}]`);
        if (!made || !old) continue;
        // A code that is open stays so.
        if (old.querySelector("[open]")) made.querySelector("details").open = true;
        old.replaceWith(made);
      }
    } else {
      // Who pressed something that is gone now goes on with what came instead.
      const focused = place.contains(root.activeElement);
      place.replaceChildren(fresh);
      if (focused) place.querySelector("input,button")?.focus();
    }
    drawn = true;
    if (waiting) busy();
    else giveBack(element, room);
  };

  /** Who comes by the link in a letter is known by what stands behind its hash sign, unless the shop knows better. */
  const arrive = async () => {
    const mailed = /[#&]goodword_token=([\w-]+)/.exec(location.hash)?.[1];
    if (!mailed || !may()) return;
    const here = token || who(element);
    const summary = here || (await timely("advocates/me", mailed));
    if (!summary) return;
    if (!here) learn({ ...summary, summary, token: mailed });
    // The whole address: what is missing would come from the page's `<base>`.
    history.replaceState(history.state, "", location.href.replace(/#.*/, ""));
  };

  /** Whether somebody is known by now: by a letter, by another panel, or as is stored here. */
  const look = async () => {
    // What is not drawn yet looks by itself.
    if (!drawn) return;
    const before = me;
    // Another panel may have forgotten who was known by their address, or know somebody else.
    const { code, who: whose } = kept().me || {};
    if (me && !me.who && !whose && code != me.code) forget();
    await arrive();
    recall();
    if (me == before) return;
    await vary();
    draw();
  };

  const settle = async (asked) => {
    const mine = ++turn;
    let failing = true;
    try {
      const [offered, enrolled] = await Promise.all([...asked, ready]);
      if (mine != turn) return;
      // Whoever comes with an identity that is over, or none of the shop's, is somebody unknown.
      const { error } = enrolled || {};
      failing = !!(offered.error || (error && error.status != 401));
      // Not asked for want of consent.
      asking = enrolled === undefined;
      // Consent that came in between had nothing to ask again yet.
      if (asking && may()) return again();
      if (!offered.error) offer = offered;
      if (enrolled && !enrolled.error) learn(enrolled);
      await arrive();
    } catch {
      // An answer that makes no sense is no answer.
    }
    recall();
    await vary();
    if (mine != turn) return;
    clearTimeout(impatient);
    failed = failing;
    waiting = false;
    draw();
  };

  /** The link kept on this device, for who is here now. */
  const recall = () => {
    const known = kept().me;
    if (!me && !asking && known?.who === who(element)) me = stored = known;
  };

  /** From now on nobody is known here, and who was gets no word in. */
  const forget = () => {
    turn++;
    me = token = pressed = message = shared = undefined;
  };

  const tell = (said) => place.querySelector("[role=status]")?.replaceChildren(said);

  /** A sign that something is on its way, which leaves all else as it is. */
  const busy = () => tell(build("\x01progress\x02aria-labelledby=headline"));

  const giveUp = () => {
    sending = 0;
    // What was pressed or typed is there still, for another try.
    if (drawn && !waiting) {
      element.style.minHeight = "";
      return tell(texts().failed);
    }
    failed = true;
    waiting = false;
    draw();
  };

  /** Room for the whole panel, while the press that will bring it is fresh. */
  const expect = () => {
    element.style.minHeight = "var(--room)";
    busy();
    clearTimeout(impatient);
    impatient = setTimeout(giveUp, PATIENCE_MS);
  };

  const again = () => {
    expect();
    settle(load(pressed));
  };

  /** Who was here is not any more: what was theirs goes at once. */
  const renew = () => {
    forget();
    failed = false;
    waiting = true;
    if (drawn) draw();
    again();
  };

  /** Reports a share once, thanks for it, and says what comes next. */
  const thank = (channel) => {
    ask("shares", { code: me.code, channel });
    emit("share", { code: me.code, channel }, element);
    shared = true;
    tell(tree().querySelector("[role=status]").textContent || words.thanks);
  };

  const copy = async (button) => {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Plain http and refused permissions have no clipboard, but they have the old way.
      const shown = button.previousElementSibling;
      getSelection().selectAllChildren(shown);
      shown.select?.();
      if (!document.execCommand("copy")) return tell(texts().byhand);
      button.focus();
    }
    if (text == me.share_link) ask("shares", { code: me.code, channel: "copy" });
    emit("copy", { code: me.code, text }, element);
    const { copy, copied } = texts();
    tell(copied);
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 2000);
  };

  const native = ({ dataset: { text, link: url } }) =>
    navigator.share({ text, url }).then(
      () => thank("native"),
      // A share that the advocate calls off (AbortError) or presses twice (InvalidStateError) is no
      // error; where a frame may not share, the link is copied.
      ({ name }) => /^[AI]/.test(name) || copy(place.querySelector("[data-copy]")),
    );

  const listen = (event, heard, target = root) => target.addEventListener(event, heard, { signal });

  const press = ({ target, detail, button }) => {
    // The middle button opens links, the others do nothing of ours.
    const chosen = button < 2 && target.closest(button ? "a" : "[data-copy],[data-channel],[data-do]");
    if (!chosen) return;
    const { copy: text, channel, do: action } = chosen.dataset;
    if (text) copy(chosen);
    // Pressed twice it is shared once, and a code that is open closes.
    if (channel && detail < 2 && !chosen.parentNode.open) thank(channel);
    if (action == "share") native(chosen);
    if (action == "start") pressed = true;
    if (/start|retry/.test(action)) again();
    if (action == "forget") {
      forget();
      keep({ me: null });
      if (waiting) again();
      emit("forget", {}, element);
      draw();
      element.style.minHeight = "";
    }
  };
  listen("click", press);
  listen("auxclick", press);
  listen("input", ({ target }) => {
    if (target.matches("textarea")) {
      message = target.value;
      draw("channels", "native", "shortened");
    }
  });
  listen("submit", async (event) => {
    event.preventDefault();
    if (sending == turn) return;
    const mine = (sending = ++turn);
    expect();
    const email = root.getElementById("email").value;
    const answer = await ask("advocates", { email, locale: language, claim: kept().claim });
    if (mine != turn) return;
    clearTimeout(impatient);
    if (!answer?.code) return giveUp();
    // Whom the shop says who is here, if it does, is over.
    learn(answer, "");
    await vary();
    draw();
  });
  listen(
    "visibilitychange",
    async () => {
      if (document.hidden || !token) return;
      const answer = await timely("advocates/me", token);
      if (!answer) return;
      const before = me;
      me = { ...me, ...answer };
      for (const reward of me.rewards) {
        const { reward_id, status } = reward;
        const isSame = (earlier) => earlier.reward_id == reward_id && earlier.status == status;
        // A new one, or one whose status changed.
        if (!before.rewards.some(isSame)) emit("reward", reward, element);
      }
      if (before.status == me.status) draw("figures", "lead");
      else draw();
    },
    document,
  );

  // A shop that learns later who is here sets the attribute then.
  const observer = new MutationObserver(() => {
    // What is another identity may be the same person's, who is known already.
    if (me?.who !== who(element)) renew();
    else if (!token) again();
  });
  observer.observe(element, { attributeFilter: ["identity"] });
  const consent = ({ detail: given }) => {
    if (!given) renew();
    else if (asking) again();
    else look();
  };
  listen("goodword:consent", consent, document);
  listen("goodword:enrol", look, document);
  listen("goodword:forget", look, document);

  ready ||= start().catch(bare).catch(() => {});
  const blank = setTimeout(() => {
    if (drawn) return;
    waiting = true;
    recall();
    draw();
  }, BLANK_MS);
  impatient = setTimeout(giveUp, PATIENCE_MS);
  element.leave = () => {
    left.abort();
    turn++;
    observer.disconnect();
    clearTimeout(blank);
    clearTimeout(impatient);
  };
  // Or has set or changed it while this was on its way.
  settle(first[2] === element.getAttribute("identity") ? first : load());
};
