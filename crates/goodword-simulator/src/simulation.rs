//! One run: people act at their times, handlers run beside each other over
//! the faulty store, the cron comes by, and what everybody was told becomes
//! facts for the oracle.

mod buying;
mod handlers;
mod hearing;
mod telling;

use crate::calendar::{HOUR_MS, MINUTE_MS};
use crate::facts::Facts;
use crate::history::History;
use crate::kv::{Faults, Kv};
use crate::oracle;
use crate::plan::{Act, Plan, START_MS};
use crate::random::Chance;
use crate::requests;
use crate::world::{Event, World};
use goodword_tracker::http::Answer;
use goodword_tracker::random::Random;
use goodword_tracker::settings::Settings;
use serde_json::Value;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

/// Milliseconds between two runs of the cron.
const CRON_MS: i64 = 15 * MINUTE_MS;

/// Runs of the cron before a part of the run counts as stuck.
const CRONS_MAX: u32 = 400;

/// What one seed came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Everything that is wrong, in words.
    pub errors: Vec<String>,
    /// A number that equal histories share.
    pub digest: u64,
    /// What happened, where it was asked for.
    pub lines: Vec<String>,
    /// How many rewards the oracle knew exactly, and how many within bounds.
    pub exact: usize,
    /// How many it knew within bounds.
    pub bounded: usize,
}

/// Runs a seed.
#[must_use]
pub fn run(seed: u64, keeps_lines: bool) -> Outcome {
    match Simulation::new(seed, keeps_lines) {
        Ok(mut simulation) => simulation.run(),
        Err(error) => {
            Outcome { errors: vec![error], digest: 0, lines: Vec::new(), exact: 0, bounded: 0 }
        }
    }
}

/// A handler on its way.
struct Running {
    act: Act,
    future: Pin<Box<dyn Future<Output = Option<Answer>>>>,
    /// After how many polls it is killed.
    dies_after: Option<i64>,
    clock_ms: i64,
}

struct Simulation {
    world: Rc<World>,
    kv: Rc<Kv>,
    settings: Rc<Settings>,
    plan: Plan,
    facts: Facts,
    acts: Vec<Act>,
    running: BTreeMap<u64, Running>,
    started: u64,
    /// Acts that are still to come, the cron's aside.
    open: usize,
    tries: BTreeMap<(usize, usize, bool), u32>,
    errors: Vec<String>,
    seen: BTreeMap<usize, Vec<Value>>,
}

/// Chance as the product asks for it.
struct Bits(Rc<World>);

impl Random for Bits {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let bits = self.0.chance.bits().to_be_bytes();
            for (byte, bit) in chunk.iter_mut().zip(bits) {
                *byte = bit;
            }
        }
    }
}

impl Simulation {
    fn new(seed: u64, keeps_lines: bool) -> Result<Self, String> {
        let mut plan = Plan::draw(&Chance::new(!seed));
        let world = Rc::new(World::new(seed, START_MS, History::new(keeps_lines)));
        let kv = Rc::new(Kv::new(Rc::clone(&world), seed));
        let mut facts = std::mem::take(&mut plan.facts);
        facts.seen_after_ms = 10 * MINUTE_MS;
        Ok(Simulation {
            settings: Rc::new(requests::settings()?),
            world,
            kv,
            plan,
            facts,
            acts: Vec::new(),
            running: BTreeMap::new(),
            started: 0,
            open: 0,
            tries: BTreeMap::new(),
            errors: Vec::new(),
            seen: BTreeMap::new(),
        })
    }

