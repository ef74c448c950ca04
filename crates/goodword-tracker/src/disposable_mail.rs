//! Whether an e-mail address is of a disposable mail service. Only the most
//! used services are known: a list of all has more than 100,000 names and
//! would not fit into the Worker. An address that is not known to be
//! disposable is simply not flagged.

/// One domain a line.
const DOMAINS: &str = include_str!("disposable_mail.txt");

/// Whether the address is at a known disposable domain or below one.
#[must_use]
pub fn is_disposable(address: &str) -> bool {
    let Some((_, domain)) = address.trim().rsplit_once('@') else { return false };
    let domain = domain.to_ascii_lowercase();
    let is_known = |known: &str| {
        domain.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    DOMAINS.lines().any(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: bool) {
        assert_eq!(is_disposable(address), expected, "{address}");
    }

    #[test]
    fn addresses() {
        check("a@mailinator.com", true);
        check("a@Sub.MAILINATOR.com", true);
        check("a@notmailinator.com", false);
        check("a@mailinator.com.example", false);
        check("mailinator.com", false);
        check("", false);
    }
}
