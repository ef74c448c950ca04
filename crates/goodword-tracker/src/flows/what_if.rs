//! What other terms would have cost and brought: the facts of all orders,
//! folded again by the same rules. Nothing is written, and what was settled
//! or decided about single rewards is not looked at: both sets of terms are
//! reckoned as if they had been in force from the beginning.

use crate::books::{ACCEPT, REFUSE};
use crate::directory::Advocates;
use crate::hashing;
use crate::http::Failure;
use crate::keys;
use crate::limits::{WHAT_IF_OPERATIONS_MAX, WHAT_IF_ORDERS_MAX};
use crate::orders::Reports;
use crate::programs::Current;
use crate::records::{DecisionRecord, RefundRecord, read};
use crate::store::StoreError;
use crate::tracker::Tracker;
use crate::walk::{Found, Place, Walk};
use goodword::attribution::{Attribution, attribute};
use goodword::book::{Book, BookLine};
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::order::{Order, Refund, refunded_minor};
use goodword::reward::{Reward, RewardStatus, Value as Worth};
use goodword::sorted::{self, Map};
use goodword::terms::{Program, TermsHistory};
use goodword::time::Instant;
use goodword_api::json::named;
use goodword_api::object;
use goodword_api::reward::{gives, money, side};
use serde_json::Value;

/// Orders of which time are counted. All are folded: a ladder and a cap need
/// those before.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// Made then or later.
    pub from: Option<Instant>,
    /// Made before.
    pub to: Option<Instant>,
}

impl Span {
    fn has(self, at: Instant) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

/// Everything that was reported, as the rules need it.
struct Facts {
    /// Orders of one friend beside each other.
    orders: Vec<Order>,
    /// What was given back, by order.
    reports: Map<OrderKey, Reports>,
    /// Sorted.
    refused: Vec<OrderKey>,
    advocates: Advocates,
    is_complete: bool,
}

/// Compares other terms with the present ones.
///
/// # Errors
/// Whatever the store says.
pub async fn compare(
    tracker: &Tracker<'_>,
    current: &Current,
    other: &Program,
    span: Span,
) -> Result<Value, Failure> {
    let facts = gather(tracker, &current.program().id).await?;
    let under = |program: &Program| under(tracker, &facts, program, span);
    Ok(object!({
        "orders": facts.orders.len(),
        "complete": facts.is_complete,
        "present": under(current.program())?,
        "other": under(other)?,
    }))
}

async fn gather(tracker: &Tracker<'_>, program: &ProgramId) -> Result<Facts, StoreError> {
    let walk =
        |prefix, operations| Walk::new(tracker.store, prefix, 2, Place::default(), operations);
    let mut facts = walk(keys::all_facts(program), WHAT_IF_OPERATIONS_MAX);
    let mut all: Map<OrderKey, Reports> = Map::new();
    while all.len() < WHAT_IF_ORDERS_MAX {
        let Found::Group(group) = facts.next().await? else { break };
        let Some(key) = OrderKey::parse(&group.name) else { continue };
        all.insert(key, Reports::read(group.entries)?);
    }
    let mut orders: Vec<Order> = Vec::new();
    let mut reports: Map<OrderKey, Reports> = Map::new();
    for (key, own) in &all {
        let mut own = own.clone();
        let names = own.other_names().into_iter().filter(|name| name != key);
        names.filter_map(|name| all.get(&name)).for_each(|waiting| own.join(waiting));
        orders.extend(own.order(*key));
        reports.insert(*key, own);
    }
    sorted::sort_by_key(&mut orders, |order| order.customer);
    let mut reviews = walk(keys::reviews(program), WHAT_IF_OPERATIONS_MAX / 4);
    let mut refused = Vec::new();
    while let Found::Group(group) = reviews.next().await? {
        let order = OrderKey::parse(&group.name);
        refused.extend(order.filter(|_| is_refused(&group.entries)));
    }
    let advocates = Advocates::of(tracker, program, &orders).await?;
    let is_complete = facts.is_done() && reviews.is_done();
    Ok(Facts { orders, reports, refused, advocates, is_complete })
}

/// Whether a person decided last that an order may not earn.
fn is_refused(entries: &[(String, String)]) -> bool {
    let decided = entries.iter().filter_map(|(key, body)| {
        let verdict = key.rsplit('/').next().filter(|what| [ACCEPT, REFUSE].contains(what))?;
        let decision: DecisionRecord = read(key, body).ok()?;
        Some((decision.at_ms, verdict))
    });
    decided.max().is_some_and(|(_, verdict)| verdict == REFUSE)
}

/// What the facts come to under these terms.
fn under(
    tracker: &Tracker<'_>,
    facts: &Facts,
    program: &Program,
    span: Span,
) -> Result<Value, StoreError> {
    let terms = TermsHistory::new(vec![(Instant(i64::MIN), program.clone())])
        .ok_or_else(|| StoreError("a program without terms".to_owned()))?;
    let mut sums = Sums::default();
    let mut lines: Vec<(ReferralCode, BookLine)> = Vec::new();
    for orders in facts.orders.chunk_by(|one, other| one.customer == other.customer) {
        for (key, attribution) in attribute(orders, &terms, &facts.advocates.all) {
            let Some(order) = orders.iter().find(|order| order.key == key) else { continue };
            match attribution {
                Attribution::To(credit) => lines.push((credit.code, line(facts, order, program))),
                Attribution::Nobody(reason) if span.has(order.occurred_at) => {
                    sums.add_nobodys(reason.as_str());
                }
                Attribution::Nobody(_) => {}
            }
        }
    }
    sorted::sort_by_key(&mut lines, |(code, line)| (*code, line.order));
    for of_code in lines.chunk_by(|(one, _), (other, _)| one == other) {
        let Some(code) = of_code.first().map(|(code, _)| *code) else { continue };
        let lines: Vec<BookLine> = of_code.iter().map(|(_, line)| line.clone()).collect();
        for line in lines.iter().filter(|line| span.has(line.occurred_at)) {
            sums.add_order(line, program);
        }
        let record = facts.advocates.record(code);
        let invited_by = record.and_then(|record| record.invited_by.as_deref());
        let book = Book {
            code,
            draws: hashing::draws(&tracker.settings.pepper, terms.all(), code),
            group: record.and_then(|record| record.group.clone()),
            invited_by: invited_by.and_then(ReferralCode::parse),
            lines,
            milestones: Vec::new(),
            decisions: Vec::new(),
        };
        for reward in book.rewards(&terms) {
            let place = reward
                .order
                .and_then(|order| book.lines.binary_search_by_key(&order, |line| line.order).ok());
            let made_at = place.and_then(|place| book.lines.get(place)).map(|it| it.occurred_at);
            if span.has(made_at.unwrap_or(reward.due_at)) {
                sums.add_reward(&reward);
            }
        }
    }
    Ok(sums.shown(program))
}

fn line(facts: &Facts, order: &Order, program: &Program) -> BookLine {
    BookLine {
        order: order.key,
        friend: order.customer,
        occurred_at: order.occurred_at,
        value: order.value,
        qualifying_minor: order.qualifying_minor(program).unwrap_or(0),
        refunds: facts.reports.get(&order.key).map(refunds).unwrap_or_default(),
        is_refused: facts.refused.binary_search(&order.key).is_ok(),
        settlement: None,
    }
}

fn refunds(reports: &Reports) -> Vec<Refund> {
    reports.refunds.values().filter_map(RefundRecord::refund).collect()
}

/// A kind of reward: side, what it gives, and its unit or currency.
type Kind = (&'static str, &'static str, String);

/// What is added up.
#[derive(Default)]
struct Sums {
    conversions: usize,
    unattributed: Vec<(&'static str, usize)>,
    revenue_minor: i64,
    cost_minor: i64,
    rewards: Vec<(Kind, usize, i64)>,
}

impl Sums {
    fn add_nobodys(&mut self, reason: &'static str) {
        match self.unattributed.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => self.unattributed.push((reason, 1)),
        }
    }