    /// 1. People act, with faults, until everything is told and settled.
    /// 2. A quiet moment, in which the oracle looks.
    /// 3. The shop restores a backup and reports everything again, gives
    ///    things back and remembers late orders, with faults.
    /// 4. The faults stop, everything is settled, and the oracle looks.
    fn run(&mut self) -> Outcome {
        self.tell_terms();
        for (at_ms, act) in std::mem::take(&mut self.plan.acts) {
            self.plan_act(at_ms, act);
        }
        self.play();
        self.look("after the first part");
        self.replay_all();
        let first = oracle::check(&self.facts, &self.seen, None);
        self.errors
            .extend(first.errors.iter().map(|error| format!("after the first part: {error}")));
        if self.errors.is_empty() {
            self.facts.calm_ms = Some(self.world.now_ms());
            self.second_part();
            self.play();
            self.look("at the end");
            self.replay_all();
            let last = oracle::check(&self.facts, &self.seen, Some(&first));
            self.errors.extend(last.errors.iter().map(|error| format!("at the end: {error}")));
            return self.outcome(last.exact, last.bounded);
        }
        self.outcome(first.exact, first.bounded)
    }

    fn outcome(&mut self, exact: usize, bounded: usize) -> Outcome {
        Outcome {
            errors: std::mem::take(&mut self.errors),
            digest: self.world.history.digest(),
            lines: self.world.history.lines(),
            exact,
            bounded,
        }
    }

    fn plan_act(&mut self, at_ms: i64, act: Act) {
        if act != Act::Cron {
            self.open += 1;
        }
        self.acts.push(act);
        self.world.schedule(at_ms, Event::Act(self.acts.len() - 1));
    }

    fn second_part(&mut self) {
        let now = self.world.now_ms() + HOUR_MS;
        let chance = Chance::new(self.world.chance.bits());
        for order in 0..self.facts.orders.len() {
            if chance.per_mille(500) {
                self.plan_act(now + chance.between(0, 3 * HOUR_MS), Act::GiveBack(order));
            }
            if chance.per_mille(500) {
                self.find_claim(order, now + chance.between(0, HOUR_MS));
            }
            // Restore and replay: everything again, in any sequence.
            for report in 0..self.facts.orders[order].reports.len() {
                if chance.per_mille(500)
                    && self.facts.orders[order].reports[report].acked_ms.is_some()
                {
                    self.plan_act(
                        now + chance.between(0, 5 * MINUTE_MS),
                        Act::Report(order, report),
                    );
                }
            }
            for refund in 0..self.facts.orders[order].refunds.len() {
                if chance.per_mille(500) {
                    self.plan_act(
                        now + chance.between(0, 5 * MINUTE_MS),
                        Act::Refund(order, refund),
                    );
                }
            }
        }
        for program in 0..self.facts.programs.len() {
            for _ in 0..chance.between(3, 9) {
                let friend = chance.between(0, self.plan.customers as i64 - 1) as usize;
                self.plan_act(now + chance.between(0, HOUR_MS), Act::Buy(friend, program));
            }
        }
    }

    /// Plays until everything is told and nothing is due. The faults stop
    /// when nobody acts any more and settlement had time to fail.
    fn play(&mut self) {
        self.kv.set_faults(self.plan.faults);
        let first = self.next_cron(self.world.now_ms() + 1);
        self.plan_act(first, Act::Cron);
        let mut crons_left = CRONS_MAX;
        let mut faulty_left = 40;
        // What is wrong already may never come to rest.
        while self.errors.is_empty()
            && let Some(event) = self.world.next()
        {
            match event {
                Event::Wake(handler) => self.go_on(handler),
                Event::Act(number) => {
                    let act = self.acts[number];
                    if act != Act::Cron {
                        self.act(act);
                        continue;
                    }
                    if self.open == 0 {
                        crons_left = crons_left.saturating_sub(1);
                        faulty_left -= 1;
                    }
                    if faulty_left == 0 {
                        self.kv.set_faults(Faults::default());
                    }
                    self.cron();
                    match self.time_of_next_cron() {
                        Some(at_ms) if crons_left > 0 => self.plan_act(at_ms, Act::Cron),
                        Some(_) => {
                            let due = self.kv.truth("due/");
                            let keys: Vec<&str> = due.iter().map(|(key, _)| key.as_str()).collect();
                            let (due, open) = (keys.join(", "), self.open);
                            self.errors.push(format!("due for ever: {due}; on the way: {open}"));
                        }
                        None => {}
                    }
                }
            }
        }
        self.kv.set_faults(Faults::default());
        self.world.pass_until(self.world.now_ms() + HOUR_MS);
    }

