//! `PUT /v1/advocates/me/rating`: how likely an advocate is to recommend the
//! shop; `GET /v1/programs/{program}/ratings`: what all of them answered.

use crate::http::{Answer, Handled, Request};
use crate::keys;
use crate::lists::ratings::{Filter, page};
use crate::lists::{self, cursor};
use crate::records::{RatingRecord, write};
use crate::routes::me::{Caller, caller};
use crate::sealing;
use crate::store::{Keep, StoreError};
use crate::tracker::Tracker;
use crate::{access, events, outbox, programs};
use goodword::key::ProgramId;
use goodword::rating::Leaning;
use goodword_api::requests::Rated;
use goodword_api::{instant, object};

/// One answer a person stands, a later one takes its place. A low one is told
/// before it is written, so that one that is there was told.
pub(crate) async fn put(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let Caller { code, current, origin, .. } = caller(tracker, request).await?;
    let Rated { rating, comment } = Rated::read(&request.json()?)?;
    let program = &current.program().id;
    let place = keys::rating(program, code);
    let seal = |text: String| {
        let sealed = sealing::seal_text(&tracker.settings.seal_keys, tracker.random, &place, &text);
        sealed.ok_or_else(|| StoreError("a comment could not be sealed".to_owned()))
    };
    let comment = comment.map(seal).transpose()?;
    if rating.leaning() == Leaning::Detractor {
        let news = events::rated_low(program, code, rating, tracker.now);
        outbox::tell(tracker, &current, vec![news]).await?;
    }
    let body = write(&RatingRecord { score: rating.score(), comment, at_ms: tracker.now.0 });
    tracker.store.put(&place, &body, Keep::Forever).await?;
    let answer = object!({"score": rating.score(), "rated_at": instant::write(tracker.now)});
    Ok(Answer::json(200, &answer).for_origin(origin))
}

pub(crate) async fn get(tracker: &Tracker<'_>, request: &Request, id: &ProgramId) -> Handled {
    access::owner(tracker, request)?;
    let leaning = lists::word(request, "leaning", &Leaning::ALL.map(Leaning::as_str))?;
    let filter = Filter {
        leaning,
        from: lists::moment(request, "from")?,
        to: lists::moment(request, "to")?,
    };
    let (limit, from) = (lists::limit(request)?, lists::from(request)?);
    programs::load(tracker.store, id).await?;
    let page = page(tracker, id, &filter, limit, &from).await?;
    let next = page.next.map(|after| cursor(&after));
    let answer = object!({
        "total": page.total,
        "complete": page.is_complete,
        "data": page.data,
        "next_cursor": next,
    });
    Ok(Answer::json(200, &answer))
}
