//! A report as it is answered: every rate with what it was divided from, and
//! amounts of money with their currency.

use super::{Compared, Found, Question};
use crate::traffic::Hour;
use goodword::metrics::{Figures, Rate, Slice, Tally};
use goodword::money::{Currency, Money};
use goodword_api::object;
use goodword_api::reward::money;
use serde_json::{Map, Number, Value};

/// Rates of which both parts are amounts, and those of which only the first is.
const OF_AMOUNTS: [&str; 1] = ["roi"];
const PER_CUSTOMER: [&str; 3] = ["cost_per_customer", "friend_value", "other_value"];

/// The answer.
#[must_use]
pub fn shown(found: &Found<'_>, question: &Question, currency: Currency) -> Value {
    let whole = found.report.whole();
    let tallies = found.report.tallies();
    let slices = found.report.figures().zip(tallies).map(|((slice, figures), (_, tally))| {
        let mut shown = figures_of(&figures, tally, currency);
        shown.insert("key".to_owned(), name(found, slice));
        Value::Object(shown)
    });
    object!({
        "from": question.from.to_string(),
        "to": question.to.to_string(),
        "by": question.by.as_str(),
        "complete_through": found.rolled.map(|hour: Hour| {
            goodword_api::instant::write(hour.start())
        }),
        "total": figures_of(&found.report.total(), &whole, currency),
        "data": slices.collect::<Vec<Value>>(),
        "comparison": found.compared.as_ref().map(Compared::shown),
    })
}

/// What a slice is called; null for what has none.
fn name(found: &Found<'_>, slice: Slice) -> Value {
    let of_list = |list: &[String], number: u16| {
        let index = usize::from(number).checked_sub(1);
        index.and_then(|index| list.get(index)).cloned()
    };
    match slice {
        Slice::Day(day) => day.to_string().into(),
        Slice::Channel(number) => goodword_api::channel::name_of(number).into(),
        Slice::Device(device) => device.as_str().into(),
        Slice::Group(number) => of_list(&found.groups, number).into(),
        Slice::Variant(number) => of_list(&found.variants, number).into(),
        Slice::Advocate(code) => {
            let shown = |code| match found.members.get(&code) {
                Some(member) => member.record.shown.clone(),
                None => code.to_string(),
            };
            code.map(shown).into()
        }
    }
}

fn figures_of(figures: &Figures, tally: &Tally, currency: Currency) -> Map<String, Value> {
    let amount = |amount_minor: i64| money(Money { amount_minor, currency });
    let mut shown = Map::new();
    for (name, count) in [
        ("advocates", tally.advocates),
        ("clicks", tally.clicks),
        ("people", tally.people),
        ("shares", tally.shares),
        ("orders", tally.orders),
        ("orders_attributed", tally.orders_attributed),
        ("friends", tally.friends),
        ("rewards_unpriced", figures.rewards_unpriced),
    ] {
        shown.insert(name.to_owned(), count.into());
    }
    shown.insert("referred_revenue".to_owned(), amount(figures.referred_revenue_minor));
    shown.insert("reward_cost".to_owned(), amount(figures.reward_cost_minor));
    for (name, rate) in figures.rates() {
        let value = if OF_AMOUNTS.contains(&name) {
            object!({
                "numerator": amount(rate.numerator),
                "denominator": amount(rate.denominator),
                "value": quotient(rate),
            })
        } else if PER_CUSTOMER.contains(&name) {
            object!({
                "numerator": amount(rate.numerator),
                "denominator": rate.denominator,
                "value": rate.scaled(1).map(amount),
            })
        } else {
            of_counts(rate)
        };
        shown.insert(name.to_owned(), value);
    }
    let time = figures.time_to_convert;
    let time = object!({
        "friends": time.friends, "median_ms": time.median_ms, "p90_ms": time.p90_ms,
    });
    shown.insert("time_to_convert".to_owned(), time);
    shown
}

/// A rate of two counts.
pub(super) fn of_counts(rate: Rate) -> Value {
    object!({
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "value": quotient(rate),
    })
}

/// A quotient with four decimals, rounded half up; null when there is nothing
/// to divide by.
#[must_use]
pub fn quotient(rate: Rate) -> Value {
    let scaled = rate.basis_points().and_then(|points| {
        #[expect(clippy::cast_precision_loss, reason = "a number to look at, not to count with")]
        Number::from_f64(points as f64 / 10_000.0)
    });
    scaled.map_or(Value::Null, Value::Number)
}
