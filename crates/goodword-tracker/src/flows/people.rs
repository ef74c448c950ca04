//! A person's data: shown to them in one call, erased in another.
//!
//! Who somebody is stands in three places: the sealed person, the hashed
//! identities that lead to their code, and the name before the code. Erasing
//! removes all three, what they said of the shop, and their name on the
//! leaderboard. What stays is what money rests on: the code without a name,
//! amounts, and in the facts of orders keyed hashes of the customer, without
//! which a friend could be rewarded twice. Only somebody who has both the
//! pepper and the customer's id can still tell that the two belong together.

use crate::books::KeptBook;
use crate::directory;
use crate::flows::{data_request, leaderboard};
use crate::hashing;
use crate::http::Failure;
use crate::keys;
use crate::limits::PERSON_ORDERS_MAX;
use crate::lists::conversions::{self, Row};
use crate::lists::ratings;
use crate::orders::Reports;
use crate::programs::{self, Current};
use crate::records::{CodeRecord, ErasedRecord, IdentityRecord, read, write};
use crate::sealing::{self, Person};
use crate::store::{Keep, StoreError, get, get_many, scan};
use crate::tracker::Tracker;
use crate::walk::Place;
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, PersonKey, ProgramId};
use goodword::reward::Reward;
use goodword::sorted;
use goodword::terms::Side;
use goodword::time::Instant;
use goodword_api::instant;
use goodword_api::object;
use goodword_api::requests::Named;
use serde_json::Value;

/// Erases a person. Nobody can tell from the outcome whether they were known,
/// and a call that died half way is made good by the same call again.
///
/// An e-mail address beside a customer id counts only where it leads to no
/// other customer's advocate: two customers may share an address.
///
/// # Errors
/// Whatever the store says.
pub async fn erase(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    named: &Named,
) -> Result<(), Failure> {
    let asked = identities(tracker, program, named);
    match find(tracker, program, &asked).await? {
        Some(code) => erase_advocate(tracker, program, code, &asked).await,
        None => Ok(data_request::forget(tracker, program, &asked).await?),
    }
}

