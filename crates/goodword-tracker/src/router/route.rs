//! The paths of the contract, the methods they answer and who asks them.

use crate::books::{ACCEPT, FULFIL, REFUSE, VOID};
use crate::export::What;
use crate::flows::standing::{BLOCK, UNBLOCK};
use crate::http::Request;
use crate::limiter::Kind;
use crate::routes::hooks::Hook;
use goodword::key::ProgramId;
use http::Method;

/// A route: every path of the contract, its variable parts read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/health`
    Health,
    /// `/r/{code}`
    Link(String),
    /// `/qr/{code}.svg`
    Qr(String),
    /// `/v1/advocates`
    Advocates,
    /// `/v1/advocates/me`
    Me,
    /// `/v1/advocates/me/rating`
    Rating,
    /// `/v1/advocates/me/leaderboard`
    MyLeaderboard,
    /// `/v1/shares`
    Shares,
    /// `/v1/clicks`
    Clicks,
    /// `/v1/claims/{claim}`
    Claim(String),
    /// `/v1/conversions`
    Conversions,
    /// `/v1/conversions/unverified`
    Unverified,
    /// `/v1/refunds`
    Refunds,
    /// `/v1/session`
    Session,
    /// `/v1/hooks/stripe/{program}` and the like
    Hook(Hook, ProgramId),
    /// `/v1/programs/{program}`
    Program(ProgramId),
    /// `/v1/programs/{program}/offer`
    Offer(ProgramId),
    /// `/v1/programs/{program}/rewards`
    Rewards(ProgramId),
    /// `/v1/programs/{program}/report`
    Report(ProgramId),
    /// `/v1/programs/{program}/webhooks`
    Webhooks(ProgramId),
    /// `/v1/programs/{program}/webhooks/resend`
    Resend(ProgramId),
    /// `/v1/programs/{program}/settle`
    Settle(ProgramId),
    /// `/v1/programs/{program}/reviews`
    Reviews(ProgramId),
    /// `/v1/programs/{program}/ratings`
    Ratings(ProgramId),
    /// `/v1/programs/{program}/leaderboard`
    Leaderboard(ProgramId),
    /// `/v1/programs/{program}/warnings`
    Warnings(ProgramId),
    /// `/v1/programs/{program}/rewards/{id}/fulfil` or `/void`
    RewardDecision(ProgramId, String, &'static str),
    /// `/v1/programs/{program}/reviews/{id}/accept` or `/refuse`
    ReviewDecision(ProgramId, String, &'static str),
    /// `/v1/programs/{program}/advocates`
    AdvocateList(ProgramId),
    /// `/v1/programs/{program}/advocates/{code}/block` or `/unblock`
    AdvocateDecision(ProgramId, String, &'static str),
    /// `/v1/programs/{program}/conversions`
    ConversionList(ProgramId),
    /// `/v1/programs/{program}/people`
    People(ProgramId),
    /// `/v1/programs/{program}/export/{file}`
    Export(ProgramId, String, What),
    /// `/v1/programs/{program}/orders`
    OtherOrders(ProgramId),
    /// `/v1/programs/{program}/what-if`
    WhatIf(ProgramId),
}

impl Route {
    /// Reads a path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let route = match segments.as_slice() {
            ["health"] => Route::Health,
            ["r", code] => Route::Link((*code).to_owned()),
            ["qr", file] => Route::Qr(file.strip_suffix(".svg")?.to_owned()),
            ["v1", "advocates"] => Route::Advocates,
            ["v1", "advocates", "me"] => Route::Me,
            ["v1", "advocates", "me", "rating"] => Route::Rating,
            ["v1", "advocates", "me", "leaderboard"] => Route::MyLeaderboard,
            ["v1", "shares"] => Route::Shares,
            ["v1", "clicks"] => Route::Clicks,
            ["v1", "claims", claim] => Route::Claim((*claim).to_owned()),
            ["v1", "conversions"] => Route::Conversions,
            ["v1", "conversions", "unverified"] => Route::Unverified,
            ["v1", "refunds"] => Route::Refunds,
            ["v1", "session"] => Route::Session,
            ["v1", "hooks", provider, program] => {
                Route::Hook(Hook::of_path(provider, None)?, ProgramId::parse(program)?)
            }
            ["v1", "hooks", provider, program, what] => {
                Route::Hook(Hook::of_path(provider, Some(what))?, ProgramId::parse(program)?)
            }
            ["v1", "programs", program] => Route::Program(ProgramId::parse(program)?),
            ["v1", "programs", program, rest] => {
                let program = ProgramId::parse(program)?;
                match *rest {
                    "offer" => Route::Offer(program),
                    "rewards" => Route::Rewards(program),
                    "settle" => Route::Settle(program),
                    "reviews" => Route::Reviews(program),
                    "ratings" => Route::Ratings(program),
                    "leaderboard" => Route::Leaderboard(program),
                    "warnings" => Route::Warnings(program),
                    "report" => Route::Report(program),
                    "webhooks" => Route::Webhooks(program),
                    "advocates" => Route::AdvocateList(program),
                    "conversions" => Route::ConversionList(program),
                    "people" => Route::People(program),
                    "orders" => Route::OtherOrders(program),
                    "what-if" => Route::WhatIf(program),
                    _ => return None,
                }
            }
            ["v1", "programs", program, "export", file] => {
                let what = What::parse(file)?;
                Route::Export(ProgramId::parse(program)?, (*file).to_owned(), what)
            }
            ["v1", "programs", program, "webhooks", "resend"] => {
                Route::Resend(ProgramId::parse(program)?)
            }
            ["v1", "programs", program, what, id, verdict] => {
                let program = ProgramId::parse(program)?;
                let id = (*id).to_owned();
                match (*what, *verdict) {
                    ("rewards", FULFIL) => Route::RewardDecision(program, id, FULFIL),
                    ("rewards", VOID) => Route::RewardDecision(program, id, VOID),
                    ("reviews", ACCEPT) => Route::ReviewDecision(program, id, ACCEPT),
                    ("reviews", REFUSE) => Route::ReviewDecision(program, id, REFUSE),
                    ("advocates", BLOCK) => Route::AdvocateDecision(program, id, BLOCK),
                    ("advocates", UNBLOCK) => Route::AdvocateDecision(program, id, UNBLOCK),
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(route)
    }

    /// The methods it answers, besides HEAD where there is GET.
    #[must_use]
    pub fn methods(&self) -> &'static [Method] {
        match self {
            Route::Health | Route::Link(_) | Route::Qr(_) => &[Method::GET],
            Route::Me | Route::Claim(_) => &[Method::GET],
            Route::Offer(_) | Route::Rewards(_) | Route::Reviews(_) => &[Method::GET],
            Route::Warnings(_) | Route::Ratings(_) => &[Method::GET],
            Route::Rating => &[Method::PUT],
            Route::Leaderboard(_) => &[Method::GET],
            Route::MyLeaderboard => &[Method::GET, Method::PUT, Method::DELETE],
            Route::Report(_) => &[Method::GET],
            Route::Session => &[Method::GET, Method::POST, Method::DELETE],
            Route::Program(_) | Route::Webhooks(_) => &[Method::GET, Method::PUT],
            Route::AdvocateList(_) | Route::ConversionList(_) => &[Method::GET],
            Route::People(_) => &[Method::GET, Method::DELETE],
            Route::Export(..) => &[Method::GET],
            Route::OtherOrders(_) => &[Method::PUT, Method::DELETE],
            Route::Advocates
            | Route::Shares
            | Route::Clicks
            | Route::Conversions
            | Route::Unverified
            | Route::Refunds
            | Route::Hook(..)
            | Route::Resend(_)
            | Route::RewardDecision(..)
            | Route::ReviewDecision(..)
            | Route::AdvocateDecision(..)
            | Route::WhatIf(_)
            | Route::Settle(_) => &[Method::POST],
        }
    }

    /// As what a request of it is limited for each address; `None`: it is not,
    /// or only when it is refused.
    pub(super) fn limited_as(&self, request: &Request) -> Option<Kind> {
        let method = &request.method;
        let is_asking = *method == Method::HEAD || self.methods().contains(method);
        let kind = match self {
            Route::Link(_) | Route::Clicks => Kind::Click,
            Route::Advocates => Kind::Enrolment,
            Route::Shares | Route::Rating => Kind::Share,
            Route::Offer(_) | Route::Qr(_) | Route::Me | Route::Leaderboard(_) => Kind::Lookup,
            Route::MyLeaderboard => match *method {
                Method::PUT | Method::DELETE => Kind::Share,
                _ => Kind::Lookup,
            },
            // The shop's server asks for all its customers.
            Route::Claim(_) if request.header("authorization").is_none() => Kind::Lookup,
            Route::Unverified => Kind::PageReport,
            _ => return None,
        };
        is_asking.then_some(kind)
    }

    /// Whether pages of other origins call it, so that browsers ask first.
    pub(super) fn is_for_pages(&self) -> bool {
        match self {
            Route::Advocates | Route::Me | Route::Shares | Route::Clicks => true,
            Route::Rating | Route::MyLeaderboard | Route::Leaderboard(_) => true,
            Route::Claim(_) | Route::Unverified | Route::Offer(_) => true,
            Route::Health | Route::Link(_) | Route::Qr(_) => false,
            Route::Conversions | Route::Refunds | Route::Hook(..) => false,
            Route::Session => false,
            Route::Program(_) | Route::Rewards(_) | Route::Settle(_) => false,
            Route::Webhooks(_) | Route::Resend(_) => false,
            Route::Reviews(_) | Route::RewardDecision(..) | Route::ReviewDecision(..) => false,
            Route::Warnings(_) | Route::Ratings(_) => false,
            Route::Report(_) => false,
            Route::AdvocateList(_) | Route::AdvocateDecision(..) => false,
            Route::ConversionList(_) | Route::People(_) | Route::Export(..) => false,
            Route::OtherOrders(_) | Route::WhatIf(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hooks::shopify::Topic;

    #[track_caller]
    fn check(path: &str, route: Option<Route>) {
        assert_eq!(Route::of(path), route, "{path}");
    }

    #[test]
    fn paths() {
        let demo = || ProgramId::parse("demo").unwrap();
        check("/health", Some(Route::Health));
        check("/health/", None);
        check("/r/ANNA-7K3FQ2M9X", Some(Route::Link("ANNA-7K3FQ2M9X".to_owned())));
        check("/r/a/b", None);
        check("/v1/programs/demo", Some(Route::Program(demo())));
        check("/v1/programs/demo/offer", Some(Route::Offer(demo())));
        check("/v1/hooks/stripe/demo", Some(Route::Hook(Hook::Stripe, demo())));
        let paid = Hook::Shopify(Topic::OrdersPaid);
        check("/v1/hooks/shopify/demo/orders-paid", Some(Route::Hook(paid, demo())));
        for path in ["stripe", "stripe/demo/order", "shopify/demo", "shopify/demo/orders-create"] {
            check(&format!("/v1/hooks/{path}"), None);
        }
        check("/v1/programs/Demo/offer", None);
        check("/v1/programs/demo/nothing", None);
        check("", None);
        check("//", None);
    }

    /// The path of a route in the OpenAPI document. A new route does not
    /// compile before it has one, and is not found below before it is there.
    fn documented(route: &Route) -> &'static str {
        match route {
            Route::Health => "/health",
            Route::Link(_) => "/r/{code}",
            Route::Qr(_) => "/qr/{code}.svg",
            Route::Advocates => "/v1/advocates",
            Route::Me => "/v1/advocates/me",
            Route::Rating => "/v1/advocates/me/rating",
            Route::MyLeaderboard => "/v1/advocates/me/leaderboard",
            Route::Leaderboard(_) => "/v1/programs/{program}/leaderboard",
            Route::Shares => "/v1/shares",
            Route::Clicks => "/v1/clicks",
            Route::Claim(_) => "/v1/claims/{claim}",
            Route::Conversions => "/v1/conversions",
            Route::Unverified => "/v1/conversions/unverified",
            Route::Refunds => "/v1/refunds",
            Route::Session => "/v1/session",
            Route::Hook(Hook::Stripe, _) => "/v1/hooks/stripe/{program}",
            Route::Hook(Hook::WooCommerce, _) => "/v1/hooks/woocommerce/{program}/order",
            Route::Hook(Hook::Shopify(topic), _) => match topic {
                Topic::OrdersPaid => "/v1/hooks/shopify/{program}/orders-paid",
                Topic::RefundsCreate => "/v1/hooks/shopify/{program}/refunds-create",
                Topic::CustomersDataRequest => "/v1/hooks/shopify/{program}/customers-data_request",
                Topic::CustomersRedact => "/v1/hooks/shopify/{program}/customers-redact",
                Topic::ShopRedact => "/v1/hooks/shopify/{program}/shop-redact",
            },
            Route::Program(_) => "/v1/programs/{program}",
            Route::Offer(_) => "/v1/programs/{program}/offer",
            Route::Rewards(_) => "/v1/programs/{program}/rewards",
            Route::Webhooks(_) => "/v1/programs/{program}/webhooks",
            Route::Resend(_) => "/v1/programs/{program}/webhooks/resend",
            Route::Settle(_) => "/v1/programs/{program}/settle",
            Route::Report(_) => "/v1/programs/{program}/report",
            Route::Reviews(_) => "/v1/programs/{program}/reviews",
            Route::Ratings(_) => "/v1/programs/{program}/ratings",
            Route::Warnings(_) => "/v1/programs/{program}/warnings",
            Route::RewardDecision(_, _, FULFIL) => "/v1/programs/{program}/rewards/{id}/fulfil",
            Route::RewardDecision(..) => "/v1/programs/{program}/rewards/{id}/void",
            Route::ReviewDecision(_, _, ACCEPT) => "/v1/programs/{program}/reviews/{id}/accept",
            Route::ReviewDecision(..) => "/v1/programs/{program}/reviews/{id}/refuse",
            Route::AdvocateList(_) => "/v1/programs/{program}/advocates",
            Route::AdvocateDecision(_, _, BLOCK) => "/v1/programs/{program}/advocates/{code}/block",
            Route::AdvocateDecision(..) => "/v1/programs/{program}/advocates/{code}/unblock",
            Route::ConversionList(_) => "/v1/programs/{program}/conversions",
            Route::People(_) => "/v1/programs/{program}/people",
            Route::Export(_, _, What::Advocates) => "/v1/programs/{program}/export/advocates.csv",
            Route::Export(_, _, What::Conversions) => {
                "/v1/programs/{program}/export/conversions.csv"
            }
            Route::Export(_, _, What::Rewards) => "/v1/programs/{program}/export/rewards.csv",
            Route::Export(_, _, What::Clicks) => "/v1/programs/{program}/export/clicks.csv",
            Route::OtherOrders(_) => "/v1/programs/{program}/orders",
            Route::WhatIf(_) => "/v1/programs/{program}/what-if",
        }
    }

    #[test]
    fn the_open_api_document_has_these_routes_and_no_others() {
        let document: serde_json::Value =
            serde_json::from_str(include_str!("../../../../www/openapi.json")).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            let route =
                Route::of(&path.replace(['{', '}'], "")).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(documented(&route), path);
            let methods: Vec<Method> = ["get", "put", "post", "delete"]
                .into_iter()
                .filter(|method| item.get(method).is_some())
                .map(|method| Method::from_bytes(method.to_uppercase().as_bytes()).unwrap())
                .collect();
            assert_eq!(route.methods(), methods, "{path}");
        }
        assert_eq!(document["paths"].as_object().unwrap().len(), 47, "as many as `documented` has");
    }
}
