//! `cargo xtask test`: everything that must hold before a change is taken.
//!
//! The steps run in one order, each under a heading with its seconds; a step that fails does not
//! keep the later ones from running. The last line, `N passed, M failed`, is what CI reads.

use std::{env, process::Command, time::Instant};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::{
    chromium,
    commands::{build, compute, size, soak},
    packages, process, project, rules_crate,
    steps::{self, seconds, step},
    tally::Tally,
    toolchain::WASM_TARGET,
};

/// Orders of the soak in each run; `cargo xtask soak` takes any number.
const SOAK_ORDERS: u32 = 300;

/// Which steps to run.
#[derive(clap::Args)]
pub struct Options {
    /// Runs this step alone; may be given several times.
    #[arg(long, value_name = "STEP")]
    only: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// rustfmt finds nothing to change.
    Format,
    /// clippy has no warning, on this machine and for Wasm.
    Clippy,
    /// Unit and property tests.
    Unit,
    /// Whole histories of shop, tracker and store, by seed; and that wrong decisions are noticed.
    Simulate,
    /// The rules crate is without dependencies and without the standard library.
    Rules,
    /// Worker and widget are built, and within their budgets.
    Wasm,
    /// The tracker over HTTP, on workerd.
    Http,
    /// A day of orders on a workerd that is killed in the middle of it.
    Soak,
    /// The whole loop in a browser.
    Browser,
}

pub fn run(options: &Options) -> Result<()> {
    let mut whole = Tally::default();
    let mut faults = Vec::new();
    for chosen in Step::value_variants() {
        if !options.only.is_empty() && !options.only.contains(chosen) {
            continue;
        }
        let name = format!("{chosen:?}").to_lowercase();
        say!("\n== {name}: {}", chosen.says());
        let start = Instant::now();
        let mut tally = Tally::default();
        let outcome = chosen.run(&mut tally);
        let tally = tally.of_step(&outcome);
        whole = whole.plus(tally);
        say!("== {name}: {} passed, {} failed ({})", tally.passed, tally.failed, seconds(start));
        if let Err(fault) = outcome {
            say!("   {fault:#}");
            faults.push(name);
        }
    }
    say!("\n{} passed, {} failed", whole.passed, whole.failed);
    if faults.is_empty() {
        return Ok(());
    }
    bail!("not everything holds: see {} above", faults.join(", "))
}

impl Step {
    fn says(self) -> &'static str {
        match self {
            Self::Format => "cargo fmt --check",
            Self::Clippy => "cargo clippy, warnings denied",
            Self::Unit => "cargo test",
            Self::Simulate => "histories on a store with the real faults",
            Self::Rules => "what the rules crate must be without",
            Self::Wasm => "Worker and widget, with their sizes",
            Self::Http => "tests/http and tests/servers against workerds of their own",
            Self::Soak => "orders, settlements and kill -9, judged from the client's own list",
            Self::Browser => "tests/browser in headless Chromium",
        }
    }

    fn run(self, tally: &mut Tally) -> Result<()> {
        match self {
            Self::Format => succeed(project::cargo().args(["fmt", "--all", "--check"])),
            Self::Clippy => clippy(),
            Self::Unit => counted(
                project::cargo().args(["test", "--workspace", "--no-fail-fast", "--quiet"]),
                tally,
            ),
            Self::Simulate => {
                compute::program(compute::SIMULATOR, &[])?;
                compute::program(compute::SIMULATOR, &["--mutants"])
            }
            Self::Rules => rules_crate::check(),
            Self::Wasm => {
                let _lock = project::lock()?;
                build::build()?;
                size::print()
            }
            Self::Http => {
                install()?;
                let files = ["tests/http/half-*.mjs", "tests/servers/*.test.mjs"];
                counted(node_tests()?.args(files), tally)
            }
            Self::Soak => {
                install()?;
                soak::with(SOAK_ORDERS)
            }
            Self::Browser => {
                install()?;
                let chromium = step("chromium", chromium::find_or_install)?;
                let mut tests = node_tests()?;
                tests.arg("tests/browser/*.test.mjs").env("CHROMIUM", chromium);
                counted(&mut tests, tally)
            }
        }
    }
}

fn clippy() -> Result<()> {
    let mut native = project::cargo();
    native.args(["clippy", "--workspace", "--all-targets", "--quiet"]);
    succeed(native.args(["--", "--deny", "warnings"]))?;
    for krate in ["goodword-tracker", "goodword-widget"] {
        let mut wasm = project::cargo();
        wasm.args(["clippy", "--package", krate, "--target", WASM_TARGET, "--quiet"]);
        succeed(wasm.args(["--", "--deny", "warnings"]))?;
    }
    Ok(())
}

/// Node on tests, which start servers by themselves with the program in XTASK.
fn node_tests() -> Result<Command> {
    let mut node = project::tool("node");
    // Each file has a server, and a browser, of its own, and they often wait: two side by side keep
    // two cores busy.
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=2"]);
    node.env("XTASK", env::current_exe()?);
    Ok(node)
}

fn install() -> Result<()> {
    let _lock = project::lock()?;
    build::install(packages::node()?.value)
}

/// Runs a program whose tests are counted; what it writes is shown.
fn counted(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let status = process::lines(
        command,
        |line| {
            steps::line(line);
            tally.read(line);
        },
        steps::complain,
    )?;
    said(status.success(), command)
}

fn succeed(command: &mut Command) -> Result<()> {
    let success = process::show(command)?.success();
    said(success, command)
}

fn said(success: bool, command: &Command) -> Result<()> {
    if success {
        return Ok(());
    }
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default();
    let arguments: Vec<_> = command.get_args().map(|a| a.to_string_lossy()).collect();
    bail!("`{program} {}` failed; what it says is above", arguments.join(" "))
}
