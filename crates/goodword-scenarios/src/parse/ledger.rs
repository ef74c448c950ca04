//! The lines of a ledger.

use super::sentence::earned;
use crate::ledger::{Ledger, Line};
use crate::moment;
use crate::scenario::Earned;
use crate::words::{Words, unquoted};

const STATUSES: [&str; 5] = ["pending", "confirmed", "fulfilled", "voided", "clawed_back"];

/// `the ledger is:`, `the ledger has:` (and maybe more) or `the ledger is empty`.
pub(super) fn heading(words: &mut Words<'_>) -> Result<Option<Ledger>, String> {
    if !words.take("the ledger") {
        return Ok(None);
    }
    let is_partial = words.take("has:");
    if !is_partial && !words.take("is empty") {
        words.expect("is:")?;
    }
    Ok(Some(Ledger { lines: Vec::new(), is_partial }))
}

/// `anna gets credit 10.00 EUR pending for A-1 A-2, due day 15`, and `each
/// friend gets …` for the buyers of these orders. `None` for other sentences.
pub(super) fn lines(words: &mut Words<'_>) -> Result<Option<Vec<Line>>, String> {
    let who = if words.take("each friend gets") {
        None
    } else if words.peek_second() == Some("gets") {
        let name = words.word("a name")?;
        words.expect("gets")?;
        Some(name)
    } else {
        return Ok(None);
    };
    let what = what(words)?;
    let status = words.word("a status")?;
    if !STATUSES.contains(&status) {
        return Err(format!("\"{status}\" is no status"));
    }
    let capped = words.take("capped");
    let second_level = words.take("at the second level");
    words.expect("for")?;
    let of = all_earned(words)?;
    let due = if words.take(", due") { Some(moment::read(words)?) } else { None };
    let lines = of.into_iter().map(|of| Line {
        // Without a name it is whoever made the order; the runner knows.
        who: who.unwrap_or_default().to_owned(),
        what: what.clone(),
        status: status.to_owned(),
        capped,
        second_level,
        of,
        due,
    });
    Ok(Some(lines.collect()))
}

fn what(words: &mut Words<'_>) -> Result<String, String> {
    let gives = words.word("what is given")?;
    let value = match gives {
        "money" | "credit" | "discount" | "coupon" => {
            moment::shown_money(moment::read_money(words)?)
        }
        "points" => super::sentence::number(words)?.to_string(),
        "units" => {
            let amount = super::sentence::number(words)?;
            format!("{amount} {}", words.word("a unit")?)
        }
        "gift" => {
            let label = words.word("a label")?;
            unquoted(label).ok_or("a gift has a name in quotes")?.to_owned()
        }
        other => return Err(format!("\"{other}\" is nothing a reward gives")),
    };
    Ok(format!("{gives} {value}"))
}

/// Orders, ranges of orders such as `F-1 to F-4`, and numbers of friends.
fn all_earned(words: &mut Words<'_>) -> Result<Vec<Earned>, String> {
    let mut all = Vec::new();
    while words.peek().is_some_and(|word| word != ",") {
        let first = earned(words)?;
        match first {
            Earned::Order(first) if words.take("to") => {
                all.extend(range(&first, words.word("an order")?)?);
            }
            one => all.push(one),
        }
    }
    if all.is_empty() { Err("for what?".to_owned()) } else { Ok(all) }
}

fn range(first: &str, last: &str) -> Result<Vec<Earned>, String> {
    let split = |text: &str| {
        let (stem, number) = text.rsplit_once('-')?;
        Some((stem.to_owned(), number.parse::<u32>().ok()?))
    };
    match (split(first), split(last)) {
        (Some((stem, from)), Some((same, to))) if stem == same && from < to => {
            Ok((from..=to).map(|number| Earned::Order(format!("{stem}-{number}"))).collect())
        }
        _ => Err(format!("{first} to {last} is no range")),
    }
}
