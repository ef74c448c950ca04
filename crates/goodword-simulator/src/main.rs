//! `cargo xtask simulate [--from SEED] [--seeds N]`: runs seeds, shows how far
//! it is, and tells the story of every one that fails.

// What a program shows people goes to its output.
#![allow(clippy::print_stdout)]

use goodword_simulator::simulation::{self, Outcome};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A third of a history's time was the standard allocator's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Seeds when nothing is said: what CI runs.
const SEEDS: u64 = 10_000;

/// Seeds between two lines of progress.
const PROGRESS: u64 = 500;

/// Failing seeds whose story is told; the rest is only counted.
const STORIES_MAX: usize = 3;

struct Options {
    from: u64,
    seeds: Option<u64>,
    tells: bool,
    mutants: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options { from: 0, seeds: None, tells: false, mutants: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let text = words.next().unwrap_or_default();
            text.parse().map_err(|_| format!("{word} needs a number, found {text:?}"))
        };
        match word.as_str() {
            "--from" => options.from = number()?,
            "--seeds" => options.seeds = Some(number()?),
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
    let is_good = if options.mutants { mutants(&options) } else { seeds(&options) };
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn seeds(options: &Options) -> bool {
    let (mut errors, mut failed, mut exact, mut bounded) = (0, 0, 0, 0);
    let seeds = options.seeds.unwrap_or(SEEDS);
    let mut done = 0;
    while done < seeds {
        let next = (done + PROGRESS).min(seeds);
        let block: Vec<u64> = (done..next).map(|n| options.from.wrapping_add(n)).collect();
        for (seed, outcome) in run_all(&block, options.tells) {
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
        }
        done = next;
        println!("{done} of {seeds} seeds, {errors} money errors");
    }
    println!("rewards known exactly: {exact}, within bounds: {bounded}");
    println!("{seeds} seeds, {errors} money errors");
    errors == 0
}

/// Runs seeds beside each other, one at a time on each core: a seed's history
/// is its own, whatever runs beside it.
fn run_all(seeds: &[u64], tells: bool) -> Vec<(u64, Outcome)> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut outcomes = Vec::new();
        while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
            outcomes.push((*seed, simulation::run(*seed, tells)));
        }
        outcomes
    };
    let mut outcomes: Vec<(u64, Outcome)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(outcomes) => outcomes,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    outcomes.sort_by_key(|(seed, _)| *seed);
    outcomes
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
fn mutants(_: &Options) -> bool {
    println!("This build has no mutants: build it with --features mutants.");
    false
}

/// Every wrong decision must be noticed within so many seeds.
#[cfg(feature = "mutants")]
fn mutants(options: &Options) -> bool {
    use goodword::mutants::{ALL, choose};

    /// Seeds between two looks at whether one of them noticed.
    const BLOCK: usize = 8;
    const MUTANT_SEEDS: u64 = 100;
    let seeds = options.seeds.unwrap_or(MUTANT_SEEDS);
    let all: Vec<u64> = (0..seeds).map(|seed| options.from.wrapping_add(seed)).collect();
    let mut survivors = 0;
    println!("{:<32} caught by", "mutant");
    for mutant in ALL {
        choose(Some(*mutant));
        let first = |(seed, outcome): (u64, Outcome)| Some((seed, outcome.errors.first()?.clone()));
        let catch =
            all.chunks(BLOCK).find_map(|block| run_all(block, false).into_iter().find_map(first));
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
    println!("{} mutants, {survivors} survived {seeds} seeds", ALL.len());
    survivors == 0
}
