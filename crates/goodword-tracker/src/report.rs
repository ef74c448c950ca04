//! The numbers an owner sees, gathered from the store and folded by the
//! rules' metrics.
//!
//! 1. Clicks and shares come from the days' sums, and of the days that are
//!    not added up for good from what there is: a year takes the same number
//!    of operations however many clicks it had.
//! 2. Advocates come from their codes, attributed orders and rewards from
//!    their books, everybody else's orders from what was reported.
//! 3. Each becomes a fact of the metrics, and only those of the days that
//!    were asked for are counted.
//!
//! Who could have enrolled is who ordered: a shop reports no other customers.

mod compared;
mod orders;
mod shown;

pub use compared::Compared;
pub use shown::{quotient, shown};

use crate::books::KeptBook;
use crate::hashing;
use crate::keys;
use crate::programs::{self, Current};
use crate::records::{CodeRecord, read};
use crate::store::{Store, StoreError, get_many, scan};
use crate::tracker::Tracker;
use crate::traffic::{Counted, Hour, Row, open};
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::metrics::{Day, Dimension, Fact, Member, Place, Report, Traffic, facts_of_book};
use goodword::sorted::Map;
use goodword::terms::Trial;
use goodword::time::Instant;

/// What is asked for.
pub struct Question {
    /// From this day on.
    pub from: Day,
    /// Until before this day.
    pub to: Day,
    /// What to compare.
    pub by: Dimension,
    /// Which experiment's variants; the first where nothing is said.
    pub experiment: Option<String>,
}

/// What is answered.
pub struct Found<'a> {
    /// The sums.
    pub report: Report,
    /// The groups, by their number less one.
    pub groups: Vec<String>,
    /// The variants, by their number less one.
    pub variants: Vec<String>,
    /// The advocates.
    members: Map<ReferralCode, Advocate>,
    /// Every hour before this one is added up.
    pub rolled: Option<Hour>,
    /// The experiment that was asked for, or whose variants are compared.
    pub compared: Option<Compared<'a>>,
}

/// An advocate, and where they count.
struct Advocate {
    record: CodeRecord,
    home: Place,
    has_shared: bool,
}

/// Gathers and folds.
///
/// # Errors
/// Whatever the store says.
pub async fn of<'a>(
    tracker: &Tracker<'_>,
    current: &'a Current,
    question: &Question,
) -> Result<Found<'a>, StoreError> {
    let program = &current.program().id;
    let trial = trial(current, question);
    let records = advocates(tracker.store, program).await?;
    let groups = groups(&records);
    let mut members = Map::new();
    for (code, record) in records {
        members.insert(code, member(tracker, current, trial, &groups, code, record));
    }

    let (mut facts, rolled) = traffic(tracker, program, question, &mut members).await?;
    let mut all = orders::Orders::load(tracker.store, program).await?;
    let books = books(tracker.store, program).await?;
    let is_compared = question.experiment.is_some() || question.by == Dimension::Variant;
    let trial_compared = trial.filter(|_| is_compared);
    let earliest = match trial_compared {
        // It may be older than any order.
        Some(_) => Instant(i64::MIN),
        None => books.values().filter_map(KeptBook::earliest).min().unwrap_or(tracker.now),
    };
    let terms = programs::history(tracker.store, current, earliest).await?;
    let window_days = current.program().attribution.window_days;
    let mut compared = trial_compared.map(|trial| Compared::new(trial, &terms, window_days));
    let empty = KeptBook::default();
    for (code, Advocate { record, home, has_shared }) in &members {
        let kept = books.get(code).unwrap_or(&empty);
        let mut book = kept.book(tracker, *code, record, &terms);
        // Until it is settled an order may stand in two books; it counts in one.
        book.lines.retain(|line| !all.is_earned(line.order));
        let currency = current.program().currency;
        let member = Member { home: *home, has_shared: *has_shared, currency };
        let clicks = all.clicks_of(&book, current.program().attribution.model);
        let of_book = facts_of_book(&book, member, &terms, &clicks);
        all.take(&of_book, *home);
        if let Some(compared) = &mut compared {
            compared.count(home.variant, Instant(record.since_ms), &of_book, tracker.now);
        }
        facts.extend(of_book);
    }
    facts.extend(all.of_nobody(current.program().currency));
    let is_asked_for = |fact: &&Fact| (question.from..question.to).contains(&fact.place().day);
    Ok(Found {
        report: Report::of(question.by, facts.iter().filter(is_asked_for)),
        groups,
        variants: trial.map(variants).unwrap_or_default(),
        members,
        rolled,
        compared,
    })
}

fn trial<'a>(current: &'a Current, question: &Question) -> Option<&'a Trial> {
    let trials = &current.program().experiments;
    match &question.experiment {
        Some(id) => trials.iter().find(|trial| trial.experiment.id == *id),
        None => trials.first(),
    }
}

fn variants(trial: &Trial) -> Vec<String> {
    trial.experiment.variants.iter().map(|variant| variant.id.clone()).collect()
}

/// The groups that advocates are in, by name.
fn groups(records: &[(ReferralCode, CodeRecord)]) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for group in records.iter().filter_map(|(_, record)| record.group.as_ref()) {
        if let Err(place) = groups.binary_search(group) {
            groups.insert(place, group.clone());
        }
    }
    groups
}

