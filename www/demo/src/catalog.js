// Decides what the shop sells, at which price, and who its invented customers are.
//
// One set costs €34.90 on purpose. The shop reports what was paid, and with a friend's €10 taken
// off €24.90 is still above the demo program's minimum order of €20.00.

export const CURRENCY = "EUR";
export const SET = { name: "First Pour", price_minor: 3490 };
export const QUANTITY_MAX = 9;

export const TEAS = [
  { id: "cloud-terrace", name: "Cloud Terrace", kind: "High-mountain oolong", note: "Orchid, warm milk, a long sweet finish" },
  { id: "ember-road", name: "Ember Road", kind: "Smoked black tea", note: "Pine smoke, dried plum, dark honey" },
  { id: "quiet-meadow", name: "Quiet Meadow", kind: "Herbs, no caffeine", note: "Chamomile, linden, lemon verbena" },
];

// The first name is all a friend ever reads, so it is all the identity token carries.
export const CUSTOMERS = [
  { id: "anna", name: "Anna Lindqvist", first: "Anna", email: "anna@example.com" },
  { id: "ben", name: "Ben Okafor", first: "Ben", email: "ben@example.com" },
  { id: "chen", name: "Chen Wei", first: "Chen", email: "chen@example.com" },
  { id: "dora", name: "Dora Novak", first: "Dora", email: "dora@example.com" },
];

export function teaOf(id) {
  return TEAS.find((tea) => tea.id === id) ?? null;
}

export function customerOf(id) {
  return CUSTOMERS.find((customer) => customer.id === id) ?? null;
}
