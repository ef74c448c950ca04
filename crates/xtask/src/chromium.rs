//! The browser that the browser tests drive: the machine's Chromium, or one installed for them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use crate::{
    debian, process,
    project::{root, tool},
    steps::{Step, Told, told},
    toolchain::on_path,
};

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ON_MACOS: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
/// What playwright's downloads are called, below the folder of a version.
const DOWNLOADED: &[&str] = &["chrome", "chrome-headless-shell", "headless_shell", "Chromium"];

/// A Chromium, found or installed.
pub fn find_or_install(step: &Step) -> Result<Told<PathBuf>> {
    if let Some(path) = find() {
        return Ok(told(format!("{}", path.display()), path));
    }
    step.says("fetching Chromium ...");
    debian::install(&["chromium"]);
    if find().is_none() {
        let mut install = tool("playwright-core");
        install.env("PLAYWRIGHT_BROWSERS_PATH", downloads());
        let _ = process::capture(install.args(["install", "chromium-headless-shell"]));
    }
    match find() {
        Some(path) => Ok(told(format!("{} installed", path.display()), path)),
        None => bail!(
            "no Chromium is on this machine and none could be installed: install Chromium or \
             Chrome, or set CHROMIUM to the path of one, and run `cargo xtask test` again"
        ),
    }
}

fn find() -> Option<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.is_file()) {
        return Some(path);
    }
    let on_macos = || ON_MACOS.iter().map(PathBuf::from).find(|path| path.is_file());
    NAMES.iter().find_map(|name| on_path(name)).or_else(on_macos).or_else(downloaded)
}

fn downloads() -> PathBuf {
    root().join(".tools/browsers")
}

fn downloaded() -> Option<PathBuf> {
    fn look(folder: &Path, depth: u8) -> Option<PathBuf> {
        let entries: Vec<_> = fs::read_dir(folder).ok()?.flatten().map(|e| e.path()).collect();
        let named = |path: &&PathBuf| DOWNLOADED.iter().any(|name| path.ends_with(name));
        let program = entries.iter().find(|path| path.is_file() && named(path)).cloned();
        program.or_else(|| {
            let below = depth.checked_sub(1)?;
            entries.iter().filter(|path| path.is_dir()).find_map(|path| look(path, below))
        })
    }
    look(&downloads(), 5)
}
