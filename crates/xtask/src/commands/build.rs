//! `cargo xtask build`: from the sources to build/worker and build/assets.
//!
//! 1. Check what must be there; install the packages while cargo compiles.
//! 2. Bind and optimise the tracker's Wasm and the widget's, beside each other.
//! 3. Bundle the scripts, and put everything where it is served from.
//!
//! Every part is skipped when it is already made from the same inputs.

use std::{path::PathBuf, thread};

use anyhow::{Result, anyhow};

use crate::{
    bind::{self, For},
    bundle, compile, packages, project,
    steps::{step, told},
    toolchain,
};

pub fn run() -> Result<()> {
    let _lock = project::lock()?;
    build()
}

/// Builds what is missing. The caller holds the lock.
pub fn build() -> Result<()> {
    step("linker", |_| toolchain::linker())?;
    step("target", toolchain::wasm_target)?;
    let own_node = step("node", |_| packages::node())?;

    let (installed, compiled) = beside(|| install(own_node), compile);
    installed?;
    let (tracker, widget) = compiled?;

    let (tracker, widget) = beside(
        || step("tracker", |step| bind::bind(step, &tracker, "tracker", For::Worker)),
        // The page's script names this module when it hands over the imports.
        || step("widget", |step| bind::bind(step, &widget, "goodword_widget", For::Page)),
    );
    bundle::worker(&tracker?)?;
    let widget = widget?;
    step("assets", |step| bundle::assets(step, &widget))
}

/// The packages of package-lock.json, and a Node that runs.
pub fn install(own_node: bool) -> Result<()> {
    step("packages", |step| match packages::installed(own_node)? {
        Some(versions) => Ok(told(versions, ())),
        None => packages::install(step, own_node),
    })?;
    packages::node_runs()
}

fn compile() -> Result<(PathBuf, PathBuf)> {
    let tracker = step("tracker", |step| compile::wasm(step, "goodword-tracker"))?;
    let widget = step("widget", |step| compile::wasm(step, "goodword-widget"))?;
    Ok((tracker, widget))
}

/// Does two things at once.
fn beside<A: Send, B: Send>(
    first: impl FnOnce() -> Result<A> + Send,
    second: impl FnOnce() -> Result<B> + Send,
) -> (Result<A>, Result<B>) {
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        let first = first.join().unwrap_or_else(|_| Err(anyhow!("a step broke off")));
        (first, second)
    })
}
