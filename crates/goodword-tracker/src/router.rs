//! Which handler answers which method and path, and what every answer has in
//! common: a request id, problem bodies, no body to a HEAD.

mod route;

pub use route::Route;

use crate::http::{Answer, Failure, Handled, Request};
use crate::limiter::{self, Kind, Limiter, Unlimited};
use crate::log;
use crate::random::{self, Random};
use crate::routes;
use crate::security;
use crate::tracker::Tracker;
use goodword_api::object;
use goodword_api::problem::{Code, Problem};
use http::Method;
use serde_json::Value;

/// Answers a request, however many came before it.
pub async fn answer(tracker: &Tracker<'_>, request: &Request) -> Answer {
    answer_within(&Unlimited, tracker, request).await
}

/// Answers a request if its address is within its limits. Never fails: what
/// goes wrong becomes a problem answer, and what is our own fault is logged
/// here, once.
pub async fn answer_within(
    limiter: &dyn Limiter,
    tracker: &Tracker<'_>,
    request: &Request,
) -> Answer {
    let id = request_id(tracker.random, request);
    let answer = match limited(limiter, tracker, request).await {
        Ok(answer) => answer,
        Err(Failure::Problem(problem)) => problem.into(),
        Err(Failure::Store(error)) => {
            log::failure("the store did not answer", about(&id, request), &error.0);
            let detail = "The store did not answer. Nothing was lost; please try again.";
            Problem::new(Code::StoreUnavailable, detail).into()
        }
    };
    finished(answer, &id, request)
}

/// The answer to every request while required variables are missing.
pub fn not_set_up(random: &dyn Random, request: &Request, missing: &str) -> Answer {
    let id = request_id(random, request);
    log::failure("the tracker is not set up", about(&id, request), missing);
    let problem = Problem::new(Code::Internal, "The tracker is not set up completely.");
    finished(problem.into(), &id, request)
}

/// The answer with what all have in common.
fn finished(answer: Answer, id: &str, request: &Request) -> Answer {
    let answer = security::guarded(readable(answer, request), request);
    let mut answer = answer.with("x-request-id", id);
    if request.method == Method::HEAD {
        answer.body.clear();
    }
    answer
}

/// A call that comes too often is refused before anything is read for it. A
/// link still leads to the shop, and is not counted: a friend never meets a
/// dead end. Of the calls under a key only those are counted that are refused.
async fn limited(limiter: &dyn Limiter, tracker: &Tracker<'_>, request: &Request) -> Handled {
    let route = Route::of(&request.path);
    let kind = route.as_ref().and_then(|route| route.limited_as(request));
    if let Some(kind) = kind {
        if limiter::allows(limiter, tracker, request, kind).await {
            return dispatch(tracker, request).await;
        }
        if !matches!(route, Some(Route::Link(_))) {
            return Err(too_many("This address asks too often.").into());
        }
        return Ok(Answer { traffic: Vec::new(), ..dispatch(tracker, request).await? });
    }
    let handled = dispatch(tracker, request).await;
    let is_refused = match &handled {
        Ok(answer) => answer.status == Code::Unauthorized.status(),
        Err(Failure::Problem(problem)) => problem.code == Code::Unauthorized,
        Err(Failure::Store(_)) => false,
    };
    if is_refused && !limiter::allows(limiter, tracker, request, Kind::Refusal).await {
        return Err(too_many("This address was refused too often.").into());
    }
    handled
}

fn too_many(detail: &str) -> Problem {
    Problem::new(Code::RateLimited, format!("{detail} Try again in a minute."))
}

/// A page must be able to read what went wrong, or it cannot tell a token
/// that has expired from a network that is down. What a page of another
/// program asked stays unread.
fn readable(answer: Answer, request: &Request) -> Answer {
    let is_for_pages = Route::of(&request.path).is_some_and(|route| route.is_for_pages());
    let is_readable = answer.headers.get("access-control-allow-origin").is_some();
    let is_problem = answer.status >= 400 && answer.status != Code::ForbiddenOrigin.status();
    if is_for_pages && is_problem && !is_readable {
        return answer.for_origin(request.header("origin"));
    }
    answer
}

fn request_id(random: &dyn Random, request: &Request) -> String {
    let ray = request.header("cf-ray").filter(|ray| ray.len() <= 64);
    ray.map_or_else(|| random::name(random), str::to_owned)
}

/// What the log tells of a request. The code of a link and a claim are
/// somebody's, so only the first parts of a path are told.
fn about(id: &str, request: &Request) -> Value {
    let parts = if request.path.starts_with("/v1/") { 3 } else { 2 };
    let place: Vec<&str> = request.path.split('/').take(parts).collect();
    object!({"request_id": id, "method": request.method.as_str(), "path": place.join("/")})
}

