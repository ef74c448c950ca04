//! The numbers an owner sees, as folds over facts.
//!
//! 1. [`Fact`]: what is counted: tallies of traffic, advocates, orders,
//!    rewards, customers. [`facts_of_book`] makes those of one advocate.
//! 2. [`FactSet`]: facts by identity, where the source may repeat itself.
//! 3. [`Tally`]: the sums; [`Report`]: a tally for each slice of a
//!    [`Dimension`]. Tallies and reports of distinct facts may be made apart
//!    and merged, in any sequence and grouping.
//! 4. [`Figures`]: the metrics, each a [`Rate`] of two sums. They are defined
//!    there, with units and sources.
//!
//! Nothing is divided, and no float exists, until a rate is displayed.
//! Whether a fact is true, and what a name means, is left to the caller:
//! channels, groups and variants are numbers in lists of the caller's.

mod book_facts;
mod fact;
mod fact_set;
mod figures;
mod histogram;
#[cfg(test)]
mod laws;
mod rate;
mod report;
mod tally;

pub use book_facts::{Member, facts_of_book};
pub use fact::{
    Day, Device, Enrolled, Fact, FactId, NewCustomers, OrderFact, Origin, Place, RewardCost,
    Traffic,
};
pub use fact_set::FactSet;
pub use figures::{Figures, TimeToConvert};
pub use histogram::Histogram;
pub use rate::Rate;
pub use report::{Dimension, Report, Slice};
pub use tally::Tally;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::ReferralCode;
    use crate::key::Key;
    use crate::reward::RewardId;
    use crate::time::{DAY_MS, Instant};
    use alloc::vec::Vec;

    const HOUR_MS: i64 = 3_600_000;

    fn key(number: u8) -> Key {
        Key([number; 16])
    }

    fn code(number: u8) -> ReferralCode {
        ReferralCode::from_bytes([number; 5])
    }

    /// Anna is staff and shares on WhatsApp, Ben does not share, Cleo is new
    /// on the second day. Channel 1 is WhatsApp, 2 is Telegram.
    fn place(day: i64, channel: u8, advocate: u8) -> Place {
        let group = u16::from(advocate == 1);
        let variant = u16::from(advocate) % 2 + 1;
        let advocate = Some(code(advocate));
        Place { day: Day(day), channel, device: Device::Unknown, group, variant, advocate }
    }

    fn traffic(place: Place, clicks: u64, people: u64, shares: u64) -> Fact {
        Fact::Traffic(Traffic { place, part: 0, clicks, people, shares })
    }

    fn enrolled(day: i64, advocate: u8, has_shared: bool, friends: u32) -> Fact {
        let place = place(day, 0, advocate);
        Fact::Enrolled(Enrolled { place, code: code(advocate), has_shared, friends })
    }

    fn order(number: u8, place: Place, origin: Origin, value_minor: i64) -> OrderFact {
        OrderFact {
            order: key(number),
            place,
            origin,
            stands: true,
            acquires: true,
            value_minor,
            refunded_minor: 0,
            occurred_at: Instant(place.day.0 * DAY_MS + 12 * HOUR_MS),
            clicked_at: None,
        }
    }

    fn clicked(mut order: OrderFact, hours_before: i64) -> Fact {
        order.clicked_at = Some(order.occurred_at.plus_ms(-hours_before * HOUR_MS));
        Fact::Order(order)
    }

    fn reward(number: u8, place: Place, cost_minor: Option<i64>) -> Fact {
        let reward = RewardId::Milestone(code(number), 5);
        Fact::Reward(RewardCost { reward, place, cost_minor })
    }

    fn example() -> Vec<Fact> {
        let (anna_whatsapp, anna_telegram) = (place(1, 1, 1), place(1, 2, 1));
        let (anna_later, cleo) = (place(2, 1, 1), place(2, 0, 3));
        let nobody = Place { day: Day(2), ..Place::default() };
        let unacquiring = |order: OrderFact| Fact::Order(OrderFact { acquires: false, ..order });
        Vec::from([
            Fact::Customers(NewCustomers { day: Day(1), count: 10 }),
            Fact::Customers(NewCustomers { day: Day(2), count: 2 }),
            enrolled(1, 1, true, 2),
            enrolled(1, 2, false, 0),
            enrolled(2, 3, true, 1),
            traffic(anna_whatsapp, 6, 4, 2),
            traffic(anna_telegram, 3, 3, 1),
            traffic(anna_later, 1, 1, 0),
            traffic(cleo, 0, 0, 1),
            // Two friends by click, after 2 and 30 hours; one by a typed code.
            clicked(order(1, anna_whatsapp, Origin::Attributed, 5_000), 2),
            clicked(order(2, anna_later, Origin::Attributed, 3_000), 30),
            Fact::Order(order(3, cleo, Origin::Attributed, 2_000)),
            // The first friend buys again; nobody is rewarded for that.
            unacquiring(order(4, anna_later, Origin::Friend, 1_000)),
            // A friend gives everything back; a stranger a quarter.
            Fact::Order(OrderFact {
                stands: false,
                refunded_minor: 4_000,
                ..order(5, anna_whatsapp, Origin::Attributed, 4_000)
            }),
            Fact::Order(OrderFact {
                refunded_minor: 1_000,
                ..order(6, nobody, Origin::Other, 4_000)
            }),
            unacquiring(order(7, nobody, Origin::Other, 1_000)),
            reward(1, anna_whatsapp, Some(1_000)),
            reward(2, anna_later, Some(1_500)),
            reward(3, cleo, None),
        ])
    }

    #[track_caller]
    fn check(figures: &Figures, expected: &[(&str, i64, i64)]) {
        for (name, numerator, denominator) in expected.iter().copied() {
            let rates = figures.rates();
            let found = rates.iter().find(|(of, _)| *of == name).map(|(_, rate)| *rate);
            assert_eq!(found, Some(Rate { numerator, denominator }), "{name}");
        }
    }

    #[track_caller]
    fn check_slice(by: Dimension, slice: Slice, expected: &[(&str, i64, i64)]) {
        let report = Report::of(by, &example());
        let figures = report.figures().find(|(of, _)| *of == slice).map(|(_, figures)| figures);
        check(&figures.expect("the slice exists"), expected);
    }

    #[test]
    fn everything_by_hand() {
        let total = Report::of(Dimension::Day, &example()).total();
        check(
            &total,
            &[
                ("participation", 3, 12),
                ("share_rate", 2, 3),
                ("clicks_per_share", 10, 4),
                ("referral_rate", 3, 6),
                ("conversion_rate", 2, 8),
                ("repeat_advocates", 1, 2),
                ("shares_per_advocate", 4, 3),
                ("friends_per_share", 3, 4),
                ("k_factor", 3, 3),
                ("cost_per_customer", 2_500, 3),
                ("roi", 7_500, 2_500),
                ("friend_value", 11_000, 3),
                ("other_value", 4_000, 1),
            ],
        );
        assert_eq!((total.referred_revenue_minor, total.reward_cost_minor), (10_000, 2_500));
        assert_eq!(total.rewards_unpriced, 1);
        assert_eq!(total.roi.basis_points(), Some(30_000));
        // Of 100.00 the shop keeps 40.00, which is 15.00 more than 25.00.
        assert_eq!(total.roi_at_margin(4_000).basis_points(), Some(6_000));
        assert_eq!(total.cost_per_customer.scaled(1), Some(833));
        let TimeToConvert { friends, median_ms, p90_ms } = total.time_to_convert;
        assert_eq!(friends, 2);
        for (told, hours) in [(median_ms, 2), (p90_ms, 30)] {
            let exact = hours * HOUR_MS as u64;
            assert!(told.unwrap().abs_diff(exact) <= exact / 128, "{told:?}");
        }
    }

    #[test]
    fn slices_by_hand() {
        let undefined = ("participation", 0, 0);
        check_slice(
            Dimension::Day,
            Slice::Day(Day(2)),
            &[("participation", 1, 2), ("referral_rate", 2, 5), ("other_value", 4_000, 1)],
        );
        check_slice(
            Dimension::Channel,
            Slice::Channel(1),
            &[
                undefined,
                ("clicks_per_share", 7, 2),
                ("referral_rate", 2, 6),
                ("conversion_rate", 2, 5),
                ("k_factor", 2, 3),
                ("cost_per_customer", 2_500, 2),
            ],
        );
        check_slice(
            Dimension::Device,
            Slice::Device(Device::Unknown),
            &[undefined, ("clicks_per_share", 10, 4)],
        );
        check_slice(
            Dimension::Group,
            Slice::Group(1),
            &[("participation", 1, 12), ("share_rate", 1, 1), ("k_factor", 2, 1)],
        );
        check_slice(
            Dimension::Variant,
            Slice::Variant(2),
            &[("share_rate", 2, 2), ("referral_rate", 3, 6), ("friend_value", 11_000, 3)],
        );
        check_slice(
            Dimension::Advocate,
            Slice::Advocate(Some(code(3))),
            &[("k_factor", 1, 1), ("roi", 2_000, 0), ("other_value", 4_000, 1)],
        );
    }

    #[test]
    fn a_click_later_than_its_order_took_no_time() {
        let facts = [clicked(order(1, place(1, 1, 1), Origin::Attributed, 1), -1)];
        assert_eq!(Report::of(Dimension::Day, &facts).total().time_to_convert.p90_ms, Some(0));
    }

    #[test]
    fn dimensions_are_read_by_name() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::parse(dimension.as_str()), Some(dimension));
        }
        assert_eq!(Dimension::parse("week"), None);
    }

    #[test]
    fn memory_follows_the_slices_and_not_the_facts() {
        let mut report = Report::new(Dimension::Day);
        for part in 0..100_000 {
            let place = Place { day: Day(part % 7), channel: (part % 5) as u8, ..Place::default() };
            let part = part.unsigned_abs();
            report.add(&Fact::Traffic(Traffic { place, part, clicks: 3, people: 2, shares: 1 }));
        }
        assert_eq!(report.tallies().count(), 7);
        assert_eq!(report.whole().clicks, 300_000);
    }
}
