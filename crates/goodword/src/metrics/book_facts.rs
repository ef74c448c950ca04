//! The facts of one advocate, from their book: what the metrics need to know
//! of their orders and rewards is decided here, so that a caller only reads.

use super::fact::{Day, Enrolled, Fact, OrderFact, Origin, Place, RewardCost};
use crate::attribution::Click;
use crate::book::{Book, BookLine, Settlement};
use crate::key::{OrderKey, PersonKey};
use crate::money::{Currency, Money};
use crate::order::refunded_minor;
use crate::reward::{Reward, RewardStatus, Value};
use crate::terms::TermsHistory;
use alloc::collections::{BTreeMap, BTreeSet};
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
/// A book is one advocate's, and an order is in one book only as long as it
/// is not declined; so the facts of all books differ from each other.
#[must_use]
pub fn facts_of_book(
    book: &Book,
    member: Member,
    terms: &TermsHistory,
    clicks: &BTreeMap<OrderKey, Click>,
) -> Vec<Fact> {
    let place = Place { channel: 0, advocate: Some(book.code), ..member.home };
    let mut lines: Vec<&BookLine> =
        book.lines.iter().filter(|line| line.settlement != Some(Settlement::Declined)).collect();
    lines.sort_by_key(|line| (line.occurred_at, line.order));
    lines.dedup_by_key(|line| line.order);

    let mut friends: BTreeSet<PersonKey> = BTreeSet::new();
    let mut places: BTreeMap<OrderKey, Place> = BTreeMap::new();
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
    let cost_minor = match reward.value {
        Value::Money(Money { amount_minor, currency: paid }) if paid == currency => {
            Some(amount_minor)
        }
        _ => None,
    };
    Some(RewardCost { reward: reward.id, place, cost_minor })
}
