// The loader: the one script that a shop pastes into its pages. It decides what becomes of a
// claim (captured, kept, handed to forms), answers window.goodword, and fetches the panel or
// the welcome once a page holds one. What those look like and say is left to www/widget/ and
// to the Wasm. It is a guest: whatever the page denies it, it never throws into the page.
(async () => {
  // Only now, while the tag runs, does the page say which tag this is.
  const script = document.currentScript;
  const queue = window.goodword || [];
  // The tag pasted twice counts once.
  if (!script || queue.claim) return;

  const { program, consent, api = new URL(script.src).origin } = script.dataset;
  const place = "goodword:" + program;
  // What this page knows when nothing may be stored: `claim`, its `code`, the advocate's own
  // link (`me`), and which claim's greeting was `dismissed`.
  const memory = {};
  let allowed = consent != "wait";
  let agree;
  const agreed = new Promise((resolve) => (agree = resolve));

  const emit = (event, detail, target = document) =>
    target.dispatchEvent(
      new CustomEvent("goodword:" + event, { detail, bubbles: true, composed: true }),
    );

  // JSON sent as text/plain spares the preflight; keepalive lets a report outlive its page.
  // It never rejects: what went wrong is the answer's `error`.
  const ask = async (path, body, headers) => {
    try {
      const response = await fetch(api + "/v1/" + path, {
        method: body && "POST",
        body: body && JSON.stringify({ program, ...body }),
        keepalive: body,
        headers,
      });
      const answer = await response.json();
      if (response.ok) return answer;
      throw answer;
    } catch (error) {
      emit("error", error);
      return { error };
    }
  };

  // Nothing is read or written before consent and under Global Privacy Control, and the
  // browser may refuse: each of these throws, so whoever asks for the storage catches.
  const storage = () => (allowed && !navigator.globalPrivacyControl ? localStorage : null);
  const stored = () => {
    try {
      return JSON.parse(storage()[place]);
    } catch {}
  };
  const kept = () => ({ ...memory, ...stored() });
  const keep = (news) => {
    Object.assign(memory, news);
    try {
      // Read again before writing: another tab may have learnt something meanwhile.
      storage()[place] = JSON.stringify({ ...stored(), ...news });
      // Here the shop's server reads the claim at checkout.
      if ("claim" in news) {
        const seconds = news.claim ? 2592000 : 0;
        document.cookie = `goodword_claim=${news.claim};path=/;samesite=lax;max-age=${seconds}`;
      }
    } catch {}
    fill();
  };

  // Forms may come later, so this runs after every change of the page. The list is live and
  // cached by the browser: asking for it costs next to nothing.
  const fill = () => {
    for (const input of document.getElementsByName("goodword_claim")) {
      const { claim } = kept();
      // A withdrawn claim is null, which empties the field.
      if (allowed && claim !== undefined) input.value = claim;
    }
  };

  // The parameter leaves the address bar; every other character of the address stays.
  const strip = (parameter) =>
    history.replaceState(
      history.state,
      0,
      location.href.replace(
        RegExp(`([?&])${parameter}=[^&#]*(&?)`),
        (_, lead, next) => next && lead,
      ),
    );

  const arrive = async () => {
    const query = new URLSearchParams(location.search);
    let claim = query.get("gw");
    let code = query.get("ref");
    if (claim) {
      memory.claim = claim = /^[fl][\w-]{1,119}$/.exec(claim)?.[0];
      code = "";
      strip("gw");
    }
    await agreed;
    delete memory.claim;
    if (code) {
      claim = (await ask("clicks", { code })).claim;
      // Any other site may mean something else by `ref`: it goes only if it was a code.
      if (claim) {
        strip("ref");
        emit("click", { code });
      }
    }
    // A claim begins with the program's model. Under `f`, first click, the older claim stays,
    // unless it has run out, which only the tracker knows.
    const older = kept().claim;
    if (
      claim &&
      (!older || claim[0] != "f" || (await ask("claims/" + older)).valid === false)
    ) {
      keep({ claim, code });
    }
    fill();
  };
  const arrived = arrive().catch(() => {});

  const LANGUAGES = /^(?:zh(?!-hans).*-(?:hant|tw|hk|mo)|(ar|de|en|es|fr|ja|pl|pt|ru|zh))\b/;
  const file = (name) => new URL("widget/" + name, script.src);
  let wasm;

  const show = async (element) => {
    const { style } = element;
    // The reader's language: the element's, the page's or the browser's. Numbers and dates
    // follow the whole tag; of the texts only one language travels.
    const tag = element.lang || document.documentElement.lang || navigator.language;
    const [, language = "zh-Hant"] = LANGUAGES.exec(tag.toLowerCase()) || ["", "en"];
    const mount = async (part, ...asked) =>
      (await import(file(`${part}.${language}.${__WIDGET_HASH__}.js`))).mount(
        // By place, because names would travel.
        [element, tag, language, api, agreed, kept, keep, ask, emit],
        ...asked,
      );
    const load = (pressed) => {
      const identity = element.getAttribute("identity");
      return [
        ask(`programs/${program}/offer?locale=` + language),
        identity &&
          (allowed || pressed) &&
          ask("advocates", { identity, claim: kept().claim, locale: language }),
      ];
    };
    try {
      if (element.localName == "good-word") {
        // Height is held free until the panel is there, so that the page does not jump.
        style.display = "block";
        style.minHeight = "26em";
        wasm ||= fetch(file(`panel.${__WIDGET_HASH__}.wasm`)).catch(() => {});
        await mount("panel", wasm, load, load());
      } else {
        await arrived;
        const { claim, dismissed } = kept();
        if (claim && claim != dismissed) {
          await mount("welcome", claim, ask("claims/" + claim));
        }
      }
    } catch {
      // Its script did not come: what the owner wrote between the tags stays.
      style.display = style.minHeight = "";
    }
  };

  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) {
          near.unobserve(target);
          show(target);
        }
      }
    },
    { rootMargin: "300px" },
  );

  const goodword = (window.goodword = {
    claim: () => kept().claim || null,
    code: () => kept().code || null,
    consent(given) {
      allowed = true;
      if (given) {
        fill();
        agree();
      } else {
        keep({ claim: null, code: null });
        try {
          delete localStorage[place];
        } catch {}
        allowed = false;
      }
    },
    convert: async (order) => {
      await agreed;
      return ask("conversions/unverified", {
        kind: "purchase",
        occurred_at: new Date(),
        claim: kept().claim,
        ...order,
      });
    },
    on: (event, heard) => document.addEventListener("goodword:" + event, heard),
    push(call) {
      try {
        call.call ? call(goodword) : goodword[call[0]](...call.slice(1));
      } catch (error) {
        emit("error", error);
      }
    },
  });
  if (allowed) agree();
  new MutationObserver(fill).observe(document, { childList: true, subtree: true });
  if (Array.isArray(queue)) for (const call of queue) goodword.push(call);

  for (const name of ["good-word", "good-word-welcome"]) {
    customElements.get(name) ||
      customElements.define(
        name,
        class extends HTMLElement {
          connectedCallback() {
            near.observe(this);
          }
          disconnectedCallback() {
            this.leave?.();
          }
        },
      );
  }
})().catch(() => {});
