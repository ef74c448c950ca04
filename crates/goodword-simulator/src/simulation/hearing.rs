//! What people are told, and what they make of it: facts for the oracle, and
//! another try where they were told nothing.

use super::Simulation;
use super::telling::short;
use crate::calendar::HOUR_MS;
use crate::facts::Claim;
use crate::oracle;
use crate::plan::Act;
use goodword_tracker::http::Answer;
use serde_json::Value;

impl Simulation {
    /// What somebody was told; `None`: nothing, because the handler died.
    pub(super) fn finished(&mut self, act: Act, answer: Option<Answer>, clock_ms: i64) {
        if act == Act::Cron {
            return;
        }
        self.open -= 1;
        let now = self.world.now_ms();
        let status = answer.as_ref().map_or(0, |answer| answer.status);
        let body: Value = answer
            .as_ref()
            .and_then(|answer| serde_json::from_slice(&answer.body).ok())
            .unwrap_or(Value::Null);
        self.world.history.mix(now, &format!("{act:?} {status}"));
        self.world.history.tell(now, || format!("{} -> {status} {}", self.told(act), short(&body)));
        let is_good = (200..300).contains(&status);
        match act {
            Act::Write(_) | Act::Settle(_) | Act::Cron | Act::Buy(..) | Act::GiveBack(_) => {}
            Act::Enrol(advocate) if is_good => {
                let code = body.get("code").and_then(Value::as_str).map(str::to_owned);
                self.enrolled(advocate, code);
            }
            Act::Follow(customer, advocate) => {
                self.followed(customer, advocate, answer.as_ref(), clock_ms)
            }
            Act::Report(order, report) if is_good => {
                self.facts.orders[order].reports[report].acked_ms.get_or_insert(now);
            }
            Act::Report(order, report) if status == 409 => {
                self.facts.orders[order].reports[report].refused_ms.get_or_insert(now);
            }
            Act::Replay(order, report) => self.replayed(order, report, status),
            Act::Refund(order, refund) if is_good => {
                self.facts.orders[order].refunds[refund].is_told = true;
                self.facts.orders[order].heard(now);
            }
            Act::Name(order) if is_good => {
                self.facts.orders[order].is_named = true;
                self.facts.orders[order].heard(now);
            }
            Act::Look(program) if is_good => self.saw(program, &body),
            _ => {}
        }
        let must_be_told = matches!(
            act,
            Act::Write(_) | Act::Enrol(_) | Act::Report(..) | Act::Refund(..) | Act::Name(_)
        );
        if must_be_told && (status == 0 || status >= 500 || status == 429 || status == 404) {
            self.try_again(act);
        } else if must_be_told && !is_good && status != 409 {
            self.errors.push(format!("{} was answered {status}: {body}", self.told(act)));
        }
    }

    /// A shop and its providers try again until they are told that it was
    /// kept, and wait longer every time.
    fn try_again(&mut self, act: Act) {
        let key = match act {
            Act::Report(order, report) => (order, report, false),
            Act::Refund(order, refund) => (order, refund, true),
            Act::Name(order) => (order, usize::MAX, true),
            _ => (usize::MAX, 0, false),
        };
        let tries = self.tries.entry(key).or_default();
        *tries += 1;
        let wait_ms = (2_000_i64 << (*tries).min(10)).min(HOUR_MS);
        let at_ms = self.world.now_ms() + self.world.chance.between(1_000, wait_ms);
        self.plan_act(at_ms, act);
    }

    fn enrolled(&mut self, advocate: usize, code: Option<String>) {
        let known = &mut self.facts.advocates[advocate].code;
        match (&known, &code) {
            (_, None) => self.errors.push(format!("advocate a{advocate} got no code")),
            (Some(known), Some(code)) if known != code => {
                self.errors.push(format!("advocate a{advocate} got two codes, {known} and {code}"));
            }
            _ => *known = code,
        }
    }

    fn followed(
        &mut self,
        customer: usize,
        advocate: usize,
        answer: Option<&Answer>,
        clicked_ms: i64,
    ) {
        let location = answer.and_then(|answer| answer.headers.get("location"));
        let text = location.and_then(|location| location.split_once("gw=")).map(|(_, claim)| claim);
        if let Some(text) = text {
            let program = self.facts.advocates[advocate].program;
            let text = text.to_owned();
            self.facts.claims.push(Claim { program, advocate, customer, clicked_ms, text });
        }
    }

    /// Whatever an owner sees on the way must not be confirmed too early.
    fn saw(&mut self, program: usize, body: &Value) {
        let rewards = body.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
        // Clocks of locations differ by seconds.
        let now = self.world.now_ms() + 5_000;
        let early = oracle::confirmed_early(&self.facts, program, &rewards, now);
        self.errors.extend(early);
        self.seen.insert(program, rewards);
    }

    fn replayed(&mut self, order: usize, report: usize, status: u16) {
        self.facts.orders[order].reports[report].agreed = Some(status == 200);
        let errors = oracle::replayed(&self.facts, order, report, status);
        self.errors.extend(errors);
    }
}
