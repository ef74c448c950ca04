//! The facts of one advocate, from their book: what the metrics need to know
//! of their orders and rewards is decided here, so that a caller only reads.

use super::fact::{Day, Enrolled, Fact, OrderFact, Origin, Place, RewardCost};
use crate::attribution::Click;
use crate::book::{Book, BookLine, Settlement};
use crate::key::{OrderKey, PersonKey};
use crate::money::Currency;
use crate::order::refunded_minor;
use crate::reward::{Reward, RewardStatus};
use crate::sorted::{self, Map, Set};
use crate::terms::TermsHistory;
use alloc::vec::Vec;

/// What a book does not say about its advocate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The day they enrolled, their group, their variant; channel and device
    /// are not looked at.
    pub home: Place,
    /// Whether they ever shared.
    pub has_shared: bool,
    /// The program's currency: amounts in another have no value here.
    pub currency: Currency,
}

/// The facts of an advocate: their enrolment, their attributed orders, the
/// cost of the rewards. `clicks` are those behind the orders; an order
/// without one came by a typed or inherited code.
///
/// Orders that were declined or refused are nobody's: the caller gives them
/// as those of other customers. Between an order's report and its settlement
/// two books may hold it; a [`FactSet`](super::FactSet) counts it once.
#[must_use]
pub fn facts_of_book(
    book: &Book,
    member: Member,
    terms: &TermsHistory,
    clicks: &Map<OrderKey, Click>,
) -> Vec<Fact> {
    let place = Place { channel: 0, advocate: Some(book.code), ..member.home };
    let earns =
        |line: &&BookLine| !line.is_refused && line.settlement != Some(Settlement::Declined);
    let mut lines: Vec<&BookLine> = book.lines.iter().filter(earns).collect();
    sorted::sort_by_key(&mut lines, |line| (line.occurred_at, line.order));
    lines.dedup_by_key(|line| line.order);

    let mut friends: Set<PersonKey> = Set::new();
    let mut places: Map<OrderKey, Place> = Map::new();
    let mut facts = Vec::new();
    for line in lines {
        let click = clicks.get(&line.order);
        let channel = click.map_or(0, |click| click.channel);
        let place = Place { day: Day::of(line.occurred_at), channel, ..place };
        places.insert(line.order, place);
        let stands = line.counts(terms.at(line.occurred_at));
        let value = line.value.filter(|value| value.currency == member.currency);
        facts.push(Fact::Order(OrderFact {
            order: line.order,
            place,
            origin: Origin::Attributed,
            stands,
            // The lines are in sequence: the first of a friend that stands.
            acquires: stands && friends.insert(line.friend),
            value_minor: value.map_or(0, |value| value.amount_minor),
            refunded_minor: refunded_minor(value, line.refunds.iter()),
            occurred_at: line.occurred_at,
            clicked_at: click.map(|click| click.at),
        }));
    }
    facts.push(Fact::Enrolled(Enrolled {
        place,
        code: book.code,
        has_shared: member.has_shared,
        friends: u32::try_from(friends.len()).unwrap_or(u32::MAX),
    }));
    let rewards = book.rewards(terms);
    let costs = rewards.iter().filter_map(|reward| {
        let of_order = reward.order.and_then(|order| places.get(&order).copied());
        let place = of_order.unwrap_or(Place { day: Day::of(reward.due_at), ..place });
        cost(reward, place, member.currency)
    });
    facts.extend(costs.map(Fact::Reward));
    facts
}

fn cost(reward: &Reward, place: Place, currency: Currency) -> Option<RewardCost> {
    if matches!(reward.status, RewardStatus::Voided | RewardStatus::ClawedBack) {
        return None;
    }
    let is_priced = reward.value.currency() == Some(currency);
    let cost_minor = is_priced.then(|| reward.balance());
    Some(RewardCost { reward: reward.id, place, cost_minor })
}

#[cfg(test)]
mod tests {
    use super::super::{Dimension, Figures, Rate, Report, Slice};
    use super::*;
    use crate::code::ReferralCode;
    use crate::key::{Key, ProgramId};
    use crate::money::{EURO, Money};
    use crate::order::Refund;
    use crate::terms::{
        AttributionTerms, Fraud, Gives, Kind, Milestone, Model, Program, Qualifies, RewardTerms,
        Status, Step, Terms, TypedCode, Which, Worth,
    };
    use crate::time::{DAY_MS, Instant};
    use alloc::string::ToString;
    use alloc::vec;

