//! How often one address may call: what is limited by itself, and which name
//! an address is counted under. Who counts is passed in: Workers' Rate
//! Limiting on the edge (`limiter::binding`), nobody elsewhere.
//!
//! No address leaves this file: what is counted is its hash under the pepper,
//! and of an IPv6 address only the network, because a household has all of it.

#[cfg(target_arch = "wasm32")]
pub mod binding;

use crate::hashing;
use crate::http::Request;
use crate::limits::{
    CLICKS_PER_MINUTE_MAX, ENROLMENTS_PER_MINUTE_MAX, LOOKUPS_PER_MINUTE_MAX,
    PAGE_REPORTS_PER_MINUTE_MAX, REFUSALS_PER_MINUTE_MAX, SHARES_PER_MINUTE_MAX,
};
use crate::tracker::Tracker;
use async_trait::async_trait;
use std::net::IpAddr;

/// What is limited, each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Following a link, and arriving with a code.
    Click,
    /// Enrolling.
    Enrolment,
    /// Telling that a channel was pressed.
    Share,
    /// Whatever a page asks about a code, a claim or an advocate.
    Lookup,
    /// An order told by a page.
    PageReport,
    /// Being refused for a wrong key, token or signature.
    Refusal,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 6] =
        [Kind::Click, Kind::Enrolment, Kind::Share, Kind::Lookup, Kind::PageReport, Kind::Refusal];

    /// How many of it one address may do in a minute.
    #[must_use]
    pub fn per_minute_max(self) -> u32 {
        self.about().1
    }

    /// The name of its binding in `wrangler.toml`.
    #[must_use]
    pub fn binding(self) -> &'static str {
        self.about().0
    }

    fn about(self) -> (&'static str, u32) {
        match self {
            Kind::Click => ("CLICK_LIMIT", CLICKS_PER_MINUTE_MAX),
            Kind::Enrolment => ("ENROLMENT_LIMIT", ENROLMENTS_PER_MINUTE_MAX),
            Kind::Share => ("SHARE_LIMIT", SHARES_PER_MINUTE_MAX),
            Kind::Lookup => ("LOOKUP_LIMIT", LOOKUPS_PER_MINUTE_MAX),
            Kind::PageReport => ("PAGE_REPORT_LIMIT", PAGE_REPORTS_PER_MINUTE_MAX),
            Kind::Refusal => ("REFUSAL_LIMIT", REFUSALS_PER_MINUTE_MAX),
        }
    }
}

/// Something that counts.
#[async_trait(?Send)]
pub trait Limiter {
    /// Counts one more under a name, and says whether it is still within the
    /// limit. What cannot count lets everything pass: a limit protects the
    /// service, and must not be what takes it down.
    async fn allows(&self, kind: Kind, name: &str) -> bool;
}

/// Lets everything pass.
pub struct Unlimited;

#[async_trait(?Send)]
impl Limiter for Unlimited {
    async fn allows(&self, _: Kind, _: &str) -> bool {
        true
    }
}

/// Counts a request, and says whether its address may still do so. The edge
/// writes the address and lets nobody else write it; a request without one is
/// not limited.
pub async fn allows(
    limiter: &dyn Limiter,
    tracker: &Tracker<'_>,
    request: &Request,
    kind: Kind,
) -> bool {
    match request.header("cf-connecting-ip").and_then(network) {
        Some(network) => {
            limiter.allows(kind, &hashing::network(&tracker.settings.pepper, &network)).await
        }
        None => true,
    }
}

/// The part of an address that belongs to one household: all of an IPv4
/// address, the first 64 bits of an IPv6 one.
fn network(address: &str) -> Option<Vec<u8>> {
    match address.trim().parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(address) => Some(address.octets().to_vec()),
        IpAddr::V6(address) => Some(address.octets().into_iter().take(8).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[track_caller]
    fn check(address: &str, other: &str, is_one: bool) {
        assert_eq!(network(address) == network(other), is_one, "{address} {other}");
    }

    #[test]
    fn a_household_is_one_address() {
        check("192.0.2.7", "192.0.2.7", true);
        check("192.0.2.7", "192.0.2.8", false);
        check("2001:db8:1:2::1", "2001:db8:1:2:ffff::", true);
        check("2001:db8:1:2::1", "2001:db8:1:3::1", false);
        check("192.0.2.7", "::ffff:192.0.2.7", true);
        assert_eq!(network("not an address"), None);
    }

    #[test]
    fn wrangler_toml_has_these_limits_and_no_others() {
        let text = include_str!("../../../wrangler.toml");
        let config: toml::Table = toml::from_str(text).unwrap();
        let found: BTreeMap<(&str, i64), i64> = config["ratelimits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|limit| {
                let number = |field: &str| limit["simple"][field].as_integer().unwrap();
                ((limit["name"].as_str().unwrap(), number("period")), number("limit"))
            })
            .collect();
        let wanted = Kind::ALL.map(|kind| ((kind.binding(), 60), kind.per_minute_max().into()));
        assert_eq!(found, BTreeMap::from(wanted));
    }

    #[test]
    fn namespaces_are_not_shared() {
        let config: toml::Table = toml::from_str(include_str!("../../../wrangler.toml")).unwrap();
        let limits = config["ratelimits"].as_array().unwrap();
        let namespaces: std::collections::BTreeSet<&str> =
            limits.iter().map(|limit| limit["namespace_id"].as_str().unwrap()).collect();
        assert_eq!(namespaces.len(), Kind::ALL.len());
    }
}
