//! An order's facts in the store, and the friend's other orders beside them:
//! everything its attribution needs.

use crate::directory::Advocates;
use crate::hashing;
use crate::keys::{self, FactKind};
use crate::programs::{self, Current};
use crate::records::{EvidenceRecord, LineRecord, PaidRecord, RefundRecord, read, write};
use crate::store::{StoreError, get, scan};
use crate::tracker::Tracker;
use goodword::attribution::{Attribution, Reason, attribute};
use goodword::key::{OrderKey, PersonKey, ProgramId};
use goodword::mutant;
use goodword::order::{Evidence, Order, Paid};
use goodword::sorted::Map;
use goodword::terms::{Program, TermsHistory};
use goodword::time::Instant;
use serde_json::Value;

/// The platform whose ids orders are known by. There is one for a program: an
/// order that server, page and provider report is one order.
pub const SHOP: &str = "shop";

/// The key of an order by the id, or by another name, that it is reported
/// with.
///
/// # Errors
/// Whatever the store says.
pub async fn find(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    order_id: &str,
) -> Result<OrderKey, StoreError> {
    let name = hashing::order(SHOP, order_id);
    let known = get(tracker.store, &keys::alias(program, name)).await?;
    let known = mutant!(AliasNotAsked, known, None);
    Ok(known.and_then(|key| OrderKey::parse(&key)).unwrap_or(name))
}

/// Everything that was reported about one order.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    /// By the shop's server, each with the name of its content.
    pub paid: Map<String, PaidRecord>,
    /// By pages.
    pub pages: Map<String, EvidenceRecord>,
    /// What was given back.
    pub refunds: Map<String, RefundRecord>,
    /// The other names that its provider told beside its reports.
    pub names: Vec<String>,
    /// What we answered to the first report.
    pub answer: Option<Value>,
    /// The names under which was looked for what waits there.
    joined: Vec<OrderKey>,
}

impl Reports {
    /// Reads the reports of an order.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn load(
        tracker: &Tracker<'_>,
        program: &ProgramId,
        order: OrderKey,
    ) -> Result<Self, StoreError> {
        let entries = scan(tracker.store, &keys::facts(program, order)).await?;
        let mut reports = Reports::read(entries)?;
        reports.complete(tracker, program, order).await?;
        Ok(reports)
    }

    /// What stands under the order's own key.
    ///
    /// # Errors
    /// That one cannot be read.
    pub fn read(entries: Vec<(String, String)>) -> Result<Self, StoreError> {
        let mut reports = Reports::default();
        for (key, body) in entries {
            reports.add(&key, &body)?;
        }
        reports.reinstate();
        Ok(reports)
    }

    /// Adds what follows from the reports: what waits under the order's other
    /// names, and that an order which was undone stands again.
    ///
    /// The names are in the reports themselves, so whoever reads these finds
    /// what came under a name before its alias was seen; settlement too.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn complete(
        &mut self,
        tracker: &Tracker<'_>,
        program: &ProgramId,
        order: OrderKey,
    ) -> Result<(), StoreError> {
        for name in self.other_names() {
            let is_read = name == order || self.joined.contains(&name);
            if mutant!(NamesNotRead, is_read, true) {
                continue;
            }
            self.joined.push(name);
            for (key, body) in scan(tracker.store, &keys::facts(program, name)).await? {
                // Only what anybody may report without knowing the order.
                if matches!(FactKind::of(&key), Some(FactKind::Page | FactKind::Refund)) {
                    self.add(&key, &body)?;
                }
            }
        }
        self.reinstate();
        Ok(())
    }

    /// The order's other names, as the reports tell them.
    #[must_use]
    pub fn other_names(&self) -> Vec<OrderKey> {
        let told = self.paid.values().flat_map(|paid| &paid.names).chain(&self.names);
        told.map(|name| hashing::order(SHOP, name)).collect()
    }

    /// Adds what waits under one of its other names: only what anybody may
    /// report without knowing the order.
    pub fn join(&mut self, waiting: &Reports) {
        let (pages, refunds) = (waiting.pages.clone(), waiting.refunds.clone());
        self.pages.extend(pages);
        self.refunds.extend(refunds);
        self.reinstate();
    }

    /// Whether the order is known by other names, too.
    #[must_use]
    pub fn has_names(&self) -> bool {
        !self.joined.is_empty()
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn has_name(&self, name: OrderKey) -> bool {
        self.joined.contains(&name)
    }

    /// Adds what is kept under a key of an order's facts.
    ///
    /// # Errors
    /// That it cannot be read.
    pub fn add(&mut self, key: &str, body: &str) -> Result<(), StoreError> {
        let content = last_part(key);
        match FactKind::of(key) {
            Some(FactKind::Paid) => {
                self.paid.insert(content, read(key, body)?);
            }
            Some(FactKind::Page) => {
                self.pages.insert(content, read(key, body)?);
            }
            Some(FactKind::Refund) => {
                self.refunds.insert(content, read(key, body)?);
            }
            Some(FactKind::Name) => self.names.push(read(key, body)?),
            Some(FactKind::Answer) => self.answer = Some(read(key, body)?),
            None => {}
        }
        Ok(())
    }

    /// An order that its provider undid and later reports as paid again was
    /// not given back: the undoing has a later version with nothing in it. Its
    /// time is that of the first such report, so that it is always the same.
    /// Whoever adds reports one by one says so at the end.
    pub fn reinstate(&mut self) {
        let is_latest = |undone: &&RefundRecord| {
            let others =
                || self.refunds.values().filter(|other| other.refund_id == undone.refund_id);
            undone.version_ms.is_some()
                && undone.value.0 > 0
                && others().all(|other| other.version_ms <= undone.version_ms)
        };
        let mut again = Vec::new();
        for undone in self.refunds.values().filter(is_latest) {
            let versions = self.paid.values().filter_map(|paid| paid.version_ms);
            let later = versions.filter(|version| Some(*version) > undone.version_ms).min();
            let Some(at_ms) = later else { continue };
            let mut record = RefundRecord { at_ms, version_ms: Some(at_ms), ..undone.clone() };
            record.value.0 = 0;
            again.push(record);
        }
        for record in again {
            self.refunds.insert(hashing::content(&write(&record)), record);
        }
    }

    /// The order they tell of; `None` when no server reported it.
    #[must_use]
    pub fn order(&self, key: OrderKey) -> Option<Order> {
        let paid: Vec<Paid> = self.paid.values().filter_map(PaidRecord::paid).collect();
        let pages: Vec<Evidence> = self.pages.values().map(EvidenceRecord::evidence).collect();
        Order::fold(key, &paid, &pages)
    }

    /// The names of these reports in the friend's index.
    fn index_names(&self) -> impl Iterator<Item = String> {
        let pages = self.pages.keys().map(|content| format!("{}{content}", keys::OF_PAGE));
        self.paid.keys().cloned().chain(pages)
    }

    /// The shop's own id of the order.
    #[must_use]
    pub fn order_id(&self) -> Option<&str> {
        self.paid.values().next().map(|paid| paid.order_id.as_str())
    }
}