    /// The advocate gets 10.00 for every order, the friend 10 %, and a tour
    /// is given for two friends. Orders reach 20.00.
    fn terms() -> TermsHistory {
        let fixed = Worth::Fixed { amount_minor: 1_000 };
        let percent = Worth::Percent { basis_points: 1_000, at_most_minor: None };
        let tour = Worth::Gift { label: "A tour".to_string() };
        let terms = Terms {
            id: ProgramId::parse("demo").unwrap(),
            name: "Demo".to_string(),
            status: Status::Active,
            starts_at: None,
            ends_at: None,
            destination: "https://shop.example/".to_string(),
            origins: vec![],
            currency: EURO,
            locales: vec!["en".to_string()],
            channels: vec![],
            attribution: AttributionTerms {
                model: Model::LastClick,
                window_days: 30,
                typed_code: TypedCode::Wins,
            },
            qualifies: Qualifies {
                kind: Kind::Purchase,
                which: Which::Every,
                minimum_minor: 2_000,
                new_customers_only: false,
                products: vec![],
            },
            hold_days: 14,
            advocate_reward: vec![Step {
                from: 1,
                reward: RewardTerms { gives: Gives::Credit, worth: fixed },
            }],
            friend_reward: Some(RewardTerms { gives: Gives::Discount, worth: percent }),
            second_level: None,
            milestones: vec![Milestone {
                at: 2,
                reward: RewardTerms { gives: Gives::Gift, worth: tour },
            }],
            caps: vec![],
            boosts: vec![],
            groups: vec![],
            fraud: Fraud::default(),
            experiments: Vec::new(),
        };
        TermsHistory::new(vec![(Instant(0), Program::new(terms).unwrap())]).unwrap()
    }

    fn euros(amount_minor: i64) -> Money {
        Money { amount_minor, currency: EURO }
    }

    fn line(order: u8, friend: u8, day: i64, value_minor: i64) -> BookLine {
        BookLine {
            order: Key([order; 16]),
            friend: Key([friend; 16]),
            occurred_at: Instant(day * DAY_MS + 5),
            value: Some(euros(value_minor)),
            qualifying_minor: value_minor,
            refunds: vec![],
            is_refused: false,
            settlement: None,
        }
    }

    fn refunded(mut line: BookLine, minor: i64) -> BookLine {
        let (id, occurred_at) = ("r".to_string(), line.occurred_at);
        line.refunds = vec![Refund::new(id, occurred_at, euros(minor))];
        line
    }

    fn facts() -> Vec<Fact> {
        let book = Book {
            code: ReferralCode::from_bytes([7; 5]),
            group: None,
            invited_by: None,
            draws: Vec::new(),
            lines: vec![
                // Friend 2 comes back, having first given everything back.
                line(3, 2, 12, 3_000),
                refunded(line(2, 2, 11, 4_000), 4_000),
                // Friend 1 gives half back and buys again.
                refunded(line(1, 1, 10, 8_000), 4_000),
                line(4, 1, 12, 2_000),
                BookLine { settlement: Some(Settlement::Declined), ..line(5, 5, 12, 9_000) },
                BookLine { is_refused: true, ..line(6, 6, 12, 9_000) },
                line(4, 1, 12, 2_000),
            ],
            milestones: vec![],
            decisions: vec![],
        };
        let clicked_at = |day| Click { at: Instant(day * DAY_MS), channel: 3, bucket: [0; 4] };
        let clicks = [(Key([1; 16]), clicked_at(9)), (Key([4; 16]), clicked_at(12))];
        let home = Place { day: Day(8), group: 1, ..Place::default() };
        let member = Member { home, has_shared: true, currency: EURO };
        facts_of_book(&book, member, &terms(), &clicks.into_iter().collect())
    }

    #[test]
    fn a_book_by_hand() {
        let total = Report::of(Dimension::Day, &facts()).total();
        let check = |found: Rate, numerator, denominator| {
            assert_eq!(found, Rate { numerator, denominator });
        };
        // 40.00 left of friend 1's first order, 20.00 of the second, 30.00.
        assert_eq!(total.referred_revenue_minor, 9_000);
        // 10.00 for each of three orders, 10 % of 90.00; the tour.
        assert_eq!((total.reward_cost_minor, total.rewards_unpriced), (3_900, 1));
        check(total.cost_per_customer, 3_900, 2);
        check(total.k_factor, 2, 1);
        check(total.repeat_advocates, 1, 1);
        check(total.referral_rate, 3, 3);
        // Friend 1 came by a click, a day before; friend 2 typed the code.
        check(total.conversion_rate, 1, 0);
        let day_ms = total.time_to_convert.median_ms.unwrap();
        assert!(day_ms.abs_diff(DAY_MS as u64) <= DAY_MS as u64 / 128);
    }

    #[test]
    fn a_book_lies_in_its_places() {
        let facts = facts();
        let slices = |by| -> Vec<(Slice, Figures)> { Report::of(by, &facts).figures().collect() };
        let revenue = |by| -> Vec<(Slice, i64)> {
            let slices = slices(by).into_iter();
            slices.map(|(slice, figures)| (slice, figures.referred_revenue_minor)).collect()
        };
        let day = |day| Slice::Day(Day(day));
        assert_eq!(
            revenue(Dimension::Day),
            // Enrolled on day 8; the tour is due 14 days after day 12.
            [(day(8), 0), (day(10), 4_000), (day(11), 0), (day(12), 5_000), (day(26), 0)]
        );
        assert_eq!(
            revenue(Dimension::Channel),
            [(Slice::Channel(0), 3_000), (Slice::Channel(3), 6_000)]
        );
        assert_eq!(revenue(Dimension::Group), [(Slice::Group(1), 9_000)]);
        let code = ReferralCode::from_bytes([7; 5]);
        assert_eq!(revenue(Dimension::Advocate), [(Slice::Advocate(Some(code)), 9_000)]);
    }
}
