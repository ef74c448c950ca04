//! Runs `tests/scenarios/*.txt` at three levels. One of them alone:
//! `SCENARIO=milestones cargo test -p goodword-scenarios`.

use goodword_scenarios::levels::live::Address;
use goodword_scenarios::report::Outcome;
use goodword_scenarios::suite::Suite;
use std::io::Write;

/// Tells people how many there were, whether or not the test passes: what
/// tests print is swallowed, what they write is not.
fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[track_caller]
fn check(level: &str, suite: &Suite, outcome: &Outcome) {
    let told = outcome.told(level, &suite.scenarios);
    tell(told.lines().next().unwrap_or_default());
    assert!(outcome.failures.is_empty() && outcome.passed > 0, "{told}");
}

#[test]
fn against_the_rules_alone() {
    let suite = Suite::of_project().unwrap();
    check("rules", &suite, &suite.on_rules());
}

#[test]
fn against_the_handlers() {
    let suite = Suite::of_project().unwrap();
    check("handlers", &suite, &suite.on_handlers());
}

#[test]
fn against_a_running_tracker() {
    match Address::from_environment() {
        Ok(address) => {
            let suite = Suite::of_project().unwrap();
            check("live", &suite, &suite.on_live(&address));
        }
        Err(missing) => tell(&format!("live: skipped, {missing}")),
    }
}

#[test]
fn there_are_enough_scenarios() {
    if std::env::var_os("SCENARIO").is_some() {
        return;
    }
    let suite = Suite::of_project().unwrap();
    let mut files: Vec<&str> = suite.scenarios.iter().map(|one| one.place.file.as_str()).collect();
    files.dedup();
    assert!(suite.scenarios.len() >= 120, "{} scenarios", suite.scenarios.len());
    assert!(files.len() >= 10, "{} files", files.len());
}
