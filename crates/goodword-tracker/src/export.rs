//! Exports as CSV (RFC 4180, UTF-8), made page by page: an answer holds the
//! first page, and whoever sends it asks for the next while there are any.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe
//! before it: names and order ids are other people's words.

use crate::http::Failure;
use crate::lists::{advocates, clicks, conversions, rewards};
use crate::programs;
use crate::tracker::Tracker;
use crate::walk::Place;
use goodword::key::ProgramId;
use serde_json::Value;

/// Entries that are made at a time: what is waiting in memory.
const ENTRIES: usize = 500;

/// Pages of one export. Each takes some ten KV operations where an entry has
/// few facts; an invocation has 1,000.
const PAGES_MAX: usize = 60;

/// The same of clicks, where an entry is an hour: eight operations a page, and
/// six years.
const PAGES_OF_HOURS_MAX: usize = 110;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Who recommends.
    Advocates,
    /// What was ordered.
    Conversions,
    /// What is owed.
    Rewards,
    /// What was counted.
    Clicks,
}

/// A column: its name, and the place of its value in an entry.
type Column = (&'static str, &'static str);

impl What {
    /// Reads the name of a file.
    #[must_use]
    pub fn parse(file: &str) -> Option<Self> {
        match file {
            "advocates.csv" => Some(What::Advocates),
            "conversions.csv" => Some(What::Conversions),
            "rewards.csv" => Some(What::Rewards),
            "clicks.csv" => Some(What::Clicks),
            _ => None,
        }
    }

    fn pages_max(self) -> usize {
        if self == What::Clicks { PAGES_OF_HOURS_MAX } else { PAGES_MAX }
    }

    fn columns(self) -> &'static [Column] {
        match self {
            What::Advocates => &[
                ("code", "/code"),
                ("share_link", "/share_link"),
                ("status", "/status"),
                ("customer_id", "/customer_id"),
                ("email", "/email"),
                ("display_name", "/display_name"),
                ("group", "/group"),
                ("since", "/since"),
                ("invited_by", "/invited_by"),
                ("conversions", "/conversions"),
            ],
            What::Conversions => &[
                ("conversion_id", "/conversion_id"),
                ("order_id", "/order_id"),
                ("kind", "/kind"),
                ("occurred_at", "/occurred_at"),
                ("amount_minor", "/value/amount_minor"),
                ("currency", "/value/currency"),
                ("refunded_minor", "/refunded_minor"),
                ("outcome", "/outcome"),
                ("reason", "/reason"),
                ("code", "/code"),
            ],
            What::Rewards => &[
                ("reward_id", "/reward_id"),
                ("side", "/side"),
                ("code", "/code"),
                ("order_id", "/order_id"),
                ("milestone", "/milestone"),
                ("level", "/level"),
                ("gives", "/gives"),
                ("amount_minor", "/value/amount_minor"),
                ("currency", "/value/currency"),
                ("amount", "/value/amount"),
                ("unit", "/value/unit"),
                ("label", "/value/label"),
                ("capped", "/capped"),
                ("status", "/status"),
                ("due_at", "/due_at"),
                ("coupon", "/coupon"),
            ],
            What::Clicks => &[
                ("hour", "/hour"),
                ("channel", "/channel"),
                ("device", "/device"),
                ("clicks", "/clicks"),
                ("people", "/people"),
                ("shares", "/shares"),
            ],
        }
    }
}

/// What is left of an export.
#[derive(Clone, Debug)]
pub struct Export {
    program: ProgramId,
    what: What,
    base: String,
    from: [Place; 3],
    pages_left: usize,
}

/// A piece of an export, and what is left after it.
pub type Piece = (Vec<u8>, Option<Export>);

impl Export {
    /// An export that has not begun. `base` is where links begin.
    #[must_use]
    pub fn new(program: &ProgramId, what: What, base: &str) -> Self {
        let from = [Place::default(), Place::default(), Place::default()];
        Export {
            program: program.clone(),
            what,
            base: base.to_owned(),
            from,
            pages_left: what.pages_max(),
        }
    }

    /// The line with the names of the columns.
    #[must_use]
    pub fn header(&self) -> Vec<u8> {
        line(self.what.columns().iter().map(|(name, _)| (*name).to_owned()))
    }

