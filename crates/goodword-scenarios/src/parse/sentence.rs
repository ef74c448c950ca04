//! The sentences that begin with a day, apart from the words of an order.

use super::order;
use crate::moment;
use crate::scenario::{Click, Decision, Earned, Enrolment, Evidence, Order, Refund, What};
use crate::words::Words;
use goodword::time::Instant;

/// Friends of one sentence order one second after the other.
const BETWEEN_FRIENDS_MS: i64 = 1_000;

/// Reads what comes after the day. One sentence about many friends is as
/// many steps.
pub(super) fn read(words: &mut Words<'_>, at: Instant) -> Result<Vec<(Instant, What)>, String> {
    if words.peek() == Some("friends") {
        return friends(words, at);
    }
    Ok(vec![(at, one(words)?)])
}

fn one(words: &mut Words<'_>) -> Result<What, String> {
    if words.take("settle") {
        let expected = if words.take("->") { Some(number(words)?) } else { None };
        if expected.is_some() {
            words.expect("settled")?;
        }
        return Ok(What::Settle { expected });
    }
    if words.take("refund") {
        return refund(words);
    }
    if words.take("the owner") {
        return owner(words);
    }
    if words.peek_second() == Some("becomes") {
        return enrolment(words);
    }
    let who = words.word("a name")?;
    if words.take("clicks") {
        let advocate = words.word("an advocate")?;
        return click(words, who, advocate, false);
    }
    if words.take("lands with") {
        let advocate = possessive(words.word("an advocate")?)?;
        words.expect("code")?;
        return click(words, who, advocate, true);
    }
    if let Some(friend) = who.strip_suffix("'s").filter(|_| words.peek() == Some("page")) {
        words.expect("page reports")?;
        let order = words.word("an order")?.to_owned();
        let mut evidence = Evidence::default();
        while words.take(",") {
            order::evidence(words, &mut evidence)?;
        }
        return Ok(What::Page { order, friend: friend.to_owned(), evidence });
    }
    order::read(words, who)
}

/// `anna is an advocate`, or `becomes` one on some day.
pub(super) fn enrolment(words: &mut Words<'_>) -> Result<What, String> {
    let name = words.word("a name")?.to_owned();
    if !words.take("is an advocate") {
        words.expect("becomes an advocate")?;
    }
    let mut enrolment =
        Enrolment { name, group: None, email: None, by_email_only: false, claim_of: None };
    while words.take(",") {
        if words.take("in group") {
            enrolment.group = Some(words.word("a group")?.to_owned());
        } else if words.take("with their claim") {
            enrolment.claim_of = Some(enrolment.name.clone());
        } else if words.take("known only by") {
            enrolment.email = Some(words.word("an e-mail address")?.to_owned());
            enrolment.by_email_only = true;
        } else {
            words.expect("with e-mail")?;
            enrolment.email = Some(words.word("an e-mail address")?.to_owned());
        }
    }
    Ok(What::Enrol(enrolment))
}

fn click(
    words: &mut Words<'_>,
    friend: &str,
    advocate: &str,
    is_direct: bool,
) -> Result<What, String> {
    let expects_claim = !words.take("->");
    if !expects_claim {
        words.expect("no claim")?;
    }
    let (friend, advocate) = (friend.to_owned(), advocate.to_owned());
    Ok(What::Click(Click { friend, advocate, is_direct, expects_claim }))
}

fn refund(words: &mut Words<'_>) -> Result<What, String> {
    let id = words.word("a refund's id")?.to_owned();
    words.expect("of")?;
    let value = moment::read_money(words)?;
    words.expect("on")?;
    let order = words.word("an order")?.to_owned();
    let expects_conflict = words.take("->");
    if expects_conflict {
        words.expect("conflict")?;
    }
    Ok(What::Refund(Refund { id, order, value, expects_conflict }))
}

fn owner(words: &mut Words<'_>) -> Result<What, String> {
    if words.take("blocks") {
        return Ok(What::Block(words.word("an advocate")?.to_owned()));
    }
    let is_accepted = words.take("accepts");
    if is_accepted || words.take("refuses") {
        return Ok(What::Review { order: words.word("an order")?.to_owned(), is_accepted });
    }
    let is_fulfilled = words.take("hands over");
    if !is_fulfilled {
        words.expect("voids")?;
    }
    let advocate = possessive(words.word("an advocate")?)?.to_owned();
    words.expect("reward for")?;
    let of = earned(words)?;
    Ok(What::Decide(Decision { is_fulfilled, advocate, of }))
}

/// An order, or a number of friends.
pub(super) fn earned(words: &mut Words<'_>) -> Result<Earned, String> {
    if words.peek_second() == Some("friends") {
        let friends = u32::try_from(number(words)?).map_err(|_| "too many friends")?;
        words.expect("friends")?;
        return Ok(Earned::Friends(friends));
    }
    Ok(Earned::Order(words.word("an order")?.to_owned()))
}

/// `friends 1 to 5 of anna each buy for 40.00 EUR`: each clicks and orders.
fn friends(words: &mut Words<'_>, at: Instant) -> Result<Vec<(Instant, What)>, String> {
    words.expect("friends")?;
    let first = number(words)?;
    words.expect("to")?;
    let last = number(words)?;
    words.expect("of")?;
    let advocate = words.word("an advocate")?.to_owned();
    words.expect("each")?;
    let is_purchase = words.take("buy for");
    let value = if is_purchase { Some(moment::read_money(words)?) } else { None };
    if !is_purchase {
        words.expect("sign up")?;
    }
    let expected = order::answer(words)?;
    let mut steps = Vec::new();
    for number in first..=last {
        let after = i64::try_from(number - first).unwrap_or(0) * BETWEEN_FRIENDS_MS;
        let at = at.plus_ms(after);
        let friend = format!("friend-{number}");
        let click = Click {
            friend: friend.clone(),
            advocate: advocate.clone(),
            is_direct: false,
            expects_claim: true,
        };
        let order = Order {
            id: format!("F-{number}"),
            friend,
            is_purchase,
            value,
            email: None,
            existing: false,
            evidence: Evidence::default(),
            lines: Vec::new(),
            expected: expected.clone(),
        };
        steps.push((at, What::Click(click)));
        steps.push((at, What::Order(Box::new(order))));
    }
    Ok(steps)
}

pub(super) fn number(words: &mut Words<'_>) -> Result<u64, String> {
    let word = words.word("a number")?;
    word.parse().map_err(|_| format!("\"{word}\" is no number"))
}

/// The name in `anna's`.
pub(super) fn possessive(word: &str) -> Result<&str, String> {
    word.strip_suffix("'s").ok_or_else(|| format!("expected somebody's, found \"{word}\""))
}
