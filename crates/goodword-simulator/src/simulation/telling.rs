//! The story of a run, in lines that a person can read.

use super::Simulation;
use crate::calendar::written;
use crate::facts::Pointer;
use crate::plan::Act;
use serde_json::Value;

impl Simulation {
    /// What is so from the beginning.
    pub(super) fn tell_terms(&self) {
        let now = self.world.now_ms();
        let history = &self.world.history;
        history.tell(now, || format!("faults: {:?}", self.plan.faults));
        history.tell(now, || {
            format!(
                "clocks off by ms: locations {:?}, shop {}",
                self.plan.skews_ms, self.plan.shop_skew_ms
            )
        });
        for terms in &self.facts.programs {
            history.tell(now, || format!("program {}: {}", terms.id, terms.document()));
        }
        for (number, advocate) in self.facts.advocates.iter().enumerate() {
            history.tell(now, || {
                let program = &self.facts.programs[advocate.program].id;
                let staff = if advocate.is_staff { ", staff" } else { "" };
                format!("advocate a{number} is customer c{} in {program}{staff}", advocate.customer)
            });
        }
    }

    /// What somebody does.
    pub(super) fn told(&self, act: Act) -> String {
        let program = |program: usize| &self.facts.programs[program].id;
        match act {
            Act::Write(number) => format!("owner writes {}", program(number)),
            Act::Enrol(advocate) => format!("advocate a{advocate} enrols"),
            Act::Follow(customer, advocate) => {
                format!("c{customer} follows the link of a{advocate}")
            }
            Act::Buy(customer, of) => format!("c{customer} buys in {}", program(of)),
            Act::Report(order, report) | Act::Replay(order, report) => {
                self.told_report(order, report)
            }
            Act::GiveBack(order) => format!("shop gives back for {}", self.facts.orders[order].id),
            Act::Refund(order, refund) => {
                let of = &self.facts.orders[order];
                format!("shop reports refund r{refund} of {}: {}", of.id, of.refunds[refund].value)
            }
            Act::Name(order) => {
                let of = &self.facts.orders[order];
                format!("the provider tells that {} is {}", of.id, of.payment())
            }
            Act::Look(of) => format!("owner looks at {}", program(of)),
            Act::Settle(of) => format!("owner settles {}", program(of)),
            Act::Cron => "cron".to_owned(),
        }
    }

    fn told_report(&self, order: usize, report: usize) -> String {
        let of = &self.facts.orders[order];
        let told = &of.reports[report];
        let pointer = match told.pointer {
            Pointer::Nothing => "no claim".to_owned(),
            Pointer::Claim(claim) | Pointer::Forged(claim) => {
                let by = &self.facts.claims[claim];
                let forged = if told.pointer == Pointer::Claim(claim) { "" } else { "forged " };
                let clicked = written(by.clicked_ms);
                format!("{forged}claim of a{} in p{} clicked {clicked}", by.advocate, by.program)
            }
        };
        let typed =
            told.typed.map_or(String::new(), |advocate| format!(", typed code of a{advocate}"));
        let program = &self.facts.programs[of.program].id;
        format!(
            "shop reports {} ({program}, c{}, {}, made {}, {pointer}{typed}{}{})",
            of.id,
            told.customer,
            told.value,
            written(told.occurred_ms),
            if of.existing { ", existing" } else { "" },
            if of.is_signup { ", signup" } else { "" },
        )
    }
}

/// An answer in a few words.
pub(super) fn short(body: &Value) -> String {
    let of_reward = |reward: &Value| {
        let part = |name: &str| reward.get(name).map(Value::to_string).unwrap_or_default();
        format!(
            "[{} {} {} {} {}]",
            part("side"),
            part("code"),
            part("order_id"),
            part("value"),
            part("status")
        )
    };
    let list = body.get("data").or_else(|| body.get("rewards")).and_then(Value::as_array);
    let rewards: Vec<String> = list.into_iter().flatten().map(of_reward).collect();
    let part = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    format!("{} {} {} {}", part("code"), part("outcome"), part("reason"), rewards.join(" "))
}
