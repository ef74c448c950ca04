//! `GET /v1/advocates/me`: an advocate's figures and rewards.

use crate::books::KeptBook;
use crate::http::{Answer, Failure, Handled, Request};
use crate::keys;
use crate::limits::{PANEL_INVITED_MAX, PANEL_ORDERS_MAX};
use crate::programs::{self, Current};
use crate::records::{CodeRecord, PaidRecord, read};
use crate::routes::advocates::share_link;
use crate::store::scan;
use crate::tracker::Tracker;
use crate::traffic::{self, Row};
use crate::{access, directory, hashing};
use goodword::attribution::Attribution;
use goodword::book::{self, next_milestone};
use goodword::code::ReferralCode;
use goodword::key::OrderKey;
use goodword::metrics::Device;
use goodword::money::Currency;
use goodword::reward::RewardStatus;
use goodword::sorted::{self, Map};
use goodword::terms::Side;
use goodword_api::object;
use goodword_api::offer::{advocate_reward, next_reward};
use goodword_api::problem::{Code, Problem};
use goodword_api::reward::{currency_digits, promise};
use serde_json::Value;
use std::cmp::Reverse;

/// The advocate who asks.
pub(crate) struct Caller<'a> {
    /// Their code.
    pub code: ReferralCode,
    /// What is kept about it.
    pub record: CodeRecord,
    /// Their program.
    pub current: Current,
    /// The origin of the page they ask from.
    pub origin: Option<&'a str>,
}

/// Who asks, by their token.
pub(crate) async fn caller<'a>(
    tracker: &Tracker<'_>,
    request: &'a Request,
) -> Result<Caller<'a>, Failure> {
    let code = access::advocate(tracker, request)?;
    let unknown = || Problem::new(Code::Unauthorized, "This advocate does not exist any more.");
    let record = directory::find(tracker, code).await?.filter(|record| record.erased_ms.is_none());
    let record = record.ok_or_else(unknown)?;
    let program = record.program_id().ok_or_else(unknown)?;
    let current = programs::load(tracker.store, &program).await?;
    let origin = access::page(request, current.program())?;
    Ok(Caller { code, record, current, origin })
}

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let Caller { code, record, current, origin } = caller(tracker, request).await?;
    let summary = summary(tracker, request, &current, code, &record).await?;
    Ok(Answer::json(200, &summary).for_origin(origin))
}

/// An advocate's summary: what their friends did, and what they get for it,
/// both as an advocate and as somebody's friend.
pub(crate) async fn summary(
    tracker: &Tracker<'_>,
    request: &Request,
    current: &Current,
    code: ReferralCode,
    record: &CodeRecord,
) -> Result<Value, Failure> {
    let program = &current.program().id;
    let kept = KeptBook::load(tracker, program, code).await?;
    let earliest = kept.earliest().unwrap_or(tracker.now);
    let terms = programs::history(tracker.store, current, earliest).await?;
    let book = kept.book(tracker, code, record, &terms);
    let all = book.rewards(&terms);
    let own = all.iter().filter(|reward| reward.code == code && reward.side == Side::Advocate);
    let mut rewards: Vec<Value> = own.map(|reward| kept.shown(reward, record)).collect();
    if current.program().second_level.is_some() {
        rewards.extend(as_inviter(tracker, current, code).await?);
    }

    let person = directory::person(tracker, program, code).await?.unwrap_or_default();
    if let Some(customer_id) = &person.customer_id {
        rewards.extend(as_friend(tracker, current, customer_id).await?);
    }
    // The newest first: a page shows as many as somebody reads.
    sorted::sort_by_key(&mut rewards, |reward| {
        Reverse(reward.get("due_at").and_then(Value::as_str).map(str::to_owned))
    });
    // Those of earlier terms, too.
    let currency = |reward: &Value| Currency::parse(reward.pointer("/value/currency")?.as_str()?);
    let mut currencies: Vec<Currency> = rewards.iter().filter_map(currency).collect();
    currencies.push(current.program().currency);
    let traffic = traffic::of_advocate(tracker.store, tracker.now, program, code).await?;
    let traffic = traffic.by(|row| Row { device: Device::Unknown, ..row });
    let (mut clicks, mut people, mut shares) = (0, 0, serde_json::Map::new());
    for (row, counts) in traffic.rows() {
        clicks += counts.clicks;
        people += counts.people;
        if counts.shares > 0 {
            shares.insert(traffic::channel_name(row.channel).to_owned(), counts.shares.into());
        }
    }
    let next = next_milestone(&book, &terms, tracker.now).map(|next| {
        let reward = promise(&next.reward, current.program().currency);
        object!({"at": next.at, "reached": next.reached, "reward": reward})
    });
    let group = record.group.as_deref();
    let offered = advocate_reward(current.program(), &book.draws, group, tracker.now);
    let (conversions, friends) = (kept.conversions(&terms), kept.friends(&terms, true));
    let draws = book.draws.clone();
    let next_reward = book::next_reward(book, &terms, tracker.now)
        .map(|reward| next_reward(current.program(), &draws, &reward));
    // At a cap no rung brings anything.
    let offered = next_reward.is_some().then_some(offered);
    Ok(object!({
        "program": program.as_str(),
        "code": record.shown,
        "share_link": share_link(tracker, request, &record.shown),
        "display_name": person.display_name,
        "status": record.status(),
        "clicks": clicks,
        "people": people,
        "shares": shares,
        "offer": object!({
            "advocate_reward": offered,
            "next_reward": next_reward,
            "currency_digits": currency_digits(&currencies),
        }),
        "conversions": conversions,
        "friends": friends,
        "rewards": rewards,
        "next_milestone": next,
    }))
}

