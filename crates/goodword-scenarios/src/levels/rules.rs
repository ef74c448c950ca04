//! Level one: the rules alone. Facts are put into sets by hand, and after
//! every sentence everything is derived again from the sets. The only state
//! beside facts is what settlement wrote, since that is never edited.

mod books;
mod facts;
mod shown;

use super::{Level, Told};
use crate::ledger::Line;
use crate::scenario::{Answer, Click, Decision, Enrolment, Evidence, Order, Refund};
use facts::{Facts, order_key};
use goodword::attribution::Attribution;
use goodword::book::{BookLine, MilestoneFinal, Settlement, Verdict};
use goodword::code::ReferralCode;
use goodword::key::OrderKey;
use goodword::reward::Slot;
use goodword::terms::{Program, TermsHistory};
use goodword::time::Instant;
use goodword_api::program::ProgramDocument;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The rules, and what was told.
#[derive(Default)]
pub struct Rules {
    terms: Vec<(Instant, Program)>,
    facts: Facts,
    settled: BTreeMap<OrderKey, (ReferralCode, Settlement)>,
    slots: BTreeSet<Slot>,
    milestones: BTreeMap<ReferralCode, Vec<MilestoneFinal>>,
    decisions: Vec<goodword::book::Decision>,
}

impl Rules {
    fn history(&self) -> Result<TermsHistory, String> {
        TermsHistory::new(self.terms.clone()).ok_or_else(|| "there is no program".to_owned())
    }

    fn program(&self) -> Result<&Program, String> {
        self.terms
            .last()
            .map(|(_, program)| program)
            .ok_or_else(|| "there is no program".to_owned())
    }

    /// Settles what is due in one advocate's book.
    fn settle_book(&mut self, name: &str, now: Instant) -> Result<u64, String> {
        let terms = self.history()?;
        self.flag_unknown(name)?;
        let book = self.book(name)?;
        let program = |line: &BookLine| terms.at(line.occurred_at);
        let due_at = |line: &BookLine| line.occurred_at.plus_days(program(line).hold_days);
        let is_due = |line: &&BookLine| {
            let reports = self.facts.orders.get(&line.order);
            let is_held = reports.is_some_and(facts::Reports::is_held);
            line.settlement.is_none() && due_at(line) <= now && !is_held
        };
        let due: Vec<&BookLine> = book.lines.iter().filter(is_due).collect();
        let orders: Vec<OrderKey> = due.iter().map(|line| line.order).collect();
        let finals = book.finals(&orders, &terms);
        let mut settled = 0;
        for line in due {
            let own = finals.iter().filter(|(order, _)| *order == line.order);
            let settlement = if self.slots.insert(line.slot(program(line))) {
                Settlement::Confirmed(own.map(|(_, last)| last.clone()).collect())
            } else {
                Settlement::Declined
            };
            self.settled.insert(line.order, (book.code, settlement));
            settled += 1;
        }
        let reached = self.book(name)?.milestone_finals(&terms);
        self.milestones.entry(book.code).or_default().extend(reached);
        Ok(settled)
    }
}

impl Level for Rules {
    fn put_program(&mut self, now: Instant, document: &Value) -> Result<(), String> {
        let read = ProgramDocument::read(document.clone(), None);
        let program = read.map_err(|problem| problem.detail)?.program;
        self.terms.push((now, program));
        Ok(())
    }

    fn enrol(&mut self, _: Instant, enrolment: &Enrolment) -> Result<(), String> {
        let id = self.program()?.id.clone();
        self.facts.enrol(&id, enrolment)
    }

    fn click(&mut self, now: Instant, click: &Click) -> Result<bool, String> {
        let is_running = self.program()?.is_running_at(now);
        let advocate = self.facts.advocate(&click.advocate)?.advocate.clone();
        let has_claim = is_running && !advocate.is_blocked_at(now);
        if has_claim {
            self.facts.click(now, click, advocate.code);
        }
        Ok(has_claim)
    }

