//! The edge: the entry points that Workers calls, and the conversion between
//! its requests and ours. Together with `store::kv` the only place that knows
//! the runtime, its clock and its timers.

use crate::access::cloudflare::{self, KeptKeys};
use crate::access::platform::WebCrypto;
use crate::address::Address;
use crate::export::Export;
use crate::flows::cron;
use crate::flows::delivery::{self, Outgoing};
use crate::http::{self, Answer, Failure, Request, body_bytes_max};
use crate::keys;
use crate::limiter::binding::Bindings;
use crate::limits::{BODY_BYTES_DROPPED_MAX, POSTS_AFTER_ANSWER_MAX, TRAFFIC_BATCH_MAX};
use crate::log;
use crate::mail::Mailer;
use crate::mail::binding::Post;
use crate::programs;
use crate::random::SystemRandom;
use crate::router;
use crate::sender::fetch::Network;
use crate::settings::Settings;
use crate::store::kv::KvFacts;
use crate::store::noting::Noting;
use crate::tracker::Tracker;
use crate::traffic::{self, Traffic};
use crate::warnings::{self, Unanswered};
use ::http::Method;
use futures_util::{StreamExt, stream};
use goodword::time::Instant;
use goodword_api::object;
use goodword_api::problem::Code;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use worker::{Context, Date, Delay, Env, Headers, ScheduleContext, ScheduledEvent, event};

/// The KV namespace's name in `wrangler.toml`.
const STORE: &str = "STORE";

thread_local! {
    /// Clicks and shares of this isolate that wait for their common write.
    static WAITING: RefCell<Vec<Traffic>> = const { RefCell::new(Vec::new()) };
    /// The keys of Cloudflare Access, as this isolate knows them.
    static ACCESS_KEYS: Rc<KeptKeys> = Rc::default();
    /// Requests of this isolate that the store did not answer.
    static UNANSWERED: Cell<Option<Unanswered>> = const { Cell::new(None) };
}

#[event(fetch)]
async fn fetch(
    request: worker::Request,
    env: Env,
    context: Context,
) -> worker::Result<worker::Response> {
    let mut request = read(request).await?;
    let (settings, store) = match surroundings(&env) {
        Ok(surroundings) => surroundings,
        Err(missing) => return response(router::not_set_up(&SystemRandom, &request, &missing)),
    };
    let access_keys = ACCESS_KEYS.with(Rc::clone);
    request.is_vouched_for =
        cloudflare::vouches(&WebCrypto, &access_keys, &settings, now(), &request).await;
    let noting = Noting::new(store.clone(), keys::outbox::ALL);
    let tracker =
        Tracker { store: &noting, settings: &settings, now: now(), random: &SystemRandom };
    let mut answer = router::answer_within(&Bindings(env.clone()), &tracker, &request).await;
    if answer.status == Code::StoreUnavailable.status() {
        UNANSWERED.set(Some(Unanswered::and(UNANSWERED.get(), tracker.now)));
    } else if let Some(unanswered) = UNANSWERED.take() {
        warn_later(&context, &env, unanswered);
    }
    let told = noting.take();
    if !told.is_empty() {
        deliver_later(&context, store.clone(), settings.clone(), Post::of(&env), told);
    }
    let traffic = std::mem::take(&mut answer.traffic);
    if !traffic.is_empty() {
        record_later(&context, store, settings.traffic_window_ms, traffic);
    }
    match answer.more.take() {
        Some(export) => streamed(answer, export, env),
        None => response(answer),
    }
}

/// Sends an answer whose body is made while it is sent. If a piece fails, the
/// transfer breaks off: nobody takes what came for the whole.
fn streamed(answer: Answer, export: Export, env: Env) -> worker::Result<worker::Response> {
    let headers = headers(&answer)?;
    let Answer { status, body: first, .. } = answer;
    let pieces = stream::try_unfold(Some(export), move |export| {
        let env = env.clone();
        async move {
            let Some(export) = export else { return Ok(None) };
            let (settings, store) = surroundings(&env).map_err(worker::Error::RustError)?;
            let tracker =
                Tracker { store: &store, settings: &settings, now: now(), random: &SystemRandom };
            export.next(&tracker).await.map(Some).map_err(|failure| {
                let detail = match failure {
                    Failure::Store(error) => error.0,
                    Failure::Problem(problem) => problem.detail,
                };
                log::failure("an export broke off", object!({}), &detail);
                worker::Error::RustError(detail)
            })
        }
    });
    let body = stream::once(async move { Ok::<_, worker::Error>(first) }).chain(pieces);
    let response = worker::Response::from_stream(body)?;
    Ok(response.with_status(status).with_headers(headers))
}

/// Does what is due in every program.
#[event(scheduled)]
async fn scheduled(_: ScheduledEvent, env: Env, _: ScheduleContext) {
    let (settings, store) = match surroundings(&env) {
        Ok(surroundings) => surroundings,
        Err(missing) => return log::failure("the tracker is not set up", object!({}), missing),
    };
    let tracker = Tracker { store: &store, settings: &settings, now: now(), random: &SystemRandom };
    let post = Post::of(&env);
    cron::run(&tracker, &outgoing(post.as_ref())).await;
}

