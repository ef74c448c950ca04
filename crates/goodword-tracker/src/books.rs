//! An advocate's book in the store: lines, refunds and settlements under one
//! prefix, so that one listing reads it whole.

use crate::records::milestone::MilestoneRecord;
use crate::records::{
    CodeRecord, DecisionRecord, HeldRecord, LineRecord, RefundRecord, SettledRecord, read,
};
use crate::store::{StoreError, scan};
use crate::tracker::Tracker;
use crate::{hashing, keys};
use goodword::book::{Book, BookLine, Decision, MilestoneFinal, Settlement, Verdict};
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, PersonKey, ProgramId};
use goodword::mutant;
use goodword::order::Refund;
use goodword::reward::{Part, Reward, RewardId};
use goodword::sorted::{self, Map, Set};
use goodword::terms::TermsHistory;
use goodword::time::Instant;
use goodword_api::reward;
use serde_json::Value;

/// The part of a book that is about rewards instead of orders.
const DECISION: &str = "decision";
/// The part of a book that is about milestones.
const MILESTONE: &str = "milestone";

/// A held order may earn.
pub const ACCEPT: &str = "accept";
/// A held order may not.
pub const REFUSE: &str = "refuse";
/// A reward was handed over.
pub const FULFIL: &str = "fulfil";
/// A reward is not given.
pub const VOID: &str = "void";

/// One order's entry, as it is kept.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The order, as all lines together tell it.
    pub line: Option<LineRecord>,
    /// The names of the lines that are written down.
    pub lines: Set<String>,
    /// Its refunds, each with the name of its content.
    pub refunds: Map<String, RefundRecord>,
    /// What became of it.
    pub settled: Option<SettledRecord>,
    /// Why a person must look at it.
    pub held: Option<HeldRecord>,
    /// What that person decided, the latest last.
    pub verdicts: Vec<(i64, String)>,
}

/// A book as it is kept.
#[derive(Clone, Debug, Default)]
pub struct KeptBook {
    /// Its orders.
    pub orders: Map<OrderKey, Kept>,
    /// Its settled milestones, by number of friends.
    pub milestones: Map<u32, MilestoneRecord>,
    /// What was decided about its rewards: verdict and record.
    pub decisions: Map<RewardId, Map<String, DecisionRecord>>,
}

