//! The Rust side of what a build needs: a linker, and the Wasm target of the toolchain in use.
//!
//! The target is part of a toolchain and rustup alone can add it; everything else that is
//! installed goes into the project's folder (`packages`).

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    process,
    steps::{Step, Told, told},
};

/// What the widget and the Worker are compiled to.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A C compiler: Rust links build scripts and macros with it.
pub fn linker() -> Result<Told<()>> {
    for name in ["cc", "gcc", "clang"] {
        if let Some(path) = on_path(name) {
            return Ok(told(format!("{name} at {}", path.display()), ()));
        }
    }
    bail!(
        "no C compiler is on the PATH, and Rust needs one to link: install one (Debian and Ubuntu: \
         `apt-get install build-essential`; macOS: `xcode-select --install`) and run the command \
         again"
    )
}

/// The Wasm target, added where it is missing.
pub fn wasm_target(step: &Step) -> Result<Told<()>> {
    if has_wasm_target()? {
        return Ok(told(format!("{WASM_TARGET} is there"), ()));
    }
    if on_path("rustup").is_none() {
        bail!(
            "this Rust has no {WASM_TARGET} target and rustup is not there to add it: install it \
             with the package manager that Rust came from, or install Rust from https://rustup.rs"
        );
    }
    step.says("rustup fetches the target ...");
    let output = process::capture(Command::new("rustup").args(["target", "add", WASM_TARGET]))?;
    if !output.status.success() || !has_wasm_target()? {
        let said = process::text_of(&output);
        let reason = said.lines().find(|line| line.starts_with("error")).unwrap_or("no reason");
        bail!(
            "rustup could not add the {WASM_TARGET} target ({reason}): connect this machine to the \
             network and run `rustup target add {WASM_TARGET}`"
        );
    }
    Ok(told(format!("{WASM_TARGET} added by rustup"), ()))
}

fn has_wasm_target() -> Result<bool> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(crate::project::root());
    rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    let output = process::capture(&mut rustc)
        .context("Rust is not complete: install it from https://rustup.rs")?;
    let folder = String::from_utf8_lossy(&output.stdout);
    Ok(output.status.success() && Path::new(folder.trim()).is_dir())
}

/// Where a program is, or nothing.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
}
