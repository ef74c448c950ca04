//! Conversions as the owner sees them: what was reported of each order, and
//! what became of it.
//!
//! An order's facts come together in one walk. Whose it is stands in the
//! books of those it points to, which are read a hundred keys at a time. Who
//! asks for one advocate's orders reads their book instead.

use crate::books::KeptBook;
use crate::directory;
use crate::hashing;
use crate::http::Failure;
use crate::keys;
use crate::limits::{
    BATCH_GROUPS, LIST_GROUPS_MAX, LIST_NAMED_MAX, LIST_OPERATIONS_MAX, ORDER_CODES_MAX,
};
use crate::orders::{self, Reports};
use crate::programs::{self, Current};
use crate::records::{CodeRecord, RefundRecord, SettledRecord, kind_text, read, write};
use crate::store::{StoreError, get_many};
use crate::tracker::Tracker;
use crate::walk::{Found, Place, Walk};
use goodword::code::ReferralCode;
use goodword::key::{OrderKey, ProgramId};
use goodword::money::Money;
use goodword::order::{Refund, counted, refunded_minor};
use goodword::sorted::{self, Map};
use goodword::terms::TermsHistory;
use goodword::time::Instant;
use goodword_api::object;
use goodword_api::{instant, reward};
use serde_json::Value;

/// An advocate earned it.
pub const ATTRIBUTED: &str = "attributed";
/// Nobody did, for a reason.
pub const UNATTRIBUTED: &str = "unattributed";
/// Only a page reported it.
pub const UNVERIFIED: &str = "unverified";

/// What the caller wants to see.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only with this outcome.
    pub outcome: Option<String>,
    /// Only of this advocate.
    pub code: Option<ReferralCode>,
    /// Only made then or later.
    pub from: Option<Instant>,
    /// Only made before.
    pub to: Option<Instant>,
}

impl Filter {
    fn fits_time(&self, occurred_at: Option<Instant>) -> bool {
        let is_open = self.from.is_none() && self.to.is_none();
        occurred_at.map_or(is_open, |at| {
            self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
        })
    }

    fn fits(&self, row: &Row) -> bool {
        self.outcome.as_deref().is_none_or(|outcome| outcome == row.outcome)
            && self.code.is_none_or(|code| row.code == Some(code))
    }
}

/// A conversion.
#[derive(Clone, Debug)]
pub struct Row {
    order: OrderKey,
    order_id: Option<String>,
    kind: Option<&'static str>,
    /// When it was made; only a server says so.
    pub occurred_at: Option<Instant>,
    value: Option<Money>,
    refunds: Vec<Refund>,
    outcome: &'static str,
    reason: Option<String>,
    /// Whose it is, or would be.
    pub code: Option<ReferralCode>,
    /// Whose it may be: whoever was answered first, and those it points to.
    candidates: Vec<ReferralCode>,
    /// Whether the first of them was answered.
    is_told: bool,
    /// The name of its line in the books of all its reports.
    line: String,
    place: Place,
}

impl Row {
    /// What was reported, and what was answered first. `None` where there is
    /// nothing but a refund.
    #[must_use]
    pub fn of(
        key: OrderKey,
        reports: &Reports,
        terms: &TermsHistory,
        place: Place,
    ) -> Option<Self> {
        let Some(order) = reports.order(key) else {
            return (!reports.pages.is_empty()).then(|| Row {
                order: key,
                order_id: None,
                kind: None,
                occurred_at: None,
                value: None,
                refunds: Vec::new(),
                outcome: UNVERIFIED,
                reason: None,
                code: None,
                candidates: Vec::new(),
                is_told: false,
                line: String::new(),
                place,
            });
        };
        let answered = |field: &str| reports.answer.as_ref()?.get(field)?.as_str();
        let code = answered("code").and_then(ReferralCode::parse);
        let mut candidates: Vec<ReferralCode> = code.into_iter().collect();
        let pointed_to = directory::pointed_to(std::slice::from_ref(&order));
        candidates.extend(pointed_to.into_iter().filter(|other| Some(*other) != code));
        candidates.truncate(ORDER_CODES_MAX);
        let line = orders::line(reports, &order, terms.at(order.occurred_at))?;
        Some(Row {
            order: key,
            order_id: reports.order_id().map(str::to_owned),
            kind: Some(kind_text(order.kind)),
            occurred_at: Some(order.occurred_at),
            value: order.value,
            refunds: reports.refunds.values().filter_map(RefundRecord::refund).collect(),
            outcome: if code.is_some() { ATTRIBUTED } else { UNATTRIBUTED },
            reason: answered("reason").map(str::to_owned),
            code,
            candidates,
            is_told: code.is_some(),
            line: hashing::content(&write(&line)),
            place,
        })
    }

