//! How customers order and shops report: with which claim, how often, in
//! which sequence, and what is given back.

use super::Simulation;
use crate::calendar::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::facts::{Order, Pointer, Refund, Report, address, address_otherwise};
use crate::plan::{Act, START_MS};
use crate::random::Chance;

impl Simulation {
    /// A customer orders. The shop will report it, perhaps several times.
    pub(super) fn buy(&mut self, customer: usize, program: usize) {
        let chance = Chance::new(self.world.chance.bits());
        let now = self.world.now_ms();
        let terms = &self.facts.programs[program];
        let held: Vec<usize> = self.claims_of(customer, |of| of == program);
        let foreign = self.claims_of(customer, |of| of != program);
        let pointer = match chance.between(0, 99) {
            0..=24 => Pointer::Nothing,
            25..=44 => held.first().map_or(Pointer::Nothing, |claim| Pointer::Claim(*claim)),
            45..=48 => held.last().map_or(Pointer::Nothing, |claim| Pointer::Forged(*claim)),
            49..=51 => foreign.last().map_or(Pointer::Nothing, |claim| Pointer::Claim(*claim)),
            _ => held.last().map_or(Pointer::Nothing, |claim| Pointer::Claim(*claim)),
        };
        let codes: Vec<usize> = (0..self.facts.advocates.len())
            .filter(|number| self.facts.advocates[*number].code.is_some())
            .filter(|number| {
                self.facts.advocates[*number].program == program || chance.per_mille(100)
            })
            .collect();
        let typed = if chance.per_mille(180) { chance.one_of(&codes) } else { None };
        let minimum = terms.minimum;
        let value = chance
            .one_of(&[minimum - 1, minimum, minimum + 1, 3_333, 4_990, 12_345, 20_000])
            .unwrap_or(minimum)
            .max(1);
        let email = match chance.between(0, 9) {
            0..=5 => Some(address(customer)),
            // Somebody orders under another id with an advocate's address.
            6 => chance
                .one_of(&codes)
                .map(|number| address_otherwise(self.facts.advocates[number].customer)),
            _ => None,
        };
        let has_lines = terms.tea_only || chance.per_mille(100);
        let occurred_ms = self.occurred_ms(&chance, program, pointer);
        let report = Report {
            occurred_ms,
            value,
            customer,
            pointer,
            typed,
            tried_ms: None,
            acked_ms: None,
            refused_ms: None,
            agreed: None,
        };
        let number = self.facts.orders.len();
        let order = Order {
            program,
            id: format!("o{number}"),
            customer,
            email,
            is_signup: chance.per_mille(25),
            is_foreign: chance.per_mille(20),
            existing: chance.per_mille(60),
            tea_percent: has_lines.then(|| chance.one_of(&[0, 50, 100]).unwrap_or(100)),
            reports: vec![report],
            refunds: Vec::new(),
            is_renamed: chance.per_mille(400),
            is_named: false,
        };
        let is_renamed = order.is_renamed;
        let has_lines = order.tea_percent.is_some();
        self.facts.orders.push(order);
        self.report(&chance, number, &held, has_lines);
        if is_renamed {
            for _ in 0..chance.between(1, 2) {
                let waits = [0, 1_000, 60_000, HOUR_MS, 20 * DAY_MS];
                let at_ms = now + chance.one_of(&waits).unwrap_or_default();
                self.plan_act(at_ms + chance.between(0, 3_000), Act::Name(number));
                if chance.per_mille(300) {
                    self.plan_act(at_ms + chance.between(0, 3_000), Act::GiveBack(number));
                }
            }
        }
        if chance.per_mille(350) {
            // Perhaps even before the order itself is reported.
            let at_ms = now + chance.one_of(&[0, 1_000, 60_000, HOUR_MS]).unwrap_or_default();
            self.plan_act(at_ms, Act::GiveBack(number));
        }
    }

    fn claims_of(&self, customer: usize, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let claims = self.facts.claims.iter().enumerate();
        let of_customer =
            claims.filter(|(_, claim)| claim.customer == customer && wanted(claim.program));
        of_customer.map(|(number, _)| number).collect()
    }

    /// By the shop's clock, and sometimes exactly at the edge of what a claim or
    /// a boost covers. No two orders are made in one millisecond: which
    /// of them is the first is nobody's business.
    fn occurred_ms(&self, chance: &Chance, program: usize, pointer: Pointer) -> i64 {
        let terms = &self.facts.programs[program];
        let claim = match pointer {
            Pointer::Claim(claim) => Some(&self.facts.claims[claim]),
            Pointer::Nothing | Pointer::Forged(_) => None,
        };
        let covered = claim.map(|claim| {
            let clicked_ms = claim.clicked_ms;
            (clicked_ms - 10 * MINUTE_MS, clicked_ms + terms.window_days * DAY_MS)
        });
        let mut at_ms = self.world.now_ms() + self.plan.shop_skew_ms;
        // After everything was settled the shop remembers orders from before.
        if let Some(calm_ms) = self.facts.calm_ms
            && chance.per_mille(600)
        {
            let (from_ms, to_ms) = covered.unwrap_or((START_MS, calm_ms));
            at_ms = chance.between(from_ms, to_ms.min(calm_ms));
        }
        let boost = terms.boosts.iter().flat_map(|boost| [boost.from_ms, boost.to_ms]);
        let boost: Vec<i64> = boost
            .filter(|at| covered.is_some_and(|(from, to)| (from..to).contains(at)))
            .flat_map(|at| [at - 1, at])
            .collect();
        if !boost.is_empty() && chance.per_mille(450) {
            at_ms = chance.one_of(&boost).unwrap_or(at_ms);
        } else if let Some((from_ms, to_ms)) = covered
            && chance.per_mille(80)
        {
            at_ms = chance.one_of(&[from_ms, to_ms]).unwrap_or(at_ms) + chance.between(-1, 1);
        }
        let is_taken = |at_ms: i64| {
            let mut reports = self.facts.orders.iter().flat_map(|order| &order.reports);
            reports.any(|report| report.occurred_ms == at_ms)
        };
        while is_taken(at_ms) {
            at_ms += 1;
        }
        at_ms
    }

