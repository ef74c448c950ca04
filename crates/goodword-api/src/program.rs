//! A program's terms as JSON: how an owner writes them and reads them back.

mod experiments;
mod fraud;
mod rewards;

use crate::channel::number_of;
use crate::problem::Problem;
use crate::read::{Object, request};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use goodword::key::ProgramId;
use goodword::limits::{
    DAYS_MAX, FACTOR_BP_MAX, NAME_BYTES_MAX, PROGRAM_ID_BYTES_MAX, TEXT_BYTES_MAX, URL_BYTES_MAX,
};
use goodword::terms::{
    AttributionTerms, Boost, Draw, Fraud, Group, Kind, Model, Program, Qualifies, Side, Status,
    Terms, TypedCode, Which,
};
use serde_json::{Map, Value};

/// A program, with the document it was written as: the rules do not need
/// texts, and an owner reads back exactly what they wrote.
#[derive(Clone, Debug)]
pub struct ProgramDocument {
    /// The terms, found good.
    pub program: Program,
    /// The document.
    pub document: Value,
}

impl ProgramDocument {
    /// Reads a program. `id` is the one in the path, if there is one; the
    /// document must have the same.
    ///
    /// # Errors
    /// A problem with every fault at once.
    pub fn read(document: Value, id: Option<&ProgramId>) -> Result<Self, Problem> {
        let program = request(&document, |body| read_program(body, id))?;
        Ok(ProgramDocument { program, document })
    }

    /// Whether the owner wants advocates to see who brought the most friends.
    #[must_use]
    pub fn has_leaderboard(&self) -> bool {
        self.document.get("leaderboard").and_then(Value::as_bool).unwrap_or_default()
    }

    /// What a checkout takes so that a friend gets their reward, where one code does it for all.
    #[must_use]
    pub fn coupon(&self) -> Option<&str> {
        self.document.get("coupon").and_then(Value::as_str)
    }

    /// The owner's texts in a language for someone with these draws; empty
    /// when there are none.
    #[must_use]
    pub fn texts(&self, locale: &str, draws: &[Draw]) -> Value {
        let mut texts = Map::new();
        let of_variant = self.program.variants_for(draws).filter_map(|(trial, place)| {
            let experiments = self.document.get("experiments")?.as_array()?.iter();
            let mut same = experiments.filter(|of| {
                of.get("id").and_then(Value::as_str) == Some(trial.experiment.id.as_str())
            });
            same.next()?.get("variants")?.get(place)
        });
        let written = core::iter::once(&self.document).chain(of_variant);
        for part in written.filter_map(|part| part.get("texts")?.get(locale)?.as_object()) {
            texts.extend(part.clone());
        }
        Value::Object(texts)
    }
}

/// Reads terms and checks them. Where a field could not be read, something
/// harmless stands in for it, so that the rules can still find the faults of
/// the others; what they say about a stand-in is left out.
fn read_program(body: &Object<'_>, id: Option<&ProgramId>) -> Option<Program> {
    let terms = read_terms(body, id);
    texts(body, id.is_some());
    // No rule asks for these.
    body.optional("leaderboard").and_then(|_| body.flag("leaderboard"));
    body.optional_text("coupon", NAME_BYTES_MAX);
    match Program::new(terms) {
        Ok(program) => Some(program),
        Err(faults) => {
            for fault in faults {
                if !body.has_fault_near(&fault.field) {
                    body.fault(&fault.field, fault.detail);
                }
            }
            None
        }
    }
}

fn read_terms(body: &Object<'_>, id: Option<&ProgramId>) -> Terms {
    let own_id = read_id(body, id);
    Terms {
        id: own_id,
        name: body.text("name", NAME_BYTES_MAX).unwrap_or("-").into(),
        status: body
            .word("status", &[("active", Status::Active), ("paused", Status::Paused)])
            .unwrap_or(Status::Paused),
        starts_at: body.nullable_instant("starts_at"),
        ends_at: body.nullable_instant("ends_at"),
        destination: body.text("destination", URL_BYTES_MAX).unwrap_or("https://-/").into(),
        origins: owned(body.texts("origins", URL_BYTES_MAX)),
        currency: body.currency("currency").unwrap_or(goodword::money::EURO),
        locales: owned(body.texts("locales", 35)),
        channels: channels(body),
        attribution: attribution(body),
        qualifies: qualifies(body),
        hold_days: body.integer("hold_days", 0, i64::from(DAYS_MAX)).unwrap_or(0) as u32,
        advocate_reward: rewards::steps(body, "advocate_reward"),
        friend_reward: rewards::single(body, "friend_reward"),
        second_level: rewards::single(body, "second_level"),
        milestones: rewards::milestones(body, "milestones"),
        caps: rewards::caps(body, "caps"),
        boosts: boosts(body),
        groups: groups(body),
        experiments: experiments::read(body, id.is_some()),
        fraud: body.object("fraud").map_or_else(Fraud::default, |fraud| fraud::read(&fraud)),
    }
}

