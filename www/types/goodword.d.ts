// What goodword.js adds to a page: `window.goodword`, two elements, and their events.

/** An amount in the currency's smallest unit: 4990 of EUR is €49.90. */
export interface GoodwordMoney {
  amount_minor: number;
  currency: string;
}

/** A reward, as the tracker's answers show it. */
export interface GoodwordReward {
  reward_id: string;
  side: "advocate" | "friend";
  code: string;
  order_id?: string;
  milestone?: number;
  gives: "money" | "credit" | "discount" | "coupon" | "points" | "gift" | "units";
  value: GoodwordMoney | { amount: number; unit?: string } | { label: string };
  status: "pending" | "confirmed" | "fulfilled" | "voided" | "clawed_back";
  due_at: string;
  capped?: boolean;
}

/** An order as the page knows it. It earns nothing until a server confirms it. */
export interface GoodwordConversion {
  order_id: string;
  /** `purchase` unless said otherwise. */
  kind?: "purchase" | "signup";
  /** Now, unless said otherwise; RFC 3339. */
  occurred_at?: string;
  value?: GoodwordMoney;
  customer?: { id: string; email?: string; existing?: boolean };
  lines?: { product_id: string; category?: string; quantity: number; value: GoodwordMoney }[];
  /** A code the friend typed. */
  code?: string;
}

/** What the events' `detail` holds. */
export interface GoodwordEvents {
  /** A friend arrived by a direct link and the tracker answered with a claim. */
  click: { code: string };
  /** The panel knows the advocate's link. */
  enrol: { code: string; share_link: string };
  /** A channel was pressed. */
  share: { code: string; channel: string };
  /** The link or the code was copied. */
  copy: { code: string; text: string };
  /** Who was known by an e-mail address wants to be forgotten on this device. */
  forget: Record<string, never>;
  /** A friend was greeted; `reward` is in the reader's words. */
  welcome: { code: string; name?: string | null; reward: string };
  /** A reward is new, or has another status than when the panel last looked, on this page. */
  reward: GoodwordReward;
  /** Consent was given, or taken back: what is stored is gone, and elements know nobody any more. */
  consent: boolean;
  /** The question was answered, from 0 to 10, and the tracker has it. */
  rating: { score: number };
  /** A call to the tracker failed (its problem document, or the browser's error), or a queued call threw, whatever it threw. */
  error: { code?: string; status?: number; detail?: string } & Partial<Error>;
}

/** A call made before the script has loaded: a method's name and its arguments, or a function. */
export type GoodwordCall =
  | ["consent", boolean]
  | ["convert", GoodwordConversion]
  | { [Name in keyof GoodwordEvents]: ["on", Name, GoodwordListener<Name>] }[keyof GoodwordEvents]
  | ((goodword: Goodword) => void);

export type GoodwordListener<Name extends keyof GoodwordEvents> = (
  event: CustomEvent<GoodwordEvents[Name]>,
) => void;

export interface Goodword {
  /** The current claim, to be put into the order. Before consent it is known to this page only. */
  claim(): string | null;
  /** The inviting code: after a direct link, or once the welcome has greeted. */
  code(): string | null;
  /** With `data-consent="wait"`: from `true` on things are stored and sent. `false` forgets them, at any time. */
  consent(given: boolean): void;
  /** Reports an order that no server has confirmed. Waits for consent; never rejects. */
  convert(order: GoodwordConversion): Promise<unknown>;
  /** Listens on the document; the same events reach listeners on the elements. */
  on<Name extends keyof GoodwordEvents>(event: Name, heard: GoodwordListener<Name>): void;
  /** Makes a queued call at once. */
  push(call: GoodwordCall): void;
}

/**
 * `<good-word identity="…" lang="pl">`: the share panel. Without an identity it asks for an e-mail
 * address. What stands between its tags is shown until the panel comes, and if it cannot. Its
 * `mode` is `inline` unless said otherwise, or `launcher` (with a `label`), `bar`,
 * `after-purchase` (with the `order`), `question`, or `leaderboard`.
 */
export interface GoodwordPanelElement extends HTMLElement {}

/** `<good-word-welcome text="{name} sends you {reward}">`: greets an invited friend, and nobody else. */
export interface GoodwordWelcomeElement extends HTMLElement {}

type Listened = { [Name in keyof GoodwordEvents as `goodword:${Name}`]: CustomEvent<GoodwordEvents[Name]> };

declare global {
  interface Window {
    goodword: typeof goodword;
  }
  /** An array of calls until the script has loaded: `push` is always there, the rest (`goodword.claim?.()`) from then on. */
  var goodword: Partial<Goodword> & { push(call: GoodwordCall): unknown };
  interface HTMLElementTagNameMap {
    "good-word": GoodwordPanelElement;
    "good-word-welcome": GoodwordWelcomeElement;
  }
  interface DocumentEventMap extends Listened {}
  interface HTMLElementEventMap extends Listened {}
}
