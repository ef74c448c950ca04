//! What an experiment counts of one variant.

use crate::metrics::Rate;
use crate::time::Instant;

/// What an experiment saw of one variant.
///
/// What was assigned is what must be counted: advocates. A success is an
/// advocate who brought at least one customer, not a customer and not a
/// click, because those of one advocate come together and would pass for
/// more than they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arm {
    /// Advocates.
    pub trials: u64,
    /// Those of them who converted.
    pub successes: u64,
}

impl Arm {
    /// Counts an advocate, if their time to convert is over: they are a
    /// success if they converted within `window_ms` of their assignment.
    /// Counting nobody earlier keeps the two sorts of advocates, who show
    /// themselves at different times, in their proportion.
    pub fn observe(
        &mut self,
        assigned_at: Instant,
        converted_at: Option<Instant>,
        window_ms: i64,
        now: Instant,
    ) {
        let ends_at = assigned_at.plus_ms(window_ms);
        if ends_at <= now {
            self.trials = self.trials.wrapping_add(1);
            let has_converted = converted_at.is_some_and(|converted_at| converted_at < ends_at);
            self.successes = self.successes.wrapping_add(u64::from(has_converted));
        }
    }

    /// The conversion rate.
    #[must_use]
    pub fn rate(self) -> Rate {
        Rate::of(self.successes, self.trials)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_advocate_counts_when_their_time_is_over() {
        let check = |converted_at: Option<i64>, now, expected| {
            let mut arm = Arm::default();
            arm.observe(Instant(100), converted_at.map(Instant), 50, Instant(now));
            assert_eq!((arm.trials, arm.successes), expected, "{converted_at:?} at {now}");
        };
        check(None, 149, (0, 0));
        check(None, 150, (1, 0));
        check(Some(120), 149, (0, 0));
        check(Some(120), 150, (1, 1));
        check(Some(149), 151, (1, 1));
        check(Some(150), 151, (1, 0));
    }
}
