//! Milestones become final once enough orders are. Two runs at once may
//! settle one with different values: the store keeps the last, and it counts
//! only after the grace.

use super::desk::Desk;
use super::grace_ms;
use crate::http::Failure;
use crate::keys;
use crate::records::milestone::MilestoneRecord;
use crate::records::write;
use crate::store::{Keep, StoreError};
use goodword::reward::{RewardId, RewardStatus};

impl Desk<'_> {
    /// Settles milestones that enough settled orders reached.
    ///
    /// Another run may have settled the rest of those orders just now, unseen
    /// by this one as this one is by it: where a milestone is left open,
    /// whoever settled something looks again after the grace.
    pub(super) async fn settle_milestones(&mut self) -> Result<(), Failure> {
        let (tracker, program) = (self.tracker, &self.current.program().id);
        let terms = self.terms().await?;
        let book = self.book.book(tracker, self.code, &self.record, &terms);
        let mut finals = book.milestone_finals(&terms);
        finals.retain(|last| !self.book.milestones.contains_key(&last.at));
        let before = if finals.is_empty() { None } else { self.heard_rewards().await? };
        let is_told_later = before.is_some() && grace_ms(tracker) > 0;
        let mut writes = Vec::new();
        for last in finals {
            let place = keys::book_milestone(program, self.code, last.at);
            let record = MilestoneRecord::new(&last, tracker.now);
            writes.push((place, write(&record)));
            self.book.milestones.insert(last.at, record);
        }
        self.tell(before, None).await?;
        if is_told_later {
            // Final they are only after the grace; then that is told.
            self.look_again().await?;
        }
        for (place, body) in writes {
            tracker.store.put(&place, &body, Keep::Forever).await?;
        }
        let is_open = book.rewards(&terms).into_iter().any(|reward| {
            let is_due = reward.status == RewardStatus::Pending && reward.due_at <= tracker.now;
            let RewardId::Milestone(_, at) = reward.id else { return false };
            is_due && !self.book.milestones.contains_key(&at)
        });
        if is_open && self.settled > 0 {
            self.look_again().await?;
        }
        Ok(())
    }

    /// Writes down that the milestones are to be looked at after the grace.
    async fn look_again(&self) -> Result<(), StoreError> {
        let at = self.tracker.now.plus_ms(grace_ms(self.tracker));
        let key = keys::due_milestones(&self.current.program().id, at, self.code);
        self.tracker.store.put(&key, &at.0.to_string(), Keep::Forever).await
    }
}
