//! The clicks and shares of many advocates: the days that are added up come
//! with each of them, what is not added up yet is read once for all.

use super::open::{self, Open};
use super::{Counted, Counts, Row};
use crate::keys::traffic as keys;
use crate::store::{Store, StoreError};
use goodword::code::ReferralCode;
use goodword::key::ProgramId;
use goodword::time::Instant;

/// What is not added up yet.
pub struct ByAdvocate {
    open: Open,
    sums: Counted,
}

impl ByAdvocate {
    /// Reads it.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn load(
        store: &dyn Store,
        now: Instant,
        program: &ProgramId,
    ) -> Result<Self, StoreError> {
        let open = open::load(store, now, program).await?;
        let mut sums = Counted::default();
        open.days.values().for_each(|day| sums.merge(&day.by(|row| of(row.code))));
        Ok(ByAdvocate { open, sums })
    }

    /// All that an advocate has, with the days that are added up.
    ///
    /// # Errors
    /// That one of these cannot be read.
    pub fn of(&self, code: ReferralCode, days: &[(String, String)]) -> Result<Counts, StoreError> {
        let mut sum = Counted::default();
        sum.add(Row::default(), self.sums.at(of(Some(code))));
        for (key, body) in days {
            if keys::day_of_stats(key).is_some_and(|day| !self.open.days.contains_key(&day)) {
                sum.merge(&Counted::read(key, body)?.by(|_| Row::default()));
            }
        }
        Ok(sum.at(Row::default()))
    }
}

fn of(code: Option<ReferralCode>) -> Row {
    Row { code, ..Row::default() }
}
