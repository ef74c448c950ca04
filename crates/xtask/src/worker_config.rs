//! The configuration that the development server runs on: the deployed one, with what only a
//! development server has.
//!
//! wrangler gives `--var` and `--env-file` to the first of several Workers alone and otherwise
//! looks for secrets beside a configuration. Here the keys belong to the state folder. So each
//! configuration is written there anew, with absolute paths, and names the secrets that wrangler
//! takes from its environment; no secret is written a second time.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::keys::Vars;

/// What the tracker is told in development only: no grace before settling, every click at once,
/// events that did not get through again with every run of the cron.
const TRACKER_VARS: &[(&str, &str)] =
    &[("SETTLEMENT_GRACE_SECONDS", "0"), ("TRAFFIC_WINDOW_MS", "0"), ("WEBHOOK_WAIT_SECONDS", "0")];
/// What the shop's backend knows of the tracker's secrets, as a shop's does.
const SHOP_SECRETS: &[&str] = &["SECRET_KEY", "IDENTITY_SECRET"];

/// The binding that letters go out by, and the variable that says from whom.
const MAIL: &str = "MAIL";
pub const MAIL_FROM: &str = "MAIL_FROM";

/// Letters of a development server: wrangler keeps them and sends none.
pub struct Mail<'a> {
    /// The sender's address.
    pub from: &'a str,
    /// Nobody else's letters are taken; empty: everybody's are.
    pub only_to: &'a [String],
}

/// A configuration as it was written.
pub struct Config {
    pub path: PathBuf,
    /// The variables it sets, which the environment must not set otherwise.
    pub vars: Vec<String>,
}

/// Writes the tracker's configuration.
pub fn tracker(
    project: &Path,
    folder: &Path,
    secrets: &Vars,
    mail: Option<&Mail<'_>>,
) -> Result<Config> {
    let names = secrets.iter().map(|(name, _)| name.as_str());
    let from = project.join("wrangler.toml");
    write(&from, &folder.join("tracker.json"), TRACKER_VARS, names, mail)
}

/// Writes the demo shop's configuration.
pub fn shop(project: &Path, folder: &Path) -> Result<Config> {
    let names = SHOP_SECRETS.iter().copied();
    write(&project.join("www/demo/wrangler.toml"), &folder.join("shop.json"), &[], names, None)
}

fn write<'a>(
    from: &Path,
    to: &Path,
    vars: &[(&str, &str)],
    secrets: impl Iterator<Item = &'a str>,
    mail: Option<&Mail<'_>>,
) -> Result<Config> {
    let text =
        fs::read_to_string(from).with_context(|| format!("cannot read {}", from.display()))?;
    let table: toml::Table =
        toml::from_str(&text).with_context(|| format!("{} is not TOML", from.display()))?;
    let beside = from.parent().unwrap_or(from);
    let mut config = for_development(serde_json::to_value(table)?, beside, vars, secrets);
    if let Some(mail) = mail {
        write_letters(&mut config, mail);
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, serde_json::to_vec_pretty(&config)?)
        .with_context(|| format!("cannot write {}", to.display()))?;
    let vars = config.get("vars").and_then(Value::as_object);
    let vars = vars.map(|vars| vars.keys().cloned().collect()).unwrap_or_default();
    Ok(Config { path: to.to_path_buf(), vars })
}

fn for_development<'a>(
    mut config: Value,
    beside: &Path,
    vars: &[(&str, &str)],
    secrets: impl Iterator<Item = &'a str>,
) -> Value {
    for pointer in ["/main", "/assets/directory"] {
        if let Some(path) = config.pointer_mut(pointer)
            && let Some(relative) = path.as_str()
        {
            *path = json!(beside.join(relative));
        }
    }
    if let Some(table) = config.as_object_mut() {
        // wrangler runs no cron by itself here, and for the second of two Workers it would name an
        // address that does not reach it.
        table.remove("triggers");
        let all = table.entry("vars").or_insert_with(|| json!({}));
        if let Some(all) = all.as_object_mut() {
            all.extend(vars.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
        }
        table.insert("secrets".to_owned(), json!({ "required": secrets.collect::<Vec<_>>() }));
    }
    config
}

/// Has letters written, whether or not the deployed Worker writes any.
fn write_letters(config: &mut Value, mail: &Mail<'_>) {
    let Some(table) = config.as_object_mut() else { return };
    let mut binding = Map::from_iter([("name".to_owned(), json!(MAIL))]);
    if !mail.only_to.is_empty() {
        binding.insert("allowed_destination_addresses".to_owned(), json!(mail.only_to));
    }
    table.insert("send_email".to_owned(), json!([binding]));
    if let Some(vars) = table.get_mut("vars").and_then(Value::as_object_mut) {
        vars.insert(MAIL_FROM.to_owned(), json!(mail.from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_absolute_and_secrets_are_named() {
        let deployed: toml::Table = toml::from_str(
            "name = 'goodword'\nmain = 'build/worker/entry.js'\n\
             [assets]\ndirectory = 'build/assets'\n[vars]\nDEFAULT_PROGRAM = 'demo'\n\
             [triggers]\ncrons = ['* * * * *']",
        )
        .unwrap();
        let made = for_development(
            serde_json::to_value(deployed).unwrap(),
            Path::new("/shop"),
            &[("GRACE", "0")],
            ["PEPPER"].into_iter(),
        );
        assert_eq!(
            made,
            json!({
                "name": "goodword",
                "main": "/shop/build/worker/entry.js",
                "assets": { "directory": "/shop/build/assets" },
                "vars": { "DEFAULT_PROGRAM": "demo", "GRACE": "0" },
                "secrets": { "required": ["PEPPER"] },
            })
        );
    }

    #[test]
    fn a_worker_without_assets_and_vars_is_served_too() {
        let made = for_development(json!({"main": "a.js"}), Path::new("/s"), &[], [].into_iter());
        assert_eq!(made, json!({"main": "/s/a.js", "vars": {}, "secrets": {"required": []}}));
    }

    #[test]
    fn letters_are_written_from_the_address_that_was_asked_for() {
        let deployed = json!({
            "send_email": [{"name": "MAIL", "remote": true}],
            "vars": {"MAIL_FROM": "deployed@shop.example"},
        });
        let check = |only_to: &[String], binding: Value| {
            let mut made = deployed.clone();
            write_letters(&mut made, &Mail { from: "tea@shop.example", only_to });
            let vars = json!({"MAIL_FROM": "tea@shop.example"});
            assert_eq!(made, json!({"send_email": [binding], "vars": vars}));
        };
        check(&[], json!({"name": "MAIL"}));
        check(
            &["anna@mail.example".to_owned()],
            json!({"name": "MAIL", "allowed_destination_addresses": ["anna@mail.example"]}),
        );
    }
}
