//! What a page needs to speak of a program: its texts in a language, its
//! channels and their signs, both sides' rewards and who invited.

use crate::json::set;
use crate::object;
use crate::program::ProgramDocument;
use crate::reward::{currency_digits, money, promise};
use crate::sign::signs;
use alloc::string::String;
use alloc::vec::Vec;
use goodword::book::offered;
use goodword::money::Money;
use goodword::reward::Part;
use goodword::terms::{Draw, Kind, Model, Program, Qualifies, RewardTerms, Status, Which};
use goodword::time::Instant;
use serde_json::Value;

/// Who invited the reader.
pub struct Inviter {
    /// Their code, as it is shown to people.
    pub code: String,
    /// The name they chose to show.
    pub name: Option<String>,
}

/// The program's language that fits a wish best, and whether who wished for it
/// reads that. A wish is a language, or several with commas between, the
/// dearest first; where none fits, it is the program's first language. Who
/// wishes for none reads any.
#[must_use]
pub fn locale_for<'a>(program: &'a Program, wish: Option<&str>) -> (&'a str, bool) {
    let first = program.locales.first().map_or("en", String::as_str);
    let mut best = (first, Likeness::Nothing);
    // Pages write `zh_TW`, too.
    let wishes = wish.unwrap_or_default().to_ascii_lowercase().replace("_", "-");
    for wished in wishes.split(',') {
        for locale in &program.locales {
            let likeness = likeness(&locale.to_ascii_lowercase(), wished);
            if likeness > best.1 {
                best = (locale, likeness);
            }
        }
        if best.1 >= Likeness::Script {
            break;
        }
    }
    (best.0, wish.is_none() || best.1 >= Likeness::Script)
}

/// What two languages have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Nothing,
    /// The language, in other letters.
    Language,
    /// Language and script: a reader of one reads the other.
    Script,
    /// Everything.
    Tag,
}

/// What two tags have in common, in lower case.
fn likeness(one: &str, other: &str) -> Likeness {
    if one == other {
        return Likeness::Tag;
    }
    let ([one, one_script], [other, other_script]) = (spelled(one), spelled(other));
    if one != other {
        Likeness::Nothing
    } else if one_script == other_script || one_script.is_empty() || other_script.is_empty() {
        Likeness::Script
    } else {
        Likeness::Language
    }
}

/// A tag's language and its script, as far as it is told. Chinese is told apart
/// by it, and where a tag names none, the region does.
fn spelled(tag: &str) -> [&str; 2] {
    let (language, rest) = tag.split_once('-').unwrap_or((tag, ""));
    let is_chinese = language == "zh";
    // Variants of four have a digit first.
    let is_script = |part: &str| part.len() == 4 && part.as_bytes() > b"a".as_slice();
    let script = rest.split('-').find_map(|part| match part {
        "tw" | "hk" | "mo" if is_chinese => Some("hant"),
        _ => is_script(part).then_some(part),
    });
    [language, script.unwrap_or(if is_chinese { "hans" } else { "" })]
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
    Some(limited(promise(&reward, program.currency), program))
}

/// What the next order brings its advocate, as the panel says it.
#[must_use]
pub fn next_reward(program: &Program, draws: &[Draw], reward: &RewardTerms) -> Value {
    let promise = promise(reward, program.currency);
    // Where the friend gets something, it was said of that.
    if program.friend_reward_for(draws).is_some() { promise } else { limited(promise, program) }
}

/// With what an order has to be worth for it, where it has to be worth
/// something.
fn limited(mut promise: Value, program: &Program) -> Value {
    let Qualifies { kind, minimum_minor, .. } = program.qualifies;
    if kind == Kind::Purchase && minimum_minor > 0 {
        let least = Money { amount_minor: minimum_minor, currency: program.currency };
        set(&mut promise, "minimum", money(least));
    }
    promise
}