async fn dispatch(tracker: &Tracker<'_>, request: &Request) -> Handled {
    let Some(route) = Route::of(&request.path) else {
        return Err(Problem::new(Code::NotFound, "There is nothing at this path.").into());
    };
    if request.method == Method::OPTIONS && route.is_for_pages() {
        return Ok(preflight(&route, request));
    }
    let method = if request.method == Method::HEAD { Method::GET } else { request.method.clone() };
    if !route.methods().contains(&method) {
        return Ok(method_not_allowed(&route));
    }
    match route {
        Route::Health => Ok(routes::health::get()),
        Route::Link(code) => routes::link::get(tracker, request, &code).await,
        Route::Qr(code) => routes::qr::get(tracker, request, &code),
        Route::Advocates => routes::advocates::post(tracker, request).await,
        Route::Me => routes::me::get(tracker, request).await,
        Route::Rating => routes::ratings::put(tracker, request).await,
        Route::MyLeaderboard => routes::leaderboard::mine(tracker, request).await,
        Route::Shares => routes::shares::post(tracker, request).await,
        Route::Clicks => routes::clicks::post(tracker, request).await,
        Route::Claim(claim) => routes::claims::get(tracker, request, &claim).await,
        Route::Conversions => routes::conversions::post(tracker, request).await,
        Route::Unverified => routes::conversions::post_unverified(tracker, request).await,
        Route::Refunds => routes::refunds::post(tracker, request).await,
        Route::Session if method == Method::POST => routes::session::post(tracker, request),
        Route::Session if method == Method::DELETE => routes::session::delete(request),
        Route::Session => routes::session::get(tracker, request).await,
        Route::Hook(hook, id) => routes::hooks::post(tracker, request, &id, hook).await,
        Route::Program(id) if method == Method::PUT => {
            routes::program::put(tracker, request, &id).await
        }
        Route::Program(id) => routes::program::get(tracker, request, &id).await,
        Route::Offer(id) => routes::offer::get(tracker, request, &id).await,
        Route::Rewards(id) => routes::rewards::get(tracker, request, &id).await,
        Route::Webhooks(id) if method == Method::PUT => {
            routes::webhooks::put(tracker, request, &id).await
        }
        Route::Webhooks(id) => routes::webhooks::get(tracker, request, &id).await,
        Route::Resend(id) => routes::webhooks::resend(tracker, request, &id).await,
        Route::Settle(id) => routes::settle::post(tracker, request, &id).await,
        Route::Report(id) => routes::report::get(tracker, request, &id).await,
        Route::Reviews(id) => routes::decisions::reviews(tracker, request, &id).await,
        Route::Leaderboard(id) => routes::leaderboard::get(tracker, request, &id).await,
        Route::Ratings(id) => routes::ratings::get(tracker, request, &id).await,
        Route::Warnings(id) => routes::warnings::get(tracker, request, &id).await,
        Route::RewardDecision(program, id, verdict) => {
            routes::decisions::on_reward(tracker, request, &program, &id, verdict).await
        }
        Route::ReviewDecision(program, id, verdict) => {
            routes::decisions::on_review(tracker, request, &program, &id, verdict).await
        }
        Route::AdvocateList(id) => routes::advocate_list::get(tracker, request, &id).await,
        Route::AdvocateDecision(program, code, verdict) => {
            routes::advocate_list::decide(tracker, request, &program, &code, verdict).await
        }
        Route::ConversionList(id) => routes::conversion_list::get(tracker, request, &id).await,
        Route::People(id) if method == Method::DELETE => {
            routes::people::delete(tracker, request, &id).await
        }
        Route::People(id) => routes::people::get(tracker, request, &id).await,
        Route::Export(id, file, what) => {
            routes::export::get(tracker, request, &id, &file, what).await
        }
        Route::OtherOrders(id) if method == Method::DELETE => {
            routes::other_orders::delete(tracker, request, &id).await
        }
        Route::OtherOrders(id) => routes::other_orders::put(tracker, request, &id).await,
        Route::WhatIf(id) => routes::what_if::post(tracker, request, &id).await,
    }
}

fn method_not_allowed(route: &Route) -> Answer {
    let allowed = allowed(route);
    let problem = Problem::new(Code::MethodNotAllowed, format!("This path answers {allowed}."));
    Answer::from(problem).with("allow", &allowed)
}

fn allowed(route: &Route) -> String {
    let mut names: Vec<&str> = route.methods().iter().map(Method::as_str).collect();
    if route.methods().contains(&Method::GET) {
        names.push("HEAD");
    }
    if route.is_for_pages() {
        names.push("OPTIONS");
    }
    names.join(", ")
}

/// Lets any origin ask. Whether it is one of the program's is checked on the
/// request itself, which names the program.
fn preflight(route: &Route, request: &Request) -> Answer {
    Answer::empty(204)
        .with("allow", &allowed(route))
        .with("access-control-allow-methods", &allowed(route))
        .with("access-control-allow-headers", "authorization, content-type")
        .with("access-control-max-age", "86400")
        .for_origin(request.header("origin"))
}
