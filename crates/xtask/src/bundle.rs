//! From the widget's scripts, texts and Wasm to the files that a page loads, and the Worker's
//! folder beside them.
//!
//! All files of the widget carry one hash in their names, taken over all of them, so that the
//! loader names them by one constant. What the scripts do is decided in `www/`.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    bind::Bound,
    dashboard,
    digest::{Digest, files_below},
    process,
    project::{build, root, tool, write_if_changed},
    steps::{Step, Told, told},
};

/// Says how entry.js, and the headers of what it serves, are written.
const ENTRY: &str = include_str!("../templates/entry.js");
const HEADERS: &str = include_str!("../templates/_headers");
/// How everything in a page is written: as small as browsers since 2022 can read it. Without the
/// charset every letter beyond ASCII would travel as six.
const AS_SMALL_AS_READ: &[&str] =
    &["--minify", "--target=es2022", "--charset=utf8", "--log-level=warning"];
/// What makes a bundled script smaller still.
const MINIFY: &str = "crates/xtask/src/bundle/minify.mjs";
/// Stands for the Wasm until what is around it is as small as it gets.
const WASM_TO_COME: &str = "the Wasm comes here";
/// Digits, to the base of 16, of the hash in a file's name.
const HASH_DIGITS: usize = 6;

/// What a page loads: `build/assets`.
pub fn assets_folder() -> PathBuf {
    build().join("assets")
}

/// What the Worker is deployed from: `build/worker`.
pub fn worker_folder() -> PathBuf {
    build().join("worker")
}

/// Puts entry, glue and Wasm of the tracker side by side.
pub fn worker(bound: &Bound) -> Result<()> {
    let folder = worker_folder();
    for path in files_below(&bound.folder)? {
        let name = path.strip_prefix(&bound.folder)?;
        if name == OsStr::new("made-from") {
            continue;
        }
        let mut bytes = fs::read(&path)?;
        if name == OsStr::new(&format!("{}.js", bound.stem)) {
            // wrangler's bundler knows the import of a Wasm module, but not its newer spelling.
            bytes = String::from_utf8(bytes)?.replace("import source ", "import ").into_bytes();
        }
        write_if_changed(&folder.join(name), &bytes)?;
    }
    write_if_changed(&folder.join("entry.js"), ENTRY.as_bytes())
}

/// Makes loader, widget and dashboard, unless they are already made from these sources.
pub fn assets(step: &Step, bound: &Bound) -> Result<Told<()>> {
    let stamp = build().join("assets-made-from");
    let from = Digest::default()
        .folder(&root().join("www/widget"))?
        .folder(&root().join("www/dashboard"))?
        .file(&root().join("www/goodword.js"))?
        .file(&root().join("www/openapi.json"))?
        .folder(&bound.folder)?
        .file(&root().join("package-lock.json"))?
        .bytes(HEADERS.as_bytes())
        .bytes(include_bytes!("bundle.rs"))
        .bytes(include_bytes!("dashboard.rs"))
        .bytes(include_bytes!("bundle/minify.mjs"))
        .hex();
    if fs::read_to_string(&stamp).is_ok_and(|old| old == from) && assets_folder().exists() {
        return Ok(told("loader, widget and dashboard are up to date", ()));
    }
    step.says("esbuild and terser ...");
    let parts = widget_parts(bound)?;
    let hash = write_parts(&assets_folder().join("widget"), &parts, loader)?;
    dashboard::make()?;
    write_if_changed(&assets_folder().join("_headers"), HEADERS.as_bytes())?;
    let description = fs::read(root().join("www/openapi.json"))?;
    write_if_changed(&assets_folder().join("openapi.json"), &description)?;
    fs::write(&stamp, from)?;
    Ok(told(format!("loader and widget {hash}, {} files; dashboard", parts.len()), ()))
}

/// What has words, and is therefore made once for every language: the modes of `<good-word>`, the
/// panel without Wasm, and the welcome.
const SPEAKING: &[&str] =
    &["inline", "launcher", "bar", "after-purchase", "question", "leaderboard", "plain", "welcome"];