fn read_id(body: &Object<'_>, in_path: Option<&ProgramId>) -> ProgramId {
    let read = body.text("id", NAME_BYTES_MAX).and_then(|text| {
        let id = ProgramId::parse(text);
        match (&id, in_path) {
            (None, _) => {
                let detail = format!("must be 1 to {PROGRAM_ID_BYTES_MAX} of a-z, 0-9 and hyphen");
                body.fault("id", detail);
            }
            (Some(id), Some(in_path)) if id != in_path => {
                body.fault("id", format!("must be {in_path}, as in the path"));
            }
            _ => {}
        }
        id
    });
    read.unwrap_or_else(ProgramId::stand_in)
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(Into::into).collect()
}

fn channels(body: &Object<'_>) -> Vec<String> {
    let channels = body.texts("channels", 20);
    for (index, channel) in channels.iter().enumerate() {
        if number_of(channel) == 0 {
            body.fault(&format!("channels[{index}]"), format!("{channel:?} is no known channel"));
        }
    }
    owned(channels)
}

fn attribution(body: &Object<'_>) -> AttributionTerms {
    let read = body.object("attribution").map(|part| {
        let models = [("first_click", Model::FirstClick), ("last_click", Model::LastClick)];
        let model = part.word("model", &models);
        let window_days = part.integer("window_days", 1, i64::from(DAYS_MAX));
        let typed = [("wins", TypedCode::Wins), ("loses", TypedCode::Loses)];
        let typed_code = part.word("typed_code", &typed);
        part.refuse_unknown();
        Some(AttributionTerms {
            model: model?,
            window_days: window_days? as u32,
            typed_code: typed_code?,
        })
    });
    read.flatten().unwrap_or(AttributionTerms {
        model: Model::LastClick,
        window_days: 30,
        typed_code: TypedCode::Wins,
    })
}

fn qualifies(body: &Object<'_>) -> Qualifies {
    let read = body.object("qualifies").map(|part| {
        let kind = part.word("kind", &[("purchase", Kind::Purchase), ("signup", Kind::Signup)]);
        let which = which(&part);
        let minimum_minor = part.integer("minimum_minor", 0, goodword::limits::AMOUNT_MAX);
        let new_customers_only = part.flag("new_customers_only");
        let products = owned(part.texts("products", NAME_BYTES_MAX));
        part.refuse_unknown();
        Some(Qualifies {
            kind: kind?,
            which: which?,
            minimum_minor: minimum_minor?,
            new_customers_only: new_customers_only?,
            products,
        })
    });
    read.flatten().unwrap_or(Qualifies {
        kind: Kind::Purchase,
        which: Which::First,
        minimum_minor: 0,
        new_customers_only: false,
        products: Vec::new(),
    })
}

fn which(part: &Object<'_>) -> Option<Which> {
    let value = part.required("which")?;
    if value.is_object() {
        let months = part.as_object("which", value)?;
        let number = months.integer("months", 1, 1_200);
        months.refuse_unknown();
        return Some(Which::Months(number? as u32));
    }
    match value.as_str() {
        Some("first") => Some(Which::First),
        Some("every") => Some(Which::Every),
        _ => {
            part.fault("which", "must be first, every or {\"months\": n}");
            None
        }
    }
}

pub(crate) fn side(part: &Object<'_>) -> Option<Side> {
    part.word("side", &[("advocate", Side::Advocate), ("friend", Side::Friend)])
}

fn boosts(body: &Object<'_>) -> Vec<Boost> {
    let read = body.objects("boosts").into_iter().filter_map(|part| {
        let from = part.instant("from");
        let to = part.instant("to");
        let side = side(&part);
        let factor_bp = part.integer("factor_bp", 1, i64::from(FACTOR_BP_MAX));
        part.refuse_unknown();
        Some(Boost { from: from?, to: to?, side: side?, factor_bp: factor_bp? as u32 })
    });
    read.collect()
}

fn groups(body: &Object<'_>) -> Vec<Group> {
    let Some(groups) = body.object("groups") else { return Vec::new() };
    let read = groups.entries().filter_map(|(name, value)| {
        let part = groups.as_object(name, value)?;
        let factor_bp = part.integer("factor_bp", 1, i64::from(FACTOR_BP_MAX));
        part.refuse_unknown();
        Some(Group { name: name.into(), factor_bp: factor_bp? as u32 })
    });
    read.collect()
}

/// Texts are kept as they are written; here only their form is checked, and of
/// new ones that no page stumbles over them.
fn texts(body: &Object<'_>, are_new: bool) {
    body.required("texts");
    optional_texts(body, are_new);
}

/// The same where texts may be absent.
fn optional_texts(body: &Object<'_>, are_new: bool) {
    let Some(texts) = body.optional_object("texts") else { return };
    for (locale, value) in texts.entries() {
        let Some(of_locale) = texts.as_object(locale, value) else { continue };
        for (name, value) in of_locale.entries() {
            let text = of_locale.as_text(name, value, TEXT_BYTES_MAX).unwrap_or_default();
            let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || b"._-".contains(&letter);
            if are_new && (!name.bytes().all(is_letter) || name.ends_with("_at")) {
                let rule =
                    "is no text's name: letters, digits and . _ - make one, and none ends in _at";
                of_locale.fault(name, rule);
            }
            // The widget fills these with its own texts, this one perhaps.
            if are_new && (text.contains("{t.") || text.contains("{n.")) {
                of_locale.fault(name, "must not have {t. or {n. in it");
            }
        }
    }
}
