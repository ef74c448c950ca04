//! All scenarios of the project on one level.

use crate::levels::handlers::Handlers;
use crate::levels::live::{Address, Live, present};
use crate::levels::rules::Rules;
use crate::levels::shop::Shop;
use crate::levels::{Level, Which};
use crate::parse;
use crate::programs::Programs;
use crate::report::{Failure, Outcome};
use crate::run::run;
use crate::scenario::Scenario;
use goodword::key::ProgramId;
use std::path::{Path, PathBuf};

/// Scenarios that run at the same time; most of the time of a running tracker
/// is waiting.
const AT_A_TIME: usize = 4;

/// Scenarios and the programs they start from.
pub struct Suite {
    /// In the sequence of files and lines.
    pub scenarios: Vec<Scenario>,
    /// The files of `programs/`.
    pub programs: Programs,
}

impl Suite {
    /// Reads `tests/scenarios` and `programs`. Where `SCENARIO` is set, only
    /// scenarios whose place or heading contains it are kept.
    ///
    /// # Errors
    /// Everything that cannot be read.
    pub fn of_project() -> Result<Self, String> {
        let root = root();
        let programs = Programs::folder(&root.join("programs"))?;
        let mut scenarios =
            parse::folder(&root.join("tests/scenarios")).map_err(|faults| faults.join("\n"))?;
        if let Ok(wanted) = std::env::var("SCENARIO") {
            scenarios.retain(|one| format!("{} {}", one.place, one.title).contains(&wanted));
        }
        Ok(Suite { scenarios, programs })
    }

    /// Runs all scenarios against the rules alone.
    #[must_use]
    pub fn on_rules(&self) -> Outcome {
        self.on(Which::Rules, "s", |_, _| Ok(Box::new(Rules::default())))
    }

    /// Runs all scenarios against the tracker's handlers.
    #[must_use]
    pub fn on_handlers(&self) -> Outcome {
        self.on(Which::Handlers, "s", |_, _| Ok(Box::new(Shop::new(Handlers::new()?))))
    }

    /// Runs those that need no time travel against a running tracker, each in
    /// a program of its own that no earlier run has used.
    #[must_use]
    pub fn on_live(&self, address: &Address) -> Outcome {
        let run = format!("s{:x}", present().0);
        self.on(Which::Live, &run, |scenario, number| {
            Ok(Box::new(Shop::new(Live::new(address.clone(), scenario.last(), number))))
        })
    }

    /// Runs all scenarios, some at a time: each has a level of its own.
    fn on(
        &self,
        which: Which,
        prefix: &str,
        make: impl Fn(&Scenario, u16) -> Result<Box<dyn Level>, String> + Sync,
    ) -> Outcome {
        let numbered: Vec<(u16, &Scenario)> = (1_u16..).zip(&self.scenarios).collect();
        let share = numbered.len().div_ceil(AT_A_TIME).max(1);
        let run_share = |scenarios: &[(u16, &Scenario)]| {
            let mut outcome = Outcome::default();
            for (number, scenario) in scenarios {
                let id = format!("{prefix}-{number}");
                outcome.add(self.one(which, &id, scenario, |scenario| make(scenario, *number)));
            }
            outcome
        };
        std::thread::scope(|scope| {
            let shares = numbered.chunks(share);
            let running: Vec<_> =
                shares.map(|scenarios| scope.spawn(|| run_share(scenarios))).collect();
            let outcomes = running.into_iter().map(|share| match share.join() {
                Ok(outcome) => outcome,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            outcomes.fold(Outcome::default(), Outcome::plus)
        })
    }

    /// Runs one scenario; `false` where the level cannot.
    fn one(
        &self,
        which: Which,
        id: &str,
        scenario: &Scenario,
        make: impl Fn(&Scenario) -> Result<Box<dyn Level>, String>,
    ) -> Result<bool, Failure> {
        let broken = |found| Failure {
            place: scenario.place.clone(),
            title: scenario.title.clone(),
            expected: "a scenario that can begin".to_owned(),
            found,
        };
        let id = ProgramId::parse(id).ok_or_else(|| broken(format!("the id {id}")))?;
        let document = self.programs.changed(&scenario.program, &scenario.with, &id);
        let document = document.map_err(broken)?;
        if !which.can_run(scenario, &document) {
            return Ok(false);
        }
        let mut level = make(scenario).map_err(broken)?;
        run(level.as_mut(), scenario, &document, &id).map(|()| true)
    }
}

/// The project's folder.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