/// All advocates: their codes by one listing a thousand, what is kept about
/// them by one read a hundred.
async fn advocates(
    store: &dyn Store,
    program: &ProgramId,
) -> Result<Vec<(ReferralCode, CodeRecord)>, StoreError> {
    let mut codes = Vec::new();
    let mut cursor = None;
    loop {
        let page = store.list(&keys::persons(program), cursor.as_deref()).await?;
        let last_parts = page.entries.iter().filter_map(|(key, _)| key.rsplit('/').next());
        codes.extend(last_parts.filter_map(ReferralCode::parse));
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    let keys: Vec<String> = codes.iter().map(|code| keys::code(*code)).collect();
    let mut advocates = Vec::new();
    for ((code, key), body) in codes.iter().zip(&keys).zip(get_many(store, &keys).await?) {
        if let Some(body) = body {
            advocates.push((*code, read(key, &body)?));
        }
    }
    Ok(advocates)
}

fn member(
    tracker: &Tracker<'_>,
    current: &Current,
    trial: Option<&Trial>,
    groups: &[String],
    code: ReferralCode,
    record: CodeRecord,
) -> Advocate {
    let program = current.program();
    let number = |index: usize| u16::try_from(index + 1).unwrap_or(0);
    let group = record.group.as_ref().and_then(|of| groups.iter().position(|group| group == of));
    let draws = hashing::draws(&tracker.settings.pepper, std::iter::once(program), code);
    let is_it = |of: &Trial| trial.is_some_and(|trial| trial.experiment.id == of.experiment.id);
    let variant = program.variants_for(&draws).find(|(of, _)| is_it(of)).map(|(_, place)| place);
    let home = Place {
        day: Day::of(Instant(record.since_ms)),
        group: group.map_or(0, number),
        variant: variant.map_or(0, number),
        advocate: Some(code),
        ..Place::default()
    };
    Advocate { record, home, has_shared: false }
}

/// Clicks and shares of the days asked for, and how far the hours are added
/// up. Notes who has shared since the first of those days.
async fn traffic(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    question: &Question,
    members: &mut Map<ReferralCode, Advocate>,
) -> Result<(Vec<Fact>, Option<Hour>), StoreError> {
    let open = open::load(tracker.store, tracker.now, program).await?;
    let today = Hour::of(tracker.now).day();
    let is_asked_for = |day: &Day| (question.from..question.to).contains(day);
    let all: Vec<Day> = (question.from.0..=today.0).map(Day).collect();
    let by_code = sums(tracker.store, &all, &open, keys::traffic::daily_codes, program).await?;
    let shared = by_code.values().flat_map(Counted::rows).filter(|(_, counts)| counts.shares > 0);
    for code in shared.filter_map(|(row, _)| row.code) {
        if let Some(member) = members.get_mut(&code) {
            member.has_shared = true;
        }
    }

    let by_channel = matches!(question.by, Dimension::Channel | Dimension::Device);
    let mut days = by_code;
    if by_channel {
        let asked: Vec<Day> = all.into_iter().filter(is_asked_for).collect();
        days = sums(tracker.store, &asked, &open, keys::traffic::daily, program).await?;
    }
    let mut facts = Vec::new();
    for (day, counted) in days.iter().filter(|(day, _)| is_asked_for(day)) {
        let rows = counted.by(|row| match by_channel {
            true => Row { code: None, ..row },
            false => Row { code: row.code, ..Row::default() },
        });
        for (row, counts) in rows.rows() {
            let home = row.code.and_then(|code| members.get(&code)).map(|member| member.home);
            let place = Place {
                day: *day,
                channel: row.channel,
                device: row.device,
                advocate: row.code,
                ..home.unwrap_or_default()
            };
            let (clicks, people, shares) = (counts.clicks, counts.people, counts.shares);
            facts.push(Fact::Traffic(Traffic { place, part: 0, clicks, people, shares }));
        }
    }
    Ok((facts, open.rolled))
}

/// The days' sums of one kind; of days that are not added up for good what
/// there is.
async fn sums(
    store: &dyn Store,
    days: &[Day],
    open: &open::Open,
    key: fn(&ProgramId, Day) -> String,
    program: &ProgramId,
) -> Result<Map<Day, Counted>, StoreError> {
    let (now, closed): (Vec<Day>, Vec<Day>) =
        days.iter().copied().partition(|day| open.days.contains_key(day));
    let keys: Vec<String> = closed.iter().map(|day| key(program, *day)).collect();
    let mut sums = Map::new();
    for ((day, key), body) in closed.iter().zip(&keys).zip(get_many(store, &keys).await?) {
        if let Some(body) = body {
            sums.insert(*day, Counted::read(key, &body)?);
        }
    }
    sums.extend(now.iter().filter_map(|day| Some((*day, open.days.get(day)?.clone()))));
    Ok(sums)
}

async fn books(
    store: &dyn Store,
    program: &ProgramId,
) -> Result<Map<ReferralCode, KeptBook>, StoreError> {
    let mut books: Map<ReferralCode, KeptBook> = Map::new();
    for (key, body) in scan(store, &keys::books(program)).await? {
        let code = key.split('/').nth(2).and_then(ReferralCode::parse);
        if let Some(code) = code {
            books.or_default(code).add(&key, &body)?;
        }
    }
    Ok(books)
}
