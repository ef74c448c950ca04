//! Which terms are good. Every rule here names the field it is about and
//! says what was found, so that an owner can mend a program in one go.

use super::{Most, RewardTerms, Step, Terms, Which, Worth};
use crate::experiment::{self, Experiment};
use crate::limits::{
    AMOUNT_MAX, BASIS_POINTS_MAX, DAYS_MAX, FACTOR_BP_MAX, LIST_MAX, NAME_BYTES_MAX, URL_BYTES_MAX,
};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;
use core::ops::RangeInclusive;

/// Something wrong with a field, in words for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: a path such as `advocate_reward.steps[1].from`.
    pub field: String,
    /// What is wrong, and what was found.
    pub detail: String,
}

/// Collects faults while terms are read from top to bottom.
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, field: impl Display, detail: impl Display) {
        self.0.push(Fault { field: field.to_string(), detail: detail.to_string() });
    }

    fn text(&mut self, field: impl Display, text: &str, bytes_max: usize) {
        if text.trim().is_empty() {
            self.add(field, "must not be empty");
        } else if text.len() > bytes_max {
            self.add(field, format!("has {} bytes, at most {bytes_max} are allowed", text.len()));
        }
    }

    fn length(&mut self, field: &str, length: usize) {
        if length > LIST_MAX {
            self.add(field, format!("has {length} entries, at most {LIST_MAX} are allowed"));
        }
    }

    fn range<T: PartialOrd + Display>(
        &mut self,
        field: impl Display,
        value: T,
        allowed: RangeInclusive<T>,
    ) {
        if !allowed.contains(&value) {
            let (least, most) = allowed.into_inner();
            self.add(field, format!("is {value}, must be between {least} and {most}"));
        }
    }
}

pub(super) fn faults_of(terms: &Terms) -> Vec<Fault> {
    let mut faults = Faults(Vec::new());
    faults.text("name", &terms.name, NAME_BYTES_MAX);
    if let (Some(starts_at), Some(ends_at)) = (terms.starts_at, terms.ends_at)
        && ends_at <= starts_at
    {
        faults.add("ends_at", "must be later than starts_at");
    }
    addresses(terms, &mut faults);
    lists(terms, &mut faults);
    faults.range("attribution.window_days", terms.attribution.window_days, 1..=DAYS_MAX);
    qualifies(terms, &mut faults);
    faults.range("hold_days", terms.hold_days, 0..=DAYS_MAX);
    rewards(terms, &mut faults);
    caps(terms, &mut faults);
    factors(terms, &mut faults);
    experiments(terms, &mut faults);
    faults.0
}

/// Destination and origins are compared and prefixed as text, so they must
/// be spelled as browsers spell them.
fn addresses(terms: &Terms, faults: &mut Faults) {
    let destination = &terms.destination;
    if destination.len() > URL_BYTES_MAX {
        faults.add("destination", format!("is longer than {URL_BYTES_MAX} bytes"));
    } else if origin_of(destination).is_none() {
        faults.add("destination", "must be an http or https address with a host");
    }
    for (index, origin) in terms.origins.iter().enumerate() {
        if origin.len() > URL_BYTES_MAX || origin_of(origin) != Some(origin.as_str()) {
            faults.add(
                format!("origins[{index}]"),
                "must be an origin such as https://shop.example, without a path or slash after it",
            );
        }
    }
}

/// The origin of an address: scheme, host and port; `None` when the address
/// is not one that a browser could be sent to safely.
fn origin_of(address: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| address.starts_with(scheme))?;
    let rest = address.get(scheme.len()..)?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host_byte = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b':' | b'[' | b']' | b'_');
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_host = !authority.is_empty() && authority.bytes().all(host_byte);
    (is_plain && is_host && !authority.starts_with(':'))
        .then(|| address.get(..scheme.len() + authority.len()))
        .flatten()
}

fn lists(terms: &Terms, faults: &mut Faults) {
    for (index, locale) in terms.locales.iter().enumerate() {
        let is_tag = locale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if locale.len() < 2 || locale.len() > 35 || !is_tag {
            let detail = format!("is {locale:?}, must be a language tag such as en or zh-Hant");
            faults.add(format!("locales[{index}]"), detail);
        }
    }
    for (field, length) in [
        ("origins", terms.origins.len()),
        ("locales", terms.locales.len()),
        ("channels", terms.channels.len()),
        ("qualifies.products", terms.qualifies.products.len()),
        ("advocate_reward.steps", terms.advocate_reward.len()),
        ("milestones", terms.milestones.len()),
        ("caps", terms.caps.len()),
        ("boosts", terms.boosts.len()),
        ("groups", terms.groups.len()),
    ] {
        faults.length(field, length);
    }
}

fn qualifies(terms: &Terms, faults: &mut Faults) {
    faults.range("qualifies.minimum_minor", terms.qualifies.minimum_minor, 0..=AMOUNT_MAX);
    if let Which::Months(months) = terms.qualifies.which {
        faults.range("qualifies.which.months", months, 1..=1_200);
    }
    for (index, product) in terms.qualifies.products.iter().enumerate() {
        faults.text(format!("qualifies.products[{index}]"), product, NAME_BYTES_MAX);
    }
}

