//! `cargo xtask`: builds, serves, tests, measures and deploys the project.
//!
//! Reads the command line and turns a fault into one sentence and an exit status. What a command
//! does is decided in `commands`, one file each; everything is kept inside the project's own
//! folder (and the folder named by `--state`), and no process outlives the command.

#[macro_use]
mod steps;

mod bind;
mod budgets;
mod bundle;
mod chromium;
mod commands;
mod compile;
mod dashboard;
mod debian;
mod demo_program;
mod digest;
mod groups;
mod http;
mod keys;
mod packages;
mod port;
mod process;
mod project;
mod rules_crate;
mod server;
mod tally;
mod toolchain;
mod worker_config;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::steps::complain;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, serves, tests, measures and deploys Goodword.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds what is missing and serves the demo shop with the tracker behind it.
    Start(commands::start::Options),
    /// Builds the Worker into build/worker and what pages load into build/assets.
    Build,
    /// Checks everything, from formatting to a real browser.
    Test(commands::test::Options),
    /// Prints what a page and the Worker weigh, and fails when a budget is exceeded.
    Size,
    /// Reports orders to a real workerd that is killed again and again: `--orders N`.
    Soak(commands::soak::Options),
    /// Sends what schemathesis makes of the OpenAPI document to a real workerd: `--cases N`.
    Fuzz(commands::fuzz::Options),
    /// Looks at the widget in Firefox and in WebKit.
    Engines,
    /// Lives through histories by seed: `--from SEED --seeds N`, or shows with `--mutants` that wrong
    /// decisions would be noticed.
    Simulate(commands::compute::Options),
    /// Measures how many facts the rules fold a second.
    Bench(commands::compute::Options),
    /// Writes the tracker's list of robots from the package that maintains it.
    Robots,
    /// Measures how long a page takes to show the panel, beside another widget.
    BenchPage,
    /// Builds and runs `wrangler deploy` with the arguments given.
    Deploy(commands::deploy::Options),
    /// Runs a program and ends it, and all it started, when standard input ends.
    #[command(hide = true)]
    Keep(server::KeepOptions),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Keep(options) => server::keep(&options),
        command => groups::stop_on_interrupt().and_then(|()| run(&command)),
    };
    // After an interrupt every child ends, which looks like a fault here; the interrupt is the
    // reason, and whoever handles it ends this process.
    groups::wait_if_interrupted();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            complain(&format!("error: {fault}"));
            for cause in fault.chain().skip(1) {
                complain(&format!("  because: {cause}"));
            }
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<()> {
    match command {
        Command::Start(options) => commands::start::run(options),
        Command::Build => commands::build::run(),
        Command::Test(options) => commands::test::run(options),
        Command::Size => commands::size::run(),
        Command::Soak(options) => commands::soak::run(options),
        Command::Fuzz(options) => commands::fuzz::run(options),
        Command::Engines => commands::engines::run(),
        Command::Bench(options) => commands::compute::run("goodword-bench", options),
        Command::Simulate(options) => commands::compute::run(commands::compute::SIMULATOR, options),
        Command::Robots => commands::robots::run(),
        Command::BenchPage => commands::bench_page::run(),
        Command::Deploy(options) => commands::deploy::run(options),
        Command::Keep(options) => server::keep(options),
    }
}
