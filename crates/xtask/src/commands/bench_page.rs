//! `cargo xtask bench-page`: how long a page takes to show the panel, beside shareon, in headless
//! Chromium. `tests/bench/page.mjs` says what is measured; nothing is asserted.

use std::env;

use anyhow::{Result, bail};

use crate::{chromium, commands::build, packages, process, project, steps::step};

pub fn run() -> Result<()> {
    {
        let _lock = project::lock()?;
        build::install(packages::node()?.value)?;
    }
    let chromium = step("chromium", chromium::find_or_install)?;
    let mut node = project::tool("node");
    node.arg("tests/bench/page.mjs").env("XTASK", env::current_exe()?).env("CHROMIUM", chromium);
    if process::show(&mut node)?.success() {
        return Ok(());
    }
    bail!("the page could not be measured; what it says is above")
}
