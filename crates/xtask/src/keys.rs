//! The secrets of a development server: which there are, and the file they are kept in.
//!
//! One `NAME=value` a line. A name that is missing is added with a fresh random value; a value
//! that is there is never changed, so that codes, claims and sealed data stay readable. What a
//! secret is for is the tracker's to know.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use anyhow::{Context, Result, anyhow};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

/// Readable and writable by the user alone.
const FILE_MODE: u32 = 0o600;

/// Every secret, with how its value is written.
const SECRETS: &[(&str, Form)] = &[
    ("SECRET_KEY", Form::UrlSafe("gw_sk_")),
    ("OWNER_KEY", Form::UrlSafe("gw_ok_")),
    ("PEPPER", Form::Hex),
    ("CLAIM_KEYS", Form::Hex),
    ("SEAL_KEYS", Form::Hex),
    ("IDENTITY_SECRET", Form::UrlSafe("")),
    ("STRIPE_WEBHOOK_SECRET", Form::UrlSafe("whsec_")),
    ("SHOPIFY_CLIENT_SECRET", Form::UrlSafe("")),
    ("WOOCOMMERCE_WEBHOOK_SECRET", Form::UrlSafe("")),
    ("WEBHOOK_SIGNING_SECRET", Form::Base64("whsec_")),
];

/// How 32 random bytes are written, and what stands before them.
#[derive(Clone, Copy)]
enum Form {
    Hex,
    UrlSafe(&'static str),
    Base64(&'static str),
}

/// What the file holds: names and values, in its order.
pub type Vars = Vec<(String, String)>;

/// The value of a name.
pub fn value<'a>(vars: &'a Vars, name: &str) -> Result<&'a str> {
    let found = vars.iter().rev().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str()).ok_or_else(|| anyhow!("{name} is missing"))
}

/// Reads the file, adding what is missing. Returns its content and how many names were added.
pub fn keep(path: &Path) -> Result<(Vars, usize)> {
    let before = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(fault) => return Err(fault).with_context(|| unusable(path)),
    };
    let missing = missing_lines(&before, random_bytes)?;
    if !missing.is_empty() {
        append(path, &before, &missing).with_context(|| unusable(path))?;
    }
    fs::set_permissions(path, fs::Permissions::from_mode(FILE_MODE))
        .with_context(|| unusable(path))?;
    let added = missing.lines().count();
    Ok((parse(&(before + "\n" + &missing)), added))
}

/// Names and values of a file's text. A value may stand in double quotes; `#` starts a comment
/// line.
pub fn parse(text: &str) -> Vars {
    let mut vars = Vars::new();
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once('=') else { continue };
        let value = value.trim();
        let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        vars.push((name.trim().to_owned(), bare.unwrap_or(value).to_owned()));
    }
    vars
}

fn missing_lines(text: &str, mut random: impl FnMut() -> Result<[u8; 32]>) -> Result<String> {
    let known = parse(text);
    let mut lines = String::new();
    for (name, form) in SECRETS {
        if known.iter().any(|(there, value)| there == name && !value.is_empty()) {
            continue;
        }
        lines.push_str(&format!("{name}={}\n", written(*form, random()?)));
    }
    Ok(lines)
}

fn written(form: Form, bytes: [u8; 32]) -> String {
    match form {
        Form::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Form::UrlSafe(before) => format!("{before}{}", URL_SAFE_NO_PAD.encode(bytes)),
        Form::Base64(before) => format!("{before}{}", STANDARD.encode(bytes)),
    }
}

fn random_bytes() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|fault| anyhow!("this system gives no random bytes: {fault}"))?;
    Ok(bytes)
}

fn append(path: &Path, before: &str, missing: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).mode(FILE_MODE).open(path)?;
    if !before.is_empty() && !before.ends_with('\n') {
        file.write_all(b"\n")?;
    }
    file.write_all(missing.as_bytes())
}

fn unusable(path: &Path) -> String {
    format!("cannot use {}: make it a file that you may read and write", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added_to(text: &str) -> Vars {
        parse(&missing_lines(text, || Ok([7; 32])).unwrap())
    }

    fn check_added(text: &str, expected: &[&str]) {
        let names: Vec<_> = added_to(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, expected, "added to {text:?}");
    }

    #[test]
    fn only_what_is_missing_is_added() {
        let all: Vec<_> = SECRETS.iter().map(|(name, _)| *name).collect();
        let whole: String = all.iter().map(|name| format!("{name}=x\n")).collect();
        check_added("", &all);
        check_added("# SECRET_KEY=x\n", &all);
        check_added("OTHER=1\n", &all);
        check_added("SECRET_KEY=mine\n", &all[1..]);
        check_added("SECRET_KEY = \"mine\"\nOWNER_KEY=new,old", &all[2..]);
        // An empty value opens no door: it is as good as missing, and the later line counts.
        check_added(&whole.replace("PEPPER=x", "PEPPER="), &["PEPPER"]);
        check_added(&whole, &[]);
    }

    #[test]
    fn values_are_read_as_they_are_meant() {
        let check = |line: &str, value: &str| {
            assert_eq!(parse(line), [("A".to_owned(), value.to_owned())], "{line:?}");
        };
        check("A=b", "b");
        check("A = b ", "b");
        check("A=\"b c\"", "b c");
        check("A=\"b", "\"b");
        check("A=b=", "b=");
        check("A=", "");
        check("A=new,old", "new,old");
    }

    #[test]
    fn secrets_have_the_form_their_readers_expect() {
        let vars = added_to("");
        let of = |name: &str| value(&vars, name).unwrap().to_owned();
        assert_eq!(of("PEPPER"), "07".repeat(32));
        let url_safe = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
        assert_eq!(of("SECRET_KEY"), format!("gw_sk_{url_safe}"));
        assert_eq!(of("OWNER_KEY"), format!("gw_ok_{url_safe}"));
        assert_eq!(of("WEBHOOK_SIGNING_SECRET"), format!("whsec_{url_safe}="));
    }

    #[test]
    fn a_file_keeps_its_values_and_is_private() {
        let folder = std::env::temp_dir().join(format!("goodword-keys-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(".dev.vars");
        fs::write(&path, "SECRET_KEY=mine").unwrap();

        let (first, added) = keep(&path).unwrap();
        let (second, added_again) = keep(&path).unwrap();

        assert_eq!((added, added_again), (SECRETS.len() - 1, 0));
        assert_eq!(value(&first, "SECRET_KEY").unwrap(), "mine");
        assert_eq!(value(&first, "PEPPER").unwrap(), value(&second, "PEPPER").unwrap());
        assert_ne!(value(&first, "PEPPER").unwrap(), value(&first, "SEAL_KEYS").unwrap());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, FILE_MODE);
        fs::remove_dir_all(&folder).unwrap();
    }
}