    /// What the books of those it may belong to say: the one that did not
    /// decline it has it; if all did, nobody has.
    fn judge(&mut self, said: &[(bool, Option<SettledRecord>)]) {
        let mut declined = None;
        for (index, (code, (has_line, settled))) in self.candidates.iter().zip(said).enumerate() {
            match settled {
                Some(SettledRecord::Declined(why)) => {
                    declined.get_or_insert((*code, why.clone()));
                }
                None if !(*has_line || (self.is_told && index == 0)) => {}
                _ => {
                    (self.outcome, self.reason, self.code) = (ATTRIBUTED, None, Some(*code));
                    return;
                }
            }
        }
        if let Some((code, why)) = declined {
            (self.outcome, self.reason, self.code) = (UNATTRIBUTED, Some(why), Some(code));
        }
    }

    /// How much of it was given back.
    #[must_use]
    pub fn refunded_minor(&self) -> i64 {
        refunded_minor(self.value, self.refunds.iter())
    }

    /// The row as answers show it.
    #[must_use]
    pub fn shown(&self, records: &Map<ReferralCode, CodeRecord>) -> Value {
        let refund = |refund: &Refund| {
            object!({
                "refund_id": refund.id,
                "occurred_at": instant::write(refund.occurred_at),
                "value": reward::money(refund.value),
            })
        };
        let shown = |code| records.get(&code).map(|record| record.shown.clone());
        let code = self.code.map(|code| shown(code).unwrap_or(code.to_string()));
        object!({
            "conversion_id": format!("cv_{}", self.order),
            "order_id": self.order_id,
            "kind": self.kind,
            "occurred_at": self.occurred_at.map(instant::write),
            "value": self.value.map(reward::money),
            "outcome": self.outcome,
            "reason": self.reason,
            "code": code,
            "refunds": counted(self.refunds.iter()).into_iter().map(refund).collect::<Value>(),
        })
    }
}

/// A page of rows, and where the next one begins.
pub type Rows = (Vec<Row>, Option<Place>);

/// A page of a program's conversions.
///
/// # Errors
/// Whatever the store says.
pub async fn page(
    tracker: &Tracker<'_>,
    current: &Current,
    filter: &Filter,
    limit: usize,
    from: Place,
) -> Result<Rows, Failure> {
    let program = &current.program().id;
    if let Some(code) = filter.code {
        return of_book(tracker, current, code, filter, limit, &from).await;
    }
    // All versions of the terms, read once for all orders.
    let terms = programs::history(tracker.store, current, Instant(i64::MIN)).await?;
    let prefix = keys::all_facts(program);
    let mut walk = Walk::new(tracker.store, prefix, 2, from, LIST_OPERATIONS_MAX);
    let mut rows = Vec::new();
    let mut seen = 0;
    let mut names_left = LIST_NAMED_MAX;
    loop {
        let mut batch = Vec::new();
        let mut has_more = true;
        while batch.len() < BATCH_GROUPS && has_more && seen < LIST_GROUPS_MAX {
            match walk.next().await? {
                Found::Group(group) => {
                    seen += 1;
                    let Some(order) = OrderKey::parse(&group.name) else { continue };
                    let mut reports = Reports::read(group.entries)?;
                    if names_left > 0 && !reports.paid.is_empty() {
                        names_left -= usize::from(!reports.other_names().is_empty());
                        reports.complete(tracker, program, order).await?;
                    }
                    let row = Row::of(order, &reports, &terms, walk.place().clone());
                    batch.extend(row.filter(|row| filter.fits_time(row.occurred_at)));
                }
                Found::Nothing | Found::Cut => has_more = false,
            }
        }
        judge(tracker, program, &mut batch).await?;
        let fitting = batch.iter().filter(|row| filter.fits(row)).count();
        let is_full = rows.len() + fitting > limit;
        let room = limit - rows.len();
        rows.extend(batch.into_iter().filter(|row| filter.fits(row)).take(room));
        if is_full || (rows.len() == limit && !walk.is_done()) {
            let next = rows.last().map(|row| row.place.clone());
            return Ok((rows, next));
        }
        if !has_more || seen >= LIST_GROUPS_MAX {
            let next = (!walk.is_done()).then(|| walk.place().clone());
            return Ok((rows, next));
        }
    }
}

