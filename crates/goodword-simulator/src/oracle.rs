//! What must come out, decided from the contract alone: plain types and plain
//! loops, and not a line shared with the product's rules.
//!
//! Where everything was told in time, one outcome is right. Where something
//! was told after its order was due, what the tracker knew when it settled
//! decides, and several outcomes are right: [`attribution`] says which, and
//! [`book`] between which bounds the amounts lie.

pub mod attribution;
pub mod book;
mod worth;

use crate::facts::{Facts, Order};
use crate::terms::Side;
use attribution::Options;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What an owner saw of one reward for an order.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Whose.
    pub advocate: usize,
    /// Where it stands.
    pub status: String,
    /// The number in its value, 0 for things.
    pub amount: i64,
    /// When it is due, as it was written.
    pub due_at: String,
}

impl Shown {
    /// Whether somebody is to be paid for it, or was.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        matches!(self.status.as_str(), "confirmed" | "fulfilled" | "clawed_back")
    }
}

/// What the oracle found at one moment.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What is wrong.
    pub errors: Vec<String>,
    /// Rewards that had one right amount.
    pub exact: usize,
    /// Rewards whose amount was checked against bounds.
    pub bounded: usize,
    /// By order and side.
    pub shown: BTreeMap<(usize, Side), Shown>,
}

/// Checks all rewards of all programs. `before` is what was found at an
/// earlier moment: what was final then must be final now.
#[must_use]
pub fn check(
    facts: &Facts,
    seen: &BTreeMap<usize, Vec<Value>>,
    before: Option<&Checked>,
) -> Checked {
    let mut checked = Checked::default();
    for (program, rewards) in seen {
        let milestones = read(facts, *program, rewards, &mut checked);
        attributions(facts, *program, before, &mut checked);
        let advocates = (0..facts.advocates.len())
            .filter(|advocate| facts.advocates[*advocate].program == *program);
        for advocate in advocates {
            let of_advocate = milestones.iter().filter(|(of, _)| *of == advocate);
            let of_advocate: Vec<&Value> = of_advocate.map(|(_, reward)| reward).collect();
            book::check(facts, advocate, &of_advocate, before, &mut checked);
        }
    }
    checked
}

fn text<'a>(reward: &'a Value, name: &str) -> &'a str {
    reward.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn amount(reward: &Value) -> i64 {
    let value = reward.get("value");
    let part = |name: &str| value.and_then(|value| value.get(name)).and_then(Value::as_i64);
    part("amount_minor").or_else(|| part("amount")).unwrap_or(0)
}

/// Reads what was seen; what cannot be at all is an error. Returns the
/// milestones.
fn read(
    facts: &Facts,
    program: usize,
    rewards: &[Value],
    checked: &mut Checked,
) -> Vec<(usize, Value)> {
    let mut milestones = Vec::new();
    let mut names = BTreeSet::new();
    for reward in rewards {
        let status = text(reward, "status");
        if status != "voided" && !names.insert(text(reward, "reward_id")) {
            checked.errors.push(format!("a reward is there twice: {reward}"));
        }
        if status == "pending" {
            checked.errors.push(format!("a reward was never settled: {reward}"));
        }
        if amount(reward) < 0 {
            checked.errors.push(format!("a reward is negative: {reward}"));
        }
        let code = text(reward, "code");
        let is_of = |number: &usize| {
            let advocate = &facts.advocates[*number];
            advocate.program == program && advocate.code.as_deref() == Some(code)
        };
        let Some(advocate) = (0..facts.advocates.len()).find(is_of) else {
            checked.errors.push(format!("a reward of nobody: {reward}"));
            continue;
        };
        if reward.get("milestone").is_some() {
            milestones.push((advocate, reward.clone()));
            continue;
        }
        let is_order =
            |order: &Order| order.program == program && order.id == text(reward, "order_id");
        let Some(order) = facts.orders.iter().position(is_order) else {
            checked.errors.push(format!("a reward for no order: {reward}"));
            continue;
        };
        let side = if text(reward, "side") == "friend" { Side::Friend } else { Side::Advocate };
        let shown = Shown {
            advocate,
            status: status.to_owned(),
            amount: amount(reward),
            due_at: text(reward, "due_at").to_owned(),
        };
        match checked.shown.get(&(order, side)) {
            Some(other) if other.status != "voided" && status != "voided" => {
                checked.errors.push(format!("an order is rewarded twice: {reward}"));
            }
            Some(_) if status == "voided" => {}
            _ => {
                checked.shown.insert((order, side), shown);
            }
        }
    }
    milestones
}

/// Whose an order's rewards are, whatever their side.
fn owner(order: usize, checked: &Checked) -> Option<usize> {
    let sides = [Side::Advocate, Side::Friend];
    let shown = sides.iter().filter_map(|side| checked.shown.get(&(order, *side)));
    shown.map(|shown| shown.advocate).next()
}

/// For whom an order was settled.
fn settled_for(order: usize, checked: &Checked) -> Option<usize> {
    let sides = [Side::Advocate, Side::Friend];
    let shown = sides.iter().filter_map(|side| checked.shown.get(&(order, *side)));
    shown.filter(|shown| shown.is_settled()).map(|shown| shown.advocate).next()
}

