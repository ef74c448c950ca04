//! `cargo xtask engines`: the widget in browsers that are no Chromium, Firefox by geckodriver and
//! WebKit, Safari's engine, by WebKitWebDriver. What they are to do is in tests/engines.
//!
//! A browser that cannot be had is a fault of the run: what nobody looked at has not passed.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, anyhow, bail};

use crate::{
    commands::build,
    debian, packages, process, project,
    steps::{Step, Told, complain, step, told},
    toolchain::on_path,
};

/// The version of geckodriver that is installed where there is none.
const GECKODRIVER: &str = "0.37.1";
const FIREFOX_ON_MACOS: &str = "/Applications/Firefox.app/Contents/MacOS/firefox";
const TESTS: &[&str] = &["tests/engines/panel.test.mjs", "tests/engines/pages.test.mjs"];

/// A browser, and the program that drives it.
struct Engine {
    browser: PathBuf,
    driver: PathBuf,
}

pub fn run() -> Result<()> {
    let lock = project::lock()?;
    build::install(packages::node()?.value)?;
    let engines = [("firefox", step("firefox", firefox)), ("webkit", step("webkit", webkit))];
    drop(lock);
    let mut faults = Vec::new();
    for (name, engine) in engines {
        match engine.and_then(|engine| look(name, &engine)) {
            Ok(()) => say!("{name}: passed"),
            Err(fault) => {
                complain(&format!("{name}: {fault}"));
                faults.push(name);
            }
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    bail!("not passed in {}; why is above", faults.join(" and "))
}

/// Runs the tests in one engine.
fn look(name: &str, engine: &Engine) -> Result<()> {
    let mut node = project::tool("node");
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).args(TESTS);
    node.env("XTASK", env::current_exe()?).env("ENGINE", name);
    node.env("DRIVER", &engine.driver).env("BROWSER", &engine.browser);
    if process::show(&mut node)?.success() {
        return Ok(());
    }
    bail!("a test failed; what it says is above")
}

fn firefox(step: &Step) -> Result<Told<Engine>> {
    let find = || {
        let named = env::var_os("FIREFOX").map(PathBuf::from);
        let on_macos = || Some(PathBuf::from(FIREFOX_ON_MACOS));
        named
            .or_else(|| on_path("firefox-esr"))
            .or_else(|| on_path("firefox"))
            .or_else(on_macos)
            .filter(|path| path.is_file())
    };
    let browser = find_or_install(step, "Firefox", &["firefox-esr"], find).ok_or_else(|| {
        anyhow!(
            "NOT LOOKED AT: no Firefox is on this machine and none could be installed: install \
             one, or set FIREFOX to the path of one, and run `cargo xtask engines` again"
        )
    })?;
    let driver = geckodriver(step)?;
    Ok(told(browser.display().to_string(), Engine { browser, driver }))
}

/// What drives Firefox is Mozilla's, and written in Rust.
fn geckodriver(step: &Step) -> Result<PathBuf> {
    let tools = project::root().join(".tools");
    let ours = tools.join("bin/geckodriver");
    if let Some(path) = on_path("geckodriver").or_else(|| ours.is_file().then(|| ours.clone())) {
        return Ok(path);
    }
    step.says("cargo installs geckodriver ...");
    let mut install = project::cargo();
    install.args(["install", "geckodriver", "--version", GECKODRIVER, "--locked", "--root"]);
    let output = process::capture(install.arg(tools))?;
    if !ours.is_file() {
        bail!(
            "NOT LOOKED AT: cargo could not install geckodriver {GECKODRIVER}, which drives \
             Firefox; it said: {}",
            process::text_of(&output).lines().last().unwrap_or_default()
        );
    }
    Ok(ours)
}

fn webkit(step: &Step) -> Result<Told<Engine>> {
    let find = || {
        on_path("xvfb-run")?;
        Some(Engine { driver: on_path("WebKitWebDriver")?, browser: mini_browser()? })
    };
    let engine = find_or_install(step, "WebKit", &["webkit2gtk-driver", "xvfb", "xauth"], find);
    let engine = engine.ok_or_else(|| {
        anyhow!(
            "NOT LOOKED AT: WebKitWebDriver, MiniBrowser and xvfb-run are not all on this machine \
             and could not be installed: install WebKitGTK's driver (Debian and Ubuntu: `apt-get \
             install webkit2gtk-driver xvfb`) and run `cargo xtask engines` again"
        )
    })?;
    Ok(told(engine.browser.display().to_string(), engine))
}

/// WebKitGTK's own small browser, which stands beside its libraries.
fn mini_browser() -> Option<PathBuf> {
    let mut folders = vec![PathBuf::from("/usr/libexec"), PathBuf::from("/usr/lib64")];
    let of_architectures = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    folders.extend(of_architectures);
    let below = |folder: &Path| {
        let versions = ["webkit2gtk-4.1", "webkitgtk-6.0", "webkit2gtk-4.0"];
        versions.map(|version| folder.join(version).join("MiniBrowser"))
    };
    folders.iter().flat_map(|folder| below(folder)).find(|path| path.is_file())
}

fn find_or_install<T>(
    step: &Step,
    name: &str,
    packages: &[&str],
    find: impl Fn() -> Option<T>,
) -> Option<T> {
    find().or_else(|| {
        step.says(&format!("fetching {name} ..."));
        debian::install(packages);
        find()
    })
}
