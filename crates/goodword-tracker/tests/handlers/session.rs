//! The owner signs in once and is known by a cookie, or by Cloudflare Access;
//! neither lets another page act for them.

use super::shop::{ORIGIN, Shop, text};
use goodword_tracker::http::Answer;
use goodword_tracker::settings::Secrets;
use http::Method;
use serde_json::{Value, json};

const KEY: &str = "secret of OWNER_KEY";
const HOUR_MS: i64 = 3_600_000;

fn sign_in(shop: &Shop, key: &str, origin: &str) -> Answer {
    shop.send(Method::POST, "/v1/session", &[("origin", origin)], &json!({"key": key}))
}

/// The cookie's name and value, as a browser sends it.
fn cookie(answer: &Answer) -> String {
    let cookie = answer.headers.get("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn signed_in(shop: &Shop) -> String {
    cookie(&sign_in(shop, KEY, ORIGIN))
}

fn ask(shop: &Shop, method: Method, path: &str, headers: &[(&'static str, &str)]) -> u16 {
    shop.send(method, path, headers, &Value::Null).status
}

#[test]
fn the_cookie_is_for_this_host_alone_and_does_not_hold_the_key() {
    let shop = Shop::open(&[]);
    let answer = sign_in(&shop, KEY, ORIGIN);
    assert_eq!(answer.status, 200);
    let cookie = answer.headers.get("set-cookie").unwrap();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict");
    assert!(value.starts_with("__Host-goodword-owner=") && !value.contains("secret"));
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let end = goodword_api::instant::read(text(&body, "expires_at")).unwrap();
    assert_eq!(end.0 - shop.now().0, 12 * HOUR_MS);
}

#[test]
fn who_may_sign_in() {
    let shop = Shop::open(&[]);
    #[track_caller]
    fn check(shop: &Shop, key: &str, origin: &str, status: u16) {
        let answer = sign_in(shop, key, origin);
        assert_eq!(answer.status, status, "{key} {origin}");
        assert_eq!(answer.headers.get("set-cookie").is_some(), status == 200);
    }
    check(&shop, KEY, ORIGIN, 200);
    check(&shop, "secret of SECRET_KEY", ORIGIN, 401);
    check(&shop, "secret", ORIGIN, 401);
    check(&shop, "", ORIGIN, 400);
    check(&shop, KEY, "https://shop.example", 403);
    check(&shop, KEY, "http://localhost:8788", 403);
    check(&shop, KEY, "null", 403);
    let nowhere = shop.send(Method::POST, "/v1/session", &[], &json!({"key": KEY}));
    assert_eq!(nowhere.status, 403);
}

#[test]
fn how_long_a_session_lasts() {
    let mut shop = Shop::open(&[]);
    let cookie = signed_in(&shop);
    let is_known = |shop: &Shop| {
        ask(shop, Method::GET, "/v1/session", &[("cookie", &format!("a=b; {cookie}; c=d"))])
    };
    assert_eq!(is_known(&shop), 200);
    shop.settings.owner_keys = Secrets::read(&format!("new,{KEY}"));
    assert_eq!(is_known(&shop), 200, "two keys live");
    shop.settings.owner_keys = Secrets::read("new");
    assert_eq!(is_known(&shop), 401, "the key that opened it is no more");
    shop.settings.owner_keys = Secrets::read(KEY);
    shop.pass_ms(12 * HOUR_MS - 1);
    assert_eq!(is_known(&shop), 200, "the last millisecond");
    shop.pass_ms(1);
    assert_eq!(is_known(&shop), 401, "over");
    shop.pass_ms(-12 * HOUR_MS - 1);
    assert_eq!(is_known(&shop), 401, "not yet begun");
}

#[test]
fn signing_out_clears_the_cookie() {
    let shop = Shop::open(&[]);
    let out = |headers: &[(&'static str, &str)]| {
        shop.send(Method::DELETE, "/v1/session", headers, &Value::Null)
    };
    let answer = out(&[("origin", ORIGIN)]);
    assert_eq!(answer.status, 204);
    let cookie = answer.headers.get("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-goodword-owner=; Path=/; Max-Age=0;"), "{cookie}");
    assert_eq!(out(&[("origin", "https://shop.example")]).status, 403);
    assert_eq!(out(&[]).status, 403);
}

#[test]
fn the_owner_is_told_which_programs_there_are() {
    let shop = Shop::open(&[]);
    let (status, answer) = shop.owner(Method::GET, "/v1/session", &Value::Null);
    assert_eq!((status, answer), (200, json!({"programs": ["demo"]})));
}

#[test]
fn a_key_that_is_sent_counts_alone() {
    let shop = Shop::open(&[]);
    let cookie = signed_in(&shop);
    let path = "/v1/programs/demo/settle";
    let headers = |key| [("cookie", cookie.as_str()), ("authorization", key), ("origin", ORIGIN)];
    assert_eq!(ask(&shop, Method::POST, path, &headers("Bearer guess")), 401);
    let good = ("authorization", "Bearer secret of OWNER_KEY");
    assert_eq!(ask(&shop, Method::POST, path, &[good]), 200, "from a server, without Origin");
    let elsewhere = ("origin", "https://shop.example");
    assert_eq!(ask(&shop, Method::POST, path, &[good, elsewhere]), 200);
}

/// Every route of the owner, by the document.
#[test]
fn a_page_elsewhere_changes_nothing_in_the_owners_name() {
    let shop = Shop::open(&[]);
    let session = signed_in(&shop);
    let document: Value =
        serde_json::from_str(include_str!("../../../../www/openapi.json")).unwrap();
    let mut routes = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(callers) = operation["security"].as_array() else { continue };
            if !callers.contains(&json!({"owner": []})) {
                continue;
            }
            routes += 1;
            let path = path.replace("{program}", "demo").replace(['{', '}'], "");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let changes = method != Method::GET;
            for (behind_access, cookie) in [(false, session.as_str()), (true, "")] {
                shop.is_behind_access.set(behind_access);
                let with = |more: &[(&'static str, &str)]| {
                    let all = [&[("cookie", cookie)], more].concat();
                    ask(&shop, method.clone(), &path, &all)
                };
                let here = with(&[("origin", ORIGIN)]);
                assert!(![401, 403].contains(&here), "{method} {path}: {here}");
                for more in [vec![], vec![("origin", "https://evil.example")]] {
                    let elsewhere = with(&more);
                    assert_eq!(elsewhere == 403, changes, "{method} {path}: {elsewhere}");
                    let is_documented = operation["responses"].get(elsewhere.to_string()).is_some();
                    assert!(is_documented, "{method} {path}: {elsewhere}");
                }
            }
            shop.is_behind_access.set(false);
            assert_eq!(ask(&shop, method.clone(), &path, &[("origin", ORIGIN)]), 401, "{path}");
        }
    }
    assert!(routes > 15, "{routes}");
}
