//! Reads scenario files. Strict: a line that is none of the sentences is a
//! fault with its file and line, and all faults of a file are told at once.

mod ledger;
mod order;
mod sentence;

use crate::ledger::Ledger;
use crate::moment;
use crate::scenario::{Place, Scenario, Step, What};
use crate::words::Words;
use goodword::time::Instant;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Reads all `*.txt` files of a folder, by name.
///
/// # Errors
/// Every line that cannot be read, each with its place.
pub fn folder(path: &Path) -> Result<Vec<Scenario>, Vec<String>> {
    let unreadable = |error: std::io::Error| vec![format!("{}: {error}", path.display())];
    let entries = fs::read_dir(path).map_err(unreadable)?;
    let mut paths: Vec<_> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let mut scenarios = Vec::new();
    let mut faults = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match fs::read_to_string(&path) {
            Ok(text) => match file(&format!("tests/scenarios/{name}"), &text) {
                Ok(read) => scenarios.extend(read),
                Err(of_file) => faults.extend(of_file),
            },
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    if faults.is_empty() { Ok(scenarios) } else { Err(faults) }
}

/// Reads one file.
///
/// # Errors
/// Every line that cannot be read, each with its place.
pub fn file(name: &str, text: &str) -> Result<Vec<Scenario>, Vec<String>> {
    let mut reader = Reader { name, scenarios: Vec::new(), clock: moment::BEGINNING };
    let mut faults = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let place = Place { file: name.to_owned(), line: index + 1 };
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Err(fault) = reader.line(&place, line) {
            faults.push(format!("{place}: {fault}: {line}"));
        }
    }
    for scenario in &reader.scenarios {
        let expects = |step: &Step| matches!(&step.what, What::Ledger(_)) || says(step);
        if scenario.program.is_empty() || !scenario.steps.iter().any(expects) {
            faults.push(format!("{}: needs a program and something it expects", scenario.place));
        }
    }
    if faults.is_empty() { Ok(reader.scenarios) } else { Err(faults) }
}

fn says(step: &Step) -> bool {
    match &step.what {
        What::Order(order) => order.expected.is_some(),
        What::Refund(refund) => refund.expects_conflict,
        What::Settle { expected } => expected.is_some(),
        What::Click(click) => !click.expects_claim,
        _ => false,
    }
}

struct Reader<'a> {
    name: &'a str,
    scenarios: Vec<Scenario>,
    clock: Instant,
}

impl Reader<'_> {
    fn line(&mut self, place: &Place, line: &str) -> Result<(), String> {
        if let Some(title) = line.strip_prefix("scenario: ") {
            if self.scenarios.iter().any(|scenario| scenario.title == title) {
                return Err(format!("{} has this scenario already", self.name));
            }
            self.clock = moment::BEGINNING;
            self.scenarios.push(Scenario {
                place: place.clone(),
                title: title.to_owned(),
                program: String::new(),
                with: Vec::new(),
                steps: Vec::new(),
            });
            return Ok(());
        }
        let scenario = self.scenarios.last_mut().ok_or("there is no scenario yet")?;
        if let Some(program) = line.strip_prefix("program ") {
            if !scenario.program.is_empty() {
                return Err("there is a program already".to_owned());
            }
            program.clone_into(&mut scenario.program);
            return Ok(());
        }
        if let Some(text) = line.strip_prefix("with ") {
            if !scenario.steps.is_empty() {
                return Err("the program's terms come before what happens".to_owned());
            }
            scenario.with.push(path_and_value(text)?);
            return Ok(());
        }
        if line.starts_with("day ") { self.dated(place, line) } else { self.undated(place, line) }
    }

    fn dated(&mut self, place: &Place, line: &str) -> Result<(), String> {
        let mut words = Words::of(line)?;
        let at = moment::read(&mut words)?;
        let steps: Vec<(Instant, What)> = match owner_sets(&mut words, line)? {
            Some(what) => vec![(at, what)],
            None => sentence::read(&mut words, at)?,
        };
        words.end()?;
        for (at, what) in steps {
            let may_be_late = matches!(what, What::Order(_) | What::Page { .. } | What::Refund(_));
            if at < self.clock && !may_be_late {
                let clock = moment::shown(self.clock);
                return Err(format!("it is {clock} already, and only orders are told late"));
            }
            self.clock = self.clock.max(at);
            self.push(Step { place: place.clone(), at, now: self.clock, is_dated: true, what });
        }
        Ok(())
    }

    fn undated(&mut self, place: &Place, line: &str) -> Result<(), String> {
        let mut words = Words::of(line)?;
        let now = self.clock;
        let step = |what| Step { place: place.clone(), at: now, now, is_dated: false, what };
        if let Some(ledger) = ledger::heading(&mut words)? {
            self.push(step(What::Ledger(ledger)));
        } else if let Some(lines) = ledger::lines(&mut words)? {
            self.ledger()?.lines.extend(lines);
        } else {
            let what = sentence::enrolment(&mut words)?;
            self.push(step(what));
        }
        words.end()
    }

    fn push(&mut self, step: Step) {
        self.scenarios
            .last_mut()
            .into_iter()
            .for_each(|scenario| scenario.steps.push(step.clone()));
    }

    /// The ledger that the line before belongs to.
    fn ledger(&mut self) -> Result<&mut Ledger, String> {
        let last = self.scenarios.last_mut().and_then(|scenario| scenario.steps.last_mut());
        match last.map(|step| &mut step.what) {
            Some(What::Ledger(ledger)) => Ok(ledger),
            _ => Err("a reward must stand below \"the ledger is:\"".to_owned()),
        }
    }
}

/// `the owner sets PATH JSON`; the JSON may hold spaces, so the line is taken
/// as it is.
fn owner_sets(words: &mut Words<'_>, line: &str) -> Result<Option<What>, String> {
    const PHRASE: &str = "the owner sets";
    if !words.take(PHRASE) {
        return Ok(None);
    }
    let (_, text) = line.split_once(PHRASE).unwrap_or_default();
    let (path, value) = path_and_value(text.trim())?;
    while words.peek().is_some() {
        words.word("")?;
    }
    Ok(Some(What::Terms(path, value)))
}

fn path_and_value(text: &str) -> Result<(String, Value), String> {
    let (path, json) = text.split_once(' ').ok_or("expected a path and a value")?;
    let value = serde_json::from_str(json).map_err(|_| format!("{json} is not JSON"))?;
    Ok((path.to_owned(), value))
}
