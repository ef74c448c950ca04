//! Clicks and shares: what is counted, never what is paid for.
//!
//! They are recorded after the answer went out, those of one isolate in one
//! short window in one write, whosever they are; if the isolate dies in that
//! window they are lost, which touches no attribution: the claim is in the
//! friend's hands. `flows::rollup` adds them up by hour and by day; what is
//! not added up yet is read as it was recorded ([`open`]).

mod by_advocate;
mod counted;
mod device;
mod hour;
pub mod open;

pub use by_advocate::ByAdvocate;
pub use counted::{Counted, Counts, Row};
pub use device::device_of;
pub use hour::{HOURS, Hour};

use crate::http::Request;
use crate::keys::traffic as keys;
use crate::store::{Keep, Store, StoreError, scan, with_bodies};
use crate::{limits, random};
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::time::Instant;

/// Something to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// In which program.
    pub program: ProgramId,
    /// For whom, through what.
    pub row: Row,
    /// What happened.
    pub counts: Counts,
}

impl Traffic {
    /// What an advocate's link or panel counts for this request. A channel
    /// that is none counts as none.
    #[must_use]
    pub fn new(
        request: &Request,
        program: ProgramId,
        code: ReferralCode,
        channel: Option<&str>,
        counts: Counts,
    ) -> Self {
        let row = Row {
            code: Some(code),
            channel: channel.map_or(0, goodword_api::channel::number_of),
            device: device_of(request.header("user-agent").unwrap_or_default()),
        };
        Traffic { program, row, counts }
    }
}

/// The name of a channel as figures show it: `link` where a link does not say.
#[must_use]
pub fn channel_name(number: u8) -> &'static str {
    goodword_api::channel::name_of(number).unwrap_or("link")
}

/// Records what happened, one write a program.
///
/// # Errors
/// Whatever the store says; what was not written is lost.
pub async fn record(
    store: &dyn Store,
    random: &dyn random::Random,
    now: Instant,
    traffic: &[Traffic],
) -> Result<(), StoreError> {
    let mut programs: Vec<&ProgramId> = Vec::new();
    for each in traffic {
        if !programs.contains(&&each.program) {
            programs.push(&each.program);
        }
    }
    for program in programs {
        let mut batch = Counted::default();
        for each in traffic.iter().filter(|each| each.program == *program) {
            batch.add(each.row, each.counts);
        }
        let key = keys::click(program, Hour::of(now), &random::name(random));
        store.put(&key, &batch.write(), Keep::Days(limits::TRAFFIC_DAYS)).await?;
    }
    Ok(())
}

/// Batches by their keys; not more than so many pages of them.
///
/// # Errors
/// Whatever the store says.
pub async fn batches(
    store: &dyn Store,
    prefix: &str,
    pages_max: usize,
) -> Result<Vec<(String, Counted)>, StoreError> {
    let mut batches = Vec::new();
    let mut cursor = None;
    for _ in 0..pages_max {
        let page = store.list(prefix, cursor.as_deref()).await?;
        for (key, body) in with_bodies(store, page.entries).await? {
            let counted = Counted::read(&key, &body)?;
            batches.push((key, counted));
        }
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(batches)
}

/// An advocate's clicks and shares: the days that are added up, and what is
/// not added up yet.
///
/// # Errors
/// Whatever the store says.
pub async fn of_advocate(
    store: &dyn Store,
    now: Instant,
    program: &ProgramId,
    code: ReferralCode,
) -> Result<Counted, StoreError> {
    let open = open::load(store, now, program).await?;
    let mut sum = Counted::default();
    for (key, body) in scan(store, &keys::all_stats(program, code)).await? {
        if keys::day_of_stats(&key).is_some_and(|day| !open.days.contains_key(&day)) {
            sum.merge(&Counted::read(&key, &body)?);
        }
    }
    open.days.values().for_each(|day| sum.merge(&day.of(code)));
    Ok(sum)
}
