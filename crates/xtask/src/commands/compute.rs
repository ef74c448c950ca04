//! `cargo xtask bench` and `cargo xtask simulate`: programs of their own, built for speed, run
//! with whatever arguments follow.

use anyhow::{Result, bail};

use crate::{process, project};

/// The package of the simulator.
pub const SIMULATOR: &str = "goodword-simulator";

/// What goes to the program.
#[derive(clap::Args)]
pub struct Options {
    /// Arguments of the program.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Runs a program as the command line says.
pub fn run(package: &str, options: &Options) -> Result<()> {
    let arguments: Vec<&str> = options.arguments.iter().map(String::as_str).collect();
    program(package, &arguments)
}

/// Builds a package's program with the profile for computing, and runs it.
pub fn program(package: &str, arguments: &[&str]) -> Result<()> {
    let mut program = project::cargo();
    program.args(["run", "--quiet", "--profile", "compute", "--package", package]);
    if package == SIMULATOR {
        // One build serves the seeds and the mutants: none is at work until it is chosen.
        program.args(["--features", "mutants"]);
    }
    program.arg("--").args(arguments);
    if process::show(&mut program)?.success() {
        return Ok(());
    }
    bail!("{package} found something; what it says is above")
}
