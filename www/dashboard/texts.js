// The words of the language that is spoken. They are asked for once it is known which one that is;
// English words stand in for what another language lacks only until its test fails.

/** Every language by its own name. */
export const languages = [
  ["en", "English"], ["pl", "Polski"], ["ru", "Русский"], ["zh-Hans", "简体中文"], ["zh-Hant", "繁體中文"],
  ["de", "Deutsch"], ["es", "Español"], ["fr", "Français"], ["ja", "日本語"], ["pt-BR", "Português (Brasil)"], ["ar", "العربية"],
];

const chosenBefore = "goodword-language";

let words = {};

/** The language that is spoken. */
export let language = "en";

/** The same as the reader's browser has it where it does (`en-GB`), for dates and numbers. */
export let locale = "en";

/** The one that was chosen before, or the browser's, as far as it is spoken here. */
export function preferred() {
  const wishes = [kept(), ...navigator.languages];
  for (const wish of wishes) {
    const { language: main, script } = new Intl.Locale(wish || "en").maximize();
    const found = languages.find(([tag]) => {
      const known = new Intl.Locale(tag).maximize();
      return known.language === main && (main !== "zh" || known.script === script);
    });
    if (wish && found) return found[0];
  }
  return "en";
}

function kept() {
  try {
    return localStorage.getItem(chosenBefore);
  } catch {
    return null;
  }
}

/** Speaks a language from now on, here and at the next visit. */
export async function speak(tag, isChosen = false) {
  // The words lie beside this script and carry the same hash in their names.
  const hash = /\.[a-z]+\.js$/.exec(import.meta.url)[0];
  words = (await import(new URL(`./${tag}${hash}`, import.meta.url).href)).default;
  language = tag;
  locale = navigator.languages.find((wish) => wish.startsWith(`${tag}-`)) ?? tag;
  document.documentElement.lang = tag;
  document.documentElement.dir = tag === "ar" ? "rtl" : "ltr";
  if (!isChosen) return;
  try {
    localStorage.setItem(chosenBefore, tag);
  } catch {
    // The choice then lasts as long as the page.
  }
}

/** A text by its name, its {gaps} filled. */
export const t = (name, gaps = {}) =>
  (words[name] ?? name).replace(/\{(\w+)\}/g, (gap, key) => gaps[key] ?? gap);

// Names that are the same in every language.
const brands = {
  channel_whatsapp: "WhatsApp", channel_telegram: "Telegram", channel_x: "X", channel_facebook: "Facebook", channel_messenger: "Messenger",
  channel_linkedin: "LinkedIn", channel_reddit: "Reddit", channel_bluesky: "Bluesky", channel_mastodon: "Mastodon", channel_threads: "Threads",
  channel_pinterest: "Pinterest", channel_line: "LINE", channel_weibo: "Weibo", channel_wechat: "WeChat", channel_vk: "VK", channel_viber: "Viber",
};

/** The same where the tracker may know names that this page does not: those are shown as they are. */
export const named = (group, name) => words[`${group}_${name}`] ?? brands[`${group}_${name}`] ?? name;
