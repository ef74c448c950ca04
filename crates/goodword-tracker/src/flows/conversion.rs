//! The way of a conversion: an order is reported, kept, attributed and put
//! into its advocate's book.

use crate::books::{Kept, KeptBook};
use crate::directory;
use crate::disposable_mail;
use crate::events;
use crate::flows::friend_index::Occasion;
use crate::flows::{friend_index, kept_answer, review};
use crate::hashing;
use crate::http::Failure;
use crate::keys::{self, FactKind};
use crate::limits::{PAGE_REPORT_MS_MAX, PAGE_REPORTS_MAX};
use crate::orders::{self, Attributed, Reports, SHOP, attribute_order};
use crate::outbox;
use crate::programs::Current;
use crate::records::outbox::EventRecord;
use crate::records::{
    CodeRecord, EvidenceRecord, HeldRecord, PaidRecord, SlotRecord, kind_text, read, write,
};
use crate::signing;
use crate::store::{Keep, StoreError, get, put_all, scan};
use crate::tracker::Tracker;
use goodword::attribution::{Attribution, Credit};
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::mutant;
use goodword::order::{ClaimRead, CodeRead, Evidence, Order, Paid};
use goodword::reward::{Reward, Slot};
use goodword::terms::Which;
use goodword_api::object;
use goodword_api::problem::{Code, FieldFault, Problem};
use goodword_api::requests::{ConversionReport, UnverifiedConversion};
use serde_json::Value;

/// An order reported by the shop's server.
///
/// 1. What it says becomes a fact, named by its content.
/// 2. If the order is known with other content, that is a conflict.
/// 3. The fact is kept; from here on nothing is lost.
/// 4. The order is attributed on all that is known of it and its friend, and
///    put into the advocate's book.
/// 5. The answer is the decision, and is kept: a replay gets the same answer,
///    whatever it adds to the facts. What is decided at settlement rests on
///    all of them.
///
/// # Errors
/// `conflict`, or whatever the store says.
pub async fn report(
    tracker: &Tracker<'_>,
    current: &Current,
    report: &ConversionReport,
) -> Result<(u16, Value), Failure> {
    let program = &current.program().id;
    let key = hashing::order(SHOP, &report.order_id);
    let key = mutant!(
        ReplayIsAnotherOrder,
        key,
        hashing::order(SHOP, &crate::random::name(tracker.random))
    );
    let paid = paid(tracker, report);
    let email = report.customer_email.as_deref().unwrap_or_default();
    let record = PaidRecord {
        is_disposable_mail: disposable_mail::is_disposable(email),
        ..PaidRecord::new(&report.order_id, &paid)
    };

    let mut reports = Reports::load(tracker, program, key).await?;
    if let Some(order) = reports.order(key) {
        mutant!(ConflictAccepted, refuse_conflict(&order, &paid, &report.order_id), Ok(()))?;
    }
    let status = if reports.paid.is_empty() { 201 } else { 200 };
    keep(tracker, program, key, &mut reports, record).await?;
    Ok((status, decide(tracker, current, key, reports).await?))
}

/// Keeps a report of an order, if it says anything new.
///
/// # Errors
/// Whatever the store says.
pub async fn keep(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    key: OrderKey,
    reports: &mut Reports,
    record: PaidRecord,
) -> Result<(), StoreError> {
    let body = write(&record);
    let content = hashing::content(&body);
    if !reports.paid.contains_key(&content) {
        let fact = keys::fact(program, key, FactKind::Paid, &content);
        let kept = tracker.store.put(&fact, &body, Keep::Forever).await;
        mutant!(AcknowledgedThoughNotKept, kept, Ok(()))?;
        reports.paid.insert(content, record);
    }
    Ok(())
}

/// Attributes an order whose reports are kept, and answers: as the first
/// report was answered, if it was.
///
/// # Errors
/// Whatever the store says.
pub async fn decide(
    tracker: &Tracker<'_>,
    current: &Current,
    key: OrderKey,
    reports: Reports,
) -> Result<Value, StoreError> {
    let outcome = apply(tracker, current, key, &reports, Occasion::of(&reports)).await?;
    if let Some(answered) = reports.answer {
        return as_told(tracker, answered, outcome.as_ref()).await;
    }
    let answer = answer(tracker, key, outcome.as_ref());
    let fact = keys::fact(&current.program().id, key, FactKind::Answer, "first");
    let body = kept_answer::without_names(&answer).to_string();
    tracker.store.put(&fact, &body, Keep::Forever).await?;
    Ok(answer)
}

