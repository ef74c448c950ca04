//! Runs one law and says how many cases it was given.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestRunner};
use std::fmt::Debug;
use std::io::Write;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const CASES: u32 = 100_000;

/// Cases between two looks at the clock.
const BATCH: u32 = 500;

/// Seconds for one law: all of them together take a minute on two cores.
const SECONDS: u64 = 10;

/// Checks a law. How many cases there were is told whether or not it holds.
#[track_caller]
pub fn law<T: Debug>(
    name: &str,
    strategy: impl Strategy<Value = T>,
    holds: impl Fn(T) -> TestCaseResult,
) {
    let seconds = std::env::var("GOODWORD_LAW_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(SECONDS);
    let end = Instant::now() + Duration::from_secs(seconds);
    let seed = std::env::var("GOODWORD_LAW_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    });
    let mut cases = 0;
    while cases < CASES && Instant::now() < end {
        // A runner counts its cases once and for all, so each batch has its own.
        let config = Config {
            cases: BATCH,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(seed.wrapping_add(u64::from(cases))),
            ..Config::default()
        };
        if let Err(failure) = TestRunner::new(config).run(&strategy, &holds) {
            let seed = seed.wrapping_add(u64::from(cases));
            panic!("{name}, GOODWORD_LAW_SEED={seed}: {failure}");
        }
        cases += BATCH;
    }
    // Written, not printed: what tests print is swallowed when they pass.
    let _ = writeln!(std::io::stderr(), "law: {name}: {cases} cases");
}