/// Every file of the widget with its name before the hash, in the order of the names.
fn widget_parts(bound: &Bound) -> Result<Vec<(String, Vec<u8>)>> {
    let sources = with_small_styles()?;
    let glue = bound.folder.join(format!("{}_bg.js", bound.stem));
    let wasm = build().join("bundled/wasm.js");
    write_if_changed(&wasm, format!("export default \"{WASM_TO_COME}\";").as_bytes())?;
    let bundled = |script: &str, name: &str, more: &[String]| -> Result<_> {
        let made = build().join("bundled").join(name);
        let mut arguments = vec![
            sources.join(script).with_extension("js").display().to_string(),
            "--bundle".to_owned(),
            "--format=esm".to_owned(),
            "--loader:.css=text".to_owned(),
            format!("--outfile={}", made.display()),
        ];
        arguments.extend_from_slice(more);
        esbuild(&arguments)?;
        Ok((name.to_owned(), made))
    };
    let mut scripts = vec![bundled("more", "more.js", &[])?];
    for texts in files_below(&root().join("www/widget/texts"))? {
        let language = texts.file_stem().and_then(OsStr::to_str).unwrap_or_default();
        for script in SPEAKING {
            let speaking = [
                format!("--alias:goodword-texts={}", texts.display()),
                format!("--alias:goodword-glue={}", glue.display()),
                format!("--alias:goodword-wasm={}", wasm.display()),
            ];
            scripts.push(bundled(script, &format!("{script}.{language}.js"), &speaking)?);
        }
    }
    minify(scripts.iter().map(|(_, made)| made.as_path()))?;
    let quoted = format!("\"{WASM_TO_COME}\"");
    let text = as_text(&fs::read(bound.wasm())?);
    let mut parts = Vec::new();
    for (name, made) in scripts {
        let script = fs::read_to_string(made)?.replace(&quoted, &text);
        if script.contains(WASM_TO_COME) {
            bail!("{name} has no place for the Wasm");
        }
        parts.push((name, script.into_bytes()));
    }
    parts.sort();
    Ok(parts)
}

/// Bytes as a script's text, a letter a byte: that way the Wasm is a hundredth more than apart, and
/// one file less to ask for. Between backticks everything stands for itself but these; a bare
/// carriage return would be read as a line feed. terser would write zeros and line ends as two
/// letters each, which makes the whole script a fiftieth heavier.
fn as_text(bytes: &[u8]) -> String {
    let mut text = String::from("`");
    for letter in bytes.iter().copied().map(char::from) {
        match letter {
            '\r' => text.push_str("\\r"),
            '`' | '\\' | '$' => text.extend(['\\', letter]),
            _ => text.push(letter),
        }
    }
    text.push('`');
    text
}

/// The widget's scripts with minified styles beside them: a script imports its style as text,
/// and esbuild leaves text as it is.
fn with_small_styles() -> Result<PathBuf> {
    let (from, to) = (root().join("www/widget"), build().join("widget"));
    for path in files_below(&from)? {
        let made = to.join(path.strip_prefix(&from)?);
        if path.extension() == Some(OsStr::new("css")) {
            esbuild(&[path.display().to_string(), format!("--outfile={}", made.display())])?;
            let style = fs::read_to_string(&made)?;
            write_if_changed(&made, without_spaces(style.trim_end()).as_bytes())?;
        } else {
            write_if_changed(&made, &fs::read(&path)?)?;
        }
    }
    Ok(to)
}

/// A minified style without the spaces that esbuild leaves where custom properties are declared and
/// asked about, because what reads those may be a script: ours are read by styles alone.
fn without_spaces(style: &str) -> String {
    const CLOSER: &[(&str, &str)] = &[(": ", ":"), (", ", ","), ("( ", "("), (" )", ")")];
    CLOSER.iter().fold(style.to_owned(), |style, (from, to)| style.replace(from, to))
}

fn loader(hash: &str) -> Result<()> {
    let made = build().join("bundled/goodword.js");
    esbuild(&[
        root().join("www/goodword.js").display().to_string(),
        format!("--define:__WIDGET_HASH__=\"{hash}\""),
        format!("--outfile={}", made.display()),
    ])?;
    minify([made.as_path()])?;
    let bytes = fs::read(&made)?;
    write_if_changed(&assets_folder().join("goodword.js"), &bytes)
}

