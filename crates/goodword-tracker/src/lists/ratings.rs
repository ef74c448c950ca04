//! How likely advocates are to recommend the shop: what all answers say
//! together, and the answers one by one, the newest first.
//!
//! Each page looks at all of them, a thousand to an operation: they stand by
//! code and not by time, so that each has one answer and erasing finds it.

use crate::directory;
use crate::keys;
use crate::limits::LIST_OPERATIONS_MAX;
use crate::records::{CodeRecord, RatingRecord, read};
use crate::report::quotient;
use crate::sealing;
use crate::store::StoreError;
use crate::tracker::Tracker;
use crate::walk::{Found, Place, Walk};
use core::cmp::Reverse;
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::rating::{Leaning, Rating, Ratings};
use goodword::sorted;
use goodword::time::Instant;
use goodword_api::json::set;
use goodword_api::{instant, object};
use serde_json::Value;

/// What the caller wants to see.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of those, one by one, only who leans that way.
    pub leaning: Option<String>,
    /// Only what was said from then on.
    pub from: Option<Instant>,
    /// Only what was said before then.
    pub to: Option<Instant>,
}

/// A page.
pub struct RatingsPage {
    /// What all say together.
    pub total: Value,
    /// Whether all were looked at.
    pub is_complete: bool,
    /// Some of them, one by one.
    pub data: Vec<Value>,
    /// After which one the next page begins.
    pub next: Option<Place>,
}

/// An answer, its comment sealed still.
struct Row {
    code: ReferralCode,
    rating: Rating,
    record: RatingRecord,
}

impl Row {
    fn of(key: &str, body: &str) -> Result<Option<Self>, StoreError> {
        let record: RatingRecord = read(key, body)?;
        let code = key.rsplit('/').next().and_then(ReferralCode::parse);
        let found = code.zip(Rating::new(record.score));
        Ok(found.map(|(code, rating)| Row { code, rating, record }))
    }

    /// When it was said and by whom, in letters that sort.
    fn place(&self) -> String {
        format!("{:015}/{}", self.record.at_ms, self.code)
    }

    fn shown(&self, tracker: &Tracker<'_>, program: &ProgramId) -> Value {
        let place = keys::rating(program, self.code);
        let keys = &tracker.settings.seal_keys;
        let comment = self.record.comment.as_deref();
        object!({
            "score": self.record.score,
            "comment": comment.and_then(|text| sealing::open_text(keys, &place, text)),
            "rated_at": instant::write(Instant(self.record.at_ms)),
        })
    }
}

/// What an advocate answered, from what is kept under a key.
///
/// # Errors
/// That it cannot be read.
pub fn of(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    key: &str,
    body: Option<&String>,
) -> Result<Option<Value>, StoreError> {
    let row = body.map(|body| Row::of(key, body)).transpose()?.flatten();
    Ok(row.map(|row| row.shown(tracker, program)))
}

/// A page of a program's answers.
///
/// # Errors
/// Whatever the store says.
pub async fn page(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    filter: &Filter,
    limit: usize,
    from: &Place,
) -> Result<RatingsPage, StoreError> {
    let prefix = keys::ratings(program);
    let mut walk = Walk::new(tracker.store, prefix, 2, Place::default(), LIST_OPERATIONS_MAX);
    let mut total = Ratings::default();
    let mut rows: Vec<Row> = Vec::new();
    while let Found::Group(group) = walk.next().await? {
        let Some((key, body)) = group.entries.first() else { continue };
        let Some(row) = Row::of(key, body)? else { continue };
        let at = Instant(row.record.at_ms);
        if filter.from.is_some_and(|from| at < from) || filter.to.is_some_and(|to| at >= to) {
            continue;
        }
        total.add(row.rating);
        let leaning = row.rating.leaning().as_str();
        let is_wanted = filter.leaning.as_deref().is_none_or(|wanted| wanted == leaning);
        if is_wanted && (from.after.is_empty() || row.place() < from.after) {
            rows.push(row);
        }
        // One more than is shown tells whether there is a next page.
        if rows.len() > 2 * limit {
            newest(&mut rows, limit + 1);
        }
    }
    newest(&mut rows, limit + 1);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().map(|row| Place { page: None, after: row.place() });
    let codes: Vec<ReferralCode> = rows.iter().map(|row| row.code).collect();
    let records = directory::find_many(tracker, &codes).await?;
    let data = rows.iter().filter_map(|row| {
        // What was said while somebody was being erased is nobody's.
        let is_known = |record: &&CodeRecord| record.erased_ms.is_none();
        let record = records.get(&row.code).filter(is_known)?;
        let mut shown = row.shown(tracker, program);
        set(&mut shown, "code", record.shown.as_str());
        Some(shown)
    });
    Ok(RatingsPage {
        total: shown(&total),
        is_complete: walk.is_done(),
        data: data.collect(),
        next: last.filter(|_| has_more),
    })
}

fn newest(rows: &mut Vec<Row>, most: usize) {
    sorted::sort_by_key(rows, |row| Reverse(row.place()));
    rows.truncate(most);
}

/// What answers say together, as it is answered.
fn shown(total: &Ratings) -> Value {
    let score = total.net_promoter_score();
    object!({
        "ratings": total.all(),
        "promoters": total.leaning(Leaning::Promoter),
        "passives": total.leaning(Leaning::Passive),
        "detractors": total.leaning(Leaning::Detractor),
        "scores": total.counts(),
        "net_promoter_score": object!({
            "numerator": score.numerator,
            "denominator": score.denominator,
            "value": quotient(score),
        }),
    })
}
