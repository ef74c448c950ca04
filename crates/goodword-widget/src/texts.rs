//! Chooses the form of a text that depends on a count.
//!
//! Such a text has its forms separated by `|`, in the order zero, one, two, few, many, other,
//! as far as whole numbers of the language need them.

use crate::bytes::pieces;
use crate::record::Record;

/// Chooses by the table `forms` of the reader's language: which form 0 to 199 take, enough because
/// from 100 on the rules of our languages repeat with the last two digits.
pub fn form<'a>(known: Record<'_>, forms: &'a [u8], count: u32) -> &'a [u8] {
    let place = if count < 200 { count } else { 100 + count % 100 };
    let wanted = known.text(b"", b"forms").get(place as usize).unwrap_or(&b'9');
    let mut chosen = forms;
    for (form, digit) in pieces(forms, b'|').zip(b'0'..) {
        // Fewer forms than the language has: the last one serves the others as well.
        if *wanted >= digit {
            chosen = form;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables of the languages, for 0 to 199.
    fn table(form: fn(u32) -> char) -> String {
        ["forms=", &(0..200).map(form).collect::<String>()].concat()
    }

    fn english(n: u32) -> char {
        if n == 1 { '0' } else { '1' }
    }

    fn polish(n: u32) -> char {
        match (n, n % 10, n % 100) {
            (1, _, _) => '0',
            (_, 2..=4, 0..=11 | 15..) => '1',
            _ => '2',
        }
    }

    fn arabic(n: u32) -> char {
        match (n, n % 100) {
            (0, _) => '0',
            (1, _) => '1',
            (2, _) => '2',
            (_, 3..=10) => '3',
            (_, 11..) => '4',
            _ => '5',
        }
    }

    #[test]
    fn counts_choose_their_form() {
        let check = |form_of, forms: &str, count, expected: &str| {
            let table = table(form_of);
            let known = Record::new(table.as_bytes());
            assert_eq!(form(known, forms.as_bytes(), count), expected.as_bytes());
        };
        check(english, "visit|visits", 0, "visits");
        check(english, "visit|visits", 1, "visit");
        check(english, "visit|visits", 101, "visits");
        check(polish, "osoba|osoby|osób", 1, "osoba");
        check(polish, "osoba|osoby|osób", 3, "osoby");
        check(polish, "osoba|osoby|osób", 5, "osób");
        check(polish, "osoba|osoby|osób", 12, "osób");
        check(polish, "osoba|osoby|osób", 1_000_002, "osoby");
        check(polish, "osoba|osoby|osób", 1_000_012, "osób");
        check(arabic, "z|o|t|f|m|h", 0, "z");
        check(arabic, "z|o|t|f|m|h", 2, "t");
        check(arabic, "z|o|t|f|m|h", 103, "f");
        check(arabic, "z|o|t|f|m|h", 11, "m");
        check(arabic, "z|o|t|f|m|h", 300, "h");
        check(polish, "one for all", 5, "one for all");
        assert_eq!(form(Record::new(b""), b"no table", 1), b"no table");
    }

    /// The texts of a language, as one part of its file in `www/widget/texts` gives them.
    fn texts(language: &str, part: &str) -> Vec<(String, String)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/widget/texts");
        let file = std::fs::read_to_string(format!("{folder}/{language}.js")).unwrap();
        let (_, panel) = file.split_once(&format!("export const {part} = {{")).unwrap();
        let (panel, _) = panel.split_once("};").unwrap();
        let lines = panel.lines().filter_map(|line| line.split_once(": \""));
        // What is further in says the same where a sign-up counts.
        let name = |name: &str| name.replace("    ", "signup.").trim().to_owned();
        let unquoted = |text: &str| text.strip_suffix("\",").unwrap().to_owned();
        lines.map(|(before, text)| (name(before), unquoted(text))).collect()
    }

    fn gaps(text: &str) -> std::collections::BTreeSet<&str> {
        text.split('{').skip(1).map(|behind| behind.split('}').next().unwrap()).collect()
    }

    const COUNTED: [(&str, &str); 8] = [
        ("panel", "shares"),
        ("panel", "visits"),
        ("panel", "bought"),
        ("panel", "next"),
        ("panel", "points"),
        ("panel", "signup.bought"),
        ("leaderboard", "more"),
        ("welcome", "points"),
    ];

    #[test]
    fn every_language_says_everything() {
        let languages = [
            ("en", 2),
            ("pl", 3),
            ("ru", 3),
            ("zh", 1),
            ("zh-hant", 1),
            ("de", 2),
            ("es", 2),
            ("fr", 2),
            ("ja", 1),
            ("pt", 2),
            ("ar", 6),
        ];
        let parts = ["panel", "modes", "question", "leaderboard", "welcome"];
        for ((language, forms), part) in
            languages.into_iter().flat_map(|language| parts.map(|part| (language, part)))
        {
            let (english, theirs) = (texts("en", part), texts(language, part));
            assert!(!english.is_empty());
            for (name, text) in &english {
                let found = theirs.iter().find(|(their_name, _)| their_name == name);
                let (_, their_text) = found.unwrap_or_else(|| panic!("{language} has no {name}"));
                if COUNTED.contains(&(part, name.as_str())) {
                    assert_eq!(their_text.split('|').count(), forms, "{language}: {name}");
                } else {
                    assert!(!their_text.contains('|'), "{language}: {name}");
                }
                // A form may say "one" or "two" in letters; apart from that the gaps are the same.
                let differing = gaps(text).symmetric_difference(&gaps(their_text)).count();
                assert_eq!(differing, 0, "{language}: {name}");
            }
        }
    }
}