impl KeptBook {
    /// Reads an advocate's book.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn load(
        tracker: &Tracker<'_>,
        program: &ProgramId,
        code: ReferralCode,
    ) -> Result<Self, StoreError> {
        let mut book = KeptBook::default();
        for (key, body) in scan(tracker.store, &keys::book(program, code)).await? {
            book.add(&key, &body)?;
        }
        Ok(book)
    }

    /// Adds what is kept under a key of the book.
    ///
    /// # Errors
    /// That it cannot be read.
    pub fn add(&mut self, key: &str, body: &str) -> Result<(), StoreError> {
        let mut parts = key.split('/').skip(3);
        let first = parts.next().unwrap_or_default();
        if first == DECISION {
            let reward = parts.next().and_then(RewardId::parse);
            if let (Some(reward), Some(verdict)) = (reward, parts.next()) {
                let decisions = self.decisions.or_default(reward);
                decisions.insert(verdict.to_owned(), read(key, body)?);
            }
            return Ok(());
        }
        if first == MILESTONE {
            if let Some(at) = parts.next().and_then(|at| at.parse().ok()) {
                self.milestones.insert(at, read(key, body)?);
            }
            return Ok(());
        }
        let Some(order) = OrderKey::parse(first) else { return Ok(()) };
        let kept = self.orders.or_default(order);
        match (parts.next(), parts.next()) {
            (Some("line"), Some(content)) => kept.add_line(content.to_owned(), read(key, body)?),
            (Some("held"), _) => kept.held = Some(read(key, body)?),
            (Some("review"), Some(verdict)) => {
                let record: DecisionRecord = read(key, body)?;
                kept.decide(record.at_ms, verdict);
            }
            (Some("settled"), _) => kept.settled = Some(read(key, body)?),
            (Some("refund"), Some(content)) => {
                kept.refunds.insert(content.to_owned(), read(key, body)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The earliest order in it: terms are needed from then on.
    #[must_use]
    pub fn earliest(&self) -> Option<Instant> {
        let lines = self.orders.values().filter_map(|kept| kept.line.as_ref());
        lines.map(|line| Instant(line.at_ms)).min()
    }

    /// The book as the rules have it.
    #[must_use]
    pub fn book(
        &self,
        tracker: &Tracker<'_>,
        code: ReferralCode,
        record: &CodeRecord,
        terms: &TermsHistory,
    ) -> Book {
        Book {
            code,
            draws: hashing::draws(&tracker.settings.pepper, terms.all(), code),
            group: record.group.clone(),
            invited_by: record.invited_by.as_deref().and_then(ReferralCode::parse),
            lines: self.orders.iter().filter_map(|(order, kept)| kept.line(*order)).collect(),
            milestones: self.milestones(tracker),
            decisions: self.verdicts(),
        }
    }

    /// Milestones that were settled longer than a grace ago: until then two
    /// runs may have settled one with different values, and only one of them
    /// lasts.
    fn milestones(&self, tracker: &Tracker<'_>) -> Vec<MilestoneFinal> {
        let grace_ms = tracker.settings.settlement_grace_ms;
        let is_old =
            |record: &MilestoneRecord| Instant(record.at_ms).plus_ms(grace_ms) <= tracker.now;
        let old = self.milestones.iter().filter(|(_, record)| is_old(record));
        old.filter_map(|(at, record)| record.read(*at)).collect()
    }

    fn verdicts(&self) -> Vec<Decision> {
        let all = self.decisions.iter().flat_map(|(reward, verdicts)| {
            verdicts.keys().map(|verdict| (*reward, verdict.as_str()))
        });
        let known = all.filter_map(|(reward, verdict)| {
            let verdict = match verdict {
                VOID => Verdict::Void,
                FULFIL => Verdict::Fulfil,
                _ => return None,
            };
            Some(Decision { reward, verdict })
        });
        known.collect()
    }

    /// How many friends' orders count.
    #[must_use]
    pub fn conversions(&self, terms: &TermsHistory) -> usize {
        self.counting(terms, true).len()
    }

    /// How many friends these orders are of; without those that wait for a person, unless they
    /// are `held` to count as well.
    #[must_use]
    pub fn friends(&self, terms: &TermsHistory, held: bool) -> usize {
        let mut friends = self.counting(terms, held);
        sorted::sort(&mut friends);
        friends.dedup();
        friends.len()
    }

    /// The friends of the orders that count, for each order one.
    fn counting(&self, terms: &TermsHistory, held: bool) -> Vec<PersonKey> {
        let open = self.orders.iter().filter(|(_, kept)| !kept.is_declined());
        let open = open.filter(|(_, kept)| held || !kept.is_held());
        let lines = open.filter_map(|(order, kept)| kept.line(*order));
        let counting = lines.filter(|line| line.counts(terms.at(line.occurred_at)));
        counting.map(|line| line.friend).collect()
    }

    /// The shop's own id of an order.
    #[must_use]
    pub fn order_id(&self, order: OrderKey) -> Option<&str> {
        let line = self.orders.get(&order)?.line.as_ref()?;
        Some(line.order_id.as_str())
    }

    /// A reward of this book as answers show it.
    #[must_use]
    pub fn shown(&self, reward: &Reward, record: &CodeRecord) -> Value {
        let order_id = reward.order.and_then(|order| self.order_id(order));
        // An inviter's code is not this book's; theirs is shown plainly.
        let code = match reward.id {
            RewardId::Act(Part::Inviter, _) => reward.code.to_string(),
            _ => record.shown.clone(),
        };
        let mut shown = reward::reward(reward, &code, order_id);
        let fulfilled = self.decisions.get(&reward.id).and_then(|verdicts| verdicts.get(FULFIL));
        let coupon = fulfilled.and_then(|decision| decision.coupon.as_deref());
        if let (Value::Object(fields), Some(coupon)) = (&mut shown, coupon) {
            fields.insert("coupon".to_owned(), coupon.into());
        }
        shown
    }
}

impl Kept {
    /// Adds a line under the name of its content.
    pub fn add_line(&mut self, content: String, line: LineRecord) {
        self.lines.insert(content);
        self.line = Some(match self.line.take() {
            Some(known) => mutant!(LaterLineCounts, known.with(line), line),
            None => line,
        });
    }

    fn line(&self, order: OrderKey) -> Option<BookLine> {
        let mut line = self.line.as_ref()?.line(order)?;
        line.refunds =
            self.refunds.values().filter_map(RefundRecord::refund).collect::<Vec<Refund>>();
        line.is_refused = self.verdict() == Some(REFUSE);
        line.settlement = self.settled.as_ref().map(SettledRecord::settlement);
        Some(line)
    }

    /// Adds what a person decided about the order.
    pub fn decide(&mut self, at_ms: i64, verdict: &str) {
        self.verdicts.push((at_ms, verdict.to_owned()));
        sorted::sort(&mut self.verdicts);
    }

    /// What a person decided last about the order.
    #[must_use]
    pub fn verdict(&self) -> Option<&str> {
        self.verdicts.last().map(|(_, verdict)| verdict.as_str())
    }

    /// Whether it waits for a person, or was refused by one.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.held.is_some() && self.verdict() != Some(ACCEPT)
    }

    /// Whether it was looked at when it was due.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.settled.is_some()
    }

    /// Whether its rewards are final.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        matches!(self.settled, Some(SettledRecord::Confirmed(_)))
    }

    /// Whether it was declined then.
    #[must_use]
    pub fn is_declined(&self) -> bool {
        let settlement = self.settled.as_ref().map(SettledRecord::settlement);
        settlement == Some(Settlement::Declined)
    }
}
