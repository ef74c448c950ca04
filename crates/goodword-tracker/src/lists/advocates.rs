//! Advocates as the owner sees them: who they are, whether they may earn, how
//! many friends' orders they have, how many clicks and shares.
//!
//! Three walks go side by side, through the persons, the books and the days of
//! clicks, all in the order of codes.

use crate::books::KeptBook;
use crate::directory;
use crate::hashing;
use crate::http::Failure;
use crate::keys::{self, traffic as traffic_keys};
use crate::limits::{BATCH_GROUPS, LIST_GROUPS_MAX, LIST_OPERATIONS_MAX};
use crate::programs::{self, Current};
use crate::records::CodeRecord;
use crate::sealing::{self, Person};
use crate::store::{StoreError, scan};
use crate::tracker::Tracker;
use crate::traffic::{ByAdvocate, Counts};
use crate::walk::{Found, Group, Place, Walk};
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::terms::TermsHistory;
use goodword::time::Instant;
use goodword_api::instant;
use goodword_api::object;
use serde_json::Value;

/// What the caller wants to see.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this one.
    pub code: Option<ReferralCode>,
    /// Only of this group.
    pub group: Option<String>,
    /// Only with this status.
    pub status: Option<String>,
    /// Only of exactly this e-mail address or customer id.
    pub query: Option<String>,
    /// Only whom this one invited.
    pub invited_by: Option<ReferralCode>,
}

impl Filter {
    fn fits(&self, record: &CodeRecord) -> bool {
        self.group.as_ref().is_none_or(|group| record.group.as_ref() == Some(group))
            && self.status.as_deref().is_none_or(|status| status == record.status())
            && self.invited_by.is_none_or(|by| {
                record.invited_by.as_deref().and_then(ReferralCode::parse) == Some(by)
            })
    }
}

/// An advocate.
#[derive(Clone, Debug)]
pub struct Row {
    /// Their code.
    pub code: ReferralCode,
    /// What is kept about it.
    pub record: CodeRecord,
    /// Who they are; nobody once erased.
    pub person: Person,
    /// How many friends' orders count for them.
    pub conversions: usize,
    /// Their clicks and shares, where that was asked for.
    pub traffic: Option<Counts>,
}

impl Row {
    /// The row as answers show it. `base` is where links begin.
    #[must_use]
    pub fn shown(&self, base: &str) -> Value {
        let Row { code, record, person, conversions, traffic } = self;
        let mut shown = object!({
            "code": record.shown,
            "share_link": format!("{base}/r/{}", record.shown),
            "status": record.status(),
            "customer_id": person.customer_id,
            "email": person.email,
            "display_name": person.display_name,
            "group": record.group,
            "since": instant::write(Instant(record.since_ms)),
            "invited_by": record.invited_by.as_ref().filter(|by| **by != code.to_string()),
            "conversions": conversions,
        });
        if let (Value::Object(fields), Some(counts)) = (&mut shown, traffic) {
            let Counts { clicks, people, shares } = *counts;
            for (name, count) in [("clicks", clicks), ("people", people), ("shares", shares)] {
                fields.insert(name.to_owned(), count.into());
            }
        }
        shown
    }
}

/// A page of rows, and where the next one begins in all walks.
pub type Rows = (Vec<Row>, Option<[Place; 3]>);

