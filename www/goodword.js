// The loader: the one script that a shop pastes into its pages. It decides what becomes of a
// claim (captured, kept, handed to forms), answers window.goodword, and fetches the panel or
// the welcome once a page holds one. What those look like and say is left to www/widget/ and
// to the Wasm. It is a guest: whatever the page denies it, it never throws into the page.
// Every byte counts here, so there is one keyword for all variables.
try {
  // Only now, while the tag runs, does the page say which tag this is.
  let script = document.currentScript;
  let queue = window.goodword || [];
  // The tag pasted twice counts once.
  if (queue.claim) throw 0;

  // Where no tag is known (a bundler took the script in), this is where it ends.
  let { program, consent } = script.dataset;
  let api = new URL(script.src).origin;
  let place = "goodword:" + program;
  // What this page knows when nothing may be stored: `claim`, its `code`, the advocate's own
  // link (`me`), and which claim's greeting was `dismissed`.
  let memory = {};
  let allowed = consent != "wait";
  let may = () => allowed;
  // Called with consent; nothing waits for it yet.
  let agree = may;

  let failed = (error) => ({ error });
  let emit = (event, detail, target = document) =>
    target.dispatchEvent(
      new CustomEvent("goodword:" + event, { detail, bubbles: true, composed: true }),
    );

  // JSON sent as text/plain spares the preflight; keepalive lets a report outlive its page.
  // It never rejects: what went wrong is the answer's `error`.
  let ask = async (path, body, headers) => {
    try {
      let response = await fetch(
        `${api}/v1/${path}`,
        body
          ? { body: JSON.stringify({ program, ...body }), keepalive: true, method: "POST" }
          : { headers },
      );
      let answer = await response.json();
      if (response.ok) return answer;
      throw answer;
    } catch (error) {
      emit("error", error);
      return failed(error);
    }
  };

  // Nothing is read or written before consent and under Global Privacy Control, and the
  // browser may refuse: each of these throws, so whoever asks for the storage catches.
  let storage = () => (allowed && !navigator.globalPrivacyControl ? localStorage : null);
  let kept = () => {
    try {
      return { ...memory, ...JSON.parse(storage()[place]) };
    } catch {
      return memory;
    }
  };
  let keep = (news) => {
    // Read again before writing: another tab may have learnt something meanwhile.
    memory = { ...kept(), ...news };
    try {
      storage()[place] = JSON.stringify(memory);
      // Here the shop's server reads the claim at checkout.
      if (news.claim !== undefined) {
        document.cookie = `goodword_claim=${news.claim};path=/;max-age=${news.claim ? 2592000 : 0}`;
      }
    } catch {}
    fill();
  };

  // Parts fetched when something asks for them; all carry one hash in their names.
  let part = (name) => import(`${api}/widget/${name}.${__WIDGET_HASH__}.js`);

  // Forms, Stripe's links and buttons may come later, so this runs after every change of the
  // page.
  let fill = () => {
    let { claim } = kept();
    // A withdrawn claim is null, which empties the field.
    if (!allowed || claim === undefined) return;
    for (let input of document.getElementsByName("goodword_claim")) input.value = claim;
    // Shopify's cart, Stripe's payment links, and its buttons, which carry this key.
    if (window.Shopify || document.querySelector("[href*=stripe],[publishable-key]")) {
      part("more").then((more) => more.hand(claim), failed);
    }
  };

  // The parameter leaves the address bar; every other character of the address stays.
  let strip = (parameter) =>
    history.replaceState(
      history.state,
      0,
      location.href.replace(
        RegExp(`([?&])${parameter}=[^&#]*(&?)`),
        (_, lead, next) => next && lead,
      ),
    );

  let arrive = async () => {
    let query = new URL(location).searchParams;
    let claim = query.get("gw");
    let code = query.get("ref");
    if (claim) {
      memory.claim = claim = /^[fl][\w-]{1,119}$/.exec(claim)?.[0];
      code = "";
      strip("gw");
    }
    if (!allowed) await new Promise((resolve) => (agree = resolve));
    delete memory.claim;
    let older = kept().claim;
    if (code || (claim && older)) {
      claim = await (await part("more")).arrive(claim, code, older, program, ask, strip, emit);
      // A person is counted once, and only their own browser knows: it has no older claim.
    } else claim && ask("clicks", { claim });
    if (claim) keep({ claim, code });
    // Again, because its cookie runs out sooner, and two programs of one site share that.
    else older && keep({ claim: older });
  };
  let arrived = arrive().catch(failed);

  let show = async (element) => {
    near.unobserve(element);
    try {
      // The reader's language: the nearest element's that has one, or the browser's. Numbers and dates
      // follow the whole tag; of the texts only one language travels.
      let tag = element.closest("[lang]")?.lang || navigator.language;
      let [language] = /^(ar|de|es|fr|ja|pl|pt|ru|zh(-hant)?)/.exec(
        tag.toLowerCase().replace(/.(tw|hk|mo)/, "-hant"),
      ) || ["en"];
      // An owner may have words in the reader's own, else in the one that ours are in.
      tag = [tag, language];
      // Everything that the panel waits for, asked for at the same moment.
      let load = (pressed) => {
        let identity = element.getAttribute("identity");
        // Its first use takes the browser as long as drawing: it does so while the answers are on
        // their way, and in two tasks of its own, since the first half is what a collator needs.
        setTimeout(Intl.Collator);
        setTimeout(Intl.NumberFormat);
        return [
          ask(`programs/${program}/offer?locale=${tag}`),
          identity &&
            (allowed || pressed) &&
            ask("advocates", { claim: kept().claim, identity, locale: language }),
          // For whom, because the page may change that meanwhile.
          identity,
        ];
      };
      let name = element.getAttribute("mode") || "inline";
      let asked;
      if (element.localName == "good-word") {
        // A launcher asks for nothing until it is pressed.
        asked = name == "launcher" || load();
      } else {
        await arrived;
        let { claim, dismissed } = kept();
        if (!claim || claim == dismissed) return;
        name = "welcome";
      }
      // By place, because names would travel.
      let page = [element, tag, language, api, program, may, kept, keep, ask, emit];
      (await part(name + "." + language)).mount(page, load, asked);
    } catch {
      // Its script did not come: what the owner wrote between the tags stays.
      element.style.minHeight = 0;
    }
  };

  let near = new IntersectionObserver(
    (entries) => {
      for (let entry of entries) {
        if (entry.isIntersecting) show(entry.target);
      }
    },
    { rootMargin: "300px" },
  );

  let goodword = (window.goodword = {
    claim: () => kept().claim || null,
    code: () => kept().code || null,
    consent(given) {
      allowed = true;
      if (given) {
        agree();
      } else {
        keep({ claim: null });
        try {
          delete localStorage[place];
        } catch {}
        allowed = false;
        memory = {};
      }
      emit("consent", given);
    },
    // A page that reports orders is rare: it waits for a part of its own.
    convert: (order) =>
      part("more").then((more) => more.convert(order, may, kept, ask), failed),
    on: (event, heard) => document.addEventListener("goodword:" + event, heard),
    push(call) {
      try {
        call.call ? call(goodword) : goodword[call.shift()](...call);
      } catch (error) {
        emit("error", error);
      }
    },
  });
  // At the last moment too: the page may have emptied its field, and another tab may know more. 1 is true,
  // in a byte less.
  document.addEventListener("submit", fill, 1);
  new MutationObserver(fill).observe(document, { subtree: true, childList: true });

  for (let name of ["good-word", "good-word-welcome"]) {
    customElements.define(
      name,
      class extends HTMLElement {
        connectedCallback() {
          let mode = this.getAttribute("mode");
          let { me, prompted = {} } = kept();
          // The prompt comes once for an order.
          if (prompted[this.getAttribute("order")]) return (this.style.minHeight = 0);
          // Room is held free at once for what is to come, so that the page does not jump; the
          // panel gives back what it does not take. As in www/widget/README.md.
          if (name == "good-word") {
            // A page that hides it knows better.
            this.style.display ||= this.offsetParent && "block";
            this.style.minHeight ||= `max(${
              mode == "bar"
                ? "5em,19em - 22vw"
                : mode == "launcher"
                  ? "2.75em"
                  : me || this.getAttribute("identity")
                    ? "32em,84em - 85vw"
                    : "19em"
            })`;
          }
          near.observe(this);
        }
        disconnectedCallback() {
          this.leave?.();
        }
      },
    );
  }
  // Last, because the page may have put something else under this name.
  for (let call of queue) goodword.push(call);
} catch {}
