//! One run: people act at their times, handlers run beside each other over
//! the faulty store, the cron comes by, and what everybody was told becomes
//! facts for the oracle.

mod buying;

use crate::calendar::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::facts::{Claim, Facts, Pointer};
use crate::history::History;
use crate::kv::{Faults, Kv, Location};
use crate::oracle;
use crate::plan::{Act, Plan, START_MS};
use crate::random::Chance;
use crate::requests;
use crate::world::{Event, World};
use goodword::key::ProgramId;
use goodword::time::Instant;
use goodword_tracker::flows::settlement;
use goodword_tracker::http::{Answer, Request};
use goodword_tracker::random::Random;
use goodword_tracker::settings::Settings;
use goodword_tracker::tracker::Tracker;
use goodword_tracker::{keys, programs, router};
use serde_json::Value;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

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

    fn tell_terms(&self) {
        let now = self.world.now_ms();
        let history = &self.world.history;
        history.tell(now, || format!("faults: {:?}", self.plan.faults));
        history.tell(now, || {
            format!(
                "clocks off by ms: locations {:?}, shop {}",
                self.plan.skews_ms, self.plan.shop_skew_ms
            )
        });
        for terms in &self.facts.programs {
            history.tell(now, || format!("program {}: {}", terms.id, terms.document()));
        }
        for (number, advocate) in self.facts.advocates.iter().enumerate() {
            history.tell(now, || {
                let program = &self.facts.programs[advocate.program].id;
                let staff = if advocate.is_staff { ", staff" } else { "" };
                format!("advocate a{number} is customer c{} in {program}{staff}", advocate.customer)
            });
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
            if chance.per_mille(350) {
                self.plan_act(now + chance.between(0, 3 * HOUR_MS), Act::GiveBack(order));
            }
            if chance.per_mille(250) {
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
            for _ in 0..chance.between(1, 5) {
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
        while let Some(event) = self.world.next() {
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
                        Some(_) => self.errors.push("something is due for ever".to_owned()),
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
        let due = self.kv.truth("due/");
        let times = due.iter().map(|(_, at)| at.parse::<i64>().unwrap_or(now));
        let first = times.chain(self.world.time_of_next_act()).min()?;
        Some(self.next_cron(now.max(first - CRON_MS)))
    }

    fn cron(&mut self) {
        let runs = if self.world.chance.per_mille(350) { 2 } else { 1 };
        for _ in 0..runs {
            let location = self.location();
            let settings = Rc::clone(&self.settings);
            let random = Bits(Rc::clone(&self.world));
            let now = self.clock_of(&location);
            let future = Box::pin(async move {
                let tracker = Tracker {
                    store: &location,
                    settings: &settings,
                    now: Instant(now),
                    random: &random,
                };
                scheduled(&tracker).await;
                None
            });
            self.start(Act::Cron, future, now);
        }
    }

    fn location(&self) -> Location {
        let number = self.world.chance.between(0, self.plan.skews_ms.len() as i64 - 1) as usize;
        Location { kv: Rc::clone(&self.kv), number }
    }

    fn clock_of(&self, location: &Location) -> i64 {
        self.world.now_ms() + self.plan.skews_ms.get(location.number).copied().unwrap_or(0)
    }

    fn send(&mut self, act: Act, request: Option<Request>) {
        let Some(request) = request else { return self.open -= 1 };
        let location = self.location();
        let settings = Rc::clone(&self.settings);
        let random = Bits(Rc::clone(&self.world));
        let now = self.clock_of(&location);
        let future = Box::pin(async move {
            let tracker = Tracker {
                store: &location,
                settings: &settings,
                now: Instant(now),
                random: &random,
            };
            Some(router::answer(&tracker, &request).await)
        });
        self.start(act, future, now);
    }

    fn start(
        &mut self,
        act: Act,
        future: Pin<Box<dyn Future<Output = Option<Answer>>>>,
        clock_ms: i64,
    ) {
        self.started += 1;
        let chance = &self.world.chance;
        let dies_after = chance.per_mille(self.kv.faults().kills).then(|| chance.between(1, 40));
        self.running.insert(self.started, Running { act, future, dies_after, clock_ms });
        self.go_on(self.started);
    }

    /// Polls a handler; kills it when its time has come.
    fn go_on(&mut self, handler: u64) {
        let Some(running) = self.running.get_mut(&handler) else { return };
        self.world.run(handler);
        if running.dies_after == Some(0) {
            if let Some(dead) = self.running.remove(&handler) {
                self.world
                    .history
                    .tell(self.world.now_ms(), || format!("{} is killed", self.told(dead.act)));
                self.finished(dead.act, None, dead.clock_ms);
            }
            return;
        }
        running.dies_after = running.dies_after.map(|polls| polls - 1);
        let polled = running.future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(answer) = polled
            && let Some(done) = self.running.remove(&handler)
        {
            self.finished(done.act, answer, done.clock_ms);
        }
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
                requests::refund(&self.facts, order, refund)
            }
            Act::Look(program) => Some(requests::rewards(&self.facts.programs[program].id)),
            Act::Settle(program) => Some(requests::settle(&self.facts.programs[program].id)),
        };
        self.send(act, request);
    }

    /// What somebody was told; `None`: nothing, because the handler died.
    fn finished(&mut self, act: Act, answer: Option<Answer>, clock_ms: i64) {
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
                self.facts.orders[order].refunds[refund].acked_ms.get_or_insert(now);
            }
            Act::Look(program) if is_good => self.saw(program, &body),
            _ => {}
        }
        let must_be_told =
            matches!(act, Act::Write(_) | Act::Enrol(_) | Act::Report(..) | Act::Refund(..));
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
            _ => (usize::MAX, 0, false),
        };
        let tries = self.tries.entry(key).or_default();
        *tries += 1;
        let wait_ms = (2_000_i64 << (*tries).min(10)).min(HOUR_MS);
        let at_ms = self.world.now_ms() + self.world.chance.between(1_000, wait_ms);
        self.plan_act(at_ms, act);
    }

    fn is_too_early(&self, order: usize, report: usize) -> bool {
        let of = &self.facts.orders[order];
        let known = of.reports[0].acked_ms.map(|at| at + self.facts.seen_after_ms);
        let is_other = of.reports[report].customer != of.customer;
        is_other && known.is_none_or(|known| known > self.world.now_ms())
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
        let location = answer
            .and_then(|answer| answer.headers.get("location"))
            .and_then(|location| location.to_str().ok());
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

    fn replayed(&mut self, order: usize, report: usize, status: u16) {
        self.facts.orders[order].reports[report].agreed = Some(status == 200);
        let errors = oracle::replayed(&self.facts, order, report, status);
        self.errors.extend(errors);
    }

    fn drain(&mut self) {
        while let Some(event) = self.world.next() {
            match event {
                Event::Wake(handler) => self.go_on(handler),
                Event::Act(number) => self.act(self.acts[number]),
            }
        }
    }

    fn told(&self, act: Act) -> String {
        let program = |program: usize| &self.facts.programs[program].id;
        match act {
            Act::Write(number) => format!("owner writes {}", program(number)),
            Act::Enrol(advocate) => format!("advocate a{advocate} enrols"),
            Act::Follow(customer, advocate) => {
                format!("c{customer} follows the link of a{advocate}")
            }
            Act::Buy(customer, of) => format!("c{customer} buys in {}", program(of)),
            Act::Report(order, report) | Act::Replay(order, report) => {
                self.told_report(order, report)
            }
            Act::GiveBack(order) => format!("shop gives back for {}", self.facts.orders[order].id),
            Act::Refund(order, refund) => {
                let of = &self.facts.orders[order];
                format!("shop reports refund r{refund} of {}: {}", of.id, of.refunds[refund].value)
            }
            Act::Look(of) => format!("owner looks at {}", program(of)),
            Act::Settle(of) => format!("owner settles {}", program(of)),
            Act::Cron => "cron".to_owned(),
        }
    }

    fn told_report(&self, order: usize, report: usize) -> String {
        let of = &self.facts.orders[order];
        let told = &of.reports[report];
        let pointer = match told.pointer {
            Pointer::Nothing => "no claim".to_owned(),
            Pointer::Claim(claim) | Pointer::Forged(claim) => {
                let by = &self.facts.claims[claim];
                let forged = if told.pointer == Pointer::Claim(claim) { "" } else { "forged " };
                let clicked = crate::calendar::written(by.clicked_ms);
                format!("{forged}claim of a{} in p{} clicked {clicked}", by.advocate, by.program)
            }
        };
        let typed =
            told.typed.map_or(String::new(), |advocate| format!(", typed code of a{advocate}"));
        let program = &self.facts.programs[of.program].id;
        format!(
            "shop reports {} ({program}, c{}, {}, made {}, {pointer}{typed}{}{})",
            of.id,
            told.customer,
            told.value,
            crate::calendar::written(told.occurred_ms),
            if of.existing { ", existing" } else { "" },
            if of.is_signup { ", signup" } else { "" },
        )
    }
}

/// What the Worker's cron does: settles what is due in every program.
async fn scheduled(tracker: &Tracker<'_>) {
    let Ok(page) = tracker.store.list(keys::PROGRAMS, None).await else { return };
    for (key, _) in page.entries {
        let id = key.strip_prefix(keys::PROGRAMS).and_then(ProgramId::parse);
        let Some(id) = id else { continue };
        if let Ok(current) = programs::load(tracker.store, &id).await {
            // What was not settled is still due.
            let _ = settlement::settle(tracker, &current).await;
        }
    }
}

fn short(body: &Value) -> String {
    let of_reward = |reward: &Value| {
        let part = |name: &str| reward.get(name).map(Value::to_string).unwrap_or_default();
        format!(
            "[{} {} {} {} {}]",
            part("side"),
            part("code"),
            part("order_id"),
            part("value"),
            part("status")
        )
    };
    let list = body.get("data").or_else(|| body.get("rewards")).and_then(Value::as_array);
    let rewards: Vec<String> = list.into_iter().flatten().map(of_reward).collect();
    let part = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    format!("{} {} {} {}", part("code"), part("outcome"), part("reason"), rewards.join(" "))
}

const _: () = assert!(CRON_MS < DAY_MS);
