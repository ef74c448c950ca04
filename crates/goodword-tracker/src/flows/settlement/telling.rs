//! What settlement tells whoever wants to hear of it: always before it writes
//! what a later run would find to be known.

use super::desk::{Desk, Look};
use super::grace_ms;
use crate::books::{Kept, KeptBook};
use crate::directory;
use crate::events;
use crate::outbox;
use crate::programs;
use crate::records::outbox::EventRecord;
use crate::store::StoreError;
use goodword::code::ReferralCode;
use goodword::reward::{Entry, Reward, RewardId};
use goodword::time::DAY_MS;

impl Desk<'_> {
    /// The rewards of the book as it is now; `None` where nobody wants to hear
    /// what becomes of them.
    pub(super) async fn heard_rewards(&self) -> Result<Option<Vec<Reward>>, StoreError> {
        if !outbox::is_heard(self.tracker, self.current) {
            return Ok(None);
        }
        let terms = self.terms().await?;
        let book = self.book.book(self.tracker, self.code, &self.record, &terms);
        Ok(Some(book.rewards(&terms)))
    }

    /// Tells what became of the rewards since `before`, and something else.
    pub(super) async fn tell(
        &self,
        before: Option<Vec<Reward>>,
        also: Option<EventRecord>,
    ) -> Result<(), StoreError> {
        let Some(before) = before else { return Ok(()) };
        let Some(after) = self.heard_rewards().await? else { return Ok(()) };
        let program = &self.current.program().id;
        let shown = |reward: &Reward| self.book.shown(reward, &self.record);
        let mut news: Vec<EventRecord> = also.into_iter().collect();
        news.extend(events::of_rewards(program, &before, &after, shown));
        outbox::tell(self.tracker, self.current, news).await
    }

    /// Tells that an order comes into another book.
    pub(super) async fn tell_of_move(
        &self,
        look: &Look,
        code: ReferralCode,
        kept: &Kept,
    ) -> Result<(), StoreError> {
        let (tracker, program) = (self.tracker, &self.current.program().id);
        if !outbox::is_heard(self.tracker, self.current) {
            return Ok(());
        }
        let Some(record) = directory::find(tracker, code).await? else { return Ok(()) };
        let mut book = KeptBook::load(tracker, program, code).await?;
        let known = book.orders.get(&look.order.key);
        if known.is_some_and(|known| known.line.is_some() && !known.is_declined()) {
            return Ok(());
        }
        let earliest = book.earliest().unwrap_or(look.order.occurred_at);
        let earliest = earliest.min(look.order.occurred_at);
        let terms = programs::history(tracker.store, self.current, earliest).await?;
        let rewards = |book: &KeptBook| book.book(tracker, code, &record, &terms).rewards(&terms);
        let before = rewards(&book);
        book.orders.insert(look.order.key, kept.clone());
        let shown = |reward: &Reward| book.shown(reward, &record);
        let mut news: Vec<EventRecord> =
            look.told(program, &record.shown, kept).into_iter().collect();
        news.extend(events::of_rewards(program, &before, &rewards(&book), shown));
        outbox::tell(tracker, self.current, news).await
    }

    /// Tells which milestones became final with the grace that a due key waited
    /// for: nobody writes anything then, it is only time that passed.
    pub(super) async fn tell_milestones(&self, due_key: &str) -> Result<(), StoreError> {
        let due_ms = due_key.rsplit('/').next().and_then(|ms| ms.parse::<i64>().ok());
        let (Some(due_ms), Some(after)) = (due_ms, self.heard_rewards().await?) else {
            return Ok(());
        };
        let is_news = |reward: &Reward| {
            let RewardId::Milestone(_, at) = reward.id else { return false };
            self.book.milestones.get(&at).is_some_and(|record| {
                let final_ms = record.at_ms + grace_ms(self.tracker);
                (due_ms - DAY_MS..=due_ms).contains(&final_ms)
            })
        };
        let mut before = after.clone();
        for reward in before.iter_mut().filter(|reward| is_news(reward)) {
            reward.entries.retain(|entry| *entry != Entry::Confirmation);
        }
        self.tell(Some(before), None).await
    }
}
