//! Attribution is a function of the set of a friend's orders.

use crate::made::{advocates, history, orders, program};
use crate::trial::law;
use goodword::attribution::{Attribution, attribute};
use goodword::order::Order;
use goodword::terms::Which;
use proptest::prelude::*;

#[test]
fn sequence_and_number_of_orders() {
    let shuffled = (orders(), program()).prop_flat_map(|(orders, program)| {
        let doubled: Vec<Order> = orders.iter().chain(&orders).cloned().collect();
        (Just(orders), Just(doubled).prop_shuffle(), Just(program))
    });
    law("attribution is of a set of orders", shuffled, |(orders, shuffled, program)| {
        let (terms, mut backwards) = (history(program), advocates());
        let outcomes = attribute(&orders, &terms, &advocates());
        backwards.reverse();
        prop_assert_eq!(attribute(&shuffled, &terms, &backwards), outcomes);
        Ok(())
    });
}

#[test]
fn a_friend_has_one_advocate_who_is_not_blocked() {
    law("a friend has one advocate", (orders(), program()), |(orders, program)| {
        let which = program.qualifies.which;
        let outcomes = attribute(&orders, &history(program), &advocates());
        prop_assert_eq!(outcomes.len(), orders.len());
        let credits: Vec<_> = outcomes
            .iter()
            .filter_map(|(_, attribution)| match attribution {
                Attribution::To(credit) => Some(credit.code),
                Attribution::Nobody(_) => None,
            })
            .collect();
        prop_assert!(credits.windows(2).all(|pair| pair[0] == pair[1]));
        prop_assert!(which != Which::First || credits.len() <= 1);
        let blocked: Vec<_> = advocates()
            .iter()
            .filter(|one| one.blocked_from.is_some())
            .map(|one| one.code)
            .collect();
        prop_assert!(credits.iter().all(|code| !blocked.contains(code)));
        Ok(())
    });
}

/// What comes later cannot change what was decided about earlier orders.
#[test]
fn later_orders_do_not_reach_back() {
    law("later orders do not reach back", (orders(), program()), |(mut orders, program)| {
        let terms = history(program);
        let all = attribute(&orders, &terms, &advocates());
        orders.sort_by_key(|order| (order.occurred_at, order.key));
        orders.pop();
        let earlier = attribute(&orders, &terms, &advocates());
        prop_assert_eq!(&all[..earlier.len()], &earlier[..]);
        Ok(())
    });
}
