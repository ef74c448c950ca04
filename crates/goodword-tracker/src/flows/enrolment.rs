//! The way of an advocate: a customer gets a code.
//!
//! The code is derived from who they are, so two data centers that enroll the
//! same customer at the same moment make the same code.

use crate::directory;
use crate::events;
use crate::hashing;
use crate::http::Failure;
use crate::keys;
use crate::limits::CODE_TRIES_MAX;
use crate::outbox;
use crate::programs::Current;
use crate::random;
use crate::records::{CodeRecord, IdentityRecord, write};
use crate::sealing::{self, Person};
use crate::signing;
use crate::store::{Keep, StoreError};
use crate::tracker::Tracker;
use goodword::code::ReferralCode;
use goodword::key::{PersonKey, ProgramId};
use goodword_api::event::EventKind;
use goodword_api::problem::{Code, Problem};

/// Who is to be enrolled.
pub struct Newcomer<'a> {
    /// In which program.
    pub current: &'a Current,
    /// What is known about them.
    pub person: Person,
    /// Whether the shop's server vouches for that. Anybody can type anybody's
    /// e-mail address.
    pub is_vouched_for: bool,
    /// The group the shop puts them in.
    pub group: Option<String>,
    /// The claim they came with, if they are somebody's friend.
    pub claim: Option<&'a str>,
}

/// Enrolls somebody, or finds them if they are enrolled: same customer, same
/// answer. What is new about them is added, nothing is taken away.
///
/// # Errors
/// Whatever the store says.
pub async fn enrol(
    tracker: &Tracker<'_>,
    newcomer: Newcomer<'_>,
) -> Result<(ReferralCode, CodeRecord), Failure> {
    let program = &newcomer.current.program().id;
    let identities = identities(tracker, program, &newcomer.person);
    let Some(first) = identities.first().copied() else {
        let detail = "Neither a customer id nor an e-mail address was given.";
        return Err(Problem::new(Code::InvalidField, detail).into());
    };
    let mut known = Vec::new();
    for identity in &identities {
        known.push(directory::code_of(tracker, program, *identity).await?);
    }
    let code = match known.first().copied().flatten() {
        Some(code) => code,
        None => match adoptable(tracker, &identities, &known).await? {
            Some(code) => code,
            None => free_code(tracker, program, first).await?,
        },
    };
    let record = keep_record(tracker, code, first, &newcomer).await?;
    keep_person(tracker, program, code, &newcomer).await?;
    if !newcomer.is_vouched_for && known.first().copied().flatten().is_some() {
        seem_new(tracker, &newcomer, code, first).await?;
    }
    for (identity, _) in identities.iter().zip(known).filter(|(_, known)| known.is_none()) {
        let body = write(&IdentityRecord { code: code.to_string() });
        tracker.store.put(&keys::identity(program, *identity), &body, Keep::Forever).await?;
    }
    Ok((code, record))
}

/// Does for a known address what enrolling an unknown one takes, so that
/// nobody learns from the time it takes which addresses are enrolled.
async fn seem_new(
    tracker: &Tracker<'_>,
    newcomer: &Newcomer<'_>,
    code: ReferralCode,
    person: PersonKey,
) -> Result<(), StoreError> {
    let program = &newcomer.current.program().id;
    directory::find(tracker, hashing::code(&tracker.settings.pepper, program, person, 0)).await?;
    // A record, a person, an identity; who invited them, and who hears of it.
    let is_invited = inviter(tracker, newcomer, code).is_some();
    let kind = EventKind::AdvocateEnrolled.as_str();
    let is_told = outbox::hears(tracker, newcomer.current, kind);
    for _ in 0..3 + usize::from(is_invited) + usize::from(is_told) {
        let key = keys::decoy(program, &random::name(tracker.random));
        tracker.store.put(&key, "", Keep::Days(1)).await?;
    }
    Ok(())
}

/// The code of a customer who enrolled by e-mail before they signed in. One
/// that belongs to another customer with the same address stays theirs.
async fn adoptable(
    tracker: &Tracker<'_>,
    identities: &[PersonKey],
    known: &[Option<ReferralCode>],
) -> Result<Option<ReferralCode>, StoreError> {
    let (Some(email), Some(Some(code))) = (identities.get(1), known.get(1)) else {
        return Ok(None);
    };
    let record = directory::find(tracker, *code).await?;
    Ok(record.filter(|record| record.person == email.to_string()).map(|_| *code))
}

