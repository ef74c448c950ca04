//! The words of letters, a small file a language: the languages of the widget.
//! English stands in for what is not there.

const LANGUAGES: [(&str, &str); 11] = [
    ("en", include_str!("texts/en.txt")),
    ("ar", include_str!("texts/ar.txt")),
    ("de", include_str!("texts/de.txt")),
    ("es", include_str!("texts/es.txt")),
    ("fr", include_str!("texts/fr.txt")),
    ("ja", include_str!("texts/ja.txt")),
    ("pl", include_str!("texts/pl.txt")),
    ("pt", include_str!("texts/pt.txt")),
    ("ru", include_str!("texts/ru.txt")),
    ("zh-Hant", include_str!("texts/zh-Hant.txt")),
    ("zh", include_str!("texts/zh.txt")),
];

/// The words of one language.
pub(super) struct Texts {
    language: &'static str,
    lines: &'static str,
}

impl Texts {
    /// The words for a language tag; English where there are none.
    pub(super) fn of(locale: &str) -> Self {
        let locale = locale.to_ascii_lowercase();
        // Traditional characters, where they are at home.
        let locale = match locale.as_str() {
            "zh-tw" | "zh-hk" | "zh-mo" => "zh-hant",
            other => other,
        };
        let is_of = |tag: &str| {
            let rest = locale.strip_prefix(&tag.to_ascii_lowercase());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let found = LANGUAGES.iter().find(|(tag, _)| is_of(tag));
        let (language, lines) = found.or(LANGUAGES.first()).copied().unwrap_or_default();
        Texts { language, lines }
    }

    /// A text with its gaps.
    pub(super) fn get(&self, name: &str) -> &'static str {
        let mut pairs = self.lines.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(of, _)| *of == name).map(|(_, text)| text).unwrap_or_default()
    }

    /// In which direction it is read.
    pub(super) fn direction(&self) -> &'static str {
        if self.language == "ar" { "rtl" } else { "ltr" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_text_with_its_gaps() {
        let gaps =
            |text: &str| ["{shop}", "{link}", "{value}"].map(|gap| text.matches(gap).count() == 1);
        let english = Texts::of("en");
        for (tag, lines) in LANGUAGES {
            let texts = Texts::of(tag);
            assert_eq!(texts.language, tag);
            assert_eq!(lines.lines().count(), 10, "{tag}");
            for line in english.lines.lines() {
                let (name, text) = line.split_once(": ").unwrap();
                assert_eq!(gaps(texts.get(name)), gaps(text), "{name} in {tag}");
            }
        }
    }

    #[track_caller]
    fn check(locale: &str, language: &str) {
        assert_eq!(Texts::of(locale).language, language, "{locale}");
    }

    #[test]
    fn languages_by_tag() {
        check("de-AT", "de");
        check("zh-Hant-TW", "zh-Hant");
        check("zh-CN", "zh");
        check("zh-TW", "zh-Hant");
        check("zh-hant", "zh-Hant");
        check("pt-BR", "pt");
        check("nl", "en");
        check("", "en");
    }
}
