//! From rustc's Wasm to what JavaScript loads: wasm-bindgen, as a library, and then wasm-opt.
//!
//! As a library wasm-bindgen is compiled with this command and always of the version that
//! Cargo.lock names; the two versions must be one, because they share a format that changes
//! with every release.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    digest::Digest,
    process,
    project::{build, root, tool},
    steps::{Step, Told, told},
};

/// What wasm-opt may use: what rustc and wasm-bindgen use already, and nothing newer, which
/// browsers and workerd might not know yet.
const WASM_FEATURES: &[&str] = &[
    "mutable-globals",
    "sign-ext",
    "nontrapping-float-to-int",
    "bulk-memory",
    "bulk-memory-opt",
    "multivalue",
    "reference-types",
    "exception-handling",
];

/// Without what only a debugger reads.
const STRIP: &[&str] = &["--strip-debug", "--strip-producers", "--strip-target-features"];

/// What the widget's script uses: texts cross as bytes, so the table of JavaScript values that
/// wasm-bindgen sets up, and what keeps it, is never asked for.
const USED_BY_PAGE: &[&str] = &["memory", "place", "render"];

/// For whom the glue is written.
#[derive(Clone, Copy)]
pub enum For {
    /// A Worker: the module is imported with its Wasm, and can be set back after a panic.
    Worker,
    /// A bundler: functions and imports apart, instantiated by whoever imports them.
    Page,
}

impl For {
    /// How far wasm-opt goes. In the widget its farthest saves a seventh, and twice that a little
    /// more, with what is called most first, by the shortest numbers. In the tracker, sixty
    /// times as large, what counts is what is left once compressed: inlining makes neighbours
    /// differ and costs a tenth, three more passes cost a little, and functions of one name, made
    /// for many types, side by side save a twentieth.
    fn passes(self) -> &'static [&'static str] {
        match self {
            Self::Worker => &[
                "-Os",
                "--skip-pass=inlining-optimizing",
                "--skip-pass=local-cse",
                "--skip-pass=simplify-locals",
                "--skip-pass=memory-packing",
                "--reorder-functions-by-name",
            ],
            Self::Page => &["--flatten", "--rereloop", "-Oz", "-Oz", "--reorder-functions"],
        }
    }
}

/// Where the parts of a bound module are.
pub struct Bound {
    pub folder: PathBuf,
    pub stem: &'static str,
}

impl Bound {
    /// The Wasm file.
    pub fn wasm(&self) -> PathBuf {
        self.folder.join(format!("{}_bg.wasm", self.stem))
    }
}

/// Makes glue and optimised Wasm from rustc's Wasm, unless they are already made from it.
pub fn bind(step: &Step, wasm: &Path, stem: &'static str, whom: For) -> Result<Told<Bound>> {
    let bound = Bound { folder: build().join("bound").join(stem), stem };
    let stamp = bound.folder.join("made-from");
    let version = version()?;
    let recipe = include_bytes!("bind.rs");
    let from = Digest::default().bytes(version.as_bytes()).bytes(recipe).file(wasm)?.hex();
    if fs::read_to_string(&stamp).is_ok_and(|old| old == from) && bound.wasm().exists() {
        return Ok(told(sized("is up to date", &bound)?, bound));
    }
    step.says("wasm-bindgen and wasm-opt ...");
    if bound.folder.exists() {
        fs::remove_dir_all(&bound.folder)?;
    }
    glue(wasm, &bound, whom)
        .with_context(|| format!("wasm-bindgen {version} cannot read {}", wasm.display()))?;
    let script = match whom {
        For::Worker => fs::read_to_string(bound.folder.join(format!("{stem}.js")))?,
        For::Page => String::new(),
    };
    let used = match whom {
        For::Worker => used_by(&script),
        For::Page => USED_BY_PAGE.iter().copied().collect(),
    };
    optimise(&bound.wasm(), whom, &used)?;
    fs::write(&stamp, from)?;
    Ok(told(sized("bound and optimised", &bound)?, bound))
}

fn glue(wasm: &Path, bound: &Bound, whom: For) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(bound.stem).typescript(false);
    // The names of functions are what wasm-opt sorts them by; it strips them afterwards.
    bindgen.remove_name_section(false).remove_producers_section(true);
    match whom {
        For::Worker => {
            bindgen.module(true)?.reset_state_function(true).force_enable_abort_handler(true)
        }
        For::Page => bindgen.bundler(true)?,
    };
    bindgen.generate(&bound.folder)
}

