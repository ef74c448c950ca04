//! `cargo xtask soak [--orders N]`: days of a shop on a real workerd, with `kill -9` in the middle
//! of each. What is asked and how it is judged is in tests/soak.

use std::env;

use anyhow::{Result, bail};

use crate::{commands::build, packages, process, project};

/// How long it goes on.
#[derive(clap::Args)]
pub struct Options {
    /// Orders to report; each further thousand takes a minute or two.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    orders: u32,
}

pub fn run(options: &Options) -> Result<()> {
    let lock = project::lock()?;
    build::install(packages::node()?.value)?;
    drop(lock);
    with(options.orders)
}

/// The same once node is there.
pub fn with(orders: u32) -> Result<()> {
    let mut node = project::tool("node");
    node.arg("tests/soak/soak.mjs").args(["--orders", &orders.to_string()]);
    node.env("XTASK", env::current_exe()?);
    if process::show(&mut node)?.success() {
        return Ok(());
    }
    bail!("the soak found something; what it says is above")
}
