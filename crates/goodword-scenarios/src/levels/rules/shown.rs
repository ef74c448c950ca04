//! Rewards of the rules as lines of a ledger.

use super::Rules;
use crate::ledger::Line;
use crate::moment::shown_money;
use crate::scenario::Earned;
use goodword::reward::{Part, Reward, RewardId, RewardStatus, Value};
use goodword::terms::Side;

impl Rules {
    pub(super) fn line(&self, reward: &Reward) -> Result<Line, String> {
        let of = match (reward.order, reward.id) {
            (Some(order), _) => {
                let reports = self.facts.orders.get(&order).ok_or("a reward of no order")?;
                Earned::Order(reports.id.clone())
            }
            (None, RewardId::Milestone(_, at)) => Earned::Friends(at),
            (None, RewardId::Act(..)) => return Err("a reward without an order".to_owned()),
        };
        // A friend's reward is its order's buyer's; the runner knows who.
        let who = match reward.side {
            Side::Advocate => self.facts.name_of(reward.code)?,
            Side::Friend => String::new(),
        };
        Ok(Line {
            who,
            what: format!("{} {}", goodword_api::reward::gives(reward.gives), worth(&reward.value)),
            status: reward.status.as_str().to_owned(),
            capped: reward.capped,
            second_level: matches!(reward.id, RewardId::Act(Part::Inviter, _)),
            of,
            due: Some(reward.due_at),
        })
    }
}

fn worth(value: &Value) -> String {
    match value {
        Value::Money(money) => shown_money(*money),
        Value::Points(amount) => amount.to_string(),
        Value::Units { amount, unit } => format!("{amount} {unit}"),
        Value::Label(label) => label.clone(),
    }
}

/// That the entries of a reward add up to what it is worth, or to nothing.
pub(super) fn balanced(reward: &Reward) -> Result<(), String> {
    let is_undone = matches!(reward.status, RewardStatus::Voided | RewardStatus::ClawedBack);
    let worth = if is_undone { 0 } else { reward.value.amount().unwrap_or(0) };
    if reward.balance() == worth && worth >= 0 {
        return Ok(());
    }
    Err(format!("the entries of {} add up to {}, not {worth}", reward.id, reward.balance()))
}