/// The advocate of the first identity that leads to one. What comes after it
/// leads to nobody who was enrolled as somebody else.
async fn find(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    asked: &[PersonKey],
) -> Result<Option<ReferralCode>, StoreError> {
    let keys: Vec<String> = asked.iter().map(|person| keys::identity(program, *person)).collect();
    let bodies = get_many(tracker.store, &keys).await?;
    for (place, (key, body)) in keys.iter().zip(bodies).enumerate() {
        let Some(body) = body else { continue };
        let record: IdentityRecord = read(key, &body)?;
        let Some(code) = ReferralCode::parse(&record.code) else { continue };
        let is_theirs = |record: &CodeRecord| {
            let person = PersonKey::parse(&record.person);
            person.is_none_or(|person| asked.contains(&person))
        };
        let is_first = place == 0;
        if is_first || directory::find(tracker, code).await?.as_ref().is_none_or(is_theirs) {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// The identities somebody is named with, the customer id first.
pub(super) fn identities(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    named: &Named,
) -> Vec<PersonKey> {
    let pepper = &tracker.settings.pepper;
    let customer = named.customer_id.as_deref();
    let email = named.email.as_deref();
    let customer = customer.map(|id| hashing::customer(pepper, program, id));
    customer.into_iter().chain(email.map(|it| hashing::email(pepper, program, it))).collect()
}

/// 1. The sealed person gives way to the list of hashed identities that lead
///    to the code. What they said of the shop goes, and their name on the
///    leaderboard.
/// 2. The code loses its name and whom it was made for, and earns nothing for
///    orders from now on.
/// 3. The identities go, those that the caller knows last: whatever dies in
///    between, the same call finds its way again.
/// 4. That they asked for their data goes, and the list.
pub(super) async fn erase_advocate(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    code: ReferralCode,
    asked: &[PersonKey],
) -> Result<(), Failure> {
    let place = keys::person(program, code);
    let known = directory::find(tracker, code).await?;
    let left = left(tracker, program, &place, known.as_ref(), asked).await?;
    let body = write(&ErasedRecord { left: left.iter().map(PersonKey::to_string).collect() });
    tracker.store.put(&place, &body, Keep::Forever).await?;
    for said in [keys::rating(program, code), keys::member(program, code)] {
        tracker.store.delete(&said).await?;
    }

    if let Some(known) = known.filter(|known| known.program == program.as_str()) {
        let nameless = CodeRecord {
            person: String::new(),
            shown: code.to_string(),
            erased_ms: known.erased_ms.or(Some(tracker.now.0)),
            ..known.clone()
        };
        if nameless != known {
            tracker.store.put(&keys::code(code), &write(&nameless), Keep::Forever).await?;
        }
    }
    let keys: Vec<String> = left.iter().map(|person| keys::identity(program, *person)).collect();
    for (key, body) in keys.iter().zip(get_many(tracker.store, &keys).await?) {
        let Some(body) = body else { continue };
        let record: IdentityRecord = read(key, &body)?;
        // An address may have been somebody else's before.
        if ReferralCode::parse(&record.code) == Some(code) {
            tracker.store.delete(key).await?;
        }
    }
    data_request::forget(tracker, program, &left).await?;
    tracker.store.put(&place, &write(&ErasedRecord::default()), Keep::Forever).await?;
    Ok(())
}

/// Every hashed identity that may lead to an advocate, those the caller knows
/// last.
async fn left(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    place: &str,
    known: Option<&CodeRecord>,
    asked: &[PersonKey],
) -> Result<Vec<PersonKey>, StoreError> {
    let body = get(tracker.store, place).await?.unwrap_or_default();
    let mut left: Vec<PersonKey> = Vec::new();
    if let Some(person) = sealing::open(&tracker.settings.seal_keys, place, &body) {
        let Person { customer_id, email, former_emails, .. } = person;
        left.extend(identities(tracker, program, &Named { customer_id, email }));
        let pepper = &tracker.settings.pepper;
        left.extend(former_emails.iter().map(|email| hashing::email(pepper, program, email)));
    } else if let Ok(erased) = read::<ErasedRecord>(place, &body) {
        left.extend(erased.left.iter().filter_map(|key| PersonKey::parse(key)));
    }
    left.extend(known.and_then(|known| PersonKey::parse(&known.person)));
    sorted::sort(&mut left);
    left.dedup();
    left.retain(|person| !asked.contains(person));
    left.extend(asked);
    Ok(left)
}

/// Everything that is kept about a person, as an advocate and as a friend.
///
/// # Errors
/// Whatever the store says.
pub async fn export(
    tracker: &Tracker<'_>,
    current: &Current,
    named: &Named,
    base: &str,
) -> Result<Value, Failure> {
    let program = &current.program().id;
    let asked = identities(tracker, program, named);
    let code = find(tracker, program, &asked).await?;
    let mut person = Person { customer_id: named.customer_id.clone(), ..Person::default() };
    let mut advocate = Value::Null;
    if let Some(code) = code
        && let Some(record) = directory::find(tracker, code).await?
    {
        if let Some(known) = directory::person(tracker, program, code).await? {
            person = known;
        }
        advocate = as_advocate(tracker, current, code, &record, &person, base).await?;
    }
    let mut orders = Vec::new();
    let mut is_complete = true;
    let mut rewards = Vec::new();
    if let Some(customer_id) = &person.customer_id {
        let friend = hashing::customer(&tracker.settings.pepper, program, customer_id);
        let found = as_friend(tracker, current, friend).await?;
        is_complete = found.is_complete;
        rewards = rewards_of(tracker, current, friend, &found.rows).await?;
        orders = conversions::shown(tracker, &found.rows).await?;
    }
    Ok(object!({
        "program": program.as_str(),
        "advocate": advocate,
        "orders": orders,
        "rewards": rewards,
        "complete": is_complete,
    }))
}

async fn as_advocate(
    tracker: &Tracker<'_>,
    current: &Current,
    code: ReferralCode,
    record: &CodeRecord,
    person: &Person,
    base: &str,
) -> Result<Value, Failure> {
    let program = &current.program().id;
    let said = [keys::rating(program, code), keys::member(program, code)];
    let mut bodies = get_many(tracker.store, &said).await?.into_iter();
    let (rating, member) = (bodies.next().flatten(), bodies.next().flatten());
    let [rating_key, member_key] = &said;
    let book = KeptBook::load(tracker, program, code).await?;
    let is_own = |reward: &Reward| reward.code == code && reward.side == Side::Advocate;
    let rewards = shown_rewards(tracker, current, code, record, &book, &is_own).await?;
    Ok(object!({
        "code": record.shown,
        "share_link": format!("{base}/r/{}", record.shown),
        "status": record.status(),
        "customer_id": person.customer_id,
        "email": person.email,
        "former_emails": person.former_emails,
        "display_name": person.display_name,
        "group": record.group,
        "since": instant::write(Instant(record.since_ms)),
        "invited_by": record.invited_by,
        "rewards": rewards,
        "rating": ratings::of(tracker, program, rating_key, rating.as_ref())?,
        "leaderboard_name": leaderboard::name(tracker, member_key, member.as_ref()),
    }))
}

/// A person's own orders.
struct Orders {
    rows: Vec<Row>,
    is_complete: bool,
}

async fn as_friend(
    tracker: &Tracker<'_>,
    current: &Current,
    friend: PersonKey,
) -> Result<Orders, Failure> {
    let program = &current.program().id;
    let entries = scan(tracker.store, &keys::friend(program, friend)).await?;
    // Keys come sorted, so one order's are beside each other.
    let order = |(key, _): &(String, String)| OrderKey::parse(key.split('/').nth(3)?);
    let mut orders: Vec<OrderKey> = entries.iter().filter_map(order).collect();
    orders.dedup();
    let terms = programs::history(tracker.store, current, Instant(i64::MIN)).await?;
    let mut rows = Vec::new();
    for order in orders.iter().take(PERSON_ORDERS_MAX) {
        let reports = Reports::load(tracker, program, *order).await?;
        rows.extend(Row::of(*order, &reports, &terms, Place::default()));
    }
    conversions::judge(tracker, program, &mut rows).await?;
    sorted::sort_by_key(&mut rows, |row| row.occurred_at);
    Ok(Orders { rows, is_complete: orders.len() <= PERSON_ORDERS_MAX })
}

/// What a person gets as a friend, from the books of those who brought them.
async fn rewards_of(
    tracker: &Tracker<'_>,
    current: &Current,
    friend: PersonKey,
    rows: &[Row],
) -> Result<Vec<Value>, Failure> {
    let records = directory::find_many(tracker, &conversions::codes(rows)).await?;
    let is_own = |reward: &Reward| reward.friend == Some(friend) && reward.side == Side::Friend;
    let mut rewards = Vec::new();
    for (code, record) in &records {
        let book = KeptBook::load(tracker, &current.program().id, *code).await?;
        rewards.extend(shown_rewards(tracker, current, *code, record, &book, &is_own).await?);
    }
    Ok(rewards)
}

async fn shown_rewards(
    tracker: &Tracker<'_>,
    current: &Current,
    code: ReferralCode,
    record: &CodeRecord,
    book: &KeptBook,
    is_own: &dyn Fn(&Reward) -> bool,
) -> Result<Vec<Value>, Failure> {
    let earliest = book.earliest().unwrap_or(tracker.now);
    let terms = programs::history(tracker.store, current, earliest).await?;
    let rewards = book.book(tracker, code, record, &terms).rewards(&terms);
    let own = rewards.iter().filter(|reward| is_own(reward));
    Ok(own.map(|reward| book.shown(reward, record)).collect())
}