    /// Makes the next piece.
    ///
    /// # Errors
    /// Whatever the store says, or that the export is too large: what was
    /// sent until then must not pass for the whole.
    pub async fn next(self, tracker: &Tracker<'_>) -> Result<Piece, Failure> {
        let Some(pages_left) = self.pages_left.checked_sub(1) else {
            let error = format!("an export has more than {} pages", self.what.pages_max());
            return Err(crate::store::StoreError(error).into());
        };
        let current = programs::load(tracker.store, &self.program).await?;
        let Export { program, what, base, from, .. } = self;
        let [first, ..] = from.clone();
        let alone = |place| [place, Place::default(), Place::default()];
        let (entries, next) = match what {
            What::Advocates => {
                let filter = advocates::Filter::default();
                let (rows, next) =
                    advocates::page(tracker, &current, &filter, ENTRIES, from, None).await?;
                (rows.iter().map(|row| row.shown(&base)).collect(), next)
            }
            What::Conversions => {
                let filter = conversions::Filter::default();
                let (rows, next) =
                    conversions::page(tracker, &current, &filter, ENTRIES, first).await?;
                let mut entries = conversions::shown(tracker, &rows).await?;
                for (entry, row) in entries.iter_mut().zip(&rows) {
                    if let Value::Object(fields) = entry {
                        fields.insert("refunded_minor".to_owned(), row.refunded_minor().into());
                    }
                }
                (entries, next.map(alone))
            }
            What::Rewards => {
                let filter = rewards::Filter::default();
                let most = (usize::MAX, ENTRIES);
                let (entries, next) =
                    rewards::page(tracker, &current, &filter, most, (first, 0)).await?;
                (entries, next.map(|(place, _)| alone(place)))
            }
            What::Clicks => {
                let (entries, next) = clicks::page(tracker, &program, ENTRIES, first).await?;
                (entries, next.map(alone))
            }
        };
        let entries: Vec<Value> = entries;
        let columns = what.columns();
        let lines = entries
            .iter()
            .map(|entry| line(columns.iter().map(|(_, place)| cell(entry.pointer(place)))));
        let piece = lines.collect::<Vec<_>>().concat();
        let left = next.map(|from| Export { program, what, base, from, pages_left });
        Ok((piece, left))
    }
}

/// A value as a cell's text.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => {
            format!("'{text}")
        }
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// A line of cells. Written here and not by a library of CSV: the usual one
/// brings a reader of floating-point numbers along, 13 KB of the Worker.
fn line(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let cells: Vec<_> = cells.map(quoted).collect();
    (cells.join(",") + "\r\n").into_bytes()
}

/// A cell with quotes around it where RFC 4180 wants them.
fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(value: &Value, written: &str) {
        let cells = ["a".to_owned(), cell(Some(value)), "b".to_owned()];
        let line = String::from_utf8(line(cells.into_iter())).unwrap();
        assert_eq!(line, format!("a,{written},b\r\n"));
    }

    #[test]
    fn cells_are_safe_in_a_spreadsheet_and_exact_elsewhere() {
        check(&json!("plain"), "plain");
        check(&json!("two words, one cell"), "\"two words, one cell\"");
        check(&json!("she said \"yes\""), "\"she said \"\"yes\"\"\"");
        check(&json!("two\nlines"), "\"two\nlines\"");
        check(&json!("茶葉 & чай"), "茶葉 & чай");
        check(&json!("=1+1"), "'=1+1");
        check(&json!("+48 600"), "'+48 600");
        check(&json!("-1"), "'-1");
        check(&json!("@SUM(A1)"), "'@SUM(A1)");
        check(&json!("\t=1"), "'\t=1");
        check(&json!("\r=1"), "\"'\r=1\"");
        check(&json!("\n=1"), "\"'\n=1\"");
        check(&json!("=A1,\"x\""), "\"'=A1,\"\"x\"\"\"");
        check(&json!("a=1"), "a=1");
        check(&json!(4_990), "4990");
        check(&json!(-5), "-5");
        check(&json!(true), "true");
        check(&Value::Null, "");
        check(&json!("\"\"\"\"\""), "\"\"\"\"\"\"\"\"\"\"\"\"");
    }
}
