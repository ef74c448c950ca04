//! Rewards, advocate by advocate and then by the time of their orders: one
//! walk through the books. A page may end within a book.

use crate::books::KeptBook;
use crate::directory;
use crate::http::Failure;
use crate::keys;
use crate::limits::{BATCH_GROUPS, LIST_OPERATIONS_MAX};
use crate::programs::{self, Current};
use crate::records::CodeRecord;
use crate::store::StoreError;
use crate::tracker::Tracker;
use crate::walk::{Found, Place, Walk};
use goodword::code::ReferralCode;
use goodword::terms::TermsHistory;
use goodword::time::Instant;
use serde_json::Value;

/// What the caller wants to see.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only in the book of this advocate.
    pub code: Option<ReferralCode>,
    /// Only what has these values.
    pub fields: Vec<(&'static str, String)>,
}

impl Filter {
    fn fits(&self, reward: &Value) -> bool {
        let has = |(name, wanted): &(&str, String)| {
            reward.get(*name).and_then(Value::as_str) == Some(wanted)
        };
        self.fields.iter().all(has)
    }
}

/// Where a page begins: after a book, and after so many rewards of the next.
pub type From = (Place, usize);

/// So many rewards of at most so many advocates, and where the next page
/// begins.
///
/// # Errors
/// Whatever the store says.
pub async fn page(
    tracker: &Tracker<'_>,
    current: &Current,
    filter: &Filter,
    (limit, advocates_max): (usize, usize),
    (from, mut seen): From,
) -> Result<(Vec<Value>, Option<From>), Failure> {
    let program = &current.program().id;
    let terms = programs::history(tracker.store, current, Instant(i64::MIN)).await?;
    let prefix = match filter.code {
        Some(code) => keys::book(program, code),
        None => keys::books(program),
    };
    let mut walk = Walk::new(tracker.store, prefix, 2, from.clone(), LIST_OPERATIONS_MAX);
    let mut found = Vec::new();
    let mut last = from.clone();
    let mut advocates = 0;
    loop {
        let mut batch = Vec::new();
        let mut has_more = true;
        while batch.len() < BATCH_GROUPS && has_more {
            match walk.next().await? {
                Found::Group(group) => batch.push((group, walk.place().clone())),
                Found::Nothing | Found::Cut => has_more = false,
            }
        }
        advocates += batch.len();
        let codes: Vec<ReferralCode> =
            batch.iter().filter_map(|(group, _)| ReferralCode::parse(&group.name)).collect();
        let records = directory::find_many(tracker, &codes).await?;
        for (group, place) in batch {
            let code = ReferralCode::parse(&group.name);
            let known = code.and_then(|code| Some((code, records.get(&code)?)));
            if let Some((code, record)) = known {
                let rewards = of_book(tracker, code, record, &terms, &group.entries)?;
                for (index, reward) in rewards.into_iter().enumerate().skip(seen) {
                    if !filter.fits(&reward) {
                        continue;
                    }
                    if found.len() == limit {
                        return Ok((found, Some((last, index))));
                    }
                    found.push(reward);
                }
            }
            (last, seen) = (place, 0);
        }
        if has_more && advocates < advocates_max {
            continue;
        }
        if walk.is_done() {
            return Ok((found, None));
        }
        if last == from {
            let error = "the book of one advocate is larger than a page may read";
            return Err(StoreError(error.to_owned()).into());
        }
        return Ok((found, Some((last, 0))));
    }
}

fn of_book(
    tracker: &Tracker<'_>,
    code: ReferralCode,
    record: &CodeRecord,
    terms: &TermsHistory,
    entries: &[(String, String)],
) -> Result<Vec<Value>, StoreError> {
    let mut kept = KeptBook::default();
    for (key, body) in entries {
        kept.add(key, body)?;
    }
    let rewards = kept.book(tracker, code, record, terms).rewards(terms);
    Ok(rewards.iter().map(|reward| kept.shown(reward, record)).collect())
}