/// Reads what the books say about these orders.
///
/// # Errors
/// Whatever the store says.
pub async fn judge(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    rows: &mut [Row],
) -> Result<(), StoreError> {
    let places = rows.iter().flat_map(|row| {
        row.candidates.iter().flat_map(|code| {
            [
                keys::book_line(program, *code, row.order, &row.line),
                keys::book_settled(program, *code, row.order),
            ]
        })
    });
    let places: Vec<String> = places.collect();
    let bodies = get_many(tracker.store, &places).await?;
    let mut said = places.chunks_exact(2).zip(bodies.chunks_exact(2));
    for row in rows {
        let mut of_row = Vec::new();
        for (places, bodies) in said.by_ref().take(row.candidates.len()) {
            let ([_, place], [line, settled]) = (places, bodies) else { continue };
            let settled = settled.as_ref().map(|body| read(place, body)).transpose()?;
            of_row.push((line.is_some(), settled));
        }
        row.judge(&of_row);
    }
    Ok(())
}

/// One advocate's orders, from their book.
async fn of_book(
    tracker: &Tracker<'_>,
    current: &Current,
    code: ReferralCode,
    filter: &Filter,
    limit: usize,
    from: &Place,
) -> Result<Rows, Failure> {
    let book = KeptBook::load(tracker, &current.program().id, code).await?;
    let earliest = book.earliest().unwrap_or(tracker.now);
    let terms = programs::history(tracker.store, current, earliest).await?;
    let row = |(order, kept): (&OrderKey, &crate::books::Kept)| {
        let line = kept.line.as_ref()?;
        let occurred_at = Instant(line.at_ms);
        let reason = match &kept.settled {
            Some(SettledRecord::Declined(why)) => Some(why.clone()),
            _ => None,
        };
        Some(Row {
            order: *order,
            order_id: Some(line.order_id.clone()),
            kind: Some(kind_text(terms.at(occurred_at).qualifies.kind)),
            occurred_at: Some(occurred_at),
            value: line.value.as_ref().and_then(|value| value.money()),
            refunds: kept.refunds.values().filter_map(RefundRecord::refund).collect(),
            outcome: if reason.is_some() { UNATTRIBUTED } else { ATTRIBUTED },
            reason,
            code: Some(code),
            candidates: Vec::new(),
            is_told: false,
            line: String::new(),
            place: Place { page: None, after: order.to_string() },
        })
    };
    let later = book.orders.iter().filter(|(order, _)| order.to_string() > from.after);
    let mut rows: Vec<Row> = later
        .filter_map(row)
        .filter(|row| filter.fits_time(row.occurred_at) && filter.fits(row))
        .take(limit + 1)
        .collect();
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|row| row.place.clone());
    Ok((rows, next))
}

/// Rows as answers show them, each code with the name it is shown with.
///
/// # Errors
/// Whatever the store says.
pub async fn shown(tracker: &Tracker<'_>, rows: &[Row]) -> Result<Vec<Value>, StoreError> {
    let records = directory::find_many(tracker, &codes(rows)).await?;
    Ok(rows.iter().map(|row| row.shown(&records)).collect())
}

/// Whose these are.
#[must_use]
pub fn codes(rows: &[Row]) -> Vec<ReferralCode> {
    let mut codes: Vec<ReferralCode> = rows.iter().filter_map(|row| row.code).collect();
    sorted::sort(&mut codes);
    codes.dedup();
    codes
}
