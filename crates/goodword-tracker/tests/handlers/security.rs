//! Headers that every answer has, whatever it is.

use super::shop::Shop;
use http::Method;
use serde_json::Value;

const PREVIEW: &str = "WhatsApp/2.23.20.0 A";

#[test]
fn every_route_answers_with_the_headers_that_guard_it() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let document: Value =
        serde_json::from_str(include_str!("../../../../www/openapi.json")).unwrap();
    let mut pages = 0;
    for path in document["paths"].as_object().unwrap().keys() {
        let path = path.replace("{program}", "demo").replace("{code}", &anna);
        for method in [Method::GET, Method::POST, Method::PUT, Method::OPTIONS] {
            let headers = [("user-agent", PREVIEW)];
            let answer = shop.send(method, &path, &headers, &Value::Null);
            let has = |name: &str| answer.headers.get(name).unwrap().to_owned();
            assert_eq!(has("x-content-type-options"), "nosniff", "{path}");
            assert!(!has("referrer-policy").is_empty(), "{path}");
            let policy = has("content-security-policy");
            for part in ["default-src", "base-uri", "form-action", "frame-ancestors 'none'"] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            let kind = answer.headers.get("content-type");
            if kind.is_some_and(|kind| kind.starts_with("text/html")) {
                pages += 1;
                assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
            }
        }
    }
    assert!(pages > 0, "at least the preview is a page");
}