    /// The original report and what goes wrong with it: it comes late, it
    /// comes several times at once, it comes with a further claim, or the
    /// shop contradicts itself.
    fn report(&mut self, chance: &Chance, order: usize, held: &[usize], has_lines: bool) {
        let now = self.world.now_ms();
        let late_ms = chance.one_of(&[0, 0, 20_000, 3 * HOUR_MS]).unwrap_or_default();
        let at_ms = now + chance.between(0, 3_000) + late_ms;
        self.plan_act(at_ms, Act::Report(order, 0));
        if chance.per_mille(350) {
            for _ in 0..chance.between(1, 2) {
                let again_ms = chance.one_of(&[500, 5_000, 90_000, HOUR_MS]).unwrap_or_default();
                self.plan_act(at_ms + chance.between(0, again_ms), Act::Report(order, 0));
            }
        }
        // Owners settle when they please: while orders come in, several at once.
        let program = self.facts.orders[order].program;
        let is_instant = self.facts.programs[program].hold_days == 0;
        if chance.per_mille(if is_instant { 600 } else { 150 }) {
            for _ in 0..chance.between(1, 3) {
                self.plan_act(at_ms + chance.between(0, 40_000), Act::Settle(program));
            }
        }
        let original = self.facts.orders[order].reports[0].clone();
        if chance.per_mille(300)
            && let Some(claim) = chance.one_of(held)
        {
            let wait_ms = chance.one_of(&[0, 30_000, 2 * HOUR_MS]).unwrap_or_default();
            // Told a second time, an order may be said to be younger.
            let later_ms = chance.one_of(&[0, 0, 300_000]).unwrap_or_default();
            let occurred_ms = original.occurred_ms + later_ms;
            let pointer = Pointer::Claim(claim);
            let report = Report { pointer, occurred_ms, ..original.clone() };
            self.further(order, report, at_ms + wait_ms);
        }
        if chance.per_mille(60) && !has_lines {
            let wait_ms = chance.one_of(&[0, 10_000, 5 * HOUR_MS]).unwrap_or_default();
            let value = original.value + chance.one_of(&[-1, 700, 2_000]).unwrap_or(1);
            self.further(
                order,
                Report { value: value.max(1), ..original.clone() },
                at_ms + wait_ms,
            );
        }
        if chance.per_mille(30) {
            let customer = (original.customer + 1) % self.plan.customers;
            self.further(order, Report { customer, ..original }, at_ms + 8 * HOUR_MS);
        }
    }

    /// After everything was settled the shop finds a further claim.
    pub(super) fn find_claim(&mut self, order: usize, at_ms: i64) {
        let of = &self.facts.orders[order];
        let held = self.claims_of(of.customer, |program| program == of.program);
        let original = of.reports[0].clone();
        if let Some(claim) = self.world.chance.one_of(&held) {
            let report = original.retold(|report| report.pointer = Pointer::Claim(claim));
            self.further(order, report, at_ms);
        }
    }

    fn further(&mut self, order: usize, report: Report, at_ms: i64) {
        let reports = &mut self.facts.orders[order].reports;
        reports.push(report);
        let number = reports.len() - 1;
        self.plan_act(at_ms, Act::Report(order, number));
    }

    /// The shop gives something back: all, a part, or one penny too few to
    /// reach the minimum.
    pub(super) fn give_back(&mut self, order: usize) {
        let chance = Chance::new(self.world.chance.bits());
        let now = self.world.now_ms();
        let of = &self.facts.orders[order];
        let value = of.reports[0].value;
        let minimum = self.facts.programs[of.program].minimum;
        let to_minimum = value - minimum;
        let parts = chance
            .one_of(&[value, value, value / 2, value / 3, to_minimum, to_minimum + 1])
            .unwrap_or(value)
            .clamp(1, value);
        let mut occurred_ms = now + self.plan.shop_skew_ms;
        if of.is_renamed {
            // The provider tells whole seconds.
            occurred_ms = occurred_ms.div_euclid(1_000) * 1_000;
        }
        let refunds = &mut self.facts.orders[order].refunds;
        let (tried_ms, acked_ms) = (None, None);
        refunds.push(Refund { occurred_ms, value: parts, tried_ms, is_told: false, acked_ms });
        let number = refunds.len() - 1;
        self.plan_act(now, Act::Refund(order, number));
        if chance.per_mille(300) {
            self.plan_act(now + chance.between(0, 60_000), Act::Refund(order, number));
        }
    }
}