/// What a friend has to do for it, in the words of the terms.
fn qualifies(program: &Program) -> Value {
    let kind = match program.qualifies.kind {
        Kind::Purchase => "purchase",
        Kind::Signup => "signup",
    };
    let which = match program.qualifies.which {
        Which::First => Value::from("first"),
        Which::Every => Value::from("every"),
        Which::Months(months) => object!({"months": months}),
    };
    object!({"kind": kind, "which": which})
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
    let (locale, locale_matches) = locale_for(program, wish);
    let milestones = program.milestones.iter().map(|milestone| {
        object!({"at": milestone.at, "reward": promise(&milestone.reward, program.currency)})
    });
    let first = program.advocate_reward_for(draws).first();
    let next_reward = first.map(|step| {
        let reward = offered(&step.reward, Part::Advocate, None, program, now);
        next_reward(program, draws, &reward)
    });
    object!({
        "program": program.id.as_str(),
        "name": program.name,
        "status": status(program, now),
        "locale": locale,
        // Else the page has better words of its own.
        "locale_matches": locale_matches,
        "currency": program.currency.as_str(),
        "currency_digits": currency_digits(&[program.currency]),
        "model": match program.attribution.model {
            Model::FirstClick => "first_click",
            Model::LastClick => "last_click",
        },
        "window_days": program.attribution.window_days,
        // Then what is offered to somebody is known only with their code.
        "experiments": !program.experiments.is_empty(),
        "texts": document.texts(locale, draws),
        "qualifies": qualifies(program),
        "channels": program.channels,
        "signs": signs(program.channels.iter().map(String::as_str)),
        "advocate_reward": advocate_reward(program, draws, None, now),
        "next_reward": next_reward,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(locales: &str, wish: Option<&str>, expected: &str, matches: bool) {
        let demo = include_str!("../../../programs/demo.json");
        let mut terms: Value = serde_json::from_str(demo).unwrap();
        set(&mut terms, "locales", locales.split(' ').map(Value::from).collect::<Value>());
        let program = ProgramDocument::read(terms, None).unwrap().program;
        assert_eq!(locale_for(&program, wish), (expected, matches), "{locales} for {wish:?}");
    }

    #[test]
    fn the_language_that_fits_best() {
        check("en pl", None, "en", true);
        check("en pl", Some("pl"), "pl", true);
        check("en pl", Some("PL-pl"), "pl", true);
        check("en pl", Some("pl_PL"), "pl", true);
        check("en pl", Some("ja"), "en", false);
        check("en pl", Some(""), "en", false);
        check("en pl", Some("-,*"), "en", false);
        check("pt-PT pt-BR", Some("pt-BR"), "pt-BR", true);
        check("pt-PT pt-BR", Some("pt"), "pt-PT", true);
        check("en-US en-GB", Some("en-AU"), "en-US", true);
    }

    #[test]
    fn several_are_wished_for_in_their_sequence() {
        check("en it", Some("it,en"), "it", true);
        check("en it", Some("it-CH,en"), "it", true);
        check("pl en", Some("it,en"), "en", true);
        check("pl fr", Some("it,en"), "pl", false);
        // What can be read goes before what only has the name.
        check("zh-Hant en", Some("zh-CN,en"), "en", true);
    }

    #[test]
    fn chinese_is_told_apart_by_its_script() {
        for traditional in ["zh-Hant", "zh-hant", "zh-TW", "zh_HK", "zh-Hant-HK", "zh-MO"] {
            check("zh-Hans zh-Hant", Some(traditional), "zh-Hant", true);
            check("zh-CN zh-TW", Some(traditional), "zh-TW", true);
            check("en zh-Hans", Some(traditional), "zh-Hans", false);
        }
        for simplified in ["zh", "zh-Hans", "zh-CN", "zh-SG", "zh-Hans-HK"] {
            check("zh-Hant zh-Hans", Some(simplified), "zh-Hans", true);
            check("zh-TW zh", Some(simplified), "zh", true);
            check("zh-HK", Some(simplified), "zh-HK", false);
        }
    }

    #[test]
    fn other_languages_have_scripts_too() {
        check("sr-Latn sr-Cyrl", Some("sr-Cyrl-RS"), "sr-Cyrl", true);
        check("sr-Latn", Some("sr-Cyrl"), "sr-Latn", false);
        check("sr-Latn", Some("sr"), "sr-Latn", true);
        check("de-CH-1996", Some("de-DE-1901"), "de-CH-1996", true);
        check("en-TW", Some("en"), "en-TW", true);
    }
}
