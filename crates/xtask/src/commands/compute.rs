//! `cargo xtask bench` and `cargo xtask simulate`: programs of their own, built for speed, run
//! with whatever arguments follow.

use anyhow::{Result, bail};

use crate::{process, project};

/// What goes to the program.
#[derive(clap::Args)]
pub struct Options {
    /// Arguments of the program.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds a package's program with the profile for computing, and runs it.
pub fn run(package: &str, options: &Options) -> Result<()> {
    let mut program = project::cargo();
    program.args(["run", "--quiet", "--profile", "compute", "--package", package, "--"]);
    program.args(&options.arguments);
    if process::show(&mut program)?.success() {
        return Ok(());
    }
    bail!("{package} found something; what it says is above")
}
