//! The roll-up against a plain sum of everything that was recorded: whatever
//! runs die, overlap, or come late.

use super::metering::MeteringStore;
use super::shop::Shop;
use async_trait::async_trait;
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::metrics::{Day, Device};
use goodword::time::Instant;
use goodword_tracker::flows::rollup::roll_up;
use goodword_tracker::keys::traffic as keys;
use goodword_tracker::limiter::Unlimited;
use goodword_tracker::random::SystemRandom;
use goodword_tracker::store::memory::MemoryStore;
use goodword_tracker::store::{Keep, Page, Store, StoreError};
use goodword_tracker::traffic::{self, Counted, Counts, Hour, Row, Traffic};
use http::Method;
use proptest::prelude::*;
use serde_json::Value;
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

const MINUTE_MS: i64 = 60_000;
const START: Instant = Instant(1_795_219_200_000);

fn demo() -> ProgramId {
    ProgramId::parse("demo").unwrap()
}

fn code(number: u8) -> ReferralCode {
    ReferralCode::from_bytes([number; 5])
}

/// Passes on what is asked until it fails, before or after it was done; gives
/// way before each, so that two runs take turns.
struct Faulty<'a> {
    store: &'a MemoryStore,
    left: Cell<usize>,
    fails_after: bool,
}

impl Faulty<'_> {
    fn fails(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left == 0
    }
}

/// Gives way once.
struct Turn(bool);

impl Future for Turn {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

#[async_trait(?Send)]
impl Store for Faulty<'_> {
    async fn put(&self, key: &str, body: &str, keep: Keep) -> Result<(), StoreError> {
        Turn(false).await;
        let fails = self.fails();
        if !fails || self.fails_after {
            self.store.put(key, body, keep).await?;
        }
        if fails { Err(StoreError("killed".to_owned())) } else { Ok(()) }
    }

    async fn get_bulk(&self, keys: &[String]) -> Result<Vec<Option<String>>, StoreError> {
        Turn(false).await;
        if self.fails() {
            return Err(StoreError("killed".to_owned()));
        }
        self.store.get_bulk(keys).await
    }

    async fn list(&self, prefix: &str, cursor: Option<&str>) -> Result<Page, StoreError> {
        Turn(false).await;
        if self.fails() {
            return Err(StoreError("killed".to_owned()));
        }
        self.store.list(prefix, cursor).await
    }

    async fn delete(&self, key: &str) -> Result<(), StoreError> {
        Turn(false).await;
        let fails = self.fails();
        if !fails || self.fails_after {
            self.store.delete(key).await?;
        }
        if fails { Err(StoreError("killed".to_owned())) } else { Ok(()) }
    }
}

/// A store, a clock, and everything that was ever recorded.
struct World {
    store: MemoryStore,
    now: Instant,
    recorded: Vec<(Hour, Counted)>,
}

impl World {
    fn new() -> Self {
        World { store: MemoryStore::default(), now: START, recorded: Vec::new() }
    }

    /// Clicks and shares that are written so many hours later than they say.
    fn record(&mut self, advocate: u8, channel: u8, late_hours: i64) {
        let row = Row { code: Some(code(advocate)), channel, device: Device::Phone };
        let counts = Counts { clicks: 3, people: 1, shares: u64::from(channel) };
        let traffic = [Traffic { program: demo(), row, counts }];
        let at = self.now.plus_ms(-late_hours * 60 * MINUTE_MS);
        let done = traffic::record(&self.store, &SystemRandom, at, &traffic);
        futures_executor::block_on(done).unwrap();
        let mut batch = Counted::default();
        batch.add(row, counts);
        self.recorded.push((Hour::of(at), batch));
    }

    fn run(&self) {
        futures_executor::block_on(roll_up(&self.store, self.now, &demo(), 300)).unwrap();
    }

    /// Runs that die after so many operations, side by side.
    fn run_badly(&self, operations: &[usize], fails_after: bool) {
        let runs = operations.iter().map(|left| async {
            let left = Cell::new(*left);
            let store = Faulty { store: &self.store, left, fails_after };
            let _ = roll_up(&store, self.now, &demo(), 300).await;
        });
        futures_executor::block_on(futures_util::future::join_all(runs));
    }

    fn pass(&mut self, minutes: i64) {
        self.now = self.now.plus_ms(minutes * MINUTE_MS);
    }

    /// Everything is in its days in the end.
    fn finish(&mut self) {
        for _ in 0..60 {
            self.pass(60);
            self.run();
        }
    }

    fn direct(&self, advocate: u8) -> Counted {
        let mut sum = Counted::default();
        self.recorded.iter().for_each(|(_, batch)| sum.merge(batch));
        sum.of(code(advocate))
    }

    fn seen(&self, advocate: u8) -> Counted {
        let program = demo();
        let seen = traffic::of_advocate(&self.store, self.now, &program, code(advocate));
        futures_executor::block_on(seen).unwrap()
    }

    #[track_caller]
    fn check(&self) {
        for advocate in 0..3 {
            assert_eq!(self.seen(advocate), self.direct(advocate), "advocate {advocate}");
        }
    }

