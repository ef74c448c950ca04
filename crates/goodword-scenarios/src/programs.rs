//! The programs that scenarios start from: the files of `programs/`, each by
//! its name, with what a scenario changes.

use goodword::key::ProgramId;
use goodword_api::program::ProgramDocument;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The shop of every scenario.
pub const ORIGIN: &str = "https://shop.example";

/// All programs, as they are written.
pub struct Programs(BTreeMap<String, Value>);

impl Programs {
    /// Reads all `*.json` files of a folder.
    ///
    /// # Errors
    /// Every file that is not JSON.
    pub fn folder(path: &Path) -> Result<Self, String> {
        let unreadable = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut programs = BTreeMap::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                let text = fs::read_to_string(&path).map_err(unreadable)?;
                let document = serde_json::from_str(&text)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                programs.insert(name, document);
            }
        }
        Ok(Programs(programs))
    }

    /// Every program with its file's name.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, document)| (name.as_str(), document))
    }

    /// A program with changes, under an id of its own and with the shop of
    /// the scenarios.
    ///
    /// # Errors
    /// That there is no such file, path, or that the terms are not good.
    pub fn changed(
        &self,
        name: &str,
        changes: &[(String, Value)],
        id: &ProgramId,
    ) -> Result<Value, String> {
        let document = self.0.get(name).ok_or_else(|| format!("no programs/{name}.json"))?;
        let mut document = document.clone();
        for (path, value) in changes {
            set(&mut document, path, value.clone())?;
        }
        set(&mut document, "id", Value::from(id.as_str()))?;
        set(&mut document, "destination", Value::from(format!("{ORIGIN}/")))?;
        set(&mut document, "origins", Value::from(vec![ORIGIN]))?;
        check(&document, id)?;
        Ok(document)
    }
}

/// That terms are good.
///
/// # Errors
/// Every fault.
pub fn check(document: &Value, id: &ProgramId) -> Result<(), String> {
    let read = ProgramDocument::read(document.clone(), Some(id));
    read.map(|_| ()).map_err(|problem| {
        let faults = problem.faults.iter();
        let told: Vec<String> =
            faults.map(|fault| format!("{} {}", fault.field, fault.detail)).collect();
        format!("the terms are not good: {}", told.join("; "))
    })
}

/// Sets the field at a path such as `caps.0.count`.
///
/// # Errors
/// That the path leads nowhere.
pub fn set(document: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let nowhere = || format!("{path} leads nowhere");
    let (parents, last) = match path.rsplit_once('.') {
        Some((parents, last)) => (parents.split('.').collect(), last),
        None => (Vec::new(), path),
    };
    let mut place = document;
    for part in parents {
        place = child(place, part).ok_or_else(nowhere)?;
    }
    match place {
        Value::Object(fields) => {
            fields.insert(last.to_owned(), value);
        }
        place => *child(place, last).ok_or_else(nowhere)? = value,
    }
    Ok(())
}

fn child<'a>(place: &'a mut Value, part: &str) -> Option<&'a mut Value> {
    match place {
        Value::Object(fields) => fields.get_mut(part),
        Value::Array(entries) => entries.get_mut(part.parse::<usize>().ok()?),
        _ => None,
    }
}
