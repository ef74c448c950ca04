//! The bodies of what an advocate says of themselves.

use crate::limits::COMMENT_BYTES_MAX;
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
}
