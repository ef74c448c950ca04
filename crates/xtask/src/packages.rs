//! The Node side of what a build needs: Node itself, and the packages of `package-lock.json` in
//! the project's own `node_modules`.
//!
//! The lock file alone decides versions. The package `node` stands among the development
//! dependencies and is left out where the machine's Node will do: it weighs as much as all the
//! others together.

use std::{env, fs, process::Command};

use anyhow::{Context, Result, anyhow, bail};

use crate::{
    digest::Digest,
    process,
    project::{node_modules, root, tool},
    steps::{Step, Told, told},
    toolchain::on_path,
};

/// The oldest Node that wrangler runs on.
const NODE_MIN: (u32, u32) = (22, 12);
/// What of the packages a build and a server need, by package and by program.
const PROGRAMS: &[(&str, &str)] = &[
    ("wrangler", "wrangler"),
    ("workerd", "workerd"),
    ("binaryen", "wasm-opt"),
    ("esbuild", "esbuild"),
    ("terser", "terser"),
];

/// Whether the machine's own Node will do, with words for the reader. A command that was started
/// by one of ours finds the packages' Node first on its PATH, and that one does not count.
pub fn node() -> Result<Told<bool>> {
    let ours = node_modules();
    let path = env::var_os("PATH").unwrap_or_default();
    let others = env::split_paths(&path).filter(|folder| !folder.starts_with(&ours));
    let version = Command::new("node")
        .env("PATH", env::join_paths(others)?)
        .arg("--version")
        .output()
        .ok()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .filter(|version| !version.is_empty());
    let (major, minor) = NODE_MIN;
    Ok(match version {
        Some(version) if at_least(&version, NODE_MIN) => told(format!("{version} will do"), true),
        Some(version) => told(
            format!("{version} is older than {major}.{minor}: npm brings one into node_modules"),
            false,
        ),
        None => told("not there: npm brings one into node_modules", false),
    })
}

/// What is installed, if that is what the lock file asks for.
pub fn installed(own_node: bool) -> Result<Option<String>> {
    let stamp = fs::read_to_string(stamp_path()).unwrap_or_default();
    if stamp != wanted(own_node)? {
        return Ok(None);
    }
    let there = |program: &str| node_modules().join(".bin").join(program).exists();
    Ok(PROGRAMS.iter().all(|(_, program)| there(program)).then(versions))
}

/// Installs what the lock file names into the project's folder.
pub fn install(step: &Step, own_node: bool) -> Result<Told<()>> {
    if on_path("npm").is_none() {
        bail!(
            "npm is not on the PATH, and it fetches wrangler, wasm-opt, esbuild and terser: install \
             Node.js 22 or newer, which brings npm (https://nodejs.org), and run the command again"
        );
    }
    step.says("npm fetches wrangler, workerd, wasm-opt, esbuild and terser ...");
    let mut npm = Command::new("npm");
    npm.current_dir(root());
    npm.args(["ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]);
    // Without a network npm would try for more than a minute before it says so.
    npm.args(["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]);
    if own_node {
        npm.arg("--omit=dev");
    }
    let output = process::capture(&mut npm)?;
    if !output.status.success() {
        return Err(refused(&process::text_of(&output)));
    }
    fs::write(stamp_path(), wanted(own_node)?)
        .with_context(|| format!("cannot write in {}", node_modules().display()))?;
    match installed(own_node)? {
        Some(versions) => Ok(told(versions, ())),
        None => bail!(
            "npm installed the packages but not all their programs: delete node_modules and run \
             the command again"
        ),
    }
}

fn stamp_path() -> std::path::PathBuf {
    node_modules().join(".installed")
}

fn wanted(own_node: bool) -> Result<String> {
    let lock = Digest::default().file(&root().join("package-lock.json"))?.hex();
    Ok(format!("{lock} {}", if own_node { "without node" } else { "with node" }))
}

fn versions() -> String {
    let of = |package: &str| {
        let text = fs::read_to_string(node_modules().join(package).join("package.json"));
        let json: Option<serde_json::Value> =
            text.ok().and_then(|text| serde_json::from_str(&text).ok());
        let version = json.as_ref().and_then(|json| json.get("version")?.as_str());
        version.unwrap_or("?").to_owned()
    };
    let each = PROGRAMS.iter().map(|(package, program)| format!("{program} {}", of(package)));
    each.collect::<Vec<_>>().join(", ")
}

/// What npm's words mean for the reader.
fn refused(said: &str) -> anyhow::Error {
    let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if any(&["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH"]) {
        anyhow!(
            "npm cannot reach its registry: connect this machine to the network, or tell npm your \
             proxy (`npm config set proxy …`), and run the command again"
        )
    } else if any(&["EACCES", "EPERM", "EROFS"]) {
        anyhow!(
            "npm may not write in {}: change that folder's permissions and run the command again",
            root().display()
        )
    } else if any(&["ENOSPC"]) {
        anyhow!("the disk is full: make room (node_modules needs half a gigabyte) and run again")
    } else {
        let lines: Vec<_> = said.lines().filter(|line| !line.trim().is_empty()).take(5).collect();
        anyhow!("`npm ci` failed; it said: {}", lines.join(" / "))
    }
}

fn at_least(version: &str, min: (u32, u32)) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map(|part| part.parse().ok());
    let mut next = || parts.next().flatten().unwrap_or(0);
    (next(), next()) >= min
}

/// Node from the packages or from the machine: whichever is there.
pub fn node_runs() -> Result<()> {
    let output = process::capture(tool("node").arg("--version"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if at_least(&version, NODE_MIN) {
        return Ok(());
    }
    bail!(
        "npm did not bring a Node that runs here ({version}): install Node.js 22 or newer from \
         https://nodejs.org and run the command again"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        let check = |version: &str, enough: bool| {
            assert_eq!(at_least(version, (22, 12)), enough, "{version}");
        };
        check("v22.12.0", true);
        check("v22.11.9", false);
        check("v22.9.0", false);
        check("v24.0.0", true);
        check("v100.1.0", true);
        check("v20.20.2", false);
        check("", false);
        check("nonsense", false);
    }

    #[test]
    fn npm_is_translated() {
        let check = |said: &str, expected: &str| {
            let told = refused(said).to_string();
            assert!(told.contains(expected), "{said} became {told}");
        };
        check("npm error code ENOTFOUND", "connect this machine to the network");
        check("npm error code EACCES", "permissions");
        check("npm error code ENOSPC", "disk is full");
        check("npm error something else\n", "npm error something else");
    }
}
