//! Percentages and parts: no minor unit is lost or invented.

use crate::made::{code, euro, history, key, program};
use crate::trial::law;
use goodword::book::{Book, BookLine};
use goodword::money::Fraction;
use goodword::order::Refund;
use goodword::reward::Reward;
use goodword::terms::{Program, Side, TermsHistory};
use goodword_scenarios::moment::BEGINNING;
use proptest::prelude::*;

/// Half up, computed the long way: the quotient, and one more from half on.
#[test]
fn rounding_is_exact() {
    let numbers = (0_i64..=1_000_000_000_000, 0_u32..=10_000, 1_u32..=1_000_000);
    law("rounding is half up, once", numbers, |(minor, percent_bp, factor_bp)| {
        let rounded =
            Fraction::whole(minor).times_bp(percent_bp).times_bp(factor_bp).round_half_up();
        let product = i128::from(minor) * i128::from(percent_bp) * i128::from(factor_bp);
        let (quotient, rest) = (product / 100_000_000, product % 100_000_000);
        let expected = quotient + i128::from(rest >= 50_000_000);
        prop_assert_eq!(i128::from(rounded), expected);
        Ok(())
    });
}

/// Two parts of a whole, each rounded, differ from the whole by less than
/// one unit each: at most one in sum.
#[test]
fn parts_and_the_whole() {
    let numbers = (0_i64..=1_000_000_000, 0_u32..=10_000);
    law("parts make the whole", numbers, |(minor, bp)| {
        let part = Fraction::whole(minor).times_bp(bp).round_half_up();
        let rest = Fraction::whole(minor).times_bp(10_000 - bp).round_half_up();
        prop_assert!((minor..=minor + 1).contains(&(part + rest)), "{part} + {rest}");
        prop_assert!((0..=minor).contains(&part));
        Ok(())
    });
}

fn one_order(minor: i64, refunds: &[i64]) -> Book {
    let refunds = refunds
        .iter()
        .enumerate()
        .map(|(place, minor)| Refund::new(format!("R-{place}"), BEGINNING, euro(*minor)));
    let line = BookLine {
        order: key(1),
        friend: key(101),
        occurred_at: BEGINNING,
        value: Some(euro(minor)),
        qualifying_minor: minor,
        refunds: refunds.collect(),
        is_refused: false,
        settlement: None,
    };
    Book {
        code: code(1),
        group: None,
        invited_by: None,
        draws: Vec::new(),
        lines: vec![line],
        milestones: Vec::new(),
        decisions: Vec::new(),
    }
}

fn of_advocate(book: &Book, terms: &TermsHistory) -> Option<Reward> {
    book.rewards(terms).into_iter().find(|one| one.side == Side::Advocate && one.order.is_some())
}

/// Refunds in parts are worth as much as one refund of their sum, so nothing
/// is lost to rounding between them.
#[test]
fn refunds_in_parts_are_one_refund() {
    let numbers = (program(), 1_i64..100_000, prop::collection::vec(0_i64..20_000, 1..5));
    law(
        "refunds in parts are one",
        numbers,
        |(program, minor, parts): (Program, i64, Vec<i64>)| {
            let terms = history(program);
            let sum = parts.iter().sum::<i64>().min(minor);
            let in_parts = of_advocate(&one_order(minor, &parts), &terms);
            let at_once = of_advocate(&one_order(minor, &[sum]), &terms);
            prop_assert_eq!(
                in_parts.clone().map(|one| (one.value, one.status)),
                at_once.map(|one| (one.value, one.status))
            );
            Ok(())
        },
    );
}

/// The more is refunded the less is left, and never less than nothing.
#[test]
fn a_larger_refund_leaves_no_more() {
    let numbers = (program(), 1_i64..100_000, 0_i64..100_000, 0_i64..100_000);
    law("a larger refund leaves no more", numbers, |(program, minor, one, other)| {
        let terms = history(program);
        let (less, more) = (one.min(other), one.max(other));
        let left = |refund: i64| {
            of_advocate(&one_order(minor, &[refund]), &terms).map_or(0, |one| one.balance())
        };
        prop_assert!(0 <= left(more) && left(more) <= left(less));
        Ok(())
    });
}
