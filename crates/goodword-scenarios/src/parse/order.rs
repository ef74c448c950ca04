//! The words of an order: what was done, by whom, what points to an advocate
//! and what must be answered.

use super::sentence::possessive;
use crate::moment;
use crate::scenario::{Answer, Claim, Evidence, Order, Typed, What};
use crate::words::{Words, unquoted};

/// Why an order may be nobody's, in the contract's words.
const REASONS: [&str; 13] = [
    "no_claim",
    "unknown_code",
    "invalid_claim",
    "other_program",
    "outside_window",
    "self_referral",
    "not_qualifying",
    "below_minimum",
    "not_first_purchase",
    "existing_customer",
    "already_referred",
    "program_inactive",
    "advocate_blocked",
];

/// `ben buys A-1 for 40.00 EUR` or `ben signs up as A-1`, and what follows.
pub(super) fn read(words: &mut Words<'_>, friend: &str) -> Result<What, String> {
    let is_purchase = words.take("buys");
    if !is_purchase {
        words.expect("signs up as")?;
    }
    let id = words.word("an order's id")?.to_owned();
    let value = if is_purchase {
        words.expect("for")?;
        Some(moment::read_money(words)?)
    } else if words.take("worth") {
        Some(moment::read_money(words)?)
    } else {
        None
    };
    let mut order = Order {
        id,
        friend: friend.to_owned(),
        is_purchase,
        value,
        email: None,
        existing: false,
        evidence: Evidence::default(),
        lines: Vec::new(),
        expected: None,
    };
    while words.take(",") {
        clause(words, &mut order)?;
    }
    order.expected = answer(words)?;
    Ok(What::Order(Box::new(order)))
}

fn clause(words: &mut Words<'_>, order: &mut Order) -> Result<(), String> {
    if words.take("with e-mail") {
        order.email = Some(words.word("an e-mail address")?.to_owned());
    } else if words.take("a customer from before") {
        order.existing = true;
    } else if words.take("line") {
        let product = words.word("a product")?.to_owned();
        let category =
            if words.take("in") { Some(words.word("a category")?.to_owned()) } else { None };
        words.expect("for")?;
        order.lines.push((product, category, moment::read_money(words)?));
    } else {
        evidence(words, &mut order.evidence)?;
    }
    Ok(())
}

/// What points to an advocate.
pub(super) fn evidence(words: &mut Words<'_>, evidence: &mut Evidence) -> Result<(), String> {
    if words.take("typing") {
        let word = words.word("a code")?;
        let typed = unquoted(word).map(|text| Typed::Text(text.to_owned()));
        evidence.typed = Some(typed.unwrap_or_else(|| Typed::CodeOf(word.to_owned())));
        return Ok(());
    }
    evidence.claim = if words.take("without claim") {
        Claim::Without
    } else if words.take("with a tampered claim") {
        Claim::Tampered
    } else if words.take("with a claim for another program") {
        Claim::OtherProgram
    } else if words.take("with the claim from") {
        Claim::From(words.word("an advocate")?.to_owned())
    } else if words.take("with") {
        let friend = possessive(words.word("a friend")?)?.to_owned();
        words.expect("claim")?;
        Claim::Of(friend)
    } else {
        return Err(format!("{} is no part of an order", words.found()));
    };
    Ok(())
}

/// What comes after the arrow, if there is one.
pub(super) fn answer(words: &mut Words<'_>) -> Result<Option<Answer>, String> {
    if !words.take("->") {
        return Ok(None);
    }
    if words.take("attributed to") {
        let advocate = words.word("an advocate")?.to_owned();
        let mut held = Vec::new();
        if words.take(", held by") {
            held.push(words.word("a rule")?.to_owned());
            while words.take("and") {
                held.push(words.word("a rule")?.to_owned());
            }
        }
        return Ok(Some(Answer::To(advocate, held)));
    }
    if words.take("same answer") {
        return Ok(Some(Answer::Same));
    }
    match words.word("an answer")? {
        "conflict" => Ok(Some(Answer::Conflict)),
        reason if REASONS.contains(&reason) => Ok(Some(Answer::Nobody(reason.to_owned()))),
        other => Err(format!("\"{other}\" is no answer")),
    }
}