/// The rewards somebody gets for the friends of those they invited, of whom
/// only so many are looked at.
async fn as_inviter(
    tracker: &Tracker<'_>,
    current: &Current,
    inviter: ReferralCode,
) -> Result<Vec<Value>, Failure> {
    let program = &current.program().id;
    let invited = tracker.store.list(&keys::all_invited(program, inviter), None).await?.entries;
    let codes = invited.iter().filter_map(|(key, _)| key.rsplit('/').next());
    let codes: Vec<ReferralCode> =
        codes.filter_map(ReferralCode::parse).take(PANEL_INVITED_MAX).collect();
    let mut rewards = Vec::new();
    for (code, record) in directory::find_many(tracker, &codes).await? {
        let kept = KeptBook::load(tracker, program, code).await?;
        let earliest = kept.earliest().unwrap_or(tracker.now);
        let terms = programs::history(tracker.store, current, earliest).await?;
        let all = kept.book(tracker, code, &record, &terms).rewards(&terms);
        let theirs = all.iter().filter(|reward| reward.code == inviter);
        rewards.extend(theirs.map(|reward| kept.shown(reward, &record)));
    }
    Ok(rewards)
}

/// The rewards somebody gets as a friend: those of their own latest orders, in
/// the books of the advocates who earned them.
async fn as_friend(
    tracker: &Tracker<'_>,
    current: &Current,
    customer_id: &str,
) -> Result<Vec<Value>, Failure> {
    let program = &current.program().id;
    let person = hashing::customer(&tracker.settings.pepper, program, customer_id);
    let mut orders = Map::new();
    for (key, body) in scan(tracker.store, &keys::friend(program, person)).await? {
        if key.rsplit('/').next().is_some_and(|content| content.starts_with(keys::OF_PAGE)) {
            continue;
        }
        let report: PaidRecord = read(&key, &body)?;
        orders.insert(hashing::order(crate::orders::SHOP, &report.order_id), report.at_ms);
    }
    let mut orders: Vec<(OrderKey, i64)> = orders.into_iter().collect();
    sorted::sort_by_key(&mut orders, |(_, at_ms)| *at_ms);
    let more = orders.len().saturating_sub(PANEL_ORDERS_MAX);
    let mut rewards = Vec::new();
    for (order, _) in orders.into_iter().skip(more) {
        let reports = crate::orders::Reports::load(tracker, program, order).await?;
        let Some(order) = reports.order(order) else { continue };
        let attributed = crate::orders::attribute_order(tracker, current, &order).await?;
        let Attribution::To(credit) = attributed.attribution else { continue };
        let Some(record) = attributed.advocates.record(credit.code) else { continue };
        let kept = KeptBook::load(tracker, program, credit.code).await?;
        let earliest = kept.earliest().unwrap_or(order.occurred_at);
        let terms = programs::history(tracker.store, current, earliest).await?;
        let all = kept.book(tracker, credit.code, record, &terms).rewards(&terms);
        let own = all.iter().filter(|reward| {
            reward.order == Some(order.key)
                && reward.side == Side::Friend
                && reward.status != RewardStatus::Voided
        });
        rewards.extend(own.map(|reward| kept.shown(reward, record)));
    }
    Ok(rewards)
}
