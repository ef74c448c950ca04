//! `cargo xtask fuzz [--cases N]`: schemathesis makes requests of the OpenAPI document and sends
//! them to a real workerd. What it is told, and of which shop, is in tests/fuzz.
//!
//! Python's tool lives in an environment of its own below `target/`; nothing of the machine's
//! Python is changed.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::{
    commands::build,
    packages, process, project,
    steps::{Step, Told, step, told},
    toolchain::on_path,
};

/// The one version that is run, so that the same seed makes the same requests.
const VERSION: &str = "4.32.5";

/// How much to send.
#[derive(clap::Args)]
pub struct Options {
    /// Requests to make, about; the limits of the schemas alone are some 5,000.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    cases: u32,
}

pub fn run(options: &Options) -> Result<()> {
    let lock = project::lock()?;
    build::install(packages::node()?.value)?;
    let schemathesis = step("fuzzer", find_or_install)?;
    drop(lock);
    let mut node = project::tool("node");
    node.arg("tests/fuzz/fuzz.mjs").args(["--cases", &options.cases.to_string()]);
    node.env("XTASK", env::current_exe()?).env("SCHEMATHESIS", schemathesis);
    if process::show(&mut node)?.success() {
        return Ok(());
    }
    bail!("the fuzzer found something; what it says is above")
}

/// The program schemathesis, found or installed.
fn find_or_install(step: &Step) -> Result<Told<PathBuf>> {
    let folder = project::root().join("target/fuzz");
    let program = folder.join("bin/schemathesis");
    if is_there(&program) {
        return Ok(told(format!("schemathesis {VERSION}"), program));
    }
    let Some(python) = on_path("python3") else {
        bail!(
            "python3 is not on the PATH, and schemathesis is written in Python: install Python 3.10 \
             or newer and run `cargo xtask fuzz` again; everything else works without it"
        );
    };
    step.says("pip fetches schemathesis ...");
    let output = process::capture(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
    if !output.status.success() {
        bail!(
            "python3 could not make an environment in {} ({}): install the module venv (Debian and \
             Ubuntu: `apt-get install python3-venv`) and run `cargo xtask fuzz` again",
            folder.display(),
            last_line(&output)
        );
    }
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    let output = process::capture(pip.arg(format!("schemathesis=={VERSION}")))?;
    if !output.status.success() || !is_there(&program) {
        bail!(
            "pip could not fetch schemathesis {VERSION} ({}): connect this machine to the network \
             and run `cargo xtask fuzz` again",
            last_line(&output)
        );
    }
    Ok(told(format!("schemathesis {VERSION} installed"), program))
}

fn is_there(program: &Path) -> bool {
    program.is_file()
        && process::capture(Command::new(program).arg("--version"))
            .is_ok_and(|output| process::text_of(&output).trim_end().ends_with(VERSION))
}

fn last_line(output: &std::process::Output) -> String {
    let text = process::text_of(output);
    text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("no reason").to_owned()
}
