//! Events: what a shop's server hears of. An event's id is made from what it
//! tells, so that the same thing told twice, by two runs or after a failure,
//! is one event. Nothing personal is told: codes, orders and rewards only.

use crate::flows::{kept_answer, review};
use crate::hashing;
use crate::mail;
use crate::records::outbox::EventRecord;
use crate::records::{CodeRecord, HeldRecord, LineRecord};
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::rating::Rating;
use goodword::reward::{Entry, Reward, RewardId, RewardStatus};
use goodword::time::{DAY_MS, Instant};
use goodword_api::event::EventKind;
use goodword_api::object;
use goodword_api::{instant, reward};
use serde_json::Value;

/// An event about something that `subject` names apart from everything else.
fn event(program: &ProgramId, kind: EventKind, subject: &[&str], mut data: Value) -> EventRecord {
    let mut parts = vec!["event", program.as_str(), kind.as_str()];
    parts.extend(subject);
    if let Value::Object(fields) = &mut data {
        fields.insert("program".to_owned(), program.as_str().into());
    }
    let id = format!("evt_{}", hashing::name(&parts));
    // What is kept names nobody, so that erasing need not look for it here.
    let data = kept_answer::without_names(&data);
    EventRecord { id, kind: kind.as_str().to_owned(), data: data.to_string() }
}

/// A customer became an advocate.
#[must_use]
pub fn enrolled(program: &ProgramId, code: ReferralCode, record: &CodeRecord) -> EventRecord {
    let data = object!({
        "code": record.shown,
        "enrolled_at": instant::write(Instant(record.since_ms)),
        "group": record.group,
        "invited_by": record.invited_by,
    });
    event(program, EventKind::AdvocateEnrolled, &[&code.to_string()], data)
}

/// Somebody asked for their link by an address that nobody vouches for: they
/// get a letter, and nobody else hears of it.
#[must_use]
pub fn link_asked(
    program: &ProgramId,
    code: ReferralCode,
    share_link: &str,
    locale: Option<&str>,
) -> EventRecord {
    let data = object!({"code": code.to_string(), "share_link": share_link, "locale": locale});
    let id =
        format!("evt_{}", hashing::name(&[mail::LINK_ASKED, program.as_str(), &code.to_string()]));
    EventRecord { id, kind: mail::LINK_ASKED.to_owned(), data: data.to_string() }
}

/// An order is an advocate's doing.
#[must_use]
pub fn attributed(
    program: &ProgramId,
    order: OrderKey,
    line: &LineRecord,
    shown: &str,
) -> EventRecord {
    let code = ReferralCode::parse(shown).map(|code| code.to_string()).unwrap_or_default();
    let kind = EventKind::ConversionAttributed;
    event(program, kind, &[&order.to_string(), &code], conversion(order, line, shown))
}

/// An order is held for a person to look at.
#[must_use]
pub fn flagged(
    program: &ProgramId,
    order: OrderKey,
    line: &LineRecord,
    shown: &str,
    held: &HeldRecord,
) -> EventRecord {
    let mut data = conversion(order, line, shown);
    if let Value::Object(fields) = &mut data {
        fields.insert("review".to_owned(), review::shown(held));
    }
    event(program, EventKind::ConversionFlagged, &[&order.to_string(), &held.code], data)
}

fn conversion(order: OrderKey, line: &LineRecord, shown: &str) -> Value {
    object!({
        "conversion_id": format!("cv_{order}"),
        "order_id": line.order_id,
        "code": shown,
        "occurred_at": instant::write(Instant(line.at_ms)),
        "value": line.value.as_ref().map(|value| object!({"amount_minor": value.0, "currency": value.1})),
    })
}

/// An advocate is unlikely to recommend the shop. What they wrote is not told:
/// it is personal, and the owner's list has it.
#[must_use]
pub fn rated_low(
    program: &ProgramId,
    code: ReferralCode,
    rating: Rating,
    at: Instant,
) -> EventRecord {
    let (code, score) = (code.to_string(), rating.score());
    let data = object!({"code": code, "score": score, "rated_at": instant::write(at)});
    // The same answer on the same day is told once: a page sends it again when
    // it heard nothing.
    let (said, day) = (score.to_string(), at.0.div_euclid(DAY_MS).to_string());
    event(program, EventKind::RatingLow, &[&code, &said, &day], data)
}

/// What happened to rewards between two folds of a book: each new entry in a
/// ledger is an event, and so is a milestone that was not there before. A
/// reward that is not there any more, because its order is somebody else's, is
/// voided here.
#[must_use]
pub fn of_rewards(
    program: &ProgramId,
    before: &[Reward],
    after: &[Reward],
    shown: impl Fn(&Reward) -> Value,
) -> Vec<EventRecord> {
    let mut events = Vec::new();
    for now in after {
        let known = before.iter().find(|reward| is_same(reward, now));
        if let (None, RewardId::Milestone(..)) = (known, now.id) {
            let data = shown(now);
            let subject = subject(now);
            let parts: Vec<&str> = subject.iter().map(String::as_str).collect();
            events.push(event(program, EventKind::MilestoneReached, &parts, data));
        }
        let known = known.map(|reward| reward.entries.as_slice()).unwrap_or_default();
        let news = now.entries.iter().filter(|entry| !known.contains(entry));
        events.extend(news.filter_map(|entry| of_entry(program, now, *entry, shown(now))));
    }
    for gone in before.iter().filter(|gone| !after.iter().any(|reward| is_same(reward, gone))) {
        let is_open = matches!(gone.status, RewardStatus::Pending | RewardStatus::Confirmed);
        if is_open {
            let mut data = shown(gone);
            if let Value::Object(fields) = &mut data {
                fields.insert("status".to_owned(), RewardStatus::Voided.as_str().into());
            }
            let entry = Entry::Void(gone.balance());
            events.extend(of_entry(program, gone, entry, data));
        }
    }
    events
}

fn is_same(one: &Reward, other: &Reward) -> bool {
    (one.id, one.code, one.order) == (other.id, other.code, other.order)
}

fn subject(reward: &Reward) -> Vec<String> {
    let order = reward.order.map(|order| order.to_string()).unwrap_or_default();
    vec![reward.id.to_string(), reward.code.to_string(), order]
}

fn of_entry(
    program: &ProgramId,
    reward: &Reward,
    entry: Entry,
    mut data: Value,
) -> Option<EventRecord> {
    let kind = EventKind::of_entry(entry)?;
    // What was earned and undone, or settled, at once was never pending.
    let is_over = kind == EventKind::RewardPending && reward.status != RewardStatus::Pending;
    if is_over {
        return None;
    }
    let undone = match entry {
        Entry::Void(amount) | Entry::Clawback(amount) => Some(amount),
        Entry::Accrual(_) | Entry::Confirmation | Entry::Fulfilment => None,
    };
    if let (Value::Object(fields), Some(amount)) = (&mut data, undone) {
        let undone = reward.value.with_amount(amount);
        fields.insert("undone".to_owned(), reward::value(&undone));
    }
    let mut subject = subject(reward);
    subject.push(format!("{entry:?}"));
    let parts: Vec<&str> = subject.iter().map(String::as_str).collect();
    Some(event(program, kind, &parts, data))
}
