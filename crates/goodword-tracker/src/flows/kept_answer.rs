//! The first answer to a conversion, as it is kept for replays: without the
//! name that an advocate's code is shown with, because what is kept is never
//! rewritten, not even when they have themselves erased.

use goodword::code::ReferralCode;
use goodword_api::json::named;
use serde_json::Value;

/// The field of answers that names a code, in the answer and in its rewards.
const CODE: &str = "code";

/// An answer with bare codes.
#[must_use]
pub fn without_names(answer: &Value) -> Value {
    with_codes(answer, &|code| code.to_string())
}

/// The advocate an answer names.
#[must_use]
pub fn code(answer: &Value) -> Option<ReferralCode> {
    ReferralCode::parse(answer.get(CODE)?.as_str()?)
}

/// An answer with one code as it is shown to people.
#[must_use]
pub fn with_name(answer: &Value, code: ReferralCode, shown: &str) -> Value {
    with_codes(answer, &|other| if other == code { shown.to_owned() } else { other.to_string() })
}

fn with_codes(answer: &Value, spell: &dyn Fn(ReferralCode) -> String) -> Value {
    match answer {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let code = value.as_str().filter(|_| name == CODE).and_then(ReferralCode::parse);
                let value =
                    code.map_or_else(|| with_codes(value, spell), |code| spell(code).into());
                (name.clone(), value)
            });
            Value::Object(named(fields))
        }
        Value::Array(entries) => entries.iter().map(|entry| with_codes(entry, spell)).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_goes_and_comes_back() {
        let code = ReferralCode::from_bytes([7; 5]);
        let other = ReferralCode::from_bytes([8; 5]).to_string();
        let told = |shown: &str| {
            json!({
                "outcome": "attributed", "code": shown,
                "rewards": [{"code": shown, "order_id": "ANNA"}, {"code": other, "level": 2}],
            })
        };
        let shown = code.with_name("Anna");
        let kept = without_names(&told(&shown));
        assert_eq!(kept, told(&code.to_string()));
        assert_eq!(super::code(&kept), Some(code));
        assert_eq!(with_name(&kept, code, &shown), told(&shown));
        let nobody = json!({"outcome": "unattributed", "reason": "no_claim", "rewards": []});
        assert_eq!(without_names(&nobody), nobody);
    }
}
