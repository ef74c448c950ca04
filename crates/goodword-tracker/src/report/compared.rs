//! An experiment's variants beside its first one: who counts, and what may be
//! said about it at this moment.
//!
//! Which days a report is about does not matter here: everybody counts who was
//! assigned since the experiment is as it is now, so that no choice of days
//! makes a difference look clearer than it is. An advocate counts once their
//! time to convert is over, the days for which a click counts.

use super::shown::quotient;
use goodword::experiment::{Arm, Comparison, ERROR_RATE, Interval, Verdict};
use goodword::metrics::{Fact, Rate};
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
    /// What was seen of each variant, and how many still have time.
    arms: Vec<(Arm, u64)>,
}

impl<'a> Compared<'a> {
    /// The experiment before anybody was looked at.
    pub(super) fn new(trial: &'a Trial, terms: &TermsHistory, window_days: u32) -> Self {
        let started_at = terms.since(|program| program.experiments.contains(trial));
        let arms = trial.experiment.variants.iter().map(|_| Default::default()).collect();
        Compared { trial, started_at, window_days, arms }
    }

    /// Counts an advocate, by the number of their variant, since when they are
    /// one, and the facts of their book.
    pub(super) fn count(&mut self, variant: u16, since: Instant, facts: &[Fact], now: Instant) {
        let index = usize::from(variant).checked_sub(1);
        let Some((arm, waiting)) = index.and_then(|index| self.arms.get_mut(index)) else { return };
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
        let arms: Vec<Arm> = self.arms.iter().map(|(arm, _)| *arm).collect();
        let compared = self.trial.experiment.compare(&arms);
        let beside = std::iter::once(None).chain(compared.iter().map(Some));
        let variants = self.trial.experiment.variants.iter().zip(&self.arms).zip(beside);
        let variants = variants.map(|((variant, (arm, waiting)), found)| {
            object!({
                "variant": variant.id,
                "weight": variant.weight,
                "conversion": rate(arm.rate()),
                "waiting": waiting,
                "difference": found.map(|found| interval(found.difference)),
                "ratio": found.map(|found| interval(found.ratio)),
                "verdict": found.map(|found| found.verdict.as_str()),
                "meaning": found.map(meaning),
            })
        });
        object!({
            "experiment": self.trial.experiment.id,
            "started_at": self.started_at.map(instant::write),
            "window_days": self.window_days,
            "error_rate": Number::from_f64(ERROR_RATE).map_or(Value::Null, Value::Number),
            "variants": variants.collect::<Vec<Value>>(),
            "note": "Look as often as you like and stop when you like: all intervals hold \
                     at all times together, but for the error rate.",
        })
    }
}

fn rate(rate: Rate) -> Value {
    object!({
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "value": quotient(rate),
    })
}

/// An interval, rounded outwards; a bound that is infinite is null.
fn interval(of: Interval) -> Value {
    let bound = |at: f64| Number::from_f64(at / BOUND_SCALE).map_or(Value::Null, Value::Number);
    let (low, high) = ((of.low * BOUND_SCALE).floor(), (of.high * BOUND_SCALE).ceil());
    object!({"low": bound(low), "high": bound(high)})
}

/// A verdict in words.
fn meaning(found: &Comparison) -> &'static str {
    match found.verdict {
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