    fn next_cron(&self, from_ms: i64) -> i64 {
        from_ms.div_euclid(CRON_MS) * CRON_MS + CRON_MS
    }

    /// The cron comes every 15 minutes; times at which it would find nothing
    /// due are passed over.
    fn time_of_next_cron(&self) -> Option<i64> {
        let now = self.world.now_ms();
        // Somebody is still on the way, and may leave something due.
        if self.open > 0 && self.world.time_of_next_act().is_none() {
            return Some(self.next_cron(now));
        }
        let due = self.kv.truth("due/");
        let times = due.iter().map(|(_, at)| at.parse::<i64>().unwrap_or(now));
        let first = times.chain(self.world.time_of_next_act()).min()?;
        Some(self.next_cron(now.max(first - CRON_MS)))
    }

    fn is_too_early(&self, order: usize, report: usize) -> bool {
        let of = &self.facts.orders[order];
        let known = of.reports[0].acked_ms.map(|at| at + self.facts.seen_after_ms);
        let is_other = of.reports[report].customer != of.customer;
        is_other && known.is_none_or(|known| known > self.world.now_ms())
    }

    fn act(&mut self, act: Act) {
        let now = self.world.now_ms();
        self.world.history.mix(now, &format!("{act:?}"));
        let request = match act {
            Act::Cron => None,
            Act::Write(program) => Some(requests::put_program(&self.facts, program)),
            Act::Enrol(advocate) => requests::enrol(&self.facts, advocate, now),
            Act::Follow(_, advocate) => {
                self.facts.advocates[advocate].code.as_deref().map(requests::follow)
            }
            Act::Buy(customer, program) => {
                self.buy(customer, program);
                None
            }
            Act::GiveBack(order) => {
                self.give_back(order);
                None
            }
            // The shop contradicts itself about who ordered, but not before it
            // was told that the order is kept.
            Act::Report(order, report) if self.is_too_early(order, report) => None,
            Act::Report(order, report) | Act::Replay(order, report) => {
                let tried = &mut self.facts.orders[order].reports[report].tried_ms;
                tried.get_or_insert(now);
                requests::conversion(&self.facts, order, report)
            }
            Act::Refund(order, refund) => {
                self.facts.orders[order].refunds[refund].tried_ms.get_or_insert(now);
                requests::refund(&self.facts, order, refund, now)
            }
            Act::Name(order) => requests::name(&self.facts, order, now),
            Act::Look(program) => Some(requests::rewards(&self.facts.programs[program].id)),
            Act::Settle(program) => Some(requests::settle(&self.facts.programs[program].id)),
        };
        self.send(act, request);
    }

    /// Without faults: what an owner sees of all programs.
    fn look(&mut self, when: &str) {
        self.world.history.tell(self.world.now_ms(), || format!("the oracle looks, {when}"));
        self.seen.clear();
        for program in 0..self.facts.programs.len() {
            self.plan_act(self.world.now_ms(), Act::Look(program));
        }
        self.drain();
        if self.seen.len() != self.facts.programs.len() {
            self.errors.push("the rewards could not be listed".to_owned());
        }
    }

    /// Without faults: every order is reported once more. What was kept must
    /// be known. The owner looked before, because a replay mends what was
    /// forgotten.
    fn replay_all(&mut self) {
        for order in 0..self.facts.orders.len() {
            for report in 0..self.facts.orders[order].reports.len() {
                if self.facts.orders[order].reports[report].tried_ms.is_some() {
                    self.plan_act(self.world.now_ms(), Act::Replay(order, report));
                    self.drain();
                }
            }
        }
    }

    fn drain(&mut self) {
        while let Some(event) = self.world.next() {
            match event {
                Event::Wake(handler) => self.go_on(handler),
                Event::Act(number) => self.act(self.acts[number]),
            }
        }
    }
}