/// Makes scripts smaller still, where they are.
fn minify<'a>(scripts: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    let mut command = tool("node");
    command.arg(root().join(MINIFY)).args(scripts);
    let output = process::capture(&mut command)?;
    if !output.status.success() {
        bail!("terser refused a script in www/: {}", process::text_of(&output).trim());
    }
    Ok(())
}

pub fn esbuild(arguments: &[String]) -> Result<()> {
    let mut command = tool("esbuild");
    command.args(arguments).args(AS_SMALL_AS_READ);
    let output = process::capture(&mut command)?;
    if !output.status.success() {
        bail!("esbuild refused a script in www/: {}", process::text_of(&output).trim());
    }
    Ok(())
}

fn hash_of(parts: &[(String, Vec<u8>)]) -> Result<String> {
    let digest = parts.iter().fold(Digest::default(), |digest, (name, bytes)| {
        digest.bytes(name.as_bytes()).bytes(bytes)
    });
    let hex = digest.hex();
    let digits = hex.get(..HASH_DIGITS).context("a digest is longer than its beginning")?;
    // In letters: a number in the loader costs up to 15 bytes of its budget, as chance has it.
    let letters = digits.chars().filter_map(|digit| digit.to_digit(16)?.try_into().ok());
    Ok(letters.map(|value: u8| char::from(b'a' + value)).collect())
}

/// Writes files under names with their hash into a folder, `then` whatever points at them; only
/// after that those of other hashes go.
pub fn write_parts(
    folder: &Path,
    parts: &[(String, Vec<u8>)],
    then: impl FnOnce(&str) -> Result<()>,
) -> Result<String> {
    let hash = hash_of(parts)?;
    let mut kept = Vec::new();
    for (name, bytes) in parts {
        let path = folder.join(with_hash(name, &hash));
        write_if_changed(&path, bytes)?;
        kept.push(path);
    }
    then(&hash)?;
    for old in files_below(folder)?.iter().filter(|path| !kept.contains(path)) {
        fs::remove_file(old)?;
    }
    Ok(hash)
}

/// `panel.en.js` becomes `panel.en.abcdef.js`.
fn with_hash(name: &str, hash: &str) -> String {
    let path = Path::new(name);
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    path.with_extension(format!("{hash}.{extension}")).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_a_text_that_reads_as_them() {
        let check = |bytes: &[u8], text: &str| assert_eq!(as_text(bytes), text);
        check(b"", "``");
        check(b"\0\x01\t\n\x7f'\"", "`\0\u{1}\t\n\u{7f}'\"`");
        check(b"\r\r\n", "`\\r\\r\n`");
        check(b"`\\${r}", "`\\`\\\\\\${r}`");
        check(&[0x80, 0xff], "`\u{80}\u{ff}`");
    }

    #[test]
    fn the_hash_stands_before_the_extension() {
        assert_eq!(with_hash("panel.en.js", "abcdef"), "panel.en.abcdef.js");
        assert_eq!(with_hash("panel.wasm", "abcdef"), "panel.abcdef.wasm");
    }

    #[test]
    fn spaces_that_part_nothing_go_and_those_that_part_something_stay() {
        let check = |style: &str, expected: &str| assert_eq!(without_spaces(style), expected);
        check(
            "a{--x: rgb( from var(--y, red) r g b / 1 )}",
            "a{--x:rgb(from var(--y,red) r g b / 1)}",
        );
        check("a{--x: calc(1 - 2 * (3 + 4))}", "a{--x:calc(1 - 2 * (3 + 4))}");
        check(
            "@container style(--x: y) or style(--x: z){}",
            "@container style(--x:y) or style(--x:z){}",
        );
        check(
            ":host([hidden]) b :hover,i>b{margin:1px auto}",
            ":host([hidden]) b :hover,i>b{margin:1px auto}",
        );
    }

    #[test]
    fn the_hash_knows_names_and_bytes() {
        let hash = |name: &str, bytes: &[u8]| hash_of(&[(name.to_owned(), bytes.to_vec())]);
        let first = hash("a", b"b").unwrap();
        assert_eq!(first.len(), HASH_DIGITS);
        assert_eq!(first, hash("a", b"b").unwrap());
        assert_ne!(first, hash("a", b"c").unwrap());
        assert_ne!(first, hash("b", b"b").unwrap());
        assert_ne!(first, hash("", b"ab").unwrap());
    }
}
