//! The way of an event to those who want to hear of it: at least once, with
//! the same id at every try.
//!
//! 1. An entry of the outbox is tried right after the answer that it came
//!    from; what is left, the cron tries, longer and longer apart, for about
//!    three days.
//! 2. Whoever heard of an event is noted, so that a further try goes only to
//!    the others.
//! 3. The next try is a new key; the old one goes after it is there. When all
//!    heard, or the tries are used up, it is kept what became of it, and the
//!    entry goes.
//! 4. Who says several times in a row that they are gone for good hear nothing
//!    more until the owner puts the endpoints anew.
//!
//! What is to follow from a try is decided by `decide`, in values.

use crate::hashing;
use crate::keys;
use crate::limits::{
    DELIVERED_DAYS, GONE_ANSWERS, OUTBOX_ENTRIES_MAX, OUTBOX_PAGES_MAX, POSTS_AT_ONCE_MAX,
    WAIT_MINUTES,
};
use crate::log;
use crate::mail::{self, Mailer};
use crate::programs::Current;
use crate::records::outbox::{EndpointRecord, EventRecord, OutboxRecord, WebhooksRecord};
use crate::records::{read, write};
use crate::sender::{Message, Reply, Sender};
use crate::settings::Settings;
use crate::signing;
use crate::store::{Keep, StoreError, get_many, with_bodies};
use crate::tracker::Tracker;
use goodword::key::ProgramId;
use goodword::time::Instant;
use goodword_api::object;
use goodword_api::webhooks::{Own, fault_of};

const MINUTE_MS: i64 = 60_000;

/// Where events go out.
pub struct Outgoing<'a> {
    /// To endpoints.
    pub sender: &'a dyn Sender,
    /// To advocates, if there is a way.
    pub mailer: Option<&'a dyn Mailer>,
}

/// How advocates are called among the endpoints.
const ADVOCATES: &str = "advocates";

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Entries that are done with.
    pub ended: usize,
    /// Entries to be tried again.
    pub remaining: usize,
}

/// Tells what is due in a program, with as many requests as are left.
///
/// # Errors
/// Whatever the store says. What was told until then may be told again.
pub async fn deliver_due(
    tracker: &Tracker<'_>,
    outgoing: &Outgoing<'_>,
    current: &Current,
    posts_left: &mut usize,
) -> Result<Delivered, StoreError> {
    let program = &current.program().id;
    let mut due = Vec::new();
    let mut cursor = None;
    for _ in 0..OUTBOX_PAGES_MAX {
        let page = tracker.store.list(&keys::outbox::waiting(program), cursor.as_deref()).await?;
        let has_later = page.entries.iter().any(|(key, _)| !keys::is_due_hour(key, tracker.now));
        let now = page.entries.into_iter().filter(|(key, _)| keys::is_due_hour(key, tracker.now));
        due.extend(now.take(OUTBOX_ENTRIES_MAX.saturating_sub(due.len())));
        cursor = page.cursor.filter(|_| !has_later && due.len() < OUTBOX_ENTRIES_MAX);
        if cursor.is_none() {
            break;
        }
    }
    let entries = with_bodies(tracker.store, due).await?;
    let mut tries = read_entries(program, &entries)?;
    tries.retain(|one| one.record.due_at_ms <= tracker.now.0);
    deliver(tracker, outgoing, current, tries, posts_left).await
}

/// Tells what was just put into the outbox, due or not.
///
/// # Errors
/// Whatever the store says.
pub async fn deliver_now(
    tracker: &Tracker<'_>,
    outgoing: &Outgoing<'_>,
    current: &Current,
    entries: &[(String, String)],
    posts_left: &mut usize,
) -> Result<Delivered, StoreError> {
    let tries = read_entries(&current.program().id, entries)?;
    deliver(tracker, outgoing, current, tries, posts_left).await
}

/// An entry of the outbox, about to be tried.
struct Try {
    key: String,
    act: String,
    attempt: u32,
    record: OutboxRecord,
}

fn read_entries(program: &ProgramId, entries: &[(String, String)]) -> Result<Vec<Try>, StoreError> {
    let mut tries = Vec::new();
    for (key, body) in entries {
        let Some((of, act, attempt)) = keys::outbox::read_entry(key) else { continue };
        if of == *program {
            let record = read(key, body)?;
            tries.push(Try { key: key.clone(), act: act.to_owned(), attempt, record });
        }
    }
    Ok(tries)
}

/// An endpoint that is told, with its short name.
struct Target<'a> {
    name: String,
    endpoint: &'a EndpointRecord,
}

/// The short name of an endpoint.
#[must_use]
pub fn endpoint_name(url: &str) -> String {
    hashing::name(&["endpoint", url])
}

