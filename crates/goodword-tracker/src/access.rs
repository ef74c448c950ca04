//! Who may ask: keys of server and owner, the owner's session or Cloudflare
//! Access, tokens of advocates, origins of pages.
//!
//! What a browser sends by itself, a cookie or the token that Access adds for
//! one, proves who sits there and not what they pressed: with it, whatever
//! changes something must come from a page of the very origin it is sent to.

pub mod cloudflare;
#[cfg(target_arch = "wasm32")]
pub mod platform;
pub mod session;

use crate::http::{Failure, Request};
use crate::limits::ADVOCATE_TOKEN_DAYS;
use crate::settings::Secrets;
use crate::signing::{self, is_one_of};
use crate::tracker::Tracker;
use goodword::code::ReferralCode;
use goodword::terms::Program;
use goodword_api::problem::{Code, Problem};
use http::Method;

/// The shop's server.
///
/// # Errors
/// `unauthorized`.
pub fn server(tracker: &Tracker<'_>, request: &Request) -> Result<(), Failure> {
    bearer_of(request, &[&tracker.settings.secret_keys], "the secret key (gw_sk_…)")
}

/// The owner: by their key where one is sent, else signed in.
///
/// # Errors
/// `unauthorized`; `forbidden_origin` where another page makes their browser
/// ask.
pub fn owner(tracker: &Tracker<'_>, request: &Request) -> Result<(), Failure> {
    let is_signed_in = request.is_vouched_for || session::is_live(tracker, request);
    if is_signed_in && request.header("authorization").is_none() {
        return own_page(request);
    }
    bearer_of(request, &[&tracker.settings.owner_keys], "the owner key (gw_ok_…)")
}

/// A page of ours: its origin is where the request came to. A plain read
/// needs none, because no other origin can read the answer.
///
/// # Errors
/// `forbidden_origin`.
pub fn own_page(request: &Request) -> Result<(), Failure> {
    let is_read = matches!(request.method, Method::GET | Method::HEAD);
    if is_read || request.header("origin") == Some(&request.origin) {
        return Ok(());
    }
    let detail = format!("The origin {} is not this one.", shown_origin(request));
    Err(Problem::new(Code::ForbiddenOrigin, detail).into())
}

fn shown_origin(request: &Request) -> String {
    request.header("origin").unwrap_or("(none)").chars().take(100).collect()
}

/// The owner, or the shop's server on their behalf; says which.
///
/// # Errors
/// `unauthorized`.
pub fn owner_or_server(tracker: &Tracker<'_>, request: &Request) -> Result<&'static str, Failure> {
    match owner(tracker, request) {
        Ok(()) => Ok("owner"),
        Err(failure) => server(tracker, request).map(|()| "server").map_err(|_| failure),
    }
}

fn bearer(request: &Request) -> Option<&str> {
    let (scheme, credential) = request.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(credential.trim())
}

fn bearer_of(request: &Request, secrets: &[&Secrets], what: &str) -> Result<(), Failure> {
    let credential = bearer(request).unwrap_or_default();
    let is_good = secrets.iter().any(|secrets| is_one_of(secrets, credential));
    if is_good && !credential.is_empty() {
        return Ok(());
    }
    Err(unauthorized(&format!("Send {what} as a bearer token in the Authorization header.")))
}

fn unauthorized(detail: &str) -> Failure {
    Problem::new(Code::Unauthorized, detail).into()
}

/// The advocate whose token it is.
///
/// # Errors
/// `unauthorized`.
pub fn advocate(tracker: &Tracker<'_>, request: &Request) -> Result<ReferralCode, Failure> {
    let keys = &tracker.settings.claim_keys;
    let token = bearer(request).and_then(|text| signing::read_token(keys, text));
    let is_live = |token: &signing::AdvocateToken| {
        tracker.now < token.issued_at.plus_days(ADVOCATE_TOKEN_DAYS)
    };
    let token = token.filter(is_live);
    let detail = "Send the token that POST /v1/advocates answered as a bearer token.";
    Ok(token.ok_or_else(|| unauthorized(detail))?.code)
}

/// The page of a program. Browsers send an origin with every request that
/// changes something or comes from elsewhere; a plain read of a page's own
/// origin has none and needs none.
///
/// # Errors
/// `forbidden_origin`.
pub fn page<'a>(request: &'a Request, program: &Program) -> Result<Option<&'a str>, Failure> {
    let origin = request.header("origin");
    let is_read = matches!(request.method, Method::GET | Method::HEAD);
    match origin {
        Some(origin) if program.origins.iter().any(|allowed| allowed == origin) => Ok(Some(origin)),
        None if is_read => Ok(None),
        _ => {
            let shown = shown_origin(request);
            let detail = format!("The origin {shown} is not one of the program's origins.");
            Err(Problem::new(Code::ForbiddenOrigin, detail).into())
        }
    }
}