/// A kept answer as it was told: with the advocate's name before their code,
/// if they still have one.
async fn as_told(
    tracker: &Tracker<'_>,
    answer: Value,
    outcome: Option<&Applied>,
) -> Result<Value, StoreError> {
    let Some(code) = kept_answer::code(&answer) else { return Ok(answer) };
    let known = outcome.and_then(|applied| applied.attributed.advocates.record(code).cloned());
    let record = match known {
        Some(record) => Some(record),
        None => directory::find(tracker, code).await?,
    };
    let shown = record.map_or_else(|| code.to_string(), |record| record.shown);
    Ok(kept_answer::with_name(&answer, code, &shown))
}

/// An order reported by a page, which anybody may pretend to be: kept, and
/// worth nothing until the shop's server reports the order as well.
///
/// # Errors
/// Whatever the store says.
pub async fn report_unverified(
    tracker: &Tracker<'_>,
    current: &Current,
    report: &UnverifiedConversion,
) -> Result<Value, Failure> {
    let program = &current.program().id;
    let key = orders::find(tracker, program, &report.order_id).await?;
    let evidence = evidence(tracker, program, report.claim.as_deref(), report.code.as_deref());
    let record = EvidenceRecord::new(&evidence);
    let body = write(&record);
    let content = hashing::content(&body);

    let mut reports = Reports::load(tracker, program, key).await?;
    // A page speaks while the order is made. Later, or again and again,
    // somebody else does.
    let is_late = reports
        .order(key)
        .is_some_and(|order| order.occurred_at.plus_ms(PAGE_REPORT_MS_MAX) < tracker.now);
    let is_heard = !is_late && reports.pages.len() < PAGE_REPORTS_MAX;
    if is_heard && !evidence.is_empty() && !reports.pages.contains_key(&content) {
        let fact = keys::fact(program, key, FactKind::Page, &content);
        tracker.store.put(&fact, &body, Keep::Forever).await?;
        reports.pages.insert(content, record);
        apply(tracker, current, key, &reports, Occasion::of(&reports)).await?;
    }
    Ok(object!({"conversion_id": conversion_id(key), "outcome": "unverified"}))
}

fn paid(tracker: &Tracker<'_>, report: &ConversionReport) -> Paid {
    let pepper = &tracker.settings.pepper;
    let program = &report.program;
    let email = report.customer_email.as_deref();
    Paid {
        version_at: None,
        occurred_at: report.occurred_at,
        kind: report.kind,
        value: report.value,
        customer: hashing::customer(pepper, program, &report.customer_id),
        email: email.map(|address| hashing::email(pepper, program, address)),
        existing: report.customer_existing,
        evidence: evidence(tracker, program, report.claim.as_deref(), report.code.as_deref()),
        lines: report.lines.clone(),
    }
}

/// Reads claim and code now, while the keys that signed the claim are live;
/// what was found is what is kept.
#[must_use]
pub fn evidence(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    claim: Option<&str>,
    code: Option<&str>,
) -> Evidence {
    let keys = &tracker.settings.claim_keys;
    let claim = claim.map(|text| match signing::read_claim(keys, text) {
        None => ClaimRead::Invalid,
        Some(claim) if claim.program != hashing::program(program) => ClaimRead::OtherProgram,
        Some(claim) => ClaimRead::Good {
            clicked_at: claim.clicked_at,
            code: claim.code,
            channel: claim.channel,
            bucket: claim.bucket,
        },
    });
    let code = code.map(|text| ReferralCode::parse(text).map_or(CodeRead::Invalid, CodeRead::Code));
    Evidence { claim, code }
}

fn refuse_conflict(known: &Order, paid: &Paid, order_id: &str) -> Result<(), Problem> {
    let (kind, value, customer) = paid.content();
    let mut faults = Vec::new();
    let mut differs = |field: &str, was: String, is: String| {
        let detail = format!("was {was}, is {is}");
        faults.push(FieldFault { field: field.to_owned(), detail, is_unknown: false });
    };
    if known.kind != kind {
        differs("kind", kind_text(known.kind).to_owned(), kind_text(kind).to_owned());
    }
    let minor = |value: Option<goodword::money::Money>| {
        value.map_or_else(|| "none".to_owned(), |value| value.amount_minor.to_string())
    };
    let currency = |value: Option<goodword::money::Money>| {
        value.map_or_else(|| "none".to_owned(), |value| value.currency.to_string())
    };
    if minor(known.value) != minor(value) {
        differs("value.amount_minor", minor(known.value), minor(value));
    }
    if currency(known.value) != currency(value) {
        differs("value.currency", currency(known.value), currency(value));
    }
    if known.customer != customer {
        differs("customer.id", "another customer".to_owned(), "this one".to_owned());
    }
    if faults.is_empty() {
        return Ok(());
    }
    let told: Vec<String> =
        faults.iter().map(|fault| format!("{} {}", fault.field, fault.detail)).collect();
    let detail = format!("Order {order_id} was reported before: {}.", told.join("; "));
    Err(Problem { code: Code::Conflict, detail, faults })
}

