// Programs as PUT takes them: the contract's own example, and a plain one whose sums are easy to do
// in one's head.

export const origin = "https://shop.example";

/** The contract's example, every field in use. */
export const fullProgram = (id) => ({
  id, name: "Kettle & Leaf", status: "active",
  starts_at: null, ends_at: null,
  destination: "https://shop.example/", origins: ["https://shop.example"],
  currency: "EUR", locales: ["en", "pl"], channels: ["whatsapp", "telegram", "x", "email", "sms"],
  attribution: { model: "last_click", window_days: 30, typed_code: "wins" },
  qualifies: { kind: "purchase", which: "first", minimum_minor: 2000, new_customers_only: true, products: [] },
  hold_days: 14,
  advocate_reward: { steps: [
    { from: 1, reward: { gives: "credit", amount_minor: 1000 } },
    { from: 5, reward: { gives: "credit", amount_minor: 1500 } }] },
  friend_reward: { gives: "discount", amount_minor: 1000 },
  milestones: [{ at: 5, reward: { gives: "gift", label: "A tour of the tea house" } }],
  caps: [{ side: "advocate", period: "month", count: 20 }, { side: "advocate", period: "total", amount_minor: 50000 }],
  boosts: [{ from: "2026-11-23T00:00:00Z", to: "2026-11-30T00:00:00Z", side: "advocate", factor_bp: 20000 }],
  groups: { staff: { factor_bp: 15000 } },
  fraud: {
    block: ["self", "same_email", "existing_customer", "already_referred"],
    review: { bucket_orders_7d: 3, code_orders_1d: 10, value_over_median: 5, seconds_after_click: 60, disposable_mail: true },
  },
  second_level: null, experiments: [],
  texts: { en: { headline: "Give €10, get €10" } },
});

/** €10 for each side on a first order of €20 or more, settled at once, nobody held for review. */
export const plainProgram = (id, overrides = {}) => ({
  ...fullProgram(id),
  destination: "https://shop.example/tea",
  hold_days: 0,
  advocate_reward: fixed(1000),
  milestones: [], caps: [], boosts: [], groups: {},
  fraud: { block: ["self", "same_email", "existing_customer", "already_referred"], review: {} },
  ...overrides,
});

export const credit = (amount_minor) => ({ gives: "credit", amount_minor });
export const percent = (basis_points, more = {}) => ({ gives: "credit", basis_points, ...more });
export const gift = (label) => ({ gives: "gift", label });

/** An advocate's reward that is the same from the first conversion on. */
export const always = (reward) => ({ steps: [{ from: 1, reward }] });
export const fixed = (amount_minor) => always(credit(amount_minor));

/** What counts, over the plain program's: a purchase of €20 or more, the friend's first. */
export const qualifies = (overrides) => ({ ...plainProgram("any").qualifies, ...overrides });
export const attribution = (overrides) => ({ ...plainProgram("any").attribution, ...overrides });