/// Whether every order went to whom it may have gone, and nobody was
/// forgotten.
fn attributions(facts: &Facts, program: usize, before: Option<&Checked>, checked: &mut Checked) {
    let of_program = |order: &usize| facts.orders[*order].program == program;
    let orders: Vec<usize> = (0..facts.orders.len()).filter(of_program).collect();
    let mut options: BTreeMap<usize, Options> = BTreeMap::new();
    for order in orders {
        let was = before.and_then(|before| settled_for(order, before));
        let is = owner(order, checked);
        let id = &facts.orders[order].id;
        if let Some(was) = was {
            if is != Some(was) {
                let error = format!("{id} was settled for a{was}, now it is {is:?}");
                checked.errors.push(error);
            }
            options.insert(order, Options::settled(was));
            continue;
        }
        let allowed = attribution::options(facts, order);
        if let Some(is) = is
            && !allowed.allow(Some(is))
        {
            let error = format!("{id} went to a{is}, allowed is {allowed}");
            checked.errors.push(error);
        }
        options.insert(order, allowed);
    }
    forgotten(facts, program, &options, checked);
}

/// An order that nobody was rewarded for is looked at again whenever something
/// is told that bears on it, so it must be nobody's on everything told. Where
/// only the first order earns, a friend's orders are about one reward: an order
/// may be without it if another has it.
fn forgotten(
    facts: &Facts,
    program: usize,
    options: &BTreeMap<usize, Options>,
    checked: &mut Checked,
) {
    let is_first_only = facts.programs[program].which == crate::terms::Which::First;
    let mut paid: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for order in options.keys() {
        let of = &facts.orders[*order];
        if owner(*order, checked).is_some() {
            paid.entry(of.customer).or_default().push(&of.id);
        }
    }
    let mut errors = Vec::new();
    for (order, allowed) in options {
        let of = &facts.orders[*order];
        let has_other = is_first_only && paid.contains_key(&of.customer);
        let on_all = attribution::options_on_all(facts, *order);
        let may_be_nobodys = allowed.allow(None) && on_all.allow(None);
        if owner(*order, checked).is_none() && !may_be_nobodys && !has_other {
            errors.push(format!(
                "{} went to nobody, allowed is {allowed}, on all that is known {on_all}",
                of.id
            ));
        }
    }
    if is_first_only {
        for (customer, orders) in paid.iter().filter(|(_, orders)| orders.len() > 1) {
            errors.push(format!("c{customer} earned more than once: {}", orders.join(", ")));
        }
    }
    checked.errors.extend(errors);
}

/// When an order was made, as all its reports tell it.
#[must_use]
pub fn occurred_ms(order: &Order) -> i64 {
    let own = order.reports.iter().filter(|report| report.customer == order.customer);
    own.map(|report| report.occurred_ms).min().unwrap_or(0)
}

/// The value that the tracker says counts; the original before it was asked.
#[must_use]
pub fn value(order: &Order) -> i64 {
    let agreed = order.reports.iter().find(|report| report.agreed == Some(true));
    agreed.or(order.reports.first()).map_or(0, |report| report.value)
}

/// What is confirmed before its time.
#[must_use]
pub fn confirmed_early(
    facts: &Facts,
    program: usize,
    rewards: &[Value],
    now_ms: i64,
) -> Vec<String> {
    let terms = &facts.programs[program];
    let is_early = |reward: &&Value| {
        let of = |order: &&Order| order.program == program && order.id == text(reward, "order_id");
        let order = facts.orders.iter().find(of);
        text(reward, "status") == "confirmed"
            && order.is_some_and(|order| terms.due_ms(occurred_ms(order)) > now_ms)
    };
    rewards
        .iter()
        .filter(is_early)
        .map(|reward| format!("confirmed before it is due: {reward}"))
        .collect()
}

/// Whether a report that is sent again in a quiet moment is answered as it
/// must be: what was acknowledged is known, what contradicts it is refused.
/// If two contradictory reports came before either was seen everywhere, both
/// may have been acknowledged, and one of them counts.
#[must_use]
pub fn replayed(facts: &Facts, order: usize, report: usize, status: u16) -> Vec<String> {
    let of = &facts.orders[order];
    let told = &of.reports[report];
    let differs = |other: &&crate::facts::Report| {
        other.value != told.value || other.customer != told.customer
    };
    let seen = |report: &crate::facts::Report| {
        report.acked_ms.map_or(i64::MAX, |at| at.saturating_add(facts.seen_after_ms))
    };
    let raced = of.reports.iter().filter(differs).any(|other| {
        other.tried_ms.is_some_and(|tried| tried < seen(told))
            && told.tried_ms.is_some_and(|tried| tried < seen(other))
    });
    let wanted: &[u16] = match (told.acked_ms.is_some(), raced) {
        (_, true) => &[200, 409],
        (true, false) => &[200],
        (false, false) => &[409],
    };
    if wanted.contains(&status) {
        return Vec::new();
    }
    vec![format!("{} report {report}, sent again: {status}, allowed is {wanted:?}", of.id)]
}
