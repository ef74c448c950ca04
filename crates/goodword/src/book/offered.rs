//! What a reward is offered as: with the boosts that run now, and with the
//! group of the advocate who is shown it, as an order made now would earn it.

use super::promise::factors;
use super::worth::multiplied;
use crate::money::Fraction;
use crate::reward::Part;
use crate::terms::{Program, RewardTerms, Worth};
use crate::time::Instant;

/// A reward of the program with what multiplies it at an instant. Of a
/// percentage the basis points are rounded half up, as amounts are, and what
/// bounds it is multiplied, too. `group` is the advocate's.
#[must_use]
pub fn offered(
    terms: &RewardTerms,
    part: Part,
    group: Option<&str>,
    program: &Program,
    at: Instant,
) -> RewardTerms {
    let factors = factors(part, group, program, at);
    let times = |base| multiplied(Fraction::whole(base), &factors);
    let mut terms = terms.clone();
    match &mut terms.worth {
        Worth::Fixed { amount_minor: amount }
        | Worth::Points { amount }
        | Worth::Units { amount, .. } => *amount = times(*amount),
        Worth::Percent { basis_points, at_most_minor } => {
            let points = times(i64::from(*basis_points));
            *basis_points = u32::try_from(points).unwrap_or(u32::MAX);
            *at_most_minor = at_most_minor.map(times);
        }
        Worth::Gift { .. } => {}
    }
    terms
}

/// The next instant at which what is offered changes by the terms themselves:
/// a boost begins or ends, or the program does.
#[must_use]
pub fn next_change(program: &Program, after: Instant) -> Option<Instant> {
    let boosts = program.boosts.iter().flat_map(|boost| [boost.from, boost.to]);
    let own = [program.starts_at, program.ends_at].into_iter().flatten();
    boosts.chain(own).filter(|instant| *instant > after).min()
}