fn last_part(key: &str) -> String {
    key.rsplit('/').next().unwrap_or_default().to_owned()
}

/// An order's attribution, with what led to it.
pub struct Attributed {
    /// Who earned it.
    pub attribution: Attribution,
    /// The terms in force over the friend's orders.
    pub terms: TermsHistory,
    /// The advocates the friend's orders point to.
    pub advocates: Advocates,
    /// The friend's reports that are in the store, by order and content.
    pub friend_reports: Vec<(OrderKey, String)>,
    /// The friend's orders after this one, and when they were made: whose
    /// they are depends on this one.
    pub later: Vec<(OrderKey, Instant)>,
}

/// Attributes one order of a friend, with all orders of that friend.
///
/// # Errors
/// Whatever the store says.
pub async fn attribute_order(
    tracker: &Tracker<'_>,
    current: &Current,
    order: &Order,
) -> Result<Attributed, StoreError> {
    let program = &current.program().id;
    let friend = friend_reports(tracker, program, order.customer).await?;
    let mut orders = vec![order.clone()];
    for (key, reports) in &friend {
        if *key != order.key {
            orders.extend(reports.order(*key));
        }
    }
    let earliest = orders.iter().map(|order| order.occurred_at).min().unwrap_or(Instant(0));
    let terms = programs::history(tracker.store, current, earliest).await?;
    let advocates = Advocates::of(tracker, program, &orders).await?;
    let outcomes = attribute(&orders, &terms, &advocates.all);
    let attribution = outcomes
        .into_iter()
        .find(|(key, _)| *key == order.key)
        .map_or(Attribution::Nobody(Reason::NoClaim), |(_, attribution)| attribution);
    let place = (order.occurred_at, order.key);
    let later = orders.iter().map(|order| (order.key, order.occurred_at));
    let later = later.filter(|(key, occurred_at)| (*occurred_at, *key) > place).collect();
    let friend_reports = friend
        .into_iter()
        .flat_map(|(key, reports)| {
            reports.index_names().map(move |content| (key, content)).collect::<Vec<_>>()
        })
        .collect();
    Ok(Attributed { attribution, terms, advocates, friend_reports, later })
}

type ReportsByOrder = Map<OrderKey, Reports>;

/// What servers and pages reported about a friend's orders.
async fn friend_reports(
    tracker: &Tracker<'_>,
    program: &ProgramId,
    friend: PersonKey,
) -> Result<ReportsByOrder, StoreError> {
    let mut orders = ReportsByOrder::new();
    for (key, body) in scan(tracker.store, &keys::friend(program, friend)).await? {
        let order = key.split('/').nth(3).and_then(OrderKey::parse);
        if let Some(order) = order {
            let reports = orders.or_default(order);
            let content = last_part(&key);
            if let Some(content) = content.strip_prefix(keys::OF_PAGE) {
                reports.pages.insert(content.to_owned(), read(&key, &body)?);
            } else {
                reports.paid.insert(content, read(&key, &body)?);
            }
        }
    }
    Ok(orders)
}

/// The line of an order in its advocate's book; `None` when no server
/// reported it.
#[must_use]
pub fn line(reports: &Reports, order: &Order, program: &Program) -> Option<LineRecord> {
    Some(LineRecord {
        version_ms: reports.paid.values().filter_map(|paid| paid.version_ms).max(),
        order_id: reports.order_id()?.to_owned(),
        friend: order.customer.to_string(),
        at_ms: order.occurred_at.0,
        value: order.value.map(Into::into),
        qualifying_minor: order.qualifying_minor(program).unwrap_or(0),
    })
}
