//! Compiles a crate to Wasm, optimised for size.
//!
//! One crate at a time: cargo unites the features of crates built together, and the widget must
//! not carry what only the tracker asks for.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    process,
    project::{cargo, root},
    steps::{Step, Told, told},
    toolchain::WASM_TARGET,
};

/// Compiles a crate and returns its Wasm file, as rustc left it.
pub fn wasm(step: &Step, krate: &str) -> Result<Told<PathBuf>> {
    let mut command = cargo();
    command.args(["build", "--release", "--target", WASM_TARGET, "--package", krate]);
    command.args(["--message-format", "json-render-diagnostics"]);
    let mut product = None;
    let mut compiled = 0;
    let status = process::lines(
        &mut command,
        |line| product = product.take().or_else(|| wasm_of(line, krate)),
        |line| {
            compiled += usize::from(line.trim_start().starts_with("Compiling"));
            // The closing line would tell again what the step's own line tells.
            if !line.trim_start().starts_with("Finished") {
                step.says(line);
            }
        },
    )?;
    if !status.success() {
        bail!("cargo could not compile {krate}: its reasons are above");
    }
    let product = product.with_context(|| {
        format!("{krate} made no Wasm: its Cargo.toml needs `crate-type = [\"cdylib\"]`")
    })?;
    let words = match compiled {
        0 => format!("{krate} is up to date"),
        some => format!("{krate} compiled ({some} crates)"),
    };
    Ok(told(words, product))
}

/// The Wasm file that a line of cargo's JSON names as this crate's.
fn wasm_of(line: &str, krate: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let manifest = message.get("manifest_path")?.as_str()?;
    if root().join("crates").join(krate).join("Cargo.toml") != Path::new(manifest) {
        return None;
    }
    let files = message.get("filenames")?.as_array()?;
    files.iter().filter_map(Value::as_str).find(|file| file.ends_with(".wasm")).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crates_own_wasm_is_found() {
        let line = |krate: &str, file: &str| {
            let manifest = root().join("crates").join(krate).join("Cargo.toml");
            format!(r#"{{"manifest_path":"{}","filenames":["{file}"]}}"#, manifest.display())
        };
        let found = |line: &str| wasm_of(line, "goodword-widget");
        assert_eq!(found(&line("goodword-widget", "/t/a.wasm")), Some("/t/a.wasm".into()));
        assert_eq!(found(&line("goodword-widget", "/t/a.rlib")), None);
        assert_eq!(found(&line("goodword", "/t/b.wasm")), None);
        assert_eq!(found("not json"), None);
    }
}
