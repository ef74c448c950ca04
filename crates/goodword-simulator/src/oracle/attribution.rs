//! Whose an order is, on what the tracker knew when it settled it.

use crate::calendar::{DAY_MS, Date, MINUTE_MS};
use crate::facts::{Facts, Order, Pointer, Report, address};
use crate::terms::{Terms, Which};
use std::collections::BTreeSet;
use std::fmt;

/// More uncertain facts at one moment than this, and any outcome to which
/// some fact points is allowed: their subsets are too many.
const UNCERTAIN_MAX: usize = 6;

/// The right outcomes of an order: an advocate, or nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(BTreeSet<Option<usize>>);

impl Options {
    /// The one outcome of an order that was settled before.
    #[must_use]
    pub fn settled(advocate: usize) -> Self {
        Options(BTreeSet::from([Some(advocate)]))
    }

    /// Whether an outcome is right.
    #[must_use]
    pub fn allow(&self, outcome: Option<usize>) -> bool {
        self.0.contains(&outcome)
    }

    /// Whether only one is.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.0.len() == 1
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told =
            |outcome: &Option<usize>| outcome.map_or("nobody".to_owned(), |a| format!("a{a}"));
        f.write_str(&self.0.iter().map(told).collect::<Vec<_>>().join(" or "))
    }
}

/// A report, by order and place.
type Known = (usize, usize);

/// The right outcomes of an order. A tracker settles an order at some moment
/// after it was due; whatever was acknowledged well before that moment it
/// knows, whatever was first tried after it cannot know, and between the two
/// it may or may not.
#[must_use]
pub fn options(facts: &Facts, order: usize) -> Options {
    let of = &facts.orders[order];
    let due_ms = facts.programs[of.program].due_ms(super::occurred_ms(of));
    let mut moments: BTreeSet<i64> = BTreeSet::from([due_ms]);
    for (order, report) in &reports_of_friend(facts, order) {
        let report = &facts.orders[*order].reports[*report];
        moments.extend(report.tried_ms.filter(|at| *at > due_ms));
        moments.extend(seen_ms(facts, report).filter(|at| *at > due_ms));
    }
    options_at(facts, order, &moments)
}

/// The right outcomes on everything that was ever told.
#[must_use]
pub fn options_on_all(facts: &Facts, order: usize) -> Options {
    options_at(facts, order, &BTreeSet::from([i64::MAX]))
}

fn options_at(facts: &Facts, order: usize, moments: &BTreeSet<i64>) -> Options {
    let of = &facts.orders[order];
    let reports = reports_of_friend(facts, order);
    let mut options = Options::default();
    for moment in moments {
        let told = |known: &&Known| &facts.orders[known.0].reports[known.1];
        let is_sure = |known: &&Known| seen_ms(facts, told(known)).is_some_and(|at| at <= *moment);
        let is_possible = |known: &&Known| told(known).tried_ms.is_some_and(|at| at <= *moment);
        let sure: Vec<Known> = reports.iter().filter(is_sure).copied().collect();
        let perhaps: Vec<Known> =
            reports.iter().filter(|known| !is_sure(known) && is_possible(known)).copied().collect();
        if perhaps.len() > UNCERTAIN_MAX {
            return anything(facts, &reports);
        }
        for subset in 0..1_usize << perhaps.len() {
            let chosen = perhaps.iter().enumerate().filter(|(bit, _)| subset >> bit & 1 == 1);
            let mut known = sure.clone();
            known.extend(chosen.map(|(_, known)| *known));
            if known.iter().any(|(of, _)| *of == order) {
                let attributed = attribute(facts, &known);
                let outcome = attributed.iter().find(|(of, _)| *of == order);
                options.0.insert(outcome.and_then(|(_, advocate)| *advocate));
            }
        }
    }
    // What was never acknowledged may be lost.
    if of.reports.iter().all(|report| report.acked_ms.is_none()) {
        options.0.insert(None);
    }
    options
}

fn seen_ms(facts: &Facts, report: &Report) -> Option<i64> {
    report.acked_ms.map(|at| at + facts.seen_after_ms)
}

/// All reports of this friend's orders in the program that may have been
/// kept. One that contradicts what was seen everywhere before it was tried was
/// refused; one that raced with what it contradicts may have been kept even
/// though the shop was told of a conflict.
fn reports_of_friend(facts: &Facts, order: usize) -> Vec<Known> {
    let of = &facts.orders[order];
    let mut reports = Vec::new();
    for (number, other) in facts.orders.iter().enumerate() {
        if other.program != of.program || other.customer != of.customer {
            continue;
        }
        for (place, report) in other.reports.iter().enumerate() {
            let is_refused = report.acked_ms.is_none() && !has_raced(facts, other, report);
            if report.tried_ms.is_some() && report.customer == of.customer && !is_refused {
                reports.push((number, place));
            }
        }
    }
    reports
}

/// Whether a report was tried before another that it contradicts was seen
/// everywhere.
#[must_use]
pub fn has_raced(facts: &Facts, order: &Order, report: &Report) -> bool {
    let others = order.reports.iter().filter(|other| other.value != report.value);
    others.filter(|other| other.tried_ms.is_some()).any(|other| {
        let seen_ms = seen_ms(facts, other).unwrap_or(i64::MAX);
        report.tried_ms.is_some_and(|tried| tried < seen_ms)
    })
}

