//! Who is who: which advocate a code names, which code an identity has.

use crate::keys;
use crate::records::{CodeRecord, IdentityRecord, StandingRecord, read};
use crate::sealing::{self, Person};
use crate::store::{StoreError, get, get_many};
use crate::tracker::Tracker;
use goodword::attribution::Advocate;
use goodword::code::ReferralCode;
use goodword::key::{PersonKey, ProgramId};
use goodword::mutant;
use goodword::order::{ClaimRead, CodeRead, Order};
use goodword::sorted::{self, Map};

/// Whom a code names in a program; `None` if nobody there.
///
/// # Errors
/// Whatever the store says.
pub async fn find(
    tracker: &Tracker<'_>,
    code: ReferralCode,
) -> Result<Option<CodeRecord>, StoreError> {
    Ok(find_many(tracker, &[code]).await?.remove(&code))
}

/// Whom several codes name, blocked or not, in one read a hundred keys.
///
/// # Errors
/// Whatever the store says.
pub async fn find_many(
    tracker: &Tracker<'_>,
    codes: &[ReferralCode],
) -> Result<Map<ReferralCode, CodeRecord>, StoreError> {
    let keys = code_keys(codes);
    code_records(codes, &keys, &mut get_many(tracker.store, &keys).await?.into_iter())
}

/// The keys of what is kept about codes, two for each.
fn code_keys(codes: &[ReferralCode]) -> Vec<String> {
    codes.iter().flat_map(|code| [keys::code(*code), keys::standing(*code)]).collect()
}

/// Reads the bodies of these keys.
fn code_records(
    codes: &[ReferralCode],
    keys: &[String],
    bodies: &mut impl Iterator<Item = Option<String>>,
) -> Result<Map<ReferralCode, CodeRecord>, StoreError> {
    let mut records = Map::new();
    for (code, keys) in codes.iter().zip(keys.chunks_exact(2)) {
        let (record, standing) = (bodies.next().flatten(), bodies.next().flatten());
        let ([record_key, standing_key], Some(record)) = (keys, record) else { continue };
        let mut record: CodeRecord = read(record_key, &record)?;
        if let Some(standing) = standing {
            record.blocked = read::<StandingRecord>(standing_key, &standing)?.blocked;
        }
        records.insert(*code, record);
    }
    Ok(records)
}

/// The same, if it is an advocate of this program who is neither blocked nor
/// erased. Such a code and one that never was are told alike.
///
/// # Errors
/// Whatever the store says.
pub async fn find_active(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    code: &str,
) -> Result<Option<(ReferralCode, CodeRecord)>, StoreError> {
    let Some(code) = ReferralCode::parse(code) else { return Ok(None) };
    let record = find(tracker, code).await?;
    let is_active = |record: &CodeRecord| record.program == program.as_str() && record.is_active();
    Ok(record.filter(is_active).map(|record| (code, record)))
}

/// The name an advocate chose to show.
///
/// # Errors
/// Whatever the store says.
pub async fn display_name(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    code: ReferralCode,
) -> Result<Option<String>, StoreError> {
    Ok(person(tracker, program, code).await?.and_then(|person| person.display_name))
}

/// Who an advocate is; `None` once erased.
///
/// # Errors
/// Whatever the store says.
pub async fn person(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    code: ReferralCode,
) -> Result<Option<Person>, StoreError> {
    let place = keys::person(program, code);
    let sealed = get(tracker.store, &place).await?;
    Ok(sealed.and_then(|text| sealing::open(&tracker.settings.seal_keys, &place, &text)))
}

/// The code of an identity.
///
/// # Errors
/// Whatever the store says.
pub async fn code_of(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    person: PersonKey,
) -> Result<Option<ReferralCode>, StoreError> {
    let key = keys::identity(program, person);
    let Some(body) = get(tracker.store, &key).await? else { return Ok(None) };
    let record: IdentityRecord = read(&key, &body)?;
    Ok(ReferralCode::parse(&record.code))
}

/// The advocates that matter for a friend's orders: those the orders point
/// to, with the identities they share with the friend. Only the shared ones
/// are looked up: they are all that can make a self-referral.
pub struct Advocates {
    /// As the rules need them.
    pub all: Vec<Advocate>,
    records: Map<ReferralCode, CodeRecord>,
}

impl Advocates {
    /// What is kept about an advocate.
    #[must_use]
    pub fn record(&self, code: ReferralCode) -> Option<&CodeRecord> {
        self.records.get(&code)
    }

    /// Looks up whomever these orders point to, in two reads.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn of(
        tracker: &Tracker<'_>,
        program: &ProgramId,
        orders: &[Order],
    ) -> Result<Self, StoreError> {
        let codes = pointed_to(orders);
        let identities = identities(orders);
        let mut keys = code_keys(&codes);
        let of_codes = keys.len();
        keys.extend(identities.iter().map(|person| keys::identity(program, *person)));
        let mut bodies = get_many(tracker.store, &keys).await?.into_iter();
        let mut records = code_records(&codes, &keys, &mut bodies)?;
        records.retain(|_, record| {
            mutant!(OtherProgramsCodeAccepted, record.program == program.as_str(), true)
        });
        let bodies = bodies.zip(keys.iter().skip(of_codes));
        let mut all: Vec<Advocate> = records
            .iter()
            .map(|(code, record)| Advocate {
                code: *code,
                identities: Vec::new(),
                blocked_from: record.blocked_from(),
            })
            .collect();
        for (person, (body, key)) in identities.iter().zip(bodies) {
            let Some(body) = body else { continue };
            let record: IdentityRecord = read(key, &body)?;
            let owner = ReferralCode::parse(&record.code);
            for advocate in all.iter_mut().filter(|advocate| Some(advocate.code) == owner) {
                advocate.identities.push(*person);
            }
        }
        Ok(Advocates { all, records })
    }
}

/// The codes that orders point to, by claim or typed.
#[must_use]
pub fn pointed_to(orders: &[Order]) -> Vec<ReferralCode> {
    let claimed = orders.iter().flat_map(|order| &order.claims).filter_map(|claim| match claim {
        ClaimRead::Good { code, .. } => Some(*code),
        ClaimRead::OtherProgram | ClaimRead::Invalid => None,
    });
    let typed = orders.iter().flat_map(|order| &order.codes).filter_map(|code| match code {
        CodeRead::Code(code) => Some(*code),
        CodeRead::Invalid => None,
    });
    let mut codes: Vec<ReferralCode> = claimed.chain(typed).collect();
    sorted::sort(&mut codes);
    codes.dedup();
    codes
}

fn identities(orders: &[Order]) -> Vec<PersonKey> {
    let customers = orders.iter().map(|order| order.customer);
    let emails = orders.iter().flat_map(|order| order.emails.iter().copied());
    let mut identities: Vec<PersonKey> = customers.chain(emails).collect();
    sorted::sort(&mut identities);
    identities.dedup();
    identities
}
