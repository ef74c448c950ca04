//! What people do in one run, drawn by chance before it begins. What they do
//! depends on what they were told on the way, so a plan says only who does
//! which kind of thing when.

use crate::calendar::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::facts::{Advocate, Facts};
use crate::kv::Faults;
use crate::random::Chance;
use crate::terms::Terms;

/// The first instant of every world: close to the end of a month.
pub const START_MS: i64 = 1_795_996_800_000;

/// Something somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The owner writes a program down.
    Write(usize),
    /// A customer enrols.
    Enrol(usize),
    /// A customer follows an advocate's link.
    Follow(usize, usize),
    /// A customer orders something in a program.
    Buy(usize, usize),
    /// The shop reports an order: which, and which of its reports.
    Report(usize, usize),
    /// The shop gives something back for an order, in the first part of the
    /// run or after it.
    GiveBack(usize),
    /// The shop reports a refund: of which order, and which.
    Refund(usize, usize),
    /// The shop's provider tells by which name its refunds will call an order.
    Name(usize),
    /// The owner looks at a program's rewards.
    Look(usize),
    /// The owner settles a program.
    Settle(usize),
    /// The cron settles all programs.
    Cron,
    /// The shop reports an order again, at the very end.
    Replay(usize, usize),
}

/// A run before it begins.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Programs and advocates; nothing has happened yet.
    pub facts: Facts,
    /// Who does what when, in the first part.
    pub acts: Vec<(i64, Act)>,
    /// The clocks of the locations, in milliseconds off.
    pub skews_ms: Vec<i64>,
    /// The shop's clock.
    pub shop_skew_ms: i64,
    /// What goes wrong.
    pub faults: Faults,
    /// How many customers there are.
    pub customers: usize,
}

impl Plan {
    /// Draws a run.
    #[must_use]
    pub fn draw(chance: &Chance) -> Self {
        let one_of = |of: &[i64]| chance.one_of(of).unwrap_or_default();
        let span_ms = one_of(&[HOUR_MS, 6 * HOUR_MS, 3 * DAY_MS, 40 * DAY_MS, 75 * DAY_MS]);
        let begin_ms = START_MS + HOUR_MS;
        let end_ms = begin_ms + span_ms;
        let programs = one_of(&[1, 1, 1, 2, 3]) as usize;
        let mut facts = Facts::default();
        let mut acts = Vec::new();
        let customers = chance.between(4, 8) as usize;

        // Things happen in bursts, so that they meet.
        let bursts: Vec<i64> =
            (0..chance.between(2, 6)).map(|_| chance.between(begin_ms, end_ms)).collect();
        let moment = |chance: &Chance| {
            let burst = chance.one_of(&bursts).unwrap_or(begin_ms);
            burst + chance.between(0, one_of(&[2_000, 30_000, 120_000]))
        };
        for program in 0..programs {
            facts.programs.push(Terms::draw(chance, program, begin_ms, end_ms));
            acts.push((START_MS, Act::Write(program)));
            let advocates = one_of(&[1, 2, 3, 3]) as usize;
            for customer in 0..advocates {
                let number = facts.advocates.len();
                let is_staff = chance.per_mille(350);
                facts.advocates.push(Advocate { program, customer, is_staff, code: None });
                let early = START_MS + chance.between(5, 50) * MINUTE_MS;
                let at_ms = if chance.per_mille(700) { early } else { moment(chance) };
                acts.push((at_ms, Act::Enrol(number)));
                if chance.per_mille(400) {
                    acts.push((at_ms + chance.between(0, 300), Act::Enrol(number)));
                }
                for _ in 0..chance.between(2, 9) {
                    let friend = chance.between(0, customers as i64 - 1) as usize;
                    acts.push((moment(chance), Act::Follow(friend, number)));
                }
            }
            for _ in 0..chance.between(4, 15) {
                let friend = chance.between(0, customers as i64 - 1) as usize;
                let at_ms = moment(chance) + one_of(&[0, 60_000]);
                acts.push((at_ms, Act::Buy(friend, program)));
                // Some buy twice: a split basket, a thing forgotten.
                if chance.per_mille(350) {
                    acts.push((at_ms + chance.between(0, 20_000), Act::Buy(friend, program)));
                }
            }
            for _ in 0..chance.between(0, 4) {
                acts.push((moment(chance), Act::Look(program)));
                acts.push((moment(chance), Act::Settle(program)));
            }
        }
        Plan {
            facts,
            acts,
            skews_ms: (0..3).map(|_| chance.between(-2_000, 2_000)).collect(),
            shop_skew_ms: one_of(&[0, 0, 0, -2 * HOUR_MS, 2 * HOUR_MS, 90_000, -90_000]),
            faults: faults(chance),
            customers,
        }
    }
}

fn faults(chance: &Chance) -> Faults {
    let rate = |of: &[i64]| chance.one_of(of).unwrap_or_default() as u32;
    Faults {
        stale_ms: i64::from(rate(&[0, 5_000, 60_000, 60_000, 60_000, 180_000])),
        write_fails: rate(&[0, 0, 10, 40]),
        write_lies: rate(&[0, 0, 10, 40]),
        read_fails: rate(&[0, 0, 5, 15]),
        same_key_fails: chance.per_mille(700),
        kills: rate(&[0, 0, 50, 200]),
        slow: rate(&[0, 5, 20]),
    }
}