/// The keys of a person: the customer id goes before the address, because it
/// is the shop's word and does not change.
fn identities(tracker: &Tracker<'_>, program: &ProgramId, person: &Person) -> Vec<PersonKey> {
    let pepper = &tracker.settings.pepper;
    let customer = person.customer_id.as_deref();
    let customer = customer.map(|id| hashing::customer(pepper, program, id));
    let email = person.email.as_deref();
    let email = email.map(|address| hashing::email(pepper, program, address));
    customer.into_iter().chain(email).collect()
}

/// The first derived code that does not name somebody else.
async fn free_code(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    person: PersonKey,
) -> Result<ReferralCode, Failure> {
    for attempt in 0..CODE_TRIES_MAX {
        let code = hashing::code(&tracker.settings.pepper, program, person, attempt);
        let owner = directory::find(tracker, code).await?;
        let is_free = owner.is_none_or(|record| {
            record.program == program.as_str() && record.person == person.to_string()
        });
        if is_free {
            return Ok(code);
        }
    }
    Err(Failure::Store(StoreError("no free code was found".to_owned())))
}

async fn keep_record(
    tracker: &Tracker<'_>,
    code: ReferralCode,
    person: PersonKey,
    newcomer: &Newcomer<'_>,
) -> Result<CodeRecord, StoreError> {
    let program = &newcomer.current.program().id;
    let known = directory::find(tracker, code).await?;
    let name = newcomer.person.display_name.as_deref().unwrap_or_default();
    let record = match &known {
        // The code stays as it was first shown: links with it are out there.
        Some(known) if !newcomer.is_vouched_for => known.clone(),
        // What somebody typed about them before they signed in counts for
        // nothing.
        Some(known) if known.person != person.to_string() => CodeRecord {
            person: person.to_string(),
            shown: code.with_name(name),
            group: newcomer.group.clone(),
            invited_by: inviter(tracker, newcomer, code),
            ..known.clone()
        },
        Some(known) => CodeRecord {
            group: newcomer.group.clone().or_else(|| known.group.clone()),
            ..known.clone()
        },
        None => CodeRecord {
            program: program.to_string(),
            person: person.to_string(),
            shown: code.with_name(name),
            group: newcomer.group.clone(),
            blocked: false,
            erased_ms: None,
            since_ms: tracker.now.0,
            invited_by: inviter(tracker, newcomer, code),
        },
    };
    if let Some(inviter) = record.invited_by.as_deref().and_then(ReferralCode::parse)
        && known.as_ref().is_none_or(|known| known.invited_by != record.invited_by)
    {
        let place = keys::invited(program, inviter, code);
        tracker.store.put(&place, "", Keep::Forever).await?;
    }
    if known.is_none() {
        let news = events::enrolled(program, code, &record);
        outbox::tell(tracker, newcomer.current, vec![news]).await?;
    }
    if known.as_ref() != Some(&record) {
        tracker.store.put(&keys::code(code), &write(&record), Keep::Forever).await?;
    }
    Ok(record)
}

/// Who invited the newcomer, if a good claim of this program says so.
fn inviter(tracker: &Tracker<'_>, newcomer: &Newcomer<'_>, own: ReferralCode) -> Option<String> {
    let claim = signing::read_claim(&tracker.settings.claim_keys, newcomer.claim?)?;
    let is_here = claim.program == hashing::program(&newcomer.current.program().id);
    (is_here && claim.code != own).then(|| claim.code.to_string())
}

async fn keep_person(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    code: ReferralCode,
    newcomer: &Newcomer<'_>,
) -> Result<(), StoreError> {
    let known = directory::person(tracker, program, code).await?;
    if known.is_some() && !newcomer.is_vouched_for {
        return Ok(());
    }
    let news = newcomer.person.clone();
    let person = known.clone().map_or(news.clone(), |known| known.with(news));
    if known.as_ref() == Some(&person) {
        return Ok(());
    }
    let place = keys::person(program, code);
    let sealed = sealing::seal(&tracker.settings.seal_keys, tracker.random, &place, &person);
    let sealed = sealed.ok_or_else(|| StoreError("a person could not be sealed".to_owned()))?;
    tracker.store.put(&place, &sealed, Keep::Forever).await
}
