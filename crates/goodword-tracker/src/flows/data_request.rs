//! That somebody wants to know what is kept about them, as their shop's
//! provider passes it on. The owner finds it among the warnings for a month
//! and shows them their data ([`people::export`]). Who it is stands
//! sealed, and goes when they are erased.

use crate::flows::people;
use crate::http::Failure;
use crate::keys;
use crate::limits::DATA_REQUEST_DAYS;
use crate::records::{DataRequestRecord, read, write};
use crate::sealing::{self, Person};
use crate::store::{Keep, StoreError, get_many, scan};
use crate::tracker::Tracker;
use goodword::key::{PersonKey, ProgramId};
use goodword::sorted;
use goodword::time::Instant;
use goodword_api::requests::Named;

/// Keeps that somebody asked.
///
/// # Errors
/// Whatever the store says.
pub async fn keep(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    named: &Named,
) -> Result<(), Failure> {
    let Some(who) = people::identities(tracker, program, named).into_iter().next() else {
        return Ok(());
    };
    let place = keys::data_request(program, who);
    let Named { customer_id, email } = named.clone();
    let person = Person { customer_id, email, ..Person::default() };
    let sealed = sealing::seal(&tracker.settings.seal_keys, tracker.random, &place, &person);
    let person = sealed.ok_or_else(|| StoreError("a person could not be sealed".to_owned()))?;
    let record = DataRequestRecord { at_ms: tracker.now.0, person };
    tracker.store.put(&place, &write(&record), Keep::Days(DATA_REQUEST_DAYS)).await?;
    Ok(())
}

/// Who asked in the last month, and when.
///
/// # Errors
/// Whatever the store says.
pub async fn kept(
    tracker: &Tracker<'_>,
    program: &ProgramId,
) -> Result<Vec<(Instant, Person)>, StoreError> {
    let mut asked = Vec::new();
    for (key, body) in scan(tracker.store, &keys::data_requests(program)).await? {
        let record: DataRequestRecord = read(&key, &body)?;
        if let Some(person) = sealing::open(&tracker.settings.seal_keys, &key, &record.person) {
            asked.push((Instant(record.at_ms), person));
        }
    }
    sorted::sort_by_key(&mut asked, |(at, _)| core::cmp::Reverse(*at));
    Ok(asked)
}

/// Forgets what somebody asked, whichever of these they were named with.
///
/// # Errors
/// Whatever the store says.
pub async fn forget(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    who: &[PersonKey],
) -> Result<(), StoreError> {
    let keys: Vec<String> = who.iter().map(|person| keys::data_request(program, *person)).collect();
    for (key, body) in keys.iter().zip(get_many(tracker.store, &keys).await?) {
        if body.is_some() {
            tracker.store.delete(key).await?;
        }
    }
    Ok(())
}
