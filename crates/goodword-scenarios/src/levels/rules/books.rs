//! From the facts to books: who earned which order, what is held for a
//! person, and what each advocate's book holds.

use super::{Rules, facts};
use crate::scenario::Answer;
use goodword::attribution::{Advocate, Attribution, Credit, attribute};
use goodword::book::{Book, BookLine};
use goodword::key::OrderKey;
use goodword::review::{Neighbor, Surroundings, flags};
use std::collections::BTreeMap;

impl Rules {
    /// Who earned which order, on everything told so far.
    pub(super) fn attributions(&self) -> Result<BTreeMap<OrderKey, Attribution>, String> {
        let terms = self.history()?;
        let advocates: Vec<Advocate> =
            self.facts.advocates.values().map(|one| one.advocate.clone()).collect();
        let by_customer = self.facts.orders_by_customer();
        Ok(by_customer.values().flat_map(|orders| attribute(orders, &terms, &advocates)).collect())
    }

    /// An advocate's book: what is theirs now, and what was settled for them.
    pub(super) fn book(&self, name: &str) -> Result<Book, String> {
        let terms = self.history()?;
        let attributions = self.attributions()?;
        let advocate = self.facts.advocate(name)?;
        let code = advocate.advocate.code;
        let mut lines = Vec::new();
        for (key, reports) in &self.facts.orders {
            let Some(order) = reports.order(*key) else { continue };
            let owner = match (self.settled.get(key), attributions.get(key)) {
                (Some((owner, _)), _) => Some(*owner),
                (None, Some(Attribution::To(credit))) => Some(credit.code),
                _ => None,
            };
            if owner == Some(code) {
                let qualifying = order.qualifying_minor(terms.at(order.occurred_at));
                lines.push(BookLine {
                    order: *key,
                    friend: order.customer,
                    occurred_at: order.occurred_at,
                    value: order.value,
                    qualifying_minor: qualifying.unwrap_or(0),
                    refunds: reports.refunds.clone(),
                    is_refused: reports.is_accepted == Some(false),
                    settlement: self.settled.get(key).map(|(_, settlement)| settlement.clone()),
                });
            }
        }
        Ok(Book {
            code,
            group: advocate.group.clone(),
            invited_by: advocate.invited_by,
            draws: facts::draws(&terms, code),
            lines,
            milestones: self.milestones.get(&code).cloned().unwrap_or_default(),
            decisions: self.decisions.clone(),
        })
    }

    /// Holds orders, if a rule says so, that nobody knew to be an advocate's
    /// when they were reported.
    pub(super) fn flag_unknown(&mut self, name: &str) -> Result<(), String> {
        let attributions = self.attributions()?;
        for line in self.book(name)?.lines.iter().filter(|line| line.settlement.is_none()) {
            let answer = self.facts.orders.get(&line.order).and_then(|told| told.answer.as_ref());
            let was_told = matches!(answer, Some(Answer::To(owner, _)) if owner == name);
            if let (false, Some(Attribution::To(credit))) =
                (was_told, attributions.get(&line.order))
            {
                self.flagged(line.order, *credit)?;
            }
        }
        Ok(())
    }

    /// Holds an order that was just reported, if a rule says so; gives the
    /// rules' names.
    pub(super) fn flagged(&mut self, key: OrderKey, credit: Credit) -> Result<Vec<String>, String> {
        let terms = self.history()?;
        let reports = self.facts.orders.get(&key).ok_or("an order nobody reported")?;
        let order = reports.order(key).ok_or("an order nobody reported")?;
        let attributions = self.attributions()?;
        let mut around = Surroundings {
            click: credit.click,
            is_disposable_mail: reports.is_disposable_mail,
            ..Surroundings::default()
        };
        for (other, attribution) in &attributions {
            let Attribution::To(theirs) = attribution else { continue };
            let reported = self.facts.orders.get(other).and_then(|reports| reports.order(*other));
            let Some(reported) = reported else { continue };
            let neighbor = Neighbor {
                order: *other,
                occurred_at: reported.occurred_at,
                value_minor: reported.value.map_or(0, |value| value.amount_minor),
            };
            if theirs.code == credit.code {
                around.same_code.push(neighbor);
            }
            if theirs.click.is_some() && credit.click.is_some() {
                around.same_bucket.push(neighbor);
            }
        }
        let rules = &terms.at(order.occurred_at).fraud.review;
        let held: Vec<String> = flags(&order, rules, &around)
            .iter()
            .map(|flag| flag.rule.as_str().to_owned())
            .collect();
        self.facts.orders.entry(key).or_default().held.clone_from(&held);
        Ok(held)
    }
}