    fn order(&mut self, _: Instant, at: Instant, order: &Order) -> Result<Told, String> {
        let key = order_key(&order.id);
        let id = self.program()?.id.clone();
        let paid = self.facts.paid(&id, at, order)?;
        let reports = self.facts.orders.entry(key).or_default();
        let content = |order: &goodword::order::Order| (order.kind, order.value, order.customer);
        if reports.order(key).is_some_and(|known| content(&known) != paid.content()) {
            return Ok(Told { answer: Answer::Conflict, is_same: false });
        }
        reports.add(order, paid);
        if let Some(answer) = reports.answer.clone() {
            return Ok(Told { answer, is_same: true });
        }
        let answer = match self.attributions()?.get(&key) {
            Some(Attribution::To(credit)) => {
                let held = self.flagged(key, *credit)?;
                Answer::To(self.facts.name_of(credit.code)?, held)
            }
            Some(Attribution::Nobody(reason)) => Answer::Nobody(reason.as_str().to_owned()),
            None => return Err(format!("{} was not attributed at all", order.id)),
        };
        let reports = self.facts.orders.entry(key).or_default();
        reports.answer = Some(answer.clone());
        Ok(Told { answer, is_same: false })
    }

    fn page(
        &mut self,
        _: Instant,
        order: &str,
        friend: &str,
        evidence: &Evidence,
    ) -> Result<(), String> {
        let evidence = self.facts.evidence(friend, evidence)?;
        self.facts.orders.entry(order_key(order)).or_default().pages.push(evidence);
        Ok(())
    }

    fn refund(&mut self, _: Instant, at: Instant, refund: &Refund) -> Result<bool, String> {
        let reports = self.facts.orders.entry(order_key(&refund.order)).or_default();
        let is_other =
            |known: &goodword::order::Refund| known.id == refund.id && known.value != refund.value;
        if reports.refunds.iter().any(is_other) {
            return Ok(false);
        }
        let (id, value) = (refund.id.clone(), refund.value);
        reports.refunds.push(goodword::order::Refund::new(id, at, value));
        Ok(true)
    }

    fn settle(&mut self, now: Instant) -> Result<u64, String> {
        let names: Vec<String> = self.facts.advocates.keys().cloned().collect();
        names.iter().map(|name| self.settle_book(name, now)).sum()
    }

    fn block(&mut self, _: Instant, advocate: &str) -> Result<(), String> {
        let known = self.facts.advocates.get_mut(advocate);
        let known = known.ok_or_else(|| format!("{advocate} is no advocate"))?;
        known.advocate.blocked_from = Some(Instant(i64::MIN));
        Ok(())
    }

    fn review(&mut self, _: Instant, order: &str, is_accepted: bool) -> Result<(), String> {
        let reports = self.facts.orders.entry(order_key(order)).or_default();
        if reports.held.is_empty() {
            return Err(format!("{order} is not held"));
        }
        reports.is_accepted = Some(is_accepted);
        Ok(())
    }

    fn decide(&mut self, _: Instant, decision: &Decision) -> Result<(), String> {
        let rewards = self.book(&decision.advocate)?.rewards(&self.history()?);
        let is_meant = |line: &Line| line.who == decision.advocate && line.of == decision.of;
        for reward in rewards {
            if is_meant(&self.line(&reward)?) {
                let verdict = if decision.is_fulfilled { Verdict::Fulfil } else { Verdict::Void };
                self.decisions.push(goodword::book::Decision { reward: reward.id, verdict });
                return Ok(());
            }
        }
        Err("there is no such reward".to_owned())
    }

    fn ledger(&mut self, _: Instant) -> Result<Vec<Line>, String> {
        let terms = self.history()?;
        let mut lines = Vec::new();
        for name in self.facts.advocates.keys() {
            for reward in self.book(name)?.rewards(&terms) {
                shown::balanced(&reward)?;
                lines.push(self.line(&reward)?);
            }
        }
        Ok(lines)
    }
}
