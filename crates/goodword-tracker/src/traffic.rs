//! Clicks and shares: what is counted, never what is paid for. They are
//! recorded after the answer went out, those of one isolate in one short
//! window in one write an advocate; if the isolate dies in that window they
//! are lost, which touches no attribution: the claim is in the friend's hands.

use crate::keys;
use crate::records::{TrafficRecord, read, write};
use crate::store::{Keep, Store, StoreError, scan};
use crate::{limits, random};
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::time::Instant;
use std::collections::BTreeMap;

/// Something to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// In which program.
    pub program: ProgramId,
    /// For which advocate.
    pub code: ReferralCode,
    /// What happened.
    pub what: What,
    /// Through which channel; `link` where the link does not say.
    pub channel: &'static str,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Somebody followed the link.
    Click,
    /// The advocate pressed a channel.
    Share,
}

/// The channel of a click or share as it is counted.
#[must_use]
pub fn channel(name: Option<&str>) -> &'static str {
    let number = name.map_or(0, goodword_api::channel::number_of);
    goodword_api::channel::name_of(number).unwrap_or("link")
}

/// Records what happened, one write an advocate.
///
/// # Errors
/// Whatever the store says; what was not written is lost.
pub async fn record(
    store: &dyn Store,
    random: &dyn random::Random,
    now: Instant,
    traffic: &[Traffic],
) -> Result<(), StoreError> {
    let mut batches: BTreeMap<(ProgramId, ReferralCode), TrafficRecord> = BTreeMap::new();
    for each in traffic {
        let batch = batches.entry((each.program.clone(), each.code)).or_default();
        match each.what {
            What::Click => *batch.clicks.entry(each.channel.to_owned()).or_default() += 1,
            What::Share => *batch.shares.entry(each.channel.to_owned()).or_default() += 1,
        }
    }
    for ((program, code), batch) in batches {
        let key = keys::traffic(&program, code, now, &random::name(random));
        store.put(&key, &write(&batch), Keep::Days(limits::TRAFFIC_DAYS)).await?;
    }
    Ok(())
}

/// An advocate's clicks and shares.
///
/// # Errors
/// Whatever the store says.
pub async fn of_advocate(
    store: &dyn Store,
    program: &ProgramId,
    code: ReferralCode,
) -> Result<TrafficRecord, StoreError> {
    let mut sum = TrafficRecord::default();
    for (key, body) in scan(store, &keys::all_traffic(program, code)).await? {
        let batch: TrafficRecord = read(&key, &body)?;
        for (channel, clicks) in batch.clicks {
            *sum.clicks.entry(channel).or_default() += clicks;
        }
        for (channel, shares) in batch.shares {
            *sum.shares.entry(channel).or_default() += shares;
        }
    }
    Ok(sum)
}
