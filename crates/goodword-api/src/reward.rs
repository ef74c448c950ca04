//! Rewards as answers show them.

use crate::instant;
use crate::json::set;
use crate::object;
use alloc::format;
use alloc::string::ToString;
use goodword::money::{Currency, Money};
use goodword::reward::{Part, Reward, RewardId, Value as Worth};
use goodword::terms::{Gives, RewardTerms, Side, Worth as Promised};
use serde_json::Value;

/// Money.
#[must_use]
pub fn money(money: Money) -> Value {
    object!({"amount_minor": money.amount_minor, "currency": money.currency.as_str()})
}

/// How many decimal digits the minor unit of each of these currencies stands
/// for: browsers have fewer for some than ISO 4217, and a page that believed
/// them would show a hundred forints for one.
#[must_use]
pub fn currency_digits(currencies: &[Currency]) -> Value {
    let mut digits = object!({});
    for currency in currencies {
        set(&mut digits, currency.as_str(), currency.exponent());
    }
    digits
}

/// The words for what a reward gives.
pub const GIVES: [(&str, Gives); 7] = [
    ("money", Gives::Money),
    ("credit", Gives::Credit),
    ("discount", Gives::Discount),
    ("coupon", Gives::Coupon),
    ("points", Gives::Points),
    ("units", Gives::Units),
    ("gift", Gives::Gift),
];

/// What a reward gives, as a word.
#[must_use]
pub fn gives(gives: Gives) -> &'static str {
    GIVES.iter().find(|(_, each)| *each == gives).map_or("", |(word, _)| word)
}

/// Reads that word.
#[must_use]
pub fn read_gives(word: &str) -> Option<Gives> {
    GIVES.iter().find(|(each, _)| *each == word).map(|(_, gives)| *gives)
}

/// A side, as a word.
#[must_use]
pub fn side(side: Side) -> &'static str {
    match side {
        Side::Advocate => "advocate",
        Side::Friend => "friend",
    }
}

/// An amount of what a reward gives.
#[must_use]
pub fn value(value: &Worth) -> Value {
    match value {
        Worth::Money(amount) => money(*amount),
        Worth::Points(amount) => object!({"amount": amount}),
        Worth::Units { amount, unit } => object!({"amount": amount, "unit": unit}),
        Worth::Label(label) => object!({"label": label}),
    }
}

/// A reward. `code` is the advocate's code as it is shown to people,
/// `order_id` the shop's own id of the order.
#[must_use]
pub fn reward(reward: &Reward, code: &str, order_id: Option<&str>) -> Value {
    let mut body = object!({
        "reward_id": reward.id.to_string(),
        "side": side(reward.side),
        "code": code,
        "gives": gives(reward.gives),
        "value": value(&reward.value),
        "status": reward.status.as_str(),
        "due_at": instant::write(reward.due_at),
    });
    if let Some(order_id) = order_id {
        set(&mut body, "order_id", order_id);
    }
    if let RewardId::Milestone(_, at) = reward.id {
        set(&mut body, "milestone", at);
    }
    if let RewardId::Act(Part::Inviter, _) = reward.id {
        set(&mut body, "level", 2);
    }
    if reward.capped {
        set(&mut body, "capped", true);
    }
    body
}

/// A reward as promised, before an order makes it an amount.
#[must_use]
pub fn promise(reward: &RewardTerms, currency: Currency) -> Value {
    let minor = |amount_minor| money(Money { amount_minor, currency });
    let gives = gives(reward.gives);
    match &reward.worth {
        Promised::Fixed { amount_minor } => {
            object!({"gives": gives, "value": minor(*amount_minor)})
        }
        Promised::Percent { basis_points, at_most_minor } => {
            let mut body = object!({"gives": gives, "basis_points": basis_points});
            if let Some(most) = at_most_minor {
                set(&mut body, "at_most", minor(*most));
            }
            body
        }
        Promised::Points { amount } => {
            object!({"gives": gives, "value": object!({"amount": amount})})
        }
        Promised::Units { amount, unit } => {
            object!({"gives": gives, "value": object!({"amount": amount, "unit": unit})})
        }
        Promised::Gift { label } => object!({"gives": gives, "value": object!({"label": label})}),
    }
}

/// A reward as promised, in a few English words for link previews.
#[must_use]
pub fn in_words(reward: &RewardTerms, currency: Currency) -> alloc::string::String {
    match &reward.worth {
        Promised::Fixed { amount_minor } => decimal(*amount_minor, currency),
        Promised::Percent { basis_points, .. } => {
            format!("{} %", decimal_digits(i64::from(*basis_points), 2))
        }
        Promised::Points { amount } => format!("{amount} points"),
        Promised::Units { amount, unit } => format!("{amount} {unit}"),
        Promised::Gift { label } => label.clone(),
    }
}

/// An amount of money with its currency, in plain digits.
#[must_use]
pub fn decimal(amount_minor: i64, currency: Currency) -> alloc::string::String {
    format!("{} {currency}", decimal_digits(amount_minor, currency.exponent()))
}

/// A number of hundredths (or of another power of ten), without zeros at the
/// end.
fn decimal_digits(number: i64, exponent: u32) -> alloc::string::String {
    let unit = 10_i64.pow(exponent);
    let digits = format!("{:0width$}", number % unit, width = exponent as usize);
    match number % unit {
        0 => format!("{}", number / unit),
        _ => format!("{}.{digits}", number / unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword::terms::Worth;

    #[track_caller]
    fn check(worth: Worth, currency: &str, words: &str) {
        let reward = RewardTerms { gives: Gives::Discount, worth };
        assert_eq!(in_words(&reward, Currency::parse(currency).unwrap()), words);
    }

    #[test]
    fn words() {
        check(Worth::Fixed { amount_minor: 1_000 }, "EUR", "10 EUR");
        check(Worth::Fixed { amount_minor: 1_050 }, "EUR", "10.50 EUR");
        check(Worth::Fixed { amount_minor: 5 }, "KWD", "0.005 KWD");
        check(Worth::Fixed { amount_minor: 500 }, "JPY", "500 JPY");
        check(Worth::Percent { basis_points: 1_000, at_most_minor: None }, "EUR", "10 %");
        check(Worth::Percent { basis_points: 1_250, at_most_minor: None }, "EUR", "12.50 %");
    }
}