    /// What the days say, against the batches.
    #[track_caller]
    fn check_days(&self) {
        let mut days = std::collections::BTreeMap::<String, Counted>::new();
        for (hour, batch) in &self.recorded {
            let day = days.entry(keys::daily_codes(&demo(), hour.day())).or_default();
            day.merge(&batch.by(|row| Row { code: row.code, ..Row::default() }));
        }
        let dump = self.store.dump();
        for (key, sum) in days {
            assert_eq!(Counted::read(&key, &dump[&key]).unwrap(), sum, "{key}");
        }
        assert!(!dump.keys().any(|key| key.starts_with("open/")), "every day is finished");
    }
}

#[test]
fn a_click_is_seen_at_once_and_stays() {
    let mut world = World::new();
    world.record(0, 1, 0);
    world.check();
    for _ in 0..200 {
        world.pass(15);
        world.run();
        world.check();
    }
    world.check_days();
}

#[test]
fn a_late_batch_rewrites_its_hour_and_its_day() {
    let mut world = World::new();
    for _ in 0..30 {
        world.record(0, 1, 0);
        world.pass(60);
        world.run();
    }
    world.record(0, 2, 20);
    world.record(1, 2, 20);
    world.finish();
    world.check();
    world.check_days();
}

#[test]
fn what_does_not_fit_into_one_run_is_left_for_the_next() {
    let mut world = World::new();
    for advocate in 0..=200 {
        world.record(advocate, 1, 0);
    }
    world.pass(26 * 60);
    for _ in 0..40 {
        futures_executor::block_on(roll_up(&world.store, world.now, &demo(), 40)).unwrap();
        let metered = MeteringStore::new(&world.store);
        futures_executor::block_on(roll_up(&metered, world.now, &demo(), 40)).unwrap();
        assert!(metered.counted().sum() <= 60, "{:?}", metered.counted());
        world.check();
        world.pass(15);
    }
    world.check_days();
}

/// The year's figures of a program, at three sizes: the same number of
/// operations, whatever the clicks.
#[test]
fn a_years_report_costs_the_same_at_any_number_of_clicks() {
    let mut costs = Vec::new();
    for clicks in [10_000_u64, 100_000, 1_000_000] {
        let shop = Shop::open(&[]);
        let anna = ReferralCode::parse(&shop.enrol("anna")).unwrap();
        // Every six hours a window of as many clicks as it takes.
        let windows = 365 * 4;
        for window in 0..windows {
            let share = clicks * (window + 1) / windows - clicks * window / windows;
            let traffic: Vec<Traffic> = (0..20_u8)
                .map(|channel| {
                    let part =
                        share * u64::from(channel + 1) / 20 - share * u64::from(channel) / 20;
                    let row = Row { code: Some(anna), channel, device: Device::Phone };
                    let counts = Counts { clicks: part, people: part / 2, shares: 0 };
                    Traffic { program: demo(), row, counts }
                })
                .collect();
            let recorded = traffic::record(&shop.store, &SystemRandom, shop.now(), &traffic);
            futures_executor::block_on(recorded).unwrap();
            shop.pass_ms(360 * MINUTE_MS);
            futures_executor::block_on(roll_up(&shop.store, shop.now(), &demo(), 300)).unwrap();
        }
        let store = MeteringStore::new(&shop.store);
        let from = Day(Day::of(shop.now()).0 - 366);
        let path = format!("/v1/programs/demo/report?by=channel&from={from}");
        let answer = shop.send_by(
            &store,
            &Unlimited,
            Method::GET,
            &path,
            &[("authorization", "Bearer secret of OWNER_KEY")],
            &Value::Null,
        );
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.status, 200, "{body}");
        assert_eq!(body["total"]["clicks"], clicks, "{body}");
        eprintln!("{clicks} clicks: {:?}", store.counted());
        costs.push(store.counted());
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_happens_to_runs_the_figures_are_those_of_the_batches(
        events in prop::collection::vec((0..5_u8, 0..3_u8, 0..3_u8, 0..150_i64, 0..30_usize), 1..60),
        fails_after: bool,
    ) {
        let mut world = World::new();
        for (what, advocate, channel, minutes, operations) in events {
            match what {
                0 | 1 => world.record(advocate, channel, 0),
                2 => world.run(),
                3 => world.run_badly(&[operations], fails_after),
                _ => world.run_badly(&[operations, 1_000, operations / 2], fails_after),
            }
            world.check();
            world.pass(minutes);
        }
        world.finish();
        world.check();
        world.check_days();
    }

    #[test]
    fn late_batches_are_in_the_figures_in_the_end(
        events in prop::collection::vec((0..4_u8, 0..3_u8, 0..21_i64, 0..90_i64), 1..60),
    ) {
        let mut world = World::new();
        world.run();
        world.pass(24 * 60);
        for (what, advocate, late_hours, minutes) in events {
            match what {
                0 | 1 => world.record(advocate, 1, late_hours),
                2 => world.run(),
                _ => world.run_badly(&[5, 1_000], true),
            }
            world.pass(minutes);
        }
        world.finish();
        world.check();
        world.check_days();
    }
}