fn outgoing(post: Option<&Post>) -> Outgoing<'_> {
    Outgoing { sender: &Network, mailer: post.map(|post| post as &dyn Mailer) }
}

fn surroundings(env: &Env) -> Result<(Settings, KvFacts), String> {
    let variable = |name: &str| env.var(name).ok().map(|value| value.to_string());
    let settings = Settings::read(variable)
        .map_err(|missing| format!("not set: {} (see README.md)", missing.join(", ")))?;
    let store = KvFacts::of(env, STORE).ok_or_else(|| format!("no KV namespace {STORE}"))?;
    Ok((settings, store))
}

fn now() -> Instant {
    Instant(i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX))
}

/// Reads a request. Of a body no more is kept than it may be long.
async fn read(mut request: worker::Request) -> worker::Result<Request> {
    let url = request.inner().url();
    let address = Address::of(&url);
    // `request.method()` calls every method GET that it does not know.
    let method = Method::from_bytes(request.inner().method().as_bytes()).unwrap_or_default();
    let mut headers = http::Headers::default();
    for (name, value) in request.headers().entries() {
        headers.set(&name, &value);
    }
    let has_body = !matches!(method, Method::GET | Method::HEAD | Method::OPTIONS);
    Ok(Request {
        origin: address.origin.to_owned(),
        path: address.path.to_owned(),
        query: address.query.to_owned(),
        body: if has_body {
            body(&mut request, body_bytes_max(address.path)).await
        } else {
            Some(Vec::new())
        },
        method,
        headers,
        is_vouched_for: false,
    })
}

async fn body(request: &mut worker::Request, bytes_max: usize) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    let mut read_bytes = 0;
    // A request without a body has no stream.
    let Ok(mut stream) = request.stream() else { return Some(body) };
    while let Some(Ok(chunk)) = stream.next().await {
        read_bytes += chunk.len();
        if read_bytes <= bytes_max {
            body.extend_from_slice(&chunk);
        }
        if read_bytes > bytes_max + BODY_BYTES_DROPPED_MAX {
            break;
        }
    }
    (read_bytes <= bytes_max).then_some(body)
}

fn headers(answer: &Answer) -> worker::Result<Headers> {
    let headers = Headers::new();
    for (name, value) in answer.headers.iter() {
        headers.set(name, value)?;
    }
    Ok(headers)
}

fn response(answer: Answer) -> worker::Result<worker::Response> {
    let headers = headers(&answer)?;
    let response = if answer.body.is_empty() {
        worker::Response::empty()?
    } else {
        worker::Response::from_bytes(answer.body)?
    };
    Ok(response.with_status(answer.status).with_headers(headers))
}

/// Writes down what the store did not answer before, after the answer went
/// out. Where it still refuses it is remembered further.
fn warn_later(context: &Context, env: &Env, unanswered: Unanswered) {
    let Ok((_, store)) = surroundings(env) else { return };
    context.wait_until(async move {
        if warnings::record(&store, &SystemRandom, unanswered).await.is_err() {
            UNANSWERED.set(Some(unanswered));
        }
    });
}

/// Records after the answer went out. The first of a window waits for its end
/// and writes for all; the others only add themselves.
fn record_later(context: &Context, store: KvFacts, window_ms: u64, traffic: Vec<Traffic>) {
    let is_first = WAITING.with_borrow_mut(|waiting| {
        let is_first = waiting.is_empty();
        waiting.extend(traffic);
        is_first || waiting.len() >= TRAFFIC_BATCH_MAX
    });
    if !is_first {
        return;
    }
    context.wait_until(async move {
        if window_ms > 0 {
            Delay::from(Duration::from_millis(window_ms)).await;
        }
        let batch = WAITING.take();
        if let Err(error) = traffic::record(&store, &SystemRandom, now(), &batch).await {
            let about = object!({"lost_count": batch.len()});
            log::failure("clicks and shares were not recorded", about, error.0);
        }
    });
}

/// Tells what an answer put into the outbox, after the answer went out. What
/// does not get through is still there for the cron.
fn deliver_later(
    context: &Context,
    store: KvFacts,
    settings: Settings,
    post: Option<Post>,
    told: Vec<(String, String)>,
) {
    context.wait_until(async move {
        let tracker =
            Tracker { store: &store, settings: &settings, now: now(), random: &SystemRandom };
        let program = told.first().and_then(|(key, _)| keys::outbox::read_entry(key));
        let Some((program, _, _)) = program else { return };
        let outgoing = outgoing(post.as_ref());
        let delivered = async {
            let current = programs::load(&store, &program).await?;
            let mut posts = POSTS_AFTER_ANSWER_MAX;
            delivery::deliver_now(&tracker, &outgoing, &current, &told, &mut posts).await?;
            Ok::<(), Failure>(())
        };
        let detail = match delivered.await {
            Ok(()) => return,
            Err(Failure::Store(error)) => error.0,
            Err(Failure::Problem(problem)) => problem.detail,
        };
        log::failure("events were not told", object!({"program": program.as_str()}), detail);
    });
}
