//! Letters to advocates: their link, a friend bought, a reward is confirmed.
//! An option: without a sender's address nothing is told to anybody, without
//! the runtime's binding nothing is sent.
//!
//! A letter is made when it is sent, from an event that names nobody; only then
//! the sealed person is opened. The runtime makes the message of it, with
//! headers encoded as they must be.

#[cfg(target_arch = "wasm32")]
pub mod binding;
mod texts;

use crate::address::Address;
use crate::directory;
use crate::html::escaped;
use crate::programs::Current;
use crate::records::outbox::EventRecord;
use crate::signing::{self, AdvocateToken};
use crate::store::StoreError;
use crate::tracker::Tracker;
use async_trait::async_trait;
use goodword::code::ReferralCode;
use goodword::money::Currency;
use goodword::terms::Kind;
use goodword_api::event::EventKind;
use goodword_api::offer::locale_for;
use goodword_api::reward::decimal;
use serde_json::Value;
use texts::Texts;

/// The event that somebody asked for their link; no endpoint hears of it.
pub const LINK_ASKED: &str = "mail.link";

/// The parameter of a fragment that proves whose figures a page may show.
const TOKEN: &str = "goodword_token";

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The sender's address.
    pub from: String,
    /// The reader's address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Something that sends letters.
#[async_trait(?Send)]
pub trait Mailer {
    /// Sends one. The error is for the log and names nobody.
    async fn send(&self, letter: &Letter) -> Result<(), String>;
}

/// Whether such an event makes a letter.
#[must_use]
pub fn is_about(kind: &str) -> bool {
    kind == LINK_ASKED
        || kind == EventKind::ConversionAttributed.as_str()
        || kind == EventKind::RewardConfirmed.as_str()
}

/// The letter about an event; `None` where nobody is to get one: it is a
/// friend's reward, the advocate left no address, or was erased.
///
/// # Errors
/// Whatever the store says.
pub async fn letter(
    tracker: &Tracker<'_>,
    current: &Current,
    event: &EventRecord,
) -> Result<Option<Letter>, StoreError> {
    let Some(from) = tracker.settings.mail_from.clone() else { return Ok(None) };
    let data: Value = serde_json::from_slice(event.data.as_bytes()).unwrap_or_default();
    let text = |field: &str| data.get(field).and_then(Value::as_str);
    let Some(code) = text("code").and_then(ReferralCode::parse) else { return Ok(None) };
    if text("side") == Some("friend") {
        return Ok(None);
    }
    let program = current.program();
    let person = directory::person(tracker, &program.id, code).await?;
    let Some(to) = person.and_then(|person| person.email) else { return Ok(None) };
    let locale = text("locale").unwrap_or_else(|| locale_for(program, None).0);
    let texts = Texts::of(locale);
    let (subject, body, note) = match event.kind.as_str() {
        LINK_ASKED => ("link_subject", "link_text", Some("link_note")),
        kind if kind == EventKind::RewardConfirmed.as_str() => {
            ("reward_subject", "reward_text", None)
        }
        _ if program.qualifies.kind == Kind::Signup => ("joined_subject", "joined_text", None),
        _ => ("bought_subject", "bought_text", None),
    };
    let value = data.get("value").map(worth).unwrap_or_default();
    let gaps = [
        ("{shop}", program.name.as_str()),
        ("{link}", text("share_link").unwrap_or_default()),
        ("{value}", value.as_str()),
    ];
    let filled = |name: &str| {
        let text = texts.get(name).to_owned();
        gaps.iter().fold(text, |text, (gap, word)| text.replace(gap, word))
    };
    let token = AdvocateToken { code, issued_at: tracker.now };
    let token = signing::token_text(&tracker.settings.claim_keys, &token);
    let figures = figures(&program.destination, &token);
    let (body, open) = (filled(body), filled("open"));
    let note = note.map(filled).unwrap_or_default();
    Ok(Some(Letter {
        from,
        to,
        subject: filled(subject).chars().filter(|letter| !letter.is_control()).collect(),
        text: format!("{body}\n\n{open}:\n{figures}\n\n{note}\n").trim_end().to_owned() + "\n",
        html: format!(
            "<!doctype html><html lang=\"{locale}\" dir=\"{}\"><meta charset=\"utf-8\">\
             <body><p>{}</p><p><a href=\"{}\">{}</a></p><p><small>{}</small></p></body></html>",
            texts.direction(),
            escaped(&body),
            escaped(&figures),
            escaped(&open),
            escaped(&note),
            locale = escaped(locale),
        ),
    }))
}

/// The page that shows an advocate's figures: the shop's, with the proof in the
/// fragment, which no server sees.
fn figures(destination: &str, token: &str) -> String {
    let Address { fragment, .. } = Address::of(destination);
    let page = destination.strip_suffix(&format!("#{fragment}")).unwrap_or(destination);
    format!("{page}#{TOKEN}={token}")
}

/// The value of a reward in an event, in words.
fn worth(value: &Value) -> String {
    let field = |name: &str| value.get(name).and_then(Value::as_str);
    let number = |name: &str| value.get(name).and_then(Value::as_i64);
    match (number("amount_minor"), field("currency").and_then(Currency::parse)) {
        (Some(amount_minor), Some(currency)) => decimal(amount_minor, currency),
        _ => match (number("amount"), field("unit"), field("label")) {
            (Some(amount), Some(unit), _) => format!("{amount} {unit}"),
            (Some(amount), None, _) => amount.to_string(),
            (None, _, label) => label.unwrap_or_default().to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(value: &Value, words: &str) {
        assert_eq!(worth(value), words);
    }

    #[test]
    fn values_in_words() {
        check(&json!({"amount_minor": 1_050, "currency": "EUR"}), "10.50 EUR");
        check(&json!({"amount_minor": 500, "currency": "JPY"}), "500 JPY");
        check(&json!({"amount": 3, "unit": "months"}), "3 months");
        check(&json!({"amount": 100}), "100");
        check(&json!({"label": "A tour"}), "A tour");
    }

    #[test]
    fn the_proof_is_in_the_fragment() {
        assert_eq!(figures("https://a.example/b?c", "t"), "https://a.example/b?c#goodword_token=t");
        assert_eq!(figures("https://a.example/#d", "t"), "https://a.example/#goodword_token=t");
    }
}