/// A page of a program's advocates, with clicks and shares where these are
/// given.
///
/// # Errors
/// Whatever the store says.
pub async fn page(
    tracker: &Tracker<'_>,
    current: &Current,
    filter: &Filter,
    limit: usize,
    from: [Place; 3],
    traffic: Option<&ByAdvocate>,
) -> Result<Rows, Failure> {
    let program = &current.program().id;
    // All versions of the terms, read once for all advocates.
    let terms = programs::history(tracker.store, current, Instant(i64::MIN)).await?;
    if filter.code.is_some() || filter.query.is_some() {
        return Ok((few(tracker, program, filter, &terms, traffic).await?, None));
    }
    let [persons_from, books_from, days_from] = from;
    let each = LIST_OPERATIONS_MAX / 3;
    let mut persons = Walk::new(tracker.store, keys::persons(program), 2, persons_from, each);
    let mut books = Walk::new(tracker.store, keys::books(program), 2, books_from, each);
    let stats = traffic_keys::stats_of_all(program);
    let mut days = Walk::new(tracker.store, stats, 2, days_from, each);
    let mut rows = Vec::new();
    let mut last = persons.place().clone();
    let mut seen = 0;
    loop {
        let mut batch: Vec<(Group, Place)> = Vec::new();
        let mut has_more = true;
        while batch.len() < BATCH_GROUPS && has_more {
            match persons.next().await? {
                Found::Group(group) => batch.push((group, persons.place().clone())),
                Found::Nothing | Found::Cut => has_more = false,
            }
        }
        seen += batch.len();
        let codes: Vec<ReferralCode> =
            batch.iter().filter_map(|(group, _)| ReferralCode::parse(&group.name)).collect();
        let mut records = directory::find_many(tracker, &codes).await?;
        for (group, place) in batch {
            let places = || [last.clone(), books.place().clone(), days.place().clone()];
            if rows.len() == limit {
                return Ok((rows, Some(places())));
            }
            let found = ReferralCode::parse(&group.name)
                .and_then(|code| Some((code, records.remove(&code)?)))
                .filter(|(_, record)| filter.fits(record));
            if let Some((code, record)) = found {
                // What is cut off is read whole by the next page.
                let places = places();
                let Some(book) = entries(books.find(&group.name).await?) else {
                    return cut(rows, places);
                };
                let mut counts = None;
                if let Some(traffic) = traffic {
                    let Some(days) = entries(days.find(&group.name).await?) else {
                        return cut(rows, places);
                    };
                    counts = Some(traffic.of(code, &days)?);
                }
                let person = opened(tracker, &group);
                let conversions = conversions(&terms, book)?;
                rows.push(Row { code, record, person, conversions, traffic: counts });
            }
            last = place;
        }
        if !has_more || seen >= LIST_GROUPS_MAX {
            let places = || [last, books.place().clone(), days.place().clone()];
            let next = (!persons.is_done()).then(places);
            return Ok((rows, next));
        }
    }
}

/// The keys and bodies that were found; `None` if the walk was cut off.
fn entries(found: Found) -> Option<Vec<(String, String)>> {
    match found {
        Found::Group(group) => Some(group.entries),
        Found::Nothing => Some(Vec::new()),
        Found::Cut => None,
    }
}

/// A page that ends early; one that could not even begin is a failure.
fn cut(rows: Vec<Row>, next: [Place; 3]) -> Result<Rows, Failure> {
    if rows.is_empty() {
        let error = "what is kept of one advocate is larger than a page may read";
        return Err(StoreError(error.to_owned()).into());
    }
    Ok((rows, Some(next)))
}

/// Who the sealed person of an advocate is.
fn opened(tracker: &Tracker<'_>, group: &Group) -> Person {
    let open =
        |(key, body): &(String, String)| sealing::open(&tracker.settings.seal_keys, key, body);
    group.entries.first().and_then(open).unwrap_or_default()
}

fn conversions(terms: &TermsHistory, entries: Vec<(String, String)>) -> Result<usize, StoreError> {
    let mut kept = KeptBook::default();
    for (key, body) in entries {
        kept.add(&key, &body)?;
    }
    Ok(kept.conversions(terms))
}

/// The advocates of one code, address or customer id.
async fn few(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    filter: &Filter,
    terms: &TermsHistory,
    traffic: Option<&ByAdvocate>,
) -> Result<Vec<Row>, Failure> {
    let mut codes: Vec<ReferralCode> = filter.code.into_iter().collect();
    if let Some(query) = &filter.query {
        let pepper = &tracker.settings.pepper;
        let as_customer = hashing::customer(pepper, program, query);
        let as_email = hashing::email(pepper, program, query);
        let mut found = Vec::new();
        for person in [as_customer, as_email] {
            found.extend(directory::code_of(tracker, program, person).await?);
        }
        match filter.code {
            Some(code) => codes.retain(|_| found.contains(&code)),
            None => codes = found,
        }
        codes.dedup();
    }
    let records = directory::find_many(tracker, &codes).await?;
    let mut rows = Vec::new();
    for (code, record) in records {
        if record.program != program.as_str() || !filter.fits(&record) {
            continue;
        }
        let person = directory::person(tracker, program, code).await?.unwrap_or_default();
        let kept = KeptBook::load(tracker, program, code).await?;
        let conversions = kept.conversions(terms);
        let mut counts = None;
        if let Some(traffic) = traffic {
            let days = scan(tracker.store, &traffic_keys::all_stats(program, code)).await?;
            counts = Some(traffic.of(code, &days)?);
        }
        rows.push(Row { code, record, person, conversions, traffic: counts });
    }
    Ok(rows)
}
