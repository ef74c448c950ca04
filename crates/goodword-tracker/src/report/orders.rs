//! All orders of a program as they were reported: the clicks behind those of
//! advocates, and as facts those that nobody earned.

use crate::keys::{self, FactKind};
use crate::orders::Reports;
use crate::records::RefundRecord;
use crate::store::{Store, StoreError, with_bodies};
use goodword::attribution::Click;
use goodword::book::Book;
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, PersonKey, ProgramId};
use goodword::metrics::{Day, Fact, NewCustomers, OrderFact, Origin, Place};
use goodword::money::Currency;
use goodword::order::{ClaimRead, Order, refunded_minor};
use goodword::terms::Model;
use std::collections::{BTreeMap, BTreeSet};

/// An order, and what was given back of it.
struct Told {
    order: Order,
    refunds: Vec<goodword::order::Refund>,
}

/// The orders, and what is known of whom they belong to.
pub(super) struct Orders {
    all: BTreeMap<OrderKey, Told>,
    attributed: BTreeSet<OrderKey>,
    friends: BTreeMap<PersonKey, Place>,
}

impl Orders {
    /// Reads what was reported, a thousand reports an operation.
    pub(super) async fn load(store: &dyn Store, program: &ProgramId) -> Result<Self, StoreError> {
        let mut reports: BTreeMap<OrderKey, Reports> = BTreeMap::new();
        let mut cursor = None;
        loop {
            let page = store.list(&keys::report::orders(program), cursor.as_deref()).await?;
            let is_told = |(key, _): &(String, Option<String>)| {
                matches!(
                    FactKind::of(key),
                    Some(FactKind::Paid | FactKind::Page | FactKind::Refund | FactKind::Name)
                )
            };
            let entries = page.entries.into_iter().filter(is_told).collect();
            for (key, body) in with_bodies(store, entries).await? {
                let order = key.split('/').nth(2).and_then(OrderKey::parse);
                if let Some(order) = order {
                    reports.entry(order).or_default().add(&key, &body)?;
                }
            }
            cursor = page.cursor;
            if cursor.is_none() {
                break;
            }
        }
        let waiting = reports.clone();
        for (key, told) in &mut reports {
            let names = told.other_names().into_iter().filter(|name| name != key);
            let waiting: Vec<&Reports> = names.filter_map(|name| waiting.get(&name)).collect();
            waiting.into_iter().for_each(|waiting| told.join(waiting));
        }
        let told = |(key, reports): (OrderKey, Reports)| {
            let refunds = reports.refunds.values().filter_map(RefundRecord::refund).collect();
            Some((key, Told { order: reports.order(key)?, refunds }))
        };
        Ok(Orders {
            all: reports.into_iter().filter_map(told).collect(),
            attributed: BTreeSet::new(),
            friends: BTreeMap::new(),
        })
    }

    /// The clicks on an advocate's link that came with orders.
    pub(super) fn clicks_of(&self, code: ReferralCode, model: Model) -> BTreeMap<OrderKey, Click> {
        let clicked = |(key, told): (&OrderKey, &Told)| {
            let clicks = told.order.claims.iter().filter_map(|claim| match *claim {
                ClaimRead::Good { clicked_at, code: of, channel, bucket } if of == code => {
                    Some(Click { at: clicked_at, channel, bucket })
                }
                _ => None,
            });
            let click = match model {
                Model::FirstClick => clicks.min_by_key(|click| click.at),
                Model::LastClick => clicks.max_by_key(|click| click.at),
            };
            Some((*key, click?))
        };
        self.all.iter().filter_map(clicked).collect()
    }

    /// Notes whose orders an advocate's book has, and whose friends they are.
    pub(super) fn take(&mut self, facts: &[Fact], book: &Book, home: Place) {
        let of_book: BTreeSet<OrderKey> = facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Order(order) => Some(order.order),
                _ => None,
            })
            .collect();
        for line in book.lines.iter().filter(|line| of_book.contains(&line.order)) {
            self.friends.insert(line.friend, home);
        }
        self.attributed.extend(of_book);
    }

    /// The orders that nobody earned, and on which day each customer came.
    pub(super) fn of_nobody(&self, currency: Currency) -> Vec<Fact> {
        let mut orders: Vec<&Told> = self.all.values().collect();
        orders.sort_by_key(|told| (told.order.occurred_at, told.order.key));
        let (mut customers, mut acquired) = (BTreeSet::new(), BTreeSet::new());
        let mut came: BTreeMap<Day, u64> = BTreeMap::new();
        let mut facts = Vec::new();
        for Told { order, refunds } in orders {
            let day = Day::of(order.occurred_at);
            if customers.insert(order.customer) {
                *came.entry(day).or_default() += 1;
            }
            if self.attributed.contains(&order.key) {
                continue;
            }
            let value = order.value.filter(|value| value.currency == currency);
            let value_minor = value.map_or(0, |value| value.amount_minor);
            let refunded_minor = refunded_minor(value, refunds.iter());
            let stands = value_minor == 0 || refunded_minor < value_minor;
            let home = self.friends.get(&order.customer).copied();
            let is_others = home.is_none();
            facts.push(Fact::Order(OrderFact {
                order: order.key,
                place: Place { day, ..home.unwrap_or_default() },
                origin: if is_others { Origin::Other } else { Origin::Friend },
                stands,
                acquires: is_others && stands && acquired.insert(order.customer),
                value_minor,
                refunded_minor,
                occurred_at: order.occurred_at,
                clicked_at: None,
            }));
        }
        let came = came.into_iter();
        facts.extend(came.map(|(day, count)| Fact::Customers(NewCustomers { day, count })));
        facts
    }
}
