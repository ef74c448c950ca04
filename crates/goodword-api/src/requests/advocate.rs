//! The bodies of what an advocate says of themselves.

use crate::limits::{BOARD_NAME_LETTERS_MAX, COMMENT_BYTES_MAX};
use crate::problem::Problem;
use crate::read::request;
use alloc::string::String;
use goodword::rating::{RATING_MAX, Rating};
use serde_json::Value;

/// `PUT /v1/advocates/me/rating`: how likely they are to recommend the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// How likely.
    pub rating: Rating,
    /// Why, in their words.
    pub comment: Option<String>,
}

impl Rated {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let score = body.integer("score", 0, i64::from(RATING_MAX));
            let comment = body.optional_text("comment", COMMENT_BYTES_MAX);
            let rating = score.and_then(|score| Rating::new(u8::try_from(score).ok()?));
            Some(Rated { rating: rating?, comment: comment.map(|text| text.trim().into()) })
        })
    }
}

/// `PUT /v1/advocates/me/leaderboard`: under which name they want to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// The name.
    pub name: String,
}

impl Joining {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let name = body.text("name", 4 * BOARD_NAME_LETTERS_MAX)?.trim();
            if let Some(fault) = fault_of(name) {
                body.fault("name", fault);
            }
            Some(Joining { name: name.into() })
        })
    }
}

/// What is wrong with a name that everybody is to see.
fn fault_of(name: &str) -> Option<&'static str> {
    if name.chars().count() > BOARD_NAME_LETTERS_MAX {
        return Some("has more than 40 letters");
    }
    // Marks of direction turn what stands beside them, too.
    let is_mark =
        |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if name.chars().any(|letter| letter.is_control() || is_mark(letter)) {
        return Some("must not have control characters");
    }
    let is_address = name.contains(['@', '/', '\\']) || name.split(' ').any(is_host);
    is_address.then_some("must be a name, not an e-mail address or a link")
}

/// `shop.example`, but neither `J.R.` nor `No.1`.
fn is_host(word: &str) -> bool {
    // Without the tables of Unicode: what is beyond ASCII counts as a letter.
    let is_letter = |letter: char| !letter.is_ascii() || letter.is_ascii_alphabetic();
    let begins_with_two =
        |part: &str| part.chars().take_while(|it| is_letter(*it)).nth(1).is_some();
    word.split('.').skip(1).any(begins_with_two)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use serde_json::json;

    #[track_caller]
    fn check(body: Value, faults: &[&str]) {
        let found = Rated::read(&body).err().map(|problem| problem.faults).unwrap_or_default();
        let found: Vec<&str> = found.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(found, faults, "{body}");
    }

    #[test]
    fn ratings() {
        check(json!({"score": 0}), &[]);
        check(json!({"score": 10, "comment": null}), &[]);
        check(json!({"score": 10, "comment": "x".repeat(COMMENT_BYTES_MAX)}), &[]);
        check(json!({"score": 10, "comment": "x".repeat(COMMENT_BYTES_MAX + 1)}), &["comment"]);
        check(json!({"score": 11}), &["score"]);
        check(json!({"score": -1, "comment": ""}), &["score", "comment"]);
        check(json!({"score": 7.5}), &["score"]);
        check(json!({"score": "7"}), &["score"]);
        check(json!({"score": 7, "stars": 5}), &["stars"]);
        check(json!({}), &["score"]);
    }

    #[test]
    fn names() {
        let check = |name: &str, is_good: bool| {
            assert_eq!(Joining::read(&json!({"name": name})).is_ok(), is_good, "{name}");
        };
        for good in ["Anna", " Anna K. ", "J.R. Tolkien", "No.1 🍵", "茶", "Ø", "O'Neill-Świątek"]
        {
            check(good, true);
        }
        check(&"茶".repeat(40), true);
        check(&"茶".repeat(41), false);
        for bad in [
            "",
            " ",
            "a@shop.example",
            "https://shop.example",
            "shop.example",
            "Anna bit.ly/x",
            "see tea.shop!",
            "a.b.shop.example",
            "a\u{202e}b",
            "a\u{2067}b",
            "a\u{0}b",
            "a\nb",
            "www.tea.shop",
        ] {
            check(bad, false);
        }
        assert!(Joining::read(&json!({"name": 7})).is_err());
        assert!(Joining::read(&json!({"name": "Anna", "rank": 1})).is_err());
    }
}