    /// An order counts while it stands; what it brought is what was not given
    /// back.
    fn add_order(&mut self, line: &BookLine, program: &Program) {
        if line.is_refused {
            return;
        }
        self.conversions += usize::from(line.counts(program));
        let value = line.value.filter(|value| value.currency == program.currency);
        let paid = value.map_or(0, |value| value.amount_minor);
        let kept = paid.saturating_sub(refunded_minor(value, line.refunds.iter()));
        self.revenue_minor = self.revenue_minor.saturating_add(kept);
    }

    fn add_reward(&mut self, reward: &Reward) {
        if matches!(reward.status, RewardStatus::Voided | RewardStatus::ClawedBack) {
            return;
        }
        let amount = reward.value.amount().unwrap_or(0);
        let unit = match &reward.value {
            Worth::Money(money) => {
                self.cost_minor = self.cost_minor.saturating_add(amount);
                money.currency.to_string()
            }
            Worth::Units { unit, .. } => unit.clone(),
            Worth::Points(_) | Worth::Label(_) => String::new(),
        };
        let kind = (side(reward.side), gives(reward.gives), unit);
        match self.rewards.iter_mut().find(|(known, ..)| *known == kind) {
            Some((_, count, sum)) => {
                *count += 1;
                *sum = sum.saturating_add(amount);
            }
            None => self.rewards.push((kind, 1, amount)),
        }
    }

    fn shown(&self, program: &Program) -> Value {
        let currency = program.currency;
        let minor = |amount_minor| money(goodword::money::Money { amount_minor, currency });
        let mut rewards: Vec<&(Kind, usize, i64)> = self.rewards.iter().collect();
        sorted::sort(&mut rewards);
        let rewards = rewards.into_iter().map(|((side, gives, unit), count, amount)| {
            let unit = (!unit.is_empty()).then_some(unit);
            object!({"side": side, "gives": gives, "unit": unit, "count": count, "amount": amount})
        });
        let unattributed = self.unattributed.iter();
        let unattributed =
            unattributed.map(|(why, count)| ((*why).to_owned(), Value::from(*count)));
        object!({
            "conversions": self.conversions,
            "unattributed": named(unattributed),
            "rewards": rewards.collect::<Value>(),
            "revenue": minor(self.revenue_minor),
            "cost": minor(self.cost_minor),
            "roi": object!({
                "numerator": self.revenue_minor.saturating_sub(self.cost_minor),
                "denominator": self.cost_minor,
            }),
        })
    }
}
