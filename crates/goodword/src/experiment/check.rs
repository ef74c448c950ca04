//! Which experiments are good, in the manner of the other terms: every fault
//! at once, each with its place.

use super::Experiment;
use crate::key::ProgramId;
use crate::limits::PROGRAM_ID_BYTES_MAX;
use crate::terms::Fault;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Most experiments of a program: more cannot be told apart by their effects.
pub const EXPERIMENTS_MAX: usize = 10;

/// Most variants of an experiment: each further one needs as many advocates
/// again, and doubles the cuts of the assignment.
pub const VARIANTS_MAX: usize = 20;

/// Largest weight, so that weights may be given in basis points.
pub const WEIGHT_MAX: u32 = 10_000;

/// Everything wrong with a program's experiments, from top to bottom.
#[must_use]
pub fn faults_of(experiments: &[Experiment]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut add = |field: String, detail: String| faults.push(Fault { field, detail });
    if experiments.len() > EXPERIMENTS_MAX {
        let detail =
            format!("has {} entries, at most {EXPERIMENTS_MAX} are allowed", experiments.len());
        add("experiments".to_string(), detail);
    }
    for (index, experiment) in experiments.iter().enumerate() {
        let place = format!("experiments[{index}]");
        let ids = experiments.iter().map(|experiment| experiment.id.as_str());
        if let Some(detail) = id_fault(&experiment.id, ids.take(index)) {
            add(format!("{place}.id"), detail);
        }
        let count = experiment.variants.len();
        if !(2..=VARIANTS_MAX).contains(&count) {
            let detail = format!("has {count} entries, must have between 2 and {VARIANTS_MAX}");
            add(format!("{place}.variants"), detail);
        }
        for (index, variant) in experiment.variants.iter().enumerate() {
            let place = format!("{place}.variants[{index}]");
            let ids = experiment.variants.iter().map(|variant| variant.id.as_str());
            if let Some(detail) = id_fault(&variant.id, ids.take(index)) {
                add(format!("{place}.id"), detail);
            }
            if !(1..=WEIGHT_MAX).contains(&variant.weight) {
                let detail = format!("is {}, must be between 1 and {WEIGHT_MAX}", variant.weight);
                add(format!("{place}.weight"), detail);
            }
        }
    }
    faults
}

/// Ids are hashed, kept in facts and shown in reports, so they are spelled as
/// those of programs are.
fn id_fault<'a>(id: &str, mut before: impl Iterator<Item = &'a str>) -> Option<String> {
    if ProgramId::parse(id).is_none() {
        Some(format!(
            "is {id:?}, must be 1 to {PROGRAM_ID_BYTES_MAX} of a-z 0-9 -, not beginning with -"
        ))
    } else if before.any(|earlier| earlier == id) {
        Some(format!("{id} is there twice"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::Variant;
    use super::*;

    fn experiment(id: &str, variants: &[(&str, u32)]) -> Experiment {
        let variant =
            |(id, weight): &(&str, u32)| Variant { id: (*id).to_string(), weight: *weight };
        Experiment { id: id.to_string(), variants: variants.iter().map(variant).collect() }
    }

    #[track_caller]
    fn check(experiments: &[Experiment], expected: &[(&str, &str)]) {
        let faults = faults_of(experiments);
        let found: Vec<(&str, &str)> =
            faults.iter().map(|fault| (fault.field.as_str(), fault.detail.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn good_ones() {
        check(&[], &[]);
        check(&[experiment("headline", &[("plain", 1), ("warm", 10_000)])], &[]);
        let two = [experiment("a", &[("x", 1), ("y", 1)]), experiment("b", &[("x", 1), ("y", 1)])];
        check(&two, &[]);
    }

    #[test]
    fn every_fault_at_once_with_its_place() {
        let bad_id = "must be 1 to 40 of a-z 0-9 -, not beginning with -";
        check(
            &[
                experiment("a", &[("x", 0), ("x", 10_001)]),
                experiment("a", &[("Y z", 1)]),
                experiment("", &[]),
            ],
            &[
                ("experiments[0].variants[0].weight", "is 0, must be between 1 and 10000"),
                ("experiments[0].variants[1].id", "x is there twice"),
                ("experiments[0].variants[1].weight", "is 10001, must be between 1 and 10000"),
                ("experiments[1].id", "a is there twice"),
                ("experiments[1].variants", "has 1 entries, must have between 2 and 20"),
                ("experiments[1].variants[0].id", &format!("is \"Y z\", {bad_id}")),
                ("experiments[2].id", &format!("is \"\", {bad_id}")),
                ("experiments[2].variants", "has 0 entries, must have between 2 and 20"),
            ],
        );
    }

    #[test]
    fn lists_have_an_end() {
        let pair = [("x", 1), ("y", 1)];
        let experiments = |count: usize| -> Vec<Experiment> {
            (0..count).map(|index| experiment(&format!("e{index}"), &pair)).collect()
        };
        check(&experiments(10), &[]);
        check(&experiments(11), &[("experiments", "has 11 entries, at most 10 are allowed")]);
        let names: Vec<String> = (0..21).map(|index| format!("v{index}")).collect();
        let variants: Vec<(&str, u32)> = names.iter().map(|name| (name.as_str(), 1)).collect();
        check(&[experiment("e", variants.get(..20).unwrap())], &[]);
        let detail = "has 21 entries, must have between 2 and 20";
        check(&[experiment("e", &variants)], &[("experiments[0].variants", detail)]);
    }
}
