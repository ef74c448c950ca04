//! What happens at the limits: what is counted as what, and what an address
//! gets that is beyond them.

use super::shop::{ORIGIN, Shop, text};
use async_trait::async_trait;
use goodword_tracker::http::Answer;
use goodword_tracker::limiter::{Kind, Limiter};
use http::Method;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Allows so many of each kind for each name.
struct Allowing {
    most: usize,
    counted: RefCell<BTreeMap<(Kind, String), usize>>,
}

impl Allowing {
    fn new(most: usize) -> Self {
        Allowing { most, counted: RefCell::default() }
    }

    fn kinds(&self) -> Vec<Kind> {
        self.counted.borrow().keys().map(|(kind, _)| *kind).collect()
    }
}

#[async_trait(?Send)]
impl Limiter for Allowing {
    async fn allows(&self, kind: Kind, name: &str) -> bool {
        let mut counted = self.counted.borrow_mut();
        let count = counted.entry((kind, name.to_owned())).or_default();
        *count += 1;
        *count <= self.most
    }
}

#[track_caller]
fn assert_refused(answer: &Answer) {
    let problem: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, text(&problem, "code")), (429, "rate_limited"));
    assert_eq!(answer.headers.get("retry-after").unwrap(), "60");
    assert!(answer.headers.get("x-request-id").is_some());
}

#[test]
fn a_link_beyond_the_limit_leads_on_with_a_claim_and_is_not_counted() {
    let (shop, limiter) = (Shop::open(&[]), Allowing::new(1));
    let path = format!("/r/{}", shop.enrol("anna"));
    let follow = || shop.send_within(&limiter, Method::GET, &path, &[], &Value::Null);
    for counted in [1, 0, 0] {
        let answer = follow();
        assert_eq!(answer.status, 302);
        assert!(answer.headers.get("location").unwrap().contains("gw="));
        assert_eq!(answer.traffic.len(), counted);
    }
}

#[test]
fn what_a_call_is_counted_as() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let claim = shop.click(&anna);
    let check = |method: Method, path: &str, key: &str, kinds: &[Kind]| {
        let limiter = Allowing::new(1);
        let key = format!("Bearer {key}");
        let mut headers = vec![("origin", ORIGIN)];
        if key != "Bearer " {
            headers.push(("authorization", &key));
        }
        let send = || shop.send_within(&limiter, method.clone(), path, &headers, &json!({}));
        let first = send();
        assert_ne!(first.status, 429, "{path}");
        assert_eq!(limiter.kinds(), kinds, "{path}");
        match kinds {
            [] => assert_eq!(send().status, first.status, "{path}"),
            [Kind::Click] if path.starts_with("/r/") => assert_eq!(send().status, 302),
            _ => assert_refused(&send()),
        }
    };
    let (get, post) = (Method::GET, Method::POST);
    let (owner, server) = ("secret of OWNER_KEY", "secret of SECRET_KEY");
    check(get.clone(), "/health", "", &[]);
    check(get.clone(), &format!("/r/{anna}"), "", &[Kind::Click]);
    check(get.clone(), &format!("/qr/{anna}.svg"), "", &[Kind::Lookup]);
    check(get.clone(), &format!("/v1/programs/demo/offer?code={anna}"), "", &[Kind::Lookup]);
    check(get.clone(), &format!("/v1/claims/{claim}"), "", &[Kind::Lookup]);
    check(get.clone(), &format!("/v1/claims/{claim}"), server, &[]);
    check(get.clone(), &format!("/v1/claims/{claim}"), "a guess", &[Kind::Refusal]);
    check(get.clone(), "/v1/advocates/me", "a guess", &[Kind::Lookup]);
    check(post.clone(), "/v1/advocates", "", &[Kind::Enrolment]);
    check(post.clone(), "/v1/clicks", "", &[Kind::Click]);
    check(post.clone(), "/v1/shares", "", &[Kind::Share]);
    check(Method::PUT, "/v1/advocates/me/rating", "a guess", &[Kind::Share]);
    check(Method::DELETE, "/v1/advocates/me/leaderboard", "a guess", &[Kind::Share]);
    check(get.clone(), "/v1/advocates/me/leaderboard", "a guess", &[Kind::Lookup]);
    check(get.clone(), "/v1/programs/demo/leaderboard", "", &[Kind::Lookup]);
    check(post.clone(), "/v1/conversions/unverified", "", &[Kind::PageReport]);
    check(post.clone(), "/v1/conversions", server, &[]);
    check(post.clone(), "/v1/conversions", "a guess", &[Kind::Refusal]);
    check(get.clone(), "/v1/programs/demo", owner, &[]);
    check(get.clone(), "/v1/programs/demo", "a guess", &[Kind::Refusal]);
    check(Method::OPTIONS, "/v1/advocates", "", &[]);
    check(get, "/v1/advocates", "", &[]);
}

#[test]
fn a_page_can_read_that_it_asks_too_often() {
    let (shop, limiter) = (Shop::open(&[]), Allowing::new(0));
    let page = [("origin", ORIGIN)];
    let answer = shop.send_within(&limiter, Method::POST, "/v1/shares", &page, &json!({}));
    assert_refused(&answer);
    assert_eq!(answer.headers.get("access-control-allow-origin").unwrap(), ORIGIN);
    assert!(answer.headers.get("access-control-expose-headers").unwrap().contains("retry-after"));
}

#[test]
fn each_address_is_counted_by_itself_and_under_no_name_of_its_own() {
    let (shop, limiter) = (Shop::open(&[]), Allowing::new(1));
    let ask = |address: &str| {
        let headers = [("cf-connecting-ip", address), ("origin", ORIGIN)];
        let path = "/v1/programs/demo/offer";
        shop.send_within(&limiter, Method::GET, path, &headers, &Value::Null).status
    };
    let answers = ["192.0.2.1", "192.0.2.2", "192.0.2.1", "2001:db8::1", "2001:db8::2", "nowhere"];
    assert_eq!(answers.map(ask), [200, 200, 429, 200, 429, 200]);
    let names: BTreeSet<String> =
        limiter.counted.borrow().keys().map(|(_, name)| name.clone()).collect();
    assert_eq!(names.len(), 3);
    assert!(names.iter().all(|name| name.len() == 32 && !name.contains(['.', ':'])), "{names:?}");
}

#[test]
fn an_offer_tells_no_blocked_code_from_one_that_never_was() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let ask = |code: &str| {
        let path = format!("/v1/programs/demo/offer?code={code}");
        let answer = shop.send(Method::GET, &path, &[("origin", ORIGIN)], &Value::Null);
        String::from_utf8(answer.body).unwrap()
    };
    let unknown = ask("7K3FQ2M9X");
    assert!(ask(&anna).contains("inviter"));
    let block = format!("/v1/programs/demo/advocates/{anna}/block");
    assert_eq!(shop.server(&block, &Value::Null).0, 200);
    assert_eq!(ask(&anna), unknown);
    assert_eq!(ask("not a code"), unknown);
}
