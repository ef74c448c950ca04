//! An order is the same however its reports arrive: in any sequence, any
//! number of times, in any grouping.

use crate::made::{euro, key, paid, refunds};
use crate::trial::law;
use goodword::order::{Order, Paid, refunded_minor};
use proptest::prelude::*;

#[test]
fn sequence_and_number_of_reports() {
    let shuffled = prop::collection::vec(paid(), 1..6).prop_flat_map(|reports| {
        let doubled: Vec<Paid> = reports.iter().chain(&reports).cloned().collect();
        (Just(reports), Just(doubled).prop_shuffle())
    });
    law("an order is a set of reports", shuffled, |(reports, shuffled)| {
        let order = Order::fold(key(1), &reports, &[]);
        prop_assert_eq!(Order::fold(key(1), &shuffled, &[]), order);
        Ok(())
    });
}

/// All sequences of 6 reports, each once more with a duplicate at every end.
#[test]
fn every_permutation_of_six_with_duplicates() {
    let reports = prop::collection::vec(paid(), 6);
    let config = ProptestConfig { cases: 20, failure_persistence: None, ..Default::default() };
    proptest!(config, |(reports in reports)| {
        let order = Order::fold(key(1), &reports, &[]);
        let mut count = 0;
        for permutation in permutations(6) {
            let mut told: Vec<Paid> =
                permutation.iter().filter_map(|place| reports.get(*place).cloned()).collect();
            told.extend(told.first().cloned());
            prop_assert_eq!(&Order::fold(key(1), &told, &[]), &order);
            count += 1;
        }
        prop_assert_eq!(count, 720);
    });
}

fn permutations(length: usize) -> Vec<Vec<usize>> {
    if length == 0 {
        return vec![Vec::new()];
    }
    let shorter = permutations(length - 1);
    let longer = shorter.iter().flat_map(|permutation| {
        (0..length).map(|place| {
            let mut longer = permutation.clone();
            longer.insert(place, length - 1);
            longer
        })
    });
    longer.collect()
}

#[test]
fn page_evidence_is_a_set_and_never_outweighs_the_shop() {
    let pages = prop::collection::vec(paid().prop_map(|paid| paid.evidence), 0..4);
    let both = (prop::collection::vec(paid(), 1..4), pages);
    let both = both.prop_flat_map(|(reports, pages)| {
        let doubled: Vec<_> = pages.iter().chain(&pages).cloned().collect();
        (Just(reports), Just(pages), Just(doubled).prop_shuffle())
    });
    law("page evidence is a set", both, |(reports, pages, shuffled)| {
        let order = Order::fold(key(1), &reports, &pages);
        prop_assert_eq!(&Order::fold(key(1), &reports, &shuffled), &order);
        let alone = Order::fold(key(1), &reports, &[]);
        let has_own = |order: &Order| !order.claims.is_empty() || !order.codes.is_empty();
        if alone.as_ref().is_some_and(has_own) {
            prop_assert_eq!(order, alone);
        }
        Ok(())
    });
}

#[test]
fn refunds_are_a_set_and_never_more_than_the_order() {
    let shuffled = (0_i64..5_000, refunds()).prop_flat_map(|(minor, refunds)| {
        let doubled: Vec<_> = refunds.iter().chain(&refunds).cloned().collect();
        (Just(minor), Just(refunds), Just(doubled).prop_shuffle())
    });
    law("refunds are a set", shuffled, |(minor, refunds, shuffled)| {
        let sum = refunded_minor(Some(euro(minor)), refunds.iter());
        prop_assert_eq!(refunded_minor(Some(euro(minor)), shuffled.iter()), sum);
        prop_assert!((0..=minor).contains(&sum));
        Ok(())
    });
}
