//! The parts of an address that is known to be good: the runtime or the terms
//! checked it before.

/// An address in its parts, none of them decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// Scheme, host and port.
    pub origin: &'a str,
    /// The path.
    pub path: &'a str,
    /// The query, without its question mark.
    pub query: &'a str,
    /// The fragment, without its hash sign.
    pub fragment: &'a str,
}

impl<'a> Address<'a> {
    /// The parts of an absolute address.
    #[must_use]
    pub fn of(address: &'a str) -> Self {
        let after_scheme = address.find("://").map_or(0, |place| place + 3);
        let host = address.get(after_scheme..).unwrap_or_default();
        let length = host.find(['/', '?', '#']).unwrap_or(host.len());
        let (origin, rest) = address.split_at(after_scheme + length);
        Address { origin, ..Address::of_path(rest) }
    }

    /// The parts of a path with whatever follows it.
    #[must_use]
    pub fn of_path(text: &'a str) -> Self {
        let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Address { origin: "", path, query, fragment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, origin: &str, path: &str, query: &str, fragment: &str) {
        assert_eq!(Address::of(address), Address { origin, path, query, fragment });
    }

    #[test]
    fn parts() {
        check("https://a.example", "https://a.example", "", "", "");
        check("https://a.example:8/b?c=/?#d?", "https://a.example:8", "/b", "c=/?", "d?");
        check("http://a.example?c#d", "http://a.example", "", "c", "d");
        check("http://a.example/#", "http://a.example", "/", "", "");
    }
}
