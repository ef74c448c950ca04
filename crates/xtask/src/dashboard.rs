//! From the dashboard's scripts, style and texts to the page at `/dashboard` and the files it loads.
//!
//! All of them carry one hash in their names; the page itself, which has none, names them. A
//! language is a file of its own, so that only the reader's travels.

use std::{ffi::OsStr, fs, path::Path};

use anyhow::Result;

use crate::{
    bundle::{assets_folder, esbuild, write_parts},
    digest::files_below,
    project::{build, root, write_if_changed},
};

/// What stands in the page for the hash.
const HASH: &str = ".HASH.";

/// Makes page and files.
pub fn make() -> Result<()> {
    let from = root().join("www/dashboard");
    let mut parts = vec![
        ("icon.svg".to_owned(), fs::read(from.join("icon.svg"))?),
        ("main.css".to_owned(), made(&from.join("main.css"))?),
        ("main.js".to_owned(), made(&from.join("main.js"))?),
    ];
    for texts in files_below(&from.join("texts"))? {
        let name = texts.file_name().and_then(OsStr::to_str).unwrap_or_default().to_owned();
        parts.push((name, made(&texts)?));
    }
    parts.sort();
    let page = fs::read_to_string(from.join("index.html"))?;
    write_parts(&assets_folder().join("dashboard"), &parts, |hash| {
        let page = page.replace(HASH, &format!(".{hash}."));
        write_if_changed(&assets_folder().join("dashboard.html"), page.as_bytes())
    })?;
    Ok(())
}

/// A script or a style with all it imports.
fn made(path: &Path) -> Result<Vec<u8>> {
    let made = build().join("bundled/dashboard").join(path.file_name().unwrap_or_default());
    esbuild(&[
        path.display().to_string(),
        "--bundle".to_owned(),
        "--format=esm".to_owned(),
        format!("--outfile={}", made.display()),
    ])?;
    Ok(fs::read(made)?)
}