fn rewards(terms: &Terms, faults: &mut Faults) {
    steps("advocate_reward", &terms.advocate_reward, faults);
    if let Some(terms) = &terms.friend_reward {
        reward("friend_reward", terms, faults);
    }
    if let Some(terms) = &terms.second_level {
        reward("second_level", terms, faults);
    }
    for (index, milestone) in terms.milestones.iter().enumerate() {
        let place = format!("milestones[{index}]");
        faults.range(format!("{place}.at"), milestone.at, 1..=1_000_000);
        if terms.milestones.iter().take(index).any(|before| before.at == milestone.at) {
            faults.add(format!("{place}.at"), format!("{} is there twice", milestone.at));
        }
        if milestone.reward.is_percent() {
            let detail = "a milestone has no order that a percentage could be of";
            faults.add(format!("{place}.reward.basis_points"), detail);
        }
        reward(&format!("{place}.reward"), &milestone.reward, faults);
    }
}

fn steps(of: &str, steps: &[Step], faults: &mut Faults) {
    for (index, step) in steps.iter().enumerate() {
        let place = format!("{of}.steps[{index}]");
        let least = match index.checked_sub(1).and_then(|before| steps.get(before)) {
            Some(before) => before.from.saturating_add(1),
            None => 1,
        };
        if index == 0 && step.from != 1 {
            faults.add(format!("{place}.from"), format!("is {}, the first must be 1", step.from));
        } else if step.from < least {
            let detail = format!("is {}, must be more than the step before", step.from);
            faults.add(format!("{place}.from"), detail);
        }
        reward(&format!("{place}.reward"), &step.reward, faults);
    }
}

fn reward(place: &str, reward: &RewardTerms, faults: &mut Faults) {
    if !reward.is_coherent() {
        faults.add(format!("{place}.gives"), "does not go with the amount beside it");
    }
    match &reward.worth {
        Worth::Fixed { amount_minor } => {
            faults.range(format!("{place}.amount_minor"), *amount_minor, 1..=AMOUNT_MAX);
        }
        Worth::Percent { basis_points, at_most_minor } => {
            faults.range(format!("{place}.basis_points"), *basis_points, 1..=BASIS_POINTS_MAX);
            if let Some(most) = at_most_minor {
                faults.range(format!("{place}.at_most_minor"), *most, 1..=AMOUNT_MAX);
            }
        }
        Worth::Points { amount } => {
            faults.range(format!("{place}.amount"), *amount, 1..=AMOUNT_MAX);
        }
        Worth::Units { amount, unit } => {
            faults.range(format!("{place}.amount"), *amount, 1..=AMOUNT_MAX);
            faults.text(format!("{place}.unit"), unit, NAME_BYTES_MAX);
        }
        Worth::Gift { label } => faults.text(format!("{place}.label"), label, NAME_BYTES_MAX),
    }
}

fn caps(terms: &Terms, faults: &mut Faults) {
    for (index, cap) in terms.caps.iter().enumerate() {
        let place = format!("caps[{index}]");
        match &cap.most {
            Most::Count(count) => faults.range(format!("{place}.count"), *count, 0..=u32::MAX),
            Most::Minor(minor) => {
                faults.range(format!("{place}.amount_minor"), *minor, 0..=i64::MAX / 2);
            }
            Most::Units { amount, unit } => {
                faults.range(format!("{place}.amount"), *amount, 0..=i64::MAX / 2);
                if let Some(unit) = unit {
                    faults.text(format!("{place}.unit"), unit, NAME_BYTES_MAX);
                }
            }
        }
    }
}

fn factors(terms: &Terms, faults: &mut Faults) {
    for (index, boost) in terms.boosts.iter().enumerate() {
        if boost.to <= boost.from {
            faults.add(format!("boosts[{index}].to"), "must be later than from");
        }
        faults.range(format!("boosts[{index}].factor_bp"), boost.factor_bp, 1..=FACTOR_BP_MAX);
    }
    for group in &terms.groups {
        faults.text("groups", &group.name, NAME_BYTES_MAX);
        faults.range(
            format!("groups.{}.factor_bp", group.name),
            group.factor_bp,
            1..=FACTOR_BP_MAX,
        );
    }
}

fn experiments(terms: &Terms, faults: &mut Faults) {
    let all: Vec<Experiment> =
        terms.experiments.iter().map(|trial| trial.experiment.clone()).collect();
    faults.0.extend(experiment::faults_of(&all));
    for (index, trial) in terms.experiments.iter().enumerate() {
        for (variant, change) in trial.changes.iter().enumerate() {
            let place = format!("experiments[{index}].variants[{variant}]");
            if let Some(changed) = &change.advocate_reward {
                steps(&format!("{place}.advocate_reward"), changed, faults);
            }
            if let Some(changed) = &change.friend_reward {
                reward(&format!("{place}.friend_reward"), changed, faults);
            }
        }
    }
}
