//! Where a link leads: the program's stored destination, with the path the
//! link names, the visitor's own parameters and the claim.
//!
//! The scheme, host and port are always the stored ones, because everything
//! else is appended to them and begins with a slash.

use crate::address::Address;
use crate::http::Request;
use goodword::terms::Program;
use std::borrow::Cow;

/// Parameters of the link itself: they are not the shop's business.
const OWN_PARAMETERS: [&str; 3] = ["gw", "c", "to"];

pub(super) fn of(program: &Program, request: &Request, claim: Option<&str>) -> String {
    let stored = Address::of(&program.destination);
    let wish = request.parameter("to").filter(|to| is_path(to));
    let wished = wish.as_deref().map(Address::of_path);
    let path = wished.as_ref().map_or(stored.path, |wished| wished.path);
    let fragment = wished.as_ref().map_or(stored.fragment, |wished| wished.fragment);

    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut names = Vec::new();
    let own = form_urlencoded::parse(stored.query.as_bytes());
    let wished = wished.map_or("", |wished| wished.query);
    let wished = form_urlencoded::parse(wished.as_bytes());
    for (name, value) in own.chain(wished).filter(|(name, _)| name != "gw") {
        query.append_pair(&name, &value);
        names.push(name.into_owned());
    }
    for (name, value) in form_urlencoded::parse(request.query.as_bytes()) {
        let is_own = OWN_PARAMETERS.contains(&name.as_ref());
        if !is_own && !names.iter().any(|taken| *taken == name) {
            query.append_pair(&name, &value);
        }
    }
    if let Some(claim) = claim {
        query.append_pair("gw", claim);
    }
    let query = query.finish();
    let mut location = stored.origin.to_owned();
    if !path.starts_with('/') {
        location.push('/');
    }
    location.push_str(&plain(path));
    if !query.is_empty() {
        location.push('?');
        location.push_str(&query);
    }
    if !fragment.is_empty() {
        location.push('#');
        location.push_str(&plain(fragment));
    }
    location
}

/// Whether a wish is a path on the same host. Browsers read `//host` and
/// `/\host` as another host, and drop tabs and line breaks before they look.
fn is_path(to: &str) -> bool {
    to.starts_with('/')
        && !to.contains("//")
        && !to.contains('\\')
        && !to.chars().any(char::is_control)
}

/// A path or fragment as a header may carry it.
fn plain(text: &str) -> Cow<'_, str> {
    let is_safe = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'`');
    if text.bytes().all(is_safe) {
        return Cow::Borrowed(text);
    }
    let encoded = text.bytes().map(|byte| match is_safe(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    Cow::Owned(encoded.collect())
}
