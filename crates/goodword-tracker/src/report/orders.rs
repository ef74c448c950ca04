//! All orders of a program as they were reported: the clicks behind those of
//! advocates, and as facts those that nobody earned.

use crate::keys::{self, FactKind};
use crate::orders::Reports;
use crate::records::{OtherOrderRecord, RefundRecord, read};
use crate::store::{Store, StoreError, scan, with_bodies};
use goodword::attribution::Click;
use goodword::book::Book;
use goodword::key::{OrderKey, PersonKey, ProgramId};
use goodword::metrics::{Day, Fact, NewCustomers, OrderFact, Origin, Place};
use goodword::money::Currency;
use goodword::order::{ClaimRead, Order, Refund, refunded_minor};
use goodword::sorted::{self, Map, Set};
use goodword::terms::{Kind, Model};
use goodword::time::Instant;

/// An order, what was given back of it, and whether somebody earned it.
struct Told {
    order: Order,
    refunds: Vec<Refund>,
    is_earned: bool,
}

/// The orders by their keys, and whose friends their customers are.
pub(super) struct Orders {
    all: Vec<Told>,
    friends: Map<PersonKey, Place>,
}

impl Orders {
    /// Reads what was reported, a thousand reports an operation.
    pub(super) async fn load(store: &dyn Store, program: &ProgramId) -> Result<Self, StoreError> {
        let mut reports: Map<OrderKey, Reports> = Map::new();
        let mut cursor = None;
        loop {
            let page = store.list(&keys::all_facts(program), cursor.as_deref()).await?;
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
                    reports.or_default(order).add(&key, &body)?;
                }
            }
            cursor = page.cursor;
            if cursor.is_none() {
                break;
            }
        }
        reports.values_mut().for_each(Reports::reinstate);
        let mut all = Vec::new();
        for (key, own) in &reports {
            let mut told = own.clone();
            for name in own.other_names().iter().filter(|name| *name != key) {
                if let Some(waiting) = reports.get(name) {
                    told.join(waiting);
                }
            }
            let refunds = told.refunds.values().filter_map(RefundRecord::refund).collect();
            if let Some(order) = told.order(*key) {
                all.push(Told { order, refunds, is_earned: false });
            }
        }
        for (key, body) in scan(store, &keys::other_orders(program)).await? {
            let order = key.rsplit('/').next().and_then(OrderKey::parse);
            // What was reported as a conversion too is known better from there.
            let Some(order) = order.filter(|order| !reports.contains_key(order)) else { continue };
            let record: OtherOrderRecord = read(&key, &body)?;
            if let Some(order) = other(order, &record) {
                all.push(Told { order, refunds: Vec::new(), is_earned: false });
            }
        }
        sorted::sort_by_key(&mut all, |told| told.order.key);
        Ok(Orders { all, friends: Map::new() })
    }

    fn place(&self, order: OrderKey) -> Option<usize> {
        self.all.binary_search_by(|told| told.order.key.cmp(&order)).ok()
    }

    fn told(&self, order: OrderKey) -> Option<&Told> {
        self.all.get(self.place(order)?)
    }

    /// Whether an advocate's book was taken that has this order.
    pub(super) fn is_earned(&self, order: OrderKey) -> bool {
        self.told(order).is_some_and(|told| told.is_earned)
    }

    /// The clicks on an advocate's link that came with the orders of their
    /// book.
    pub(super) fn clicks_of(&self, book: &Book, model: Model) -> Map<OrderKey, Click> {
        let mut clicks = Map::new();
        for told in book.lines.iter().filter_map(|line| self.told(line.order)) {
            let own = told.order.claims.iter().filter_map(|claim| match *claim {
                ClaimRead::Good { clicked_at, code, channel, bucket } if code == book.code => {
                    Some(Click { at: clicked_at, channel, bucket })
                }
                _ => None,
            });
            let click = match model {
                Model::FirstClick => own.min_by_key(|click| click.at),
                Model::LastClick => own.max_by_key(|click| click.at),
            };
            if let Some(click) = click {
                clicks.insert(told.order.key, click);
            }
        }
        clicks
    }

    /// Notes whose orders an advocate's facts have, and whose friends made
    /// them.
    pub(super) fn take(&mut self, facts: &[Fact], home: Place) {
        for fact in facts {
            let Fact::Order(order) = fact else { continue };
            let place = self.place(order.order);
            if let Some(told) = place.and_then(|place| self.all.get_mut(place)) {
                told.is_earned = true;
                self.friends.insert(told.order.customer, home);
            }
        }
    }

    /// The orders that nobody earned, and on which day each customer came.
    pub(super) fn of_nobody(&self, currency: Currency) -> Vec<Fact> {
        let mut orders: Vec<&Told> = self.all.iter().collect();
        sorted::sort_by_key(&mut orders, |told| (told.order.occurred_at, told.order.key));
        let (mut customers, mut acquired) = (Set::new(), Set::new());
        let mut came: Vec<NewCustomers> = Vec::new();
        let mut facts = Vec::new();
        for Told { order, refunds, is_earned } in orders {
            let day = Day::of(order.occurred_at);
            if customers.insert(order.customer) {
                match came.last_mut().filter(|last| last.day == day) {
                    Some(last) => last.count += 1,
                    None => came.push(NewCustomers { day, count: 1 }),
                }
            }
            if *is_earned {
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
        facts.extend(came.into_iter().map(Fact::Customers));
        facts
    }
}

/// An order that the shop reported for comparison only.
fn other(key: OrderKey, record: &OtherOrderRecord) -> Option<Order> {
    Some(Order {
        key,
        occurred_at: Instant(record.at_ms),
        kind: Kind::Purchase,
        value: record.value.money(),
        customer: PersonKey::parse(&record.customer)?,
        emails: Vec::new(),
        existing: false,
        claims: Vec::new(),
        codes: Vec::new(),
        lines: Vec::new(),
    })
}
