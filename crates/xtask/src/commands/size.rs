//! `cargo xtask size`: what a page and the Worker weigh, compressed as they travel.
//!
//! A page loads one language; the heaviest one counts. Signs come with the offer; those of a
//! usual program's eight channels count.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use goodword_api::sign::signs;

use crate::{
    budgets::{
        LEADERBOARD_BROTLI_BYTES_MAX, LOADER_BROTLI_BYTES_MAX, PANEL_BROTLI_BYTES_MAX,
        QUESTION_BROTLI_BYTES_MAX, WORKER_GZIP_BYTES_MAX,
    },
    bundle::{assets_folder, worker_folder},
    commands::build,
    digest::files_below,
    process,
    project::{build as build_folder, tool},
};

/// What a usual program offers.
const CHANNELS: [&str; 8] =
    ["whatsapp", "telegram", "x", "facebook", "linkedin", "reddit", "email", "sms"];

pub fn run() -> Result<()> {
    build::run()?;
    print()
}

/// Measures what is built. Fails when something is too heavy.
pub fn print() -> Result<()> {
    let loader = weigh(&assets_folder().join("goodword.js"))?;
    let widget = assets_folder().join("widget");
    let script = heaviest(&widget, "inline.", "js")?;
    let signs = Weight::of(&serde_json::to_vec(&signs(CHANNELS))?)?;
    let question = heaviest(&widget, "question.", "js")?;
    let leaderboard = heaviest(&widget, "leaderboard.", "js")?;
    // All that a page loads for the panel, data apart.
    let panel = loader.plus(&script).plus(&signs);
    let worker = read(&worker_folder().join("tracker_bg.wasm"))?;
    let (worker_raw, worker_gzip) = (worker.len() as u64, gzip(&worker)?);

    say!("  {:<28} {:>9} {:>9} {:>9}", "bytes", "raw", "gzip", "brotli");
    for (name, weight) in [
        ("loader", &loader),
        ("panel: script, texts, Wasm", &script),
        ("panel: eight channels' signs", &signs),
        ("panel, with the loader", &panel),
        ("bar, in place of the script", &heaviest(&widget, "bar.", "js")?),
        ("after-purchase, likewise", &heaviest(&widget, "after-purchase.", "js")?),
        ("question, likewise", &question),
        ("leaderboard, likewise", &leaderboard),
        ("launcher, until pressed", &heaviest(&widget, "launcher.", "js")?),
        ("welcome", &heaviest(&widget, "welcome.", "js")?),
        ("more: checkout, direct links", &heaviest(&widget, "more.", "js")?),
        ("dashboard: script", &heaviest(&assets_folder().join("dashboard"), "main.", "js")?),
    ] {
        say!("  {name:<28} {:>9} {:>9} {:>9}", weight.raw, weight.gzip, weight.brotli);
    }
    // Nobody downloads it: Cloudflare counts it with gzip.
    say!("  {:<28} {worker_raw:>9} {worker_gzip:>9} {:>9}", "Worker's Wasm", "-");
    say!("  Worker's start-up: {}", startup());
    say!("panel {} B brotli; loader {} B brotli", panel.brotli, loader.brotli);

    let over = too_heavy(&[
        ("the loader", "brotli", loader.brotli, LOADER_BROTLI_BYTES_MAX),
        ("the panel", "brotli", panel.brotli, PANEL_BROTLI_BYTES_MAX),
        ("the question", "brotli", question.brotli, QUESTION_BROTLI_BYTES_MAX),
        ("the leaderboard", "brotli", leaderboard.brotli, LEADERBOARD_BROTLI_BYTES_MAX),
        ("the Worker's Wasm", "gzip", worker_gzip, WORKER_GZIP_BYTES_MAX),
    ]);
    match over {
        None => Ok(()),
        Some(said) => bail!("{said}; budgets and their reasons are in crates/xtask/src/budgets.rs"),
    }
}

/// How long workerd takes to start the Worker, as wrangler measures it on this machine. Told, never
/// judged: other machines are others.
fn startup() -> String {
    let mut wrangler = tool("wrangler");
    wrangler.args(["check", "startup", "--config", "wrangler.toml", "--outfile"]);
    wrangler.arg(build_folder().join("startup.cpuprofile"));
    wrangler.env("WRANGLER_SEND_METRICS", "false");
    wrangler.env("WRANGLER_LOG_PATH", build_folder().join("logs"));
    match process::capture(&mut wrangler) {
        Ok(output) => started(&process::text_of(&output)),
        Err(fault) => format!("not measured: {fault:#}"),
    }
}

/// The line that says how long something ran.
fn started(text: &str) -> String {
    let active = text.lines().find_map(|line| line.split_once("Active: "));
    let active = active.and_then(|(_, after)| after.split(" (").next());
    active.map_or_else(
        || "not measured: wrangler did not say".to_owned(),
        |active| format!("{} of work on this machine", active.trim()),
    )
}

/// Bytes of one thing.
#[derive(Default)]
struct Weight {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Weight {
    fn of(bytes: &[u8]) -> Result<Self> {
        Ok(Self { raw: bytes.len() as u64, gzip: gzip(bytes)?, brotli: brotli(bytes)? })
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

fn too_heavy(weights: &[(&str, &str, u64, u64)]) -> Option<String> {
    let over: Vec<_> = weights
        .iter()
        .filter(|(_, _, is, max)| is > max)
        .map(|(what, how, is, max)| format!("{what} weighs {is} B {how} and may weigh {max}"))
        .collect();
    (!over.is_empty()).then(|| over.join(", "))
}

fn heaviest(folder: &Path, begins: &str, extension: &str) -> Result<Weight> {
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        name.starts_with(begins) && path.extension() == Some(OsStr::new(extension))
    };
    let mut heaviest: Option<Weight> = None;
    for path in files_below(folder)?.iter().filter(|path| named(path)) {
        let weight = weigh(path)?;
        if heaviest.as_ref().is_none_or(|known| weight.brotli > known.brotli) {
            heaviest = Some(weight);
        }
    }
    heaviest.with_context(|| format!("{} has no {begins}*.{extension}", folder.display()))
}

fn weigh(path: &Path) -> Result<Weight> {
    Weight::of(&read(path)?)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} is not built", path.display()))
}

fn gzip(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

fn brotli(mut bytes: &[u8]) -> Result<u64> {
    let best = BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut made = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut made, &best)?;
    Ok(made.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_what_wrangler_says() {
        let said = "│ Local startup profile:\n│   Active: 3.2 ms (including 0.0 ms garbage)\n";
        assert_eq!(started(said), "3.2 ms of work on this machine");
        assert!(started("").starts_with("not measured"));
    }

    #[test]
    fn a_budget_holds_at_its_very_value() {
        let check = |is: u64, expected: Option<&str>| {
            let said = too_heavy(&[("the loader", "brotli", is, 1_500)]);
            assert_eq!(said.as_deref(), expected, "{is}");
        };
        check(1_499, None);
        check(1_500, None);
        check(1_501, Some("the loader weighs 1501 B brotli and may weigh 1500"));
    }
}
