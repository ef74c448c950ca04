//! An experiment's variants beside its first one: who counts, and what may be
//! said about it at this moment.
//!
//! Which days a report is about does not matter here: everybody counts who was
//! assigned since the experiment is as it is now, so that no choice of days
//! makes a difference look clearer than it is. An advocate counts once their
//! time to convert is over, the days for which a click counts.

use super::shown::of_counts;
use goodword::experiment::{Arm, ERROR_RATE, Interval, Verdict};
use goodword::metrics::Fact;
use goodword::terms::{TermsHistory, Trial};
use goodword::time::{DAY_MS, Instant};
use goodword_api::{instant, object};
use serde_json::{Number, Value};

/// Decimals of an interval's bounds, as their power of ten: with them a rate
/// is told as finely as in the rest of the report.
const BOUND_SCALE: f64 = 10_000.0;

/// What an experiment's advocates did.
pub struct Compared<'a> {
    trial: &'a Trial,
    /// When it became what it is; `None`: with the program's first terms.
    started_at: Option<Instant>,
    window_days: u32,
    /// What was seen of each variant.
    arms: Vec<Arm>,
    /// How many of each one's advocates still have time.
    waiting: Vec<u64>,
}

impl<'a> Compared<'a> {
    /// The experiment before anybody was looked at.
    pub(super) fn new(trial: &'a Trial, terms: &TermsHistory, window_days: u32) -> Self {
        let started_at = terms.since(|program| program.experiments.contains(trial));
        let count = trial.experiment.variants.len();
        let (arms, waiting) = (vec![Arm::default(); count], vec![0; count]);
        Compared { trial, started_at, window_days, arms, waiting }
    }

    /// Counts an advocate, by the number of their variant, since when they are
    /// one, and the facts of their book.
    pub(super) fn count(&mut self, variant: u16, since: Instant, facts: &[Fact], now: Instant) {
        let Some(index) = usize::from(variant).checked_sub(1) else { return };
        let Some(arm) = self.arms.get_mut(index) else { return };
        let Some(waiting) = self.waiting.get_mut(index) else { return };
        let assigned_at = self.started_at.map_or(since, |started_at| started_at.max(since));
        let brought = facts.iter().filter_map(|fact| match fact {
            Fact::Order(order) if order.acquires => Some(order.occurred_at),
            _ => None,
        });
        let converted_at = brought.filter(|at| *at >= assigned_at).min();
        let before = arm.trials;
        arm.observe(assigned_at, converted_at, i64::from(self.window_days) * DAY_MS, now);
        *waiting += u64::from(arm.trials == before);
    }

    /// As it is answered.
    pub(super) fn shown(&self) -> Value {
        let compared = self.trial.experiment.compare(&self.arms);
        let mut variants = Vec::new();
        for (index, variant) in self.trial.experiment.variants.iter().enumerate() {
            let arm = self.arms.get(index).copied().unwrap_or_default();
            // The first is what the others are compared with.
            let found = index.checked_sub(1).and_then(|index| compared.get(index));
            let [difference, ratio, verdict, meaning] = match found {
                None => [const { Value::Null }; 4],
                Some(found) => [
                    interval(found.difference),
                    interval(found.ratio),
                    found.verdict.as_str().into(),
                    meaning(found.verdict).into(),
                ],
            };
            variants.push(object!({
                "variant": variant.id,
                "weight": variant.weight,
                "conversion": of_counts(arm.rate()),
                "waiting": self.waiting.get(index).copied().unwrap_or_default(),
                "difference": difference,
                "ratio": ratio,
                "verdict": verdict,
                "meaning": meaning,
            }));
        }
        object!({
            "experiment": self.trial.experiment.id,
            "started_at": self.started_at.map(instant::write),
            "window_days": self.window_days,
            "error_rate": number(ERROR_RATE),
            "variants": variants,
            "note": "Look as often as you like and stop when you like: all intervals hold \
                     at all times together, but for the error rate.",
        })
    }
}

/// An interval, rounded outwards; a bound that is infinite is null.
fn interval(of: Interval) -> Value {
    let (low, high) = ((of.low * BOUND_SCALE).floor(), (of.high * BOUND_SCALE).ceil());
    object!({"low": number(low / BOUND_SCALE), "high": number(high / BOUND_SCALE)})
}

fn number(of: f64) -> Value {
    Number::from_f64(of).map_or(Value::Null, Value::Number)
}

/// A verdict in words.
fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Undecided => {
            "No difference is claimed. There may be one all the same: what lies within the \
             interval is still possible."
        }
        Verdict::Better => "A larger part of its advocates brings customers than of the first's.",
        Verdict::Worse => "A smaller part of its advocates brings customers than of the first's.",
        Verdict::Suspect => {
            "Advocates are not divided as the weights say. Something is wrong with the counting \
             or the assignment: believe none of these numbers."
        }
    }
}