async fn deliver(
    tracker: &Tracker<'_>,
    outgoing: &Outgoing<'_>,
    current: &Current,
    tries: Vec<Try>,
    posts_left: &mut usize,
) -> Result<Delivered, StoreError> {
    let program = &current.program().id;
    let mut done = Delivered::default();
    if tries.is_empty() {
        return Ok(done);
    }
    let gone = gone_since(tracker, current).await?;
    let own = own(tracker.settings, &current.webhooks);
    let targets: Vec<Target<'_>> = current
        .webhooks
        .endpoints
        .iter()
        .zip(gone)
        .filter(|(_, gone)| gone.is_none())
        .map(|(endpoint, _)| Target { name: endpoint_name(&endpoint.url), endpoint })
        // What was allowed when it was put may not be where the tracker is now.
        .filter(|target| fault_of(&target.endpoint.url, &own).is_none())
        .collect();
    let marks: Vec<String> = tries.iter().map(|one| mark(program, one)).collect();
    let marked = get_many(tracker.store, &marks).await?;

    let mut planned = Vec::new();
    for (one, mark) in tries.into_iter().zip(marked) {
        if mark.is_some() && !one.record.is_again {
            // It was told, and whoever told it died before forgetting it.
            tracker.store.delete(&one.key).await?;
            done.ended += 1;
            continue;
        }
        let own_letters = letters(tracker, outgoing, &one.record).count();
        let own_posts = plan(&one.record, &targets).len() + own_letters;
        let Some(left) = posts_left.checked_sub(own_posts) else {
            done.remaining += 1;
            continue;
        };
        *posts_left = left;
        planned.push(one);
    }
    for one in planned {
        let mut replies = Vec::new();
        for posts in plan(&one.record, &targets).chunks(POSTS_AT_ONCE_MAX) {
            let mut messages = Vec::new();
            for (target, event) in posts {
                messages.push(message(tracker, &target.endpoint.url, &one.record, event)?);
            }
            let replied = outgoing.sender.post(&messages).await;
            for ((target, event), reply) in posts.iter().zip(replied) {
                replies.push(Replied { endpoint: &target.name, event: &event.id, reply });
            }
        }
        for event in letters(tracker, outgoing, &one.record) {
            let reply = write_to(tracker, outgoing, current, event).await?;
            replies.push(Replied { endpoint: ADVOCATES, event: &event.id, reply });
        }
        if follow(tracker, program, &one, &replies).await? {
            done.ended += 1;
        } else {
            done.remaining += 1;
        }
    }
    Ok(done)
}

fn mark(program: &ProgramId, one: &Try) -> String {
    keys::outbox::delivered(program, Instant(one.record.told_at_ms), &one.act)
}

/// The tracker's own addresses, as far as they are known.
#[must_use]
pub fn own(settings: &Settings, webhooks: &WebhooksRecord) -> Own {
    let known = settings.public_url.iter().chain([&webhooks.own_origin]);
    Own(known.filter(|origin| !origin.is_empty()).cloned().collect())
}

/// The names of the endpoints that are gone, and since when.
///
/// # Errors
/// Whatever the store says.
pub async fn gone_since(
    tracker: &Tracker<'_>,
    current: &Current,
) -> Result<Vec<Option<Instant>>, StoreError> {
    let program = &current.program().id;
    let endpoints = current.webhooks.endpoints.iter();
    let places: Vec<String> = endpoints
        .map(|endpoint| keys::outbox::gone(program, &endpoint_name(&endpoint.url)))
        .collect();
    let found = get_many(tracker.store, &places).await?.into_iter();
    let since = found.map(|body| {
        let at = Instant(body?.parse().ok()?);
        (at.0 > current.webhooks.put_at_ms).then_some(at)
    });
    Ok(since.collect())
}

/// Who is to hear of what of an entry.
fn plan<'a>(
    record: &'a OutboxRecord,
    targets: &'a [Target<'a>],
) -> Vec<(&'a Target<'a>, &'a EventRecord)> {
    let pairs =
        targets.iter().flat_map(|target| record.events.iter().map(move |event| (target, event)));
    let is_open = |(target, event): &(&Target<'_>, &EventRecord)| {
        target.endpoint.hears(&event.kind) && !record.has_heard(&target.name, &event.id)
    };
    pairs.filter(is_open).collect()
}

/// The events of an entry that advocates have no letter about yet.
fn letters<'a>(
    tracker: &Tracker<'_>,
    outgoing: &Outgoing<'_>,
    record: &'a OutboxRecord,
) -> impl Iterator<Item = &'a EventRecord> {
    let is_on = tracker.settings.mail_from.is_some() && outgoing.mailer.is_some();
    let is_open = |event: &&EventRecord| {
        mail::is_about(&event.kind) && !record.has_heard(ADVOCATES, &event.id)
    };
    record.events.iter().filter(is_open).filter(move |_| is_on && !record.is_again)
}

