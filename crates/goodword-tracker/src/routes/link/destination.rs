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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::get;
    use goodword_api::program::ProgramDocument;

    #[track_caller]
    fn check(destination: &str, query: &str, claim: Option<&str>, location: &str) {
        let mut document: serde_json::Value =
            serde_json::from_str(include_str!("../../../../../programs/demo.json")).unwrap();
        document["destination"] = destination.into();
        let program = ProgramDocument::read(document, None).unwrap().program;
        assert_eq!(of(&program, &get(&format!("/r/x?{query}")), claim), location, "{query}");
    }

    #[test]
    fn parameters_are_carried_over() {
        let shop = "https://shop.example";
        check(shop, "", None, "https://shop.example/");
        check(shop, "", Some("l1"), "https://shop.example/?gw=l1");
        check(
            shop,
            "c=x&utm_source=a%20b&gw=old",
            Some("l1"),
            "https://shop.example/?utm_source=a+b&gw=l1",
        );
        let own = "https://shop.example/a?utm_source=own#b";
        check(own, "utm_source=theirs&x=1", None, "https://shop.example/a?utm_source=own&x=1#b");
        check(own, "to=/c%3Fd=1%23e", None, "https://shop.example/c?utm_source=own&d=1#e");
    }

    #[test]
    fn only_a_path_of_the_same_host_is_taken() {
        let shop = "https://shop.example/start";
        check(shop, "to=/tea/green", None, "https://shop.example/tea/green");
        check(shop, "to=/t%C3%A9", None, "https://shop.example/t%C3%A9");
        for evil in [
            "//evil.example",
            "https://evil.example",
            "/%5Cevil.example",
            "%2F%2Fevil.example",
            "/%09/evil.example",
            "/%0D%0ASet-Cookie:a=b",
            ".evil.example",
            "@evil.example",
            "",
        ] {
            check(shop, &format!("to={evil}"), None, shop);
        }
        check("https://shop.example", "to=@evil.example", None, "https://shop.example/");
    }
}