/// An order with its attribution and, where somebody earned it, their book.
pub struct Applied {
    /// The order.
    pub order: Order,
    /// Its attribution.
    pub attributed: Attributed,
    /// The advocate's book, this order in it.
    pub book: Option<(Credit, KeptBook)>,
}

impl Applied {
    /// The order's rewards as answers show them.
    #[must_use]
    pub fn rewards(&self, tracker: &Tracker<'_>) -> Vec<Value> {
        let Some((record, book, credit)) = self.advocate() else { return Vec::new() };
        let terms = &self.attributed.terms;
        let rewards = book.book(tracker, credit.code, record, terms).rewards(terms);
        let of_order = rewards.iter().filter(|reward| reward.order == Some(self.order.key));
        of_order.map(|reward| book.shown(reward, record)).collect()
    }

    /// Why the order is held for a person, if it is.
    fn held(&self) -> Option<&HeldRecord> {
        let (_, book) = self.book.as_ref()?;
        book.orders.get(&self.order.key)?.held.as_ref()
    }

    fn advocate(&self) -> Option<(&CodeRecord, &KeptBook, Credit)> {
        let (credit, book) = self.book.as_ref()?;
        Some((self.attributed.advocates.record(credit.code)?, book, *credit))
    }
}

/// Attributes an order whose reports are kept, and writes what follows from
/// it: the friend's index, when to settle it, its refunds, and last its line
/// in the book, so that a line is never there without the others.
///
/// `None` when no server reported the order yet.
///
/// # Errors
/// Whatever the store says.
pub async fn apply(
    tracker: &Tracker<'_>,
    current: &Current,
    key: OrderKey,
    reports: &Reports,
    occasion: Occasion,
) -> Result<Option<Applied>, StoreError> {
    let Some(order) = reports.order(key) else { return Ok(None) };
    let program = &current.program().id;
    let mut attributed = attribute_order(tracker, current, &order).await?;
    friend_index::tell(tracker, program, &order, reports, &attributed, occasion).await?;
    let terms = attributed.terms.at(order.occurred_at);
    let credit = match attributed.attribution {
        Attribution::To(credit) => Some(credit),
        Attribution::Nobody(_) => None,
    };
    if !reports.refunds.is_empty() {
        tell_settled_book(tracker, program, &order, terms.qualifies.which, credit, reports).await?;
    }
    let Some(credit) = credit else {
        return Ok(Some(Applied { order, attributed, book: None }));
    };

    let mut book = KeptBook::load(tracker, program, credit.code).await?;
    // The book may hold orders from before the friend's.
    let earliest = book.earliest().unwrap_or(order.occurred_at).min(order.occurred_at);
    attributed.terms = crate::programs::history(tracker.store, current, earliest).await?;
    let terms = attributed.terms.at(order.occurred_at);
    let Some(line) = orders::line(reports, &order, terms) else { return Ok(None) };
    let body = write(&line);
    let content = hashing::content(&body);
    let before = outbox::is_heard(tracker, current).then(|| {
        let history = &attributed.terms;
        let record = attributed.advocates.record(credit.code);
        record.map(|record| book.book(tracker, credit.code, record, history).rewards(history))
    });
    let before = before.flatten();
    let kept = book.orders.or_default(key);

    let was = kept.clone();
    let is_missing =
        |content: &String| mutant!(RefundNotCopied, !was.refunds.contains_key(content), false);
    let copies = reports.refunds.iter().filter(|(content, _)| is_missing(content));
    let copies = copies.map(|(content, refund)| {
        (keys::book_refund(program, credit.code, key, content), write(refund))
    });
    let copies: Vec<(String, String)> = copies.collect();
    kept.refunds.extend(reports.refunds.clone());

    // What was declined is looked at again: this report may say otherwise.
    let is_new = !kept.is_confirmed() && (!kept.lines.contains(&content) || kept.is_declined());
    if is_new && kept.is_declined() {
        kept.settled = None;
    }
    kept.add_line(content.clone(), line);
    let held = review::flag(tracker, terms, &order, credit, reports, &book).await?;
    let kept = book.orders.or_default(key);
    kept.held = held;
    let applied = Applied { order, attributed, book: Some((credit, book)) };
    // Before what makes a replay find nothing new.
    if let Some(before) = before {
        outbox::tell(tracker, current, news(tracker, program, &applied, &was, &before)).await?;
    }
    if let Some(held) = applied.held().filter(|_| was.held.is_none()) {
        review::hold(tracker, program, key, credit, held).await?;
    }
    put_all(tracker.store, copies).await?;
    if is_new {
        // Not before these facts are seen everywhere.
        let made_at = applied.order.occurred_at;
        let hold_days = applied.attributed.terms.at(made_at).hold_days;
        let due_at = made_at.plus_days(hold_days).max(tracker.now);
        let due = keys::due(program, due_at, credit.code, key);
        tracker.store.put(&due, &due_at.0.to_string(), Keep::Forever).await?;
        let place = keys::book_line(program, credit.code, key, &content);
        tracker.store.put(&place, &body, Keep::Forever).await?;
    }
    release_others(tracker, program, &applied.order, credit).await?;
    Ok(Some(applied))
}

