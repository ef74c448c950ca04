//! Whether the rules crate is still without what it must be without: dependencies other than
//! libm, and the standard library.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    digest::files_below,
    process,
    project::{cargo, root},
    toolchain::WASM_TARGET,
};

/// All that may appear in the tree of dependencies.
const ALLOWED: &[&str] = &["goodword", "libm"];

/// Fails with every fault found.
pub fn check() -> Result<()> {
    let mut tree = cargo();
    tree.args(["tree", "--package", "goodword", "--edges", "normal", "--prefix", "none"]);
    let output = process::capture(tree.args(["--format", "{p}"]))?;
    if !output.status.success() {
        bail!("cargo tree failed: {}", process::text_of(&output));
    }
    let mut faults = strangers(&String::from_utf8_lossy(&output.stdout));

    let source = root().join("crates/goodword/src");
    let entry = source.join("lib.rs");
    let text =
        fs::read_to_string(&entry).with_context(|| format!("cannot read {}", entry.display()))?;
    if !is_no_std(&text) {
        faults.push("crates/goodword/src/lib.rs does not say #![no_std]".to_owned());
    }
    for path in files_below(&source)? {
        faults.extend(uses_std(&path, &fs::read_to_string(&path)?));
    }

    let mut build = cargo();
    build.args(["build", "--quiet", "--package", "goodword", "--target", WASM_TARGET]);
    if !process::show(&mut build)?.success() {
        faults.push(format!("goodword does not compile for {WASM_TARGET}"));
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("{}", faults.join("; "))
}

fn strangers(tree: &str) -> Vec<String> {
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let strange = names.filter(|name| !name.is_empty() && !ALLOWED.contains(name));
    strange.map(|name| format!("goodword depends on {name}")).collect()
}

/// Tests may have the standard library; what ships may not.
fn is_no_std(entry: &str) -> bool {
    entry.contains("#![no_std]") || entry.contains("#![cfg_attr(not(test), no_std)]")
}

/// Lines, outside tests, that name the standard library.
fn uses_std(path: &Path, text: &str) -> Vec<String> {
    let tested_from = text.find("#[cfg(test)]").unwrap_or(text.len());
    let ships = text.get(..tested_from).unwrap_or(text);
    let named = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        code.contains("extern crate std") || code.split("std::").count() > 1
    };
    let lines = ships.lines().enumerate().filter(|(_, line)| named(line));
    lines.map(|(at, _)| format!("{}:{} names std", path.display(), at + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_in_the_tree_is_named() {
        assert_eq!(strangers("goodword v0.1.0 (/p)\nlibm v0.2.16\n"), Vec::<String>::new());
        assert_eq!(strangers("goodword v0.1.0\nserde v1.0.0\n"), ["goodword depends on serde"]);
    }

    #[test]
    fn std_is_found_in_what_ships_only() {
        let check = |text: &str, faults: usize| {
            assert_eq!(uses_std(Path::new("a.rs"), text).len(), faults, "{text:?}");
        };
        check("use core::fmt;", 0);
        check("use std::fmt;", 1);
        check("// std::fmt is not here", 0);
        check("fn a() {}\n#[cfg(test)]\nmod tests { use std::fmt; }", 0);
        check("extern crate std;", 1);
        assert!(is_no_std("#![no_std]\n"));
        assert!(!is_no_std("//! no_std\n"));
    }
}
