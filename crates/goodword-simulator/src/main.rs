//! `cargo xtask simulate [--from SEED] [--seeds N]`: runs seeds, shows how far
//! it is, and tells the story of every one that fails.

// What a program shows people goes to its output.
#![allow(clippy::print_stdout)]

use goodword_simulator::simulation;
use std::process::ExitCode;

/// Seeds when nothing is said: what CI runs.
const SEEDS: u64 = 10_000;

/// Seeds between two lines of progress.
const PROGRESS: u64 = 1_000;

/// Failing seeds whose story is told; the rest is only counted.
const STORIES_MAX: usize = 3;

struct Options {
    from: u64,
    seeds: u64,
    tells: bool,
    mutants: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options { from: 0, seeds: SEEDS, tells: false, mutants: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let text = words.next().unwrap_or_default();
            text.parse().map_err(|_| format!("{word} needs a number, found {text:?}"))
        };
        match word.as_str() {
            "--from" => options.from = number()?,
            "--seeds" => options.seeds = number()?,
            "--tell" => options.tells = true,
            "--mutants" => options.mutants = true,
            _ => return Err(format!("{word}: there are --from, --seeds, --tell and --mutants")),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(error) => {
            println!("{error}");
            return ExitCode::from(2);
        }
    };
    let is_good = if options.mutants { mutants() } else { seeds(&options) };
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn seeds(options: &Options) -> bool {
    let (mut errors, mut failed, mut exact, mut bounded) = (0, 0, 0, 0);
    for number in 0..options.seeds {
        let seed = options.from.wrapping_add(number);
        let outcome = simulation::run(seed, options.tells);
        errors += outcome.errors.len();
        exact += outcome.exact;
        bounded += outcome.bounded;
        if options.tells {
            tell(seed, &outcome);
        } else if !outcome.errors.is_empty() {
            failed += 1;
            if failed <= STORIES_MAX {
                tell(seed, &simulation::run(seed, true));
            }
        }
        if (number + 1) % PROGRESS == 0 {
            println!("{} of {} seeds, {errors} money errors", number + 1, options.seeds);
        }
    }
    println!("rewards known exactly: {exact}, within bounds: {bounded}");
    println!("{} seeds, {errors} money errors", options.seeds);
    errors == 0
}

/// A seed's history as a story, what is wrong with its end, and how to see it
/// again.
fn tell(seed: u64, outcome: &simulation::Outcome) {
    println!("scenario: seed {seed}");
    for line in &outcome.lines {
        println!("  {line}");
    }
    for error in &outcome.errors {
        println!("  wrong {error}");
    }
    println!("  again: cargo xtask simulate --from {seed} --seeds 1");
}

#[cfg(not(feature = "mutants"))]
fn mutants() -> bool {
    println!("This build has no mutants: build it with --features mutants.");
    false
}

/// Every wrong decision must be noticed within so many seeds.
#[cfg(feature = "mutants")]
fn mutants() -> bool {
    use goodword::mutants::{ALL, choose};

    const SEEDS_MAX: u64 = 100;
    let mut survivors = 0;
    println!("{:<32} caught by", "mutant");
    for mutant in ALL {
        choose(Some(*mutant));
        let catch = (0..SEEDS_MAX).find_map(|seed| {
            let outcome = simulation::run(seed, false);
            outcome.errors.first().map(|error| (seed, error.clone()))
        });
        choose(None);
        match catch {
            Some((seed, error)) => {
                let error: String = error.chars().take(100).collect();
                println!("{:<32} seed {seed:>2}: {error}", format!("{mutant:?}"));
            }
            None => {
                survivors += 1;
                println!("{:<32} nobody", format!("{mutant:?}"));
            }
        }
    }
    println!("{} mutants, {survivors} survived {SEEDS_MAX} seeds", ALL.len());
    survivors == 0
}
