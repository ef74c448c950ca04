//! What holds of every set of facts.

use super::*;
use crate::code::ReferralCode;
use crate::key::Key;
use crate::reward::RewardId;
use crate::time::Instant;
use alloc::vec::Vec;
use proptest::prelude::*;

/// So few identities that facts repeat and contradict each other.
fn a_place() -> impl Strategy<Value = Place> {
    (0_i64..3, 0_u8..3, 0_u8..3, 0_u16..3, 0_u16..3, 0_u8..4).prop_map(
        |(day, channel, device, group, variant, advocate)| Place {
            day: Day(day),
            channel,
            device: [Device::Unknown, Device::Phone, Device::Computer][usize::from(device)],
            group,
            variant,
            advocate: (advocate > 0).then(|| ReferralCode::from_bytes([advocate; 5])),
        },
    )
}

fn an_order() -> impl Strategy<Value = Fact> {
    let amounts = (any::<i64>(), any::<i64>(), any::<i64>(), any::<Option<i64>>());
    (a_place(), 0_u8..9, 0_usize..3, any::<(bool, bool)>(), amounts).prop_map(
        |(place, number, origin, (stands, acquires), (value, refunded, at, click))| {
            Fact::Order(OrderFact {
                order: Key([number; 16]),
                place,
                origin: [Origin::Other, Origin::Friend, Origin::Attributed][origin],
                stands,
                acquires,
                value_minor: value,
                refunded_minor: refunded,
                occurred_at: Instant(at),
                clicked_at: click.map(Instant),
            })
        },
    )
}

fn a_fact() -> impl Strategy<Value = Fact> {
    let counts = (any::<u64>(), any::<u64>(), any::<u64>());
    prop_oneof![
        (a_place(), 0_u64..2, counts).prop_map(|(place, part, (clicks, people, shares))| {
            Fact::Traffic(Traffic { place, part, clicks, people, shares })
        }),
        (a_place(), 0_u8..9, any::<bool>(), 0_u32..4).prop_map(
            |(place, number, has_shared, friends)| {
                let code = ReferralCode::from_bytes([number; 5]);
                Fact::Enrolled(Enrolled { place, code, has_shared, friends })
            }
        ),
        an_order(),
        (a_place(), 0_u8..9, any::<Option<i64>>()).prop_map(|(place, number, cost_minor)| {
            let reward = RewardId::Milestone(ReferralCode::from_bytes([number; 5]), 5);
            Fact::Reward(RewardCost { reward, place, cost_minor })
        }),
        (0_i64..3, any::<u64>())
            .prop_map(|(day, count)| Fact::Customers(NewCustomers { day: Day(day), count })),
    ]
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    prop::collection::vec(a_fact(), 0..20)
}

fn merged(a: &Report, b: &Report) -> Report {
    let mut merged = a.clone();
    assert!(merged.merge(b));
    merged
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_sequence_makes_no_difference(
        (facts, shuffled) in facts().prop_flat_map(|facts| {
            (Just(facts.clone()), Just(facts).prop_shuffle())
        }),
    ) {
        for by in Dimension::ALL {
            prop_assert_eq!(Report::of(by, &facts), Report::of(by, &shuffled));
        }
        let set: FactSet = facts.into_iter().collect();
        prop_assert_eq!(set, shuffled.into_iter().collect());
    }

    #[test]
    fn a_set_counts_what_was_given_twice_once(
        (facts, again) in facts().prop_flat_map(|facts| {
            let twice = [facts.clone(), facts.clone()].concat();
            (Just(facts), Just(twice).prop_shuffle())
        }),
    ) {
        let once: FactSet = facts.iter().copied().collect();
        let twice: FactSet = again.into_iter().collect();
        prop_assert_eq!(&once, &twice);
        for by in Dimension::ALL {
            prop_assert_eq!(Report::of(by, once.iter()), Report::of(by, twice.iter()));
        }
        let mut identities: Vec<FactId> = facts.iter().map(Fact::id).collect();
        identities.sort();
        identities.dedup();
        prop_assert_eq!(once.iter().count(), identities.len());
    }

    #[test]
    fn merging_is_commutative_and_associative(a in facts(), b in facts(), c in facts()) {
        for by in Dimension::ALL {
            let [one, two, three] = [&a, &b, &c].map(|facts| Report::of(by, facts));
            prop_assert_eq!(merged(&one, &two), merged(&two, &one));
            prop_assert_eq!(
                merged(&merged(&one, &two), &three),
                merged(&one, &merged(&two, &three))
            );
            prop_assert_eq!(merged(&one, &Report::new(by)), one);
        }
    }

    #[test]
    fn parts_merge_into_what_all_facts_together_say(facts in facts(), cut in 0_usize..20) {
        let (head, tail) = facts.split_at(cut.min(facts.len()));
        for by in Dimension::ALL {
            let parts = merged(&Report::of(by, head), &Report::of(by, tail));
            prop_assert_eq!(parts, Report::of(by, &facts));
        }
    }

    #[test]
    fn every_dimension_adds_up_to_the_same_whole(facts in facts()) {
        let whole = Report::of(Dimension::Day, &facts).whole();
        for by in Dimension::ALL {
            prop_assert_eq!(&Report::of(by, &facts).whole(), &whole);
        }
    }

    #[test]
    fn reports_of_two_dimensions_do_not_mix(facts in facts()) {
        let mut report = Report::of(Dimension::Day, &facts);
        prop_assert!(!report.merge(&Report::of(Dimension::Channel, &facts)));
        prop_assert_eq!(report, Report::of(Dimension::Day, &facts));
    }
}
