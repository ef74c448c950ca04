//! What a page needs to speak of a program: its texts in a language, its
//! channels and their signs, both sides' rewards and who invited.

use crate::object;
use crate::program::ProgramDocument;
use crate::reward::promise;
use crate::sign::signs;
use alloc::string::String;
use alloc::vec::Vec;
use goodword::book::offered;
use goodword::reward::Part;
use goodword::terms::{Draw, Model, Program, Status};
use goodword::time::Instant;
use serde_json::Value;

/// Who invited the reader.
pub struct Inviter {
    /// Their code, as it is shown to people.
    pub code: String,
    /// The name they chose to show.
    pub name: Option<String>,
}

/// The program's language that fits a wish best: the same, else one of the
/// same language, else the program's first.
#[must_use]
pub fn locale_for<'a>(program: &'a Program, wish: Option<&str>) -> &'a str {
    let language = |tag: &'a str| tag.split('-').next().unwrap_or_default();
    let wish = wish.unwrap_or_default();
    let same = program.locales.iter().find(|locale| locale.eq_ignore_ascii_case(wish));
    let wished_language = wish.split('-').next().unwrap_or_default();
    let related = || {
        program.locales.iter().find(|locale| language(locale).eq_ignore_ascii_case(wished_language))
    };
    same.or_else(related).or(program.locales.first()).map_or("en", String::as_str)
}

/// What an advocate with these draws and of this group gets for an order made
/// now, by how many friends came.
#[must_use]
pub fn advocate_reward(
    program: &Program,
    draws: &[Draw],
    group: Option<&str>,
    now: Instant,
) -> Value {
    let steps = program.advocate_reward_for(draws).iter().map(|step| {
        let reward = offered(&step.reward, Part::Advocate, group, program, now);
        object!({"from": step.from, "reward": promise(&reward, program.currency)})
    });
    let steps: Vec<Value> = steps.collect();
    if steps.is_empty() { Value::Null } else { object!({"steps": steps}) }
}

/// What a friend gets of whoever has these draws, for an order made now.
#[must_use]
pub fn friend_reward(program: &Program, draws: &[Draw], now: Instant) -> Option<Value> {
    let reward = program.friend_reward_for(draws)?;
    let reward = offered(reward, Part::Friend, None, program, now);
    Some(promise(&reward, program.currency))
}

/// The body of `GET /v1/programs/{program}/offer`, for someone with these
/// draws: an advocate and their friends see the same variant. Of groups it
/// says nothing: anybody may ask with an advocate's code.
#[must_use]
pub fn offer(
    document: &ProgramDocument,
    wish: Option<&str>,
    inviter: Option<&Inviter>,
    draws: &[Draw],
    now: Instant,
) -> Value {
    let program = &document.program;
    let locale = locale_for(program, wish);
    let milestones = program.milestones.iter().map(|milestone| {
        object!({"at": milestone.at, "reward": promise(&milestone.reward, program.currency)})
    });
    object!({
        "program": program.id.as_str(),
        "name": program.name,
        "status": status(program, now),
        "locale": locale,
        "currency": program.currency.as_str(),
        "model": match program.attribution.model {
            Model::FirstClick => "first_click",
            Model::LastClick => "last_click",
        },
        "window_days": program.attribution.window_days,
        // Then what is offered to somebody is known only with their code.
        "experiments": !program.experiments.is_empty(),
        "texts": document.texts(locale, draws),
        "channels": program.channels,
        "signs": signs(program.channels.iter().map(String::as_str)),
        "advocate_reward": advocate_reward(program, draws, None, now),
        "friend_reward": friend_reward(program, draws, now),
        "milestones": milestones.collect::<Value>(),
        "inviter": inviter.map(|inviter| object!({"code": inviter.code, "name": inviter.name})),
    })
}

fn status(program: &Program, now: Instant) -> &'static str {
    if program.has_ended_at(now) {
        "ended"
    } else if program.status == Status::Active && program.is_running_at(now) {
        "active"
    } else {
        "paused"
    }
}
