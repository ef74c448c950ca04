//! Which addresses events may be sent to. What is allowed is told, not what is
//! forbidden: `https`, a host that is a name with a dot in it and ends in
//! letters, a path and a query in plain ASCII. So no spelling of a number, a
//! literal or a password can slip through, whatever a parser makes of it.
//!
//! A name may still lead to a private address. The Worker's requests leave
//! from Cloudflare's network, where the owner's private addresses are not.

use alloc::string::String;
use alloc::vec::Vec;

/// The tracker itself: scheme, host and port of each of its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own(pub Vec<String>);

impl Own {
    /// Whether it is a development server, which may speak to its neighbors.
    fn is_local(&self) -> bool {
        let is_local = |parts: Option<Parts<'_>>| {
            parts.is_some_and(|parts| parts.scheme == "http" && is_local(parts.host))
        };
        !self.0.is_empty() && self.0.iter().all(|origin| is_local(split(origin)))
    }
}

struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<&'a str>,
    rest: &'a str,
}

fn split(url: &str) -> Option<Parts<'_>> {
    let (scheme, after) = url.split_once("://")?;
    let end = after.find(['/', '?', '#', '\\']).unwrap_or(after.len());
    let (authority, rest) = after.split_at(end);
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    Some(Parts { scheme, host, port, rest })
}

fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1")
}

/// Why events may not be sent to an address; `None` when they may.
#[must_use]
pub fn fault_of(url: &str, own: &Own) -> Option<&'static str> {
    let Some(parts) = split(url) else { return Some("must begin with https://") };
    let is_good_port = parts.port.is_none_or(|port| {
        !port.starts_with('0') && port.len() <= 5 && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    let is_plain = |letter: u8| letter.is_ascii_graphic() && !br##""#<>\^`{|}"##.contains(&letter);
    if !is_good_port {
        return Some("must have a port between 1 and 65535, or none");
    }
    if !parts.rest.bytes().all(is_plain) {
        return Some("must be percent-encoded and without a fragment");
    }
    if own.is_local() && is_local(parts.host) && matches!(parts.scheme, "http" | "https") {
        return is_own(&parts, own).then_some("must not be the tracker itself");
    }
    if parts.scheme != "https" {
        return Some("must begin with https://");
    }
    if !is_public_name(parts.host) {
        return Some("must name a public host: no address in numbers, no local name");
    }
    is_own(&parts, own).then_some("must not be the tracker itself")
}

/// Whether it is the tracker. On one development machine the port tells who
/// is who.
fn is_own(parts: &Parts<'_>, own: &Own) -> bool {
    own.0.iter().filter_map(|origin| split(origin)).any(|own_parts| {
        own_parts.host.eq_ignore_ascii_case(parts.host)
            && (!own.is_local() || own_parts.port == parts.port)
    })
}

fn is_public_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((_, last)) = host.rsplit_once('.') else { return false };
    // The last part decides whether a host is read as a number.
    let is_top = last.len() >= 2
        && (last.bytes().all(|letter| letter.is_ascii_alphabetic())
            || last.to_ascii_lowercase().starts_with("xn--"));
    let reserved = ["localhost", "local", "internal", "lan", "home", "corp", "arpa", "onion"];
    let is_reserved = reserved.iter().any(|name| last.eq_ignore_ascii_case(name));
    host.len() <= 253 && host.split('.').all(is_label) && is_top && !is_reserved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, is_allowed: bool) {
        let own = Own(Vec::from(["https://go.shop.example".into()]));
        assert_eq!(fault_of(url, &own).is_none(), is_allowed, "{url}");
    }

    #[test]
    fn public_names_over_https() {
        check("https://shop.example", true);
        check("https://shop.example/hooks?shop=1&x=%20", true);
        check("https://shop.example:8443/hooks", true);
        check("https://xn--bcher-kva.example/hooks", true);
        check("https://shop.xn--p1ai/hooks", true);
        check("http://shop.example/hooks", false);
        check("HTTPS://shop.example/hooks", false);
        check("ftp://shop.example/hooks", false);
        check("//shop.example/hooks", false);
        check("shop.example", false);
        check("https://shop.example:0/", false);
        check("https://shop.example:65536/", false);
        check("https://shop.example:080/", false);
        check("https://shop.example:/", false);
        check("https://shop.example/a b", false);
        check("https://shop.example/#part", false);
        check("https://shop.example\\@other.example/", false);
        check("https://shop.example/é", false);
    }

    #[test]
    fn no_spelling_of_a_number() {
        for host in [
            "127.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "93.184.215.14",
            "2130706433",
            "0x7f000001",
            "0x7f.0x0.0x0.0x1",
            "0177.0.0.1",
            "017700000001",
            "127.1",
            "127.0.1",
            "127.0.0.1.",
            "1.2.3.0x4",
            "a.0x7f",
            "a.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[fd00::1]",
            "[2606:4700::1111]",
            "%31%32%37.0.0.1",
            "127。0。0。1",
            "①②⑦.0.0.1",
        ] {
            check(&alloc::format!("https://{host}/"), false);
            check(&alloc::format!("https://{host}:8443/"), false);
        }
    }

    #[test]
    fn no_local_and_no_own_names() {
        for host in [
            "localhost",
            "localhost.",
            "a.localhost",
            "printer.local",
            "metadata.google.internal",
            "router.lan",
            "intranet",
            "1.0.0.127.in-addr.arpa",
            "go.shop.example",
            "GO.SHOP.EXAMPLE",
            "user@shop.example",
            "user:password@shop.example",
            "-a.example",
            "a..example",
            ".example",
            "",
        ] {
            check(&alloc::format!("https://{host}/"), false);
        }
        check("https://go.shop.example:8443/", false);
    }

    #[test]
    fn a_development_server_speaks_to_its_neighbors() {
        let own = Own(Vec::from(["http://localhost:8787".into()]));
        for (url, is_allowed) in [
            ("http://localhost:9000/hooks", true),
            ("http://127.0.0.1:9000/hooks", true),
            ("http://localhost:8787/hooks", false),
            ("http://192.168.1.1/", false),
            ("http://shop.example/", false),
            ("https://shop.example/", true),
        ] {
            assert_eq!(fault_of(url, &own).is_none(), is_allowed, "{url}");
        }
        // Only where the tracker itself is there.
        check("http://localhost:9000/hooks", false);
        let own = Own(Vec::from(["https://localhost:8787".into()]));
        assert!(fault_of("http://localhost:9000/", &own).is_some());
    }
}
