//! Everybody of a program is erased: the shop gave its provider's app up, and
//! the provider asks for that two days later.
//!
//! The request only writes down that it is to be done. Each run of the cron
//! then erases as many as it may, one by one as `flows::people` does, and keeps
//! no cursor: whoever is not erased is still to be. A run that finds nobody
//! left forgets the request, once that is older than any staleness.

use crate::flows::people;
use crate::http::Failure;
use crate::keys;
use crate::limits::{
    OPERATIONS_PER_PERSON, OPERATIONS_TO_ERASE_MAX, OPERATIONS_TO_FIND_PEOPLE_MAX,
};
use crate::log;
use crate::records::{ErasedRecord, read};
use crate::store::counting::Counting;
use crate::store::{Keep, Store, StoreError};
use crate::tracker::Tracker;
use crate::walk::{Found, Group, Place, Walk};
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::time::Instant;
use goodword_api::object;

/// Writes down that everybody is to be erased.
///
/// # Errors
/// Whatever the store says.
pub async fn begin(tracker: &Tracker<'_>, program: &ProgramId) -> Result<(), Failure> {
    let key = keys::erasure(program, tracker.now);
    tracker.store.put(&key, "", Keep::Forever).await?;
    Ok(())
}

/// Since when everybody of a program is being erased, if they are.
///
/// # Errors
/// Whatever the store says.
pub async fn since(
    tracker: &Tracker<'_>,
    program: &ProgramId,
) -> Result<Option<Instant>, StoreError> {
    let page = tracker.store.list(&keys::erasures(program), None).await?;
    let asked = page.entries.iter().filter_map(|(key, _)| keys::read_erasure(key));
    Ok(asked.map(|(_, at)| at).min())
}

/// What a run of the cron does about it, in all programs. One program's trouble
/// is logged and not the next one's: who was not erased still is to be.
pub async fn go_on(tracker: &Tracker<'_>) {
    let store = Counting::new(tracker.store);
    let tracker = Tracker { store: &store, ..*tracker };
    let page = match store.list(keys::ERASURES, None).await {
        Ok(page) => page,
        Err(error) => return log::failure("erasures were not listed", object!({}), error.0),
    };
    let asked = page.entries.iter().filter_map(|(key, _)| keys::read_erasure(key));
    let asked: Vec<(ProgramId, Instant)> = asked.collect();
    for of_program in asked.chunk_by(|one, other| one.0 == other.0) {
        let Some((program, _)) = of_program.first() else { continue };
        let error = match in_program(&tracker, &store, program, of_program).await {
            Ok(()) => continue,
            Err(Failure::Store(error)) => error.0,
            Err(Failure::Problem(problem)) => problem.detail,
        };
        log::failure("people were not erased", object!({"program": program.as_str()}), error);
    }
}

async fn in_program(
    tracker: &Tracker<'_>,
    store: &Counting<'_>,
    program: &ProgramId,
    asked: &[(ProgramId, Instant)],
) -> Result<(), Failure> {
    let has_room = || store.operations() + OPERATIONS_PER_PERSON <= OPERATIONS_TO_ERASE_MAX;
    let prefix = keys::persons(program);
    let most = OPERATIONS_TO_FIND_PEOPLE_MAX;
    let mut walk = Walk::new(store, prefix, 2, Place::default(), most);
    let mut is_nobody_left = true;
    while has_room() {
        let Found::Group(group) = walk.next().await? else { break };
        let Some(code) = ReferralCode::parse(&group.name).filter(|_| !is_erased(&group)) else {
            continue;
        };
        is_nobody_left = false;
        people::erase_advocate(tracker, program, code, &[]).await?;
    }
    if !is_nobody_left || !walk.is_done() {
        return Ok(());
    }
    for (key, _) in store.list(&keys::data_requests(program), None).await?.entries {
        if !has_room() {
            return Ok(());
        }
        store.delete(&key).await?;
    }
    let grace_ms = tracker.settings.settlement_grace_ms;
    for (_, at) in asked.iter().filter(|(_, at)| at.plus_ms(grace_ms) <= tracker.now) {
        store.delete(&keys::erasure(program, *at)).await?;
    }
    Ok(())
}

/// Whether nothing is left to be done about an advocate.
fn is_erased(person: &Group) -> bool {
    let erased = person.entries.iter().map(|(key, body)| read::<ErasedRecord>(key, body));
    erased.into_iter().any(|erased| erased.is_ok_and(|erased| erased.left.is_empty()))
}