fn optimise(wasm: &Path, whom: For, used: &BTreeSet<&str>) -> Result<()> {
    let graph = wasm.with_extension("used.json");
    fs::write(&graph, graph_of(used).to_string())?;
    let keeping_names = ["-g".as_ref(), "--graph-file".as_ref(), graph.as_os_str()];
    binaryen("wasm-metadce", &keeping_names, wasm)?;
    fs::remove_file(&graph)?;
    let passes: Vec<_> = whom.passes().iter().chain(STRIP).map(OsStr::new).collect();
    binaryen("wasm-opt", &passes, wasm)
}

/// What the Worker's glue asks of its Wasm. The `worker` crate exports classes for whoever makes
/// one of them; what they do is not asked for where the glue makes none.
fn used_by(glue: &str) -> BTreeSet<&str> {
    let mut used = BTreeSet::new();
    let mut is_used = true;
    for line in glue.lines() {
        let declared = line.strip_prefix("export ").unwrap_or(line).strip_prefix("class ");
        if let Some(class) = declared.and_then(|rest| rest.split_whitespace().next()) {
            is_used = glue.contains(&format!("{class}.__wrap("));
        }
        if is_used {
            used.extend(line.split("wasm.").skip(1).filter_map(first_word));
        }
        is_used |= line == "}";
    }
    used
}

fn first_word(text: &str) -> Option<&str> {
    let is_other = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
    text.split(is_other).next().filter(|word| !word.is_empty())
}

/// The graph that wasm-metadce asks for: one user of all that is used.
fn graph_of(used: &BTreeSet<&str>) -> Value {
    let script = json!({"name": "script", "root": true, "reaches": used});
    let exports = used.iter().map(|name| json!({"name": name, "export": name}));
    [script].into_iter().chain(exports).collect()
}

/// Runs one of binaryen's programs from a file to the same file.
fn binaryen(program: &str, arguments: &[&OsStr], wasm: &Path) -> Result<()> {
    let features = WASM_FEATURES.iter().map(|feature| format!("--enable-{feature}"));
    let mut command = tool(program);
    command.args(arguments).args(features).arg(wasm).arg("-o").arg(wasm);
    let output = process::capture(&mut command)?;
    if !output.status.success() {
        bail!("{program} refused {}: {}", wasm.display(), process::text_of(&output).trim());
    }
    Ok(())
}

fn sized(words: &str, bound: &Bound) -> Result<String> {
    Ok(format!("{}.wasm {words}, {} B", bound.stem, fs::metadata(bound.wasm())?.len()))
}

/// The one version of wasm-bindgen, or the reason why there are two.
fn version() -> Result<String> {
    let path = root().join("Cargo.lock");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    agreed(&text)
}

fn agreed(lock: &str) -> Result<String> {
    let of = |package: &str| {
        let entry = format!("name = \"{package}\"\nversion = \"");
        let (_, after) = lock.split_once(&entry)?;
        Some(after.split_once('"')?.0.to_owned())
    };
    // A workspace without wasm-bindgen has nothing to disagree with.
    let tool = of("wasm-bindgen-cli-support").context("wasm-bindgen is not in Cargo.lock")?;
    match of("wasm-bindgen") {
        Some(library) if library != tool => bail!(
            "Cargo.lock has wasm-bindgen {library} but this command binds with {tool}: set \
             `wasm-bindgen-cli-support = \"={library}\"` in crates/xtask/Cargo.toml and run again"
        ),
        _ => Ok(tool),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_that_nobody_makes_is_not_used() {
        let glue = "import source wasmModule from \"./tracker_bg.wasm\";\n\
                    class Source {\n    pull() { wasm.source_pull(this.__wbg_ptr); }\n}\n\
                    export class Sink {\n    write() { wasm.sink_write(this.__wbg_ptr); }\n}\n\
                    function fetch() {\n    return wasm.fetch(wasm.memory.buffer);\n}\n\
                    const made = Source.__wrap(ptr);\n";
        assert_eq!(used_by(glue), BTreeSet::from(["fetch", "memory", "source_pull"]));
    }

    fn lock(library: &str, tool: &str) -> String {
        format!(
            "[[package]]\nname = \"wasm-bindgen\"\nversion = \"{library}\"\n\n\
             [[package]]\nname = \"wasm-bindgen-cli-support\"\nversion = \"{tool}\"\n"
        )
    }

    #[test]
    fn one_version_is_agreed_on() {
        assert_eq!(agreed(&lock("0.2.130", "0.2.130")).unwrap(), "0.2.130");
    }

    #[test]
    fn two_versions_are_refused_with_the_remedy() {
        let said = agreed(&lock("0.2.131", "0.2.130")).unwrap_err().to_string();
        assert!(said.contains("wasm-bindgen 0.2.131"), "{said}");
        assert!(said.contains("=0.2.131"), "{said}");
    }
}