/// Writes a letter about an event. Where nobody is to get one, it is written.
async fn write_to(
    tracker: &Tracker<'_>,
    outgoing: &Outgoing<'_>,
    current: &Current,
    event: &EventRecord,
) -> Result<Reply, StoreError> {
    let letter = mail::letter(tracker, current, event).await?;
    let (Some(letter), Some(mailer)) = (letter, outgoing.mailer) else {
        return Ok(Reply::Status(204));
    };
    Ok(match mailer.send(&letter).await {
        Ok(()) => Reply::Status(202),
        Err(error) => {
            let about = object!({"program": current.program().id.as_str()});
            log::failure("a letter was not sent", about, &error);
            Reply::Failed(error)
        }
    })
}

/// The request for one event.
fn message(
    tracker: &Tracker<'_>,
    url: &str,
    record: &OutboxRecord,
    event: &EventRecord,
) -> Result<Message, StoreError> {
    let EventRecord { id, kind, data } = event;
    let told_at = goodword_api::instant::write(Instant(record.told_at_ms));
    // Neither a kind nor an instant has anything to escape.
    let body = format!(r#"{{"type":"{kind}","timestamp":"{told_at}","data":{data}}}"#);
    let timestamp_s = tracker.now.0 / 1_000;
    let signature = signing::webhook(&tracker.settings.webhook_secrets, id, timestamp_s, &body);
    let unsigned = || StoreError("WEBHOOK_SIGNING_SECRET signs nothing".to_owned());
    let signature = signature.ok_or_else(unsigned)?;
    Ok(Message { url: url.to_owned(), id: id.clone(), timestamp_s, signature, body })
}

/// What was replied to one request.
struct Replied<'a> {
    endpoint: &'a str,
    event: &'a str,
    reply: Reply,
}

/// What follows from a try.
#[derive(Debug, PartialEq, Eq)]
struct Next {
    /// What is kept of it.
    record: OutboxRecord,
    /// Whether there is nothing more to try.
    is_ended: bool,
}

/// Decides what follows from the replies to a try, the one after so many
/// attempts. An endpoint is gone for good that says so as often as
/// [`GONE_ANSWERS`] in a row.
fn decide(
    record: &OutboxRecord,
    attempt: u32,
    replies: &[Replied<'_>],
    now: Instant,
    wait_ms: Option<i64>,
) -> Next {
    let mut record = record.clone();
    let mut is_waited_for = false;
    for Replied { endpoint, event, reply } in replies {
        if reply.is_success() {
            record.note(endpoint, event);
        }
        if !reply.is_gone() {
            record.gone.retain(|gone| gone != endpoint);
        }
    }
    for Replied { endpoint, event, reply } in replies {
        // One event stands for all of a try.
        let is_first = replies
            .iter()
            .find(|one| one.endpoint == *endpoint)
            .is_some_and(|one| one.event == *event);
        if reply.is_gone() && is_first {
            record.gone.push((*endpoint).to_owned());
        }
    }
    for Replied { endpoint, reply, .. } in replies {
        is_waited_for |= !reply.is_success() && !is_gone(&record, endpoint);
    }
    let wait = WAIT_MINUTES.get(attempt as usize).map(|minutes| minutes * MINUTE_MS);
    let wait = wait.filter(|_| is_waited_for);
    record.due_at_ms = now.plus_ms(wait.map_or(0, |wait| wait_ms.unwrap_or(wait))).0;
    Next { record, is_ended: wait.is_none() }
}

fn is_gone(record: &OutboxRecord, endpoint: &str) -> bool {
    record.gone.iter().filter(|gone| *gone == endpoint).count() >= GONE_ANSWERS
}

/// Writes what follows from a try; says whether the entry is done with.
async fn follow(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    one: &Try,
    replies: &[Replied<'_>],
) -> Result<bool, StoreError> {
    let wait_ms = tracker.settings.webhook_wait_ms;
    let Next { record, is_ended } = decide(&one.record, one.attempt, replies, tracker.now, wait_ms);
    let mut writes: Vec<(String, String, Keep)> = Vec::new();
    for Replied { endpoint, .. } in replies.iter().filter(|one| is_gone(&record, one.endpoint)) {
        let since = tracker.now.0.to_string();
        writes.push((keys::outbox::gone(program, endpoint), since, Keep::Forever));
    }
    if !is_ended {
        let at = Instant(record.due_at_ms);
        let next = keys::outbox::entry(program, at, &one.act, one.attempt + 1);
        writes.push((next, write(&record), Keep::Forever));
    } else if !record.is_again {
        // What is told again has its mark since it was told first.
        writes.push((mark(program, one), write(&record), Keep::Days(DELIVERED_DAYS)));
    }
    writes.dedup();
    for (key, body, keep) in writes {
        tracker.store.put(&key, &body, keep).await?;
    }
    tracker.store.delete(&one.key).await?;
    Ok(is_ended)
}
