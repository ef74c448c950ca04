// English. `panel` holds the words of <good-word>, `modes` what its modes add, `question` and `leaderboard`
// those of these two, which nothing else loads, `welcome` those of <good-word-welcome>.
// {gaps} are filled in: {name} the shop's name, {reward} the reward in words, {n} a count, and
// with a dot what the tracker tells of the reward in question; forms that depend on a count are separated by "|" in the order zero,
// one, two, few, many, other, as far as whole numbers of the language need them. A channel
// whose name is a word, or differs in this language, has a text under its id. What is in `signup` is said in
// place of its namesake where a sign-up counts and not a purchase.

/** Which form of a counted text a count takes, from 0 to 199. */
export const form = (n) => (n == 1 ? 0 : 1);

export const panel = {
  headline: "Invite a friend",
  friend: "Your friend gets {reward}.",
  you: "You get {reward} when they buy.",
  message: "I like {name}, and I think you will too. With my link you get {reward}:",
  plain: "I like {name}, and I think you will too:",
  subject: "An invitation to {name}",
  link: "Your link",
  code: "Your code",
  copy: "Copy",
  copied: "Copied",
  byhand: "Please copy the selected text.",
  share: "Share…",
  channels: "Share with",
  email: "E-mail",
  sms: "SMS",
  edit: "Your message",
  thanks: "Thank you for sharing!",
  onward: "Who else would like it?",
  shortened: "Shortened for:",
  qr: "QR code",
  forget: "Not you? Use another address",
  address: "Your e-mail address",
  enrol: "Get my link",
  start: "Show my link",
  shares: "share|shares",
  visits: "visit|visits",
  bought: "friend bought|friends bought",
  next: "{n} more friend unlocks: {reward}|{n} more friends unlock: {reward}",
  rewards: "Your rewards",
  pending: "pending until {.due_at}",
  due: "being checked",
  confirmed: "confirmed {.due_at}",
  fulfilled: "paid out",
  voided: "cancelled",
  clawed_back: "taken back",
  capped: "limit reached",
  asfriend: ", as an invited friend",
  money: "{.value}",
  credit: "{.value} credit",
  discount: "{.value} off",
  coupon: "a {.value} coupon",
  points: "{n} point|{n} points",
  units: "{n} {.value.unit}",
  upto: " (up to {.at_most})",
  minimum: " (orders from {.minimum})",
  ended: "There are no invitations at the moment.",
  blocked: "This link is not active. Please write to us if that surprises you.",
  offline: "Your figures cannot be loaded just now. Your link works all the same.",
  failed: "This cannot be loaded just now.",
  retry: "Try again",
  signup: {
    you: "You get {reward} when they sign up.",
    bought: "friend joined|friends joined",
  },
};

export const welcome = {
  invited: "{name} invited you: {reward}",
  plain: "{name} invited you",
  nameless: "You are invited: {reward}",
  bare: "You are invited",
  code: "Code",
  close: "Close",
  region: "Invitation",
  money: "{value}",
  credit: "{value} credit",
  discount: "{value} off",
  coupon: "a {value} coupon",
  points: "{value} point|{value} points",
  upto: " (up to {at_most})",
  minimum: " (orders from {minimum})",
};

export const modes = {
  launch: "Invite friends",
  prompt: "Thank you! Who else would like this?",
  close: "Close",
  failed: "This cannot be loaded just now.",
};

export const question = {
  ask: "How likely is it that you would recommend {name} to a friend or colleague?",
  unlikely: "Not at all likely",
  likely: "Extremely likely",
  why: "What is the main reason for your answer? (optional)",
  send: "Send",
  heard: "Thank you! Your answer goes straight to {name}.",
  promoted: "Thank you! Who else would like this?",
  unsent: "This could not be sent. Please try again.",
};

export const leaderboard = {
  top: "Who recommends the most",
  place: "Place",
  name: "Name",
  friends: "Friends who bought",
  more: "{n} more has as many friends.|{n} more have as many friends.",
  asof: "Counted {at}",
  nobody: "Nobody is on this list yet.",
  yourname: "Your name on this list",
  hint: "Everybody can read it. No e-mail address, no link.",
  join: "Put me on the list",
  shown: "You are on the list as {name}. What is new is counted about every hour.",
  leave: "Take me off the list",
  left: "You are not on the list any more.",
  unsaid: "This did not work. Please look at the name and try again.",
  signup: {
    friends: "Friends who signed up",
  },
};