/// What is to be told of an order that was put into a book: what it is, and
/// what that changes for the book's rewards. `was` and `before` are its entry
/// and the rewards as they were.
fn news(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    applied: &Applied,
    was: &Kept,
    before: &[Reward],
) -> Vec<EventRecord> {
    let Some((record, book, credit)) = applied.advocate() else { return Vec::new() };
    let key = applied.order.key;
    let mut events = Vec::new();
    let line = book.orders.get(&key).and_then(|kept| kept.line.as_ref());
    if let Some(line) = line {
        let is_first = was.line.is_none() || was.is_declined();
        if is_first {
            events.push(events::attributed(program, key, line, &record.shown));
        }
        if let Some(held) = applied.held().filter(|_| is_first || was.held.is_none()) {
            events.push(events::flagged(program, key, line, &record.shown, held));
        }
    }
    let terms = &applied.attributed.terms;
    let after = book.book(tracker, credit.code, record, terms).rewards(terms);
    events.extend(events::of_rewards(program, before, &after, |reward| book.shown(reward, record)));
    events
}

/// If the order stands in the book of another advocate it points to, that
/// one is looked at now: it is declined there, before anybody counts it twice.
async fn release_others(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    order: &Order,
    credit: Credit,
) -> Result<(), StoreError> {
    let pointed_to = directory::pointed_to(std::slice::from_ref(order));
    let others: Vec<ReferralCode> =
        pointed_to.into_iter().filter(|code| *code != credit.code).collect();
    let mut due = Vec::new();
    for code in others {
        let in_book = scan(tracker.store, &keys::book_order(program, code, order.key)).await?;
        if !in_book.is_empty() {
            let at = tracker.now;
            due.push((keys::due(program, at, code, order.key), at.0.to_string()));
        }
    }
    put_all(tracker.store, due).await
}

/// If the order was settled for another advocate, before a further claim or
/// an earlier order said otherwise, its refunds belong into that one's book.
async fn tell_settled_book(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    order: &Order,
    which: Which,
    credit: Option<Credit>,
    reports: &Reports,
) -> Result<(), StoreError> {
    let place = keys::settled(program, Slot::of(which, order.customer, order.key));
    let Some(body) = get(tracker.store, &place).await? else { return Ok(()) };
    let settled: SlotRecord = read(&place, &body)?;
    let own = credit.map(|credit| credit.code);
    let code = ReferralCode::parse(&settled.code).filter(|code| Some(*code) != own);
    let code = mutant!(RefundOfOtherBookForgotten, code, None);
    let Some(code) = code.filter(|_| settled.order == order.key.to_string()) else {
        return Ok(());
    };
    let copies = reports.refunds.iter().map(|(content, refund)| {
        (keys::book_refund(program, code, order.key, content), write(refund))
    });
    put_all(tracker.store, copies.collect()).await
}

fn conversion_id(order: OrderKey) -> String {
    format!("cv_{order}")
}

fn answer(tracker: &Tracker<'_>, key: OrderKey, outcome: Option<&Applied>) -> Value {
    let id = conversion_id(key);
    let Some(applied) = outcome else {
        return object!({"conversion_id": id, "outcome": "unverified", "rewards": Value::Array(Vec::new())});
    };
    match applied.attributed.attribution {
        Attribution::Nobody(reason) => object!({
            "conversion_id": id,
            "outcome": "unattributed",
            "reason": reason.as_str(),
            "rewards": Value::Array(Vec::new()),
        }),
        Attribution::To(credit) => {
            let record = applied.attributed.advocates.record(credit.code);
            let mut answer = object!({
                "conversion_id": id,
                "outcome": "attributed",
                "code": record.map(|record| record.shown.as_str()),
                "rewards": applied.rewards(tracker),
            });
            if let (Value::Object(fields), Some(held)) = (&mut answer, applied.held()) {
                fields.insert("review".to_owned(), review::shown(held));
            }
            answer
        }
    }
}
