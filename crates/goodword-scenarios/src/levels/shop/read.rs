//! Takes a tracker's answers apart.

use super::wire::Answered;
use crate::ledger::Line;
use crate::moment::shown_money;
use crate::scenario::Earned;
use goodword::money::{Currency, Money};
use goodword_api::instant;
use serde_json::Value;

/// The body of an answer with one of these statuses.
pub(super) fn good(answered: &Answered, statuses: &[u16]) -> Result<Value, String> {
    let Answered { status, body, .. } = answered;
    if !statuses.contains(status) {
        return Err(format!("answered {status} {body}"));
    }
    serde_json::from_str(body).map_err(|error| format!("answered {status} with {error}: {body}"))
}

/// A field that is text.
pub(super) fn text(value: &Value, name: &str) -> Result<String, String> {
    let text = value.get(name).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| format!("{name} is missing in {value}"))
}

/// The rules that hold an order for a person.
pub(super) fn rules(told: &Value) -> Vec<String> {
    let flags = told.get("review").and_then(Value::as_array).into_iter().flatten();
    flags.filter_map(|flag| Some(flag.get("rule")?.as_str()?.to_owned())).collect()
}

/// A parameter in an address's query. Claims need no decoding.
pub(super) fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let query = query.split('#').next()?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// The same claim with one letter in its middle exchanged.
pub(super) fn tampered(claim: &str) -> String {
    let middle = claim.len() / 2;
    let exchange = |(place, letter)| match letter {
        'A' if place == middle => 'B',
        _ if place == middle => 'A',
        letter => letter,
    };
    claim.chars().enumerate().map(exchange).collect()
}

/// A reward as a line of the ledger. `advocate` is whose code it names.
pub(super) fn line(reward: &Value, advocate: &str) -> Result<Line, String> {
    let side = text(reward, "side")?;
    let of = match reward.get("milestone").and_then(Value::as_u64) {
        Some(friends) => Earned::Friends(u32::try_from(friends).unwrap_or(u32::MAX)),
        None => Earned::Order(text(reward, "order_id")?),
    };
    let due_at = text(reward, "due_at")?;
    Ok(Line {
        // A friend's reward is its order's buyer's; the runner knows who.
        who: if side == "advocate" { advocate.to_owned() } else { String::new() },
        what: format!("{} {}", text(reward, "gives")?, worth(reward)?),
        status: text(reward, "status")?,
        second_level: reward.get("level").and_then(Value::as_u64) == Some(2),
        capped: reward.get("capped").and_then(Value::as_bool).unwrap_or(false),
        of,
        due: Some(instant::read(&due_at).ok_or_else(|| format!("{due_at} is no instant"))?),
    })
}

fn worth(reward: &Value) -> Result<String, String> {
    let value = reward.get("value").ok_or_else(|| format!("no value in {reward}"))?;
    let field = |name| value.get(name).and_then(Value::as_str);
    let number = |name| value.get(name).and_then(Value::as_i64);
    let currency = field("currency").and_then(Currency::parse);
    match (number("amount_minor"), currency, number("amount"), field("unit"), field("label")) {
        (Some(amount_minor), Some(currency), None, None, None) => {
            Ok(shown_money(Money { amount_minor, currency }))
        }
        (None, None, Some(amount), Some(unit), None) => Ok(format!("{amount} {unit}")),
        (None, None, Some(amount), None, None) => Ok(amount.to_string()),
        (None, None, None, None, Some(label)) => Ok(label.to_owned()),
        _ => Err(format!("{value} is no value")),
    }
}
