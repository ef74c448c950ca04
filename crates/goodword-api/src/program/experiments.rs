//! Experiments, as an owner writes them: variants with weights, and what each
//! changes of the texts and rewards that everybody else sees.

use super::{optional_texts, rewards};
use crate::read::Object;
use alloc::vec::Vec;
use goodword::experiment::{Experiment, Variant, WEIGHT_MAX};
use goodword::limits::PROGRAM_ID_BYTES_MAX;
use goodword::terms::{Change, Trial};

pub(super) fn read(body: &Object<'_>, are_new: bool) -> Vec<Trial> {
    let read = body.objects("experiments").into_iter().filter_map(|part| {
        let id = part.text("id", PROGRAM_ID_BYTES_MAX);
        let (variants, changes) =
            part.objects("variants").iter().filter_map(|part| variant(part, are_new)).unzip();
        part.refuse_unknown();
        Some(Trial { experiment: Experiment { id: id?.into(), variants }, changes })
    });
    read.collect()
}

fn variant(part: &Object<'_>, are_new: bool) -> Option<(Variant, Change)> {
    let id = part.text("id", PROGRAM_ID_BYTES_MAX);
    let weight = part.integer("weight", 1, i64::from(WEIGHT_MAX));
    optional_texts(part, are_new);
    let has = |name| part.optional(name).is_some();
    let change = Change {
        advocate_reward: has("advocate_reward").then(|| rewards::steps(part, "advocate_reward")),
        friend_reward: has("friend_reward")
            .then(|| rewards::single(part, "friend_reward"))
            .flatten(),
    };
    part.refuse_unknown();
    Some((Variant { id: id?.into(), weight: weight? as u32 }, change))
}