fn anything(facts: &Facts, reports: &[Known]) -> Options {
    let mut options = Options(BTreeSet::from([None]));
    for (order, report) in reports {
        let told = &facts.orders[*order].reports[*report];
        options.0.extend(told.typed.map(Some));
        if let Pointer::Claim(claim) = told.pointer {
            options.0.insert(Some(facts.claims[claim].advocate));
        }
    }
    options
}

/// Whether all that matters for an order was acknowledged and seen before it
/// was due, or was not told before everything of the first part was settled.
#[must_use]
pub fn is_timely(facts: &Facts, order: usize) -> bool {
    let of = &facts.orders[order];
    let due_ms = facts.programs[of.program].due_ms(super::occurred_ms(of));
    of.reports.iter().all(|report| {
        let in_time = seen_ms(facts, report).is_some_and(|at| at <= due_ms);
        let was_refused = report.acked_ms.is_none();
        let is_later =
            report.tried_ms.is_none_or(|tried| facts.calm_ms.is_some_and(|calm| tried > calm));
        in_time || was_refused || is_later
    })
}

/// Attributes the orders of one friend on these reports.
fn attribute(facts: &Facts, known: &[Known]) -> Vec<(usize, Option<usize>)> {
    let mut orders: Vec<usize> = known.iter().map(|(order, _)| *order).collect();
    orders.sort_unstable();
    orders.dedup();
    orders.sort_by_key(|order| super::occurred_ms(&facts.orders[*order]));

    let mut purchases = 0;
    let mut signups = 0;
    let mut friend_of: Option<(usize, i64)> = None;
    let mut outcomes = Vec::new();
    for order in orders {
        let of = &facts.orders[order];
        let reports: Vec<&Report> = known
            .iter()
            .filter(|(number, _)| *number == order)
            .map(|(_, place)| &of.reports[*place])
            .collect();
        let before = if of.is_signup { signups } else { purchases };
        let outcome = decide(facts, of, &reports, before, friend_of);
        if of.is_signup {
            signups += 1
        } else {
            purchases += 1
        }
        if let (Some(advocate), None) = (outcome, friend_of) {
            friend_of = Some((advocate, super::occurred_ms(of)));
        }
        outcomes.push((order, outcome));
    }
    outcomes
}

fn decide(
    facts: &Facts,
    order: &Order,
    reports: &[&Report],
    before: u32,
    friend_of: Option<(usize, i64)>,
) -> Option<usize> {
    let terms = &facts.programs[order.program];
    let at_ms = super::occurred_ms(order);
    let claimed = by_claim(facts, order, terms, reports, at_ms);
    let typed = reports
        .iter()
        .filter_map(|report| report.typed)
        .find(|advocate| facts.advocates[*advocate].program == order.program);
    let pointed = if terms.typed_wins { typed.or(claimed) } else { claimed.or(typed) };
    let inherited = friend_of.map(|(advocate, _)| advocate).filter(|_| terms.which != Which::First);
    let advocate = pointed.or(inherited)?;

    // Nobody recommends to oneself.
    let own = facts.advocates[advocate].customer;
    let same_email =
        order.email.as_deref().is_some_and(|email| is_same_address(email, &address(own)));
    if terms.block_self && own == order.customer || terms.block_email && same_email {
        return None;
    }
    // It must be a purchase, in the program's currency, of what counts, and
    // worth enough.
    let value = super::value(order);
    let counting = if terms.tea_only { order.tea(value) } else { value };
    let has_tea = !terms.tea_only || counting > 0;
    if order.is_signup || order.is_foreign || !has_tea || counting < terms.minimum {
        return None;
    }
    // It must be the one, or one of those, that the program rewards.
    let is_in_time = match (terms.which, friend_of) {
        (Which::First, _) => before == 0,
        (Which::Every, _) | (Which::Months(_), None) => true,
        (Which::Months(months), Some((_, since))) => {
            at_ms < Date::of(since).months_later(months).ms()
        }
    };
    // Somebody's friend may be a customer by now; anybody else was one before
    // any recommendation.
    let is_old =
        order.existing && (terms.new_only || terms.block_existing) || terms.new_only && before > 0;
    if !is_in_time || friend_of.is_none() && is_old {
        return None;
    }
    match friend_of {
        Some((first, _)) if first != advocate => (!terms.block_referred).then_some(first),
        _ => Some(advocate),
    }
}

fn by_claim(
    facts: &Facts,
    order: &Order,
    terms: &Terms,
    reports: &[&Report],
    at_ms: i64,
) -> Option<usize> {
    let mut clicks: Vec<(i64, usize)> = Vec::new();
    for report in reports {
        let Pointer::Claim(claim) = report.pointer else { continue };
        let claim = &facts.claims[claim];
        let is_early = claim.clicked_ms <= at_ms - terms.window_days * DAY_MS;
        let is_late = claim.clicked_ms > at_ms + 10 * MINUTE_MS;
        if claim.program == order.program && !is_early && !is_late {
            clicks.push((claim.clicked_ms, claim.advocate));
        }
    }
    clicks.sort_unstable();
    let chosen = if terms.first_click { clicks.first() } else { clicks.last() };
    chosen.map(|(_, advocate)| *advocate)
}

/// The simulated customers use Google, or a shop's own domain.
fn is_same_address(one: &str, other: &str) -> bool {
    let plain = |address: &str| {
        let address = address.to_lowercase().replace("googlemail", "gmail");
        match address.strip_suffix("@gmail.com") {
            Some(name) => {
                let name = name.split('+').next().unwrap_or_default().replace('.', "");
                format!("{name}@gmail.com")
            }
            None => address,
        }
    };
    plain(one) == plain(other)
}
