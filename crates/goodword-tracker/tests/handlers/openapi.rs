//! The OpenAPI document against the handlers: requests for every operation,
//! made from its schemas (good, wrong in one place, nonsense), and every
//! answer held against what is documented. A new route is exercised as soon as
//! it is in the document.
//!
//! `OPENAPI_CASES` sets how many, `OPENAPI_SEED` with which seed they begin.

mod document;
mod judge;
mod make;
mod random;

use super::shop::{ORIGIN, Shop};
use async_trait::async_trait;
use document::{Document, Operation};
use goodword_tracker::http::Headers;
use goodword_tracker::http::{Answer, Request};
use goodword_tracker::limiter::{Kind, Limiter, Unlimited};
use goodword_tracker::router;
use http::Method;
use judge::fault;
use make::{Known, broken, good, nonsense};
use random::Random;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Requests that one shop lives through, so that later ones find something.
const CASES_PER_SHOP: u64 = 500;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// How a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    /// As the document says, by whom it says.
    Well,
    /// As it says, by somebody else.
    ByAnother,
    /// With something wrong in the body or in the address.
    Badly,
}

struct Case {
    request: Request,
    body: Option<Value>,
    made: Made,
}

#[test]
fn every_answer_is_documented() {
    let mut document = Document::read();
    let operations = document.operations();
    let (cases, seed) = (number("OPENAPI_CASES", 10_000), number("OPENAPI_SEED", 0));
    let mut statuses: BTreeMap<String, BTreeMap<u16, usize>> = BTreeMap::new();
    let mut faults: BTreeMap<String, String> = BTreeMap::new();
    for first in (seed..seed + cases).step_by(CASES_PER_SHOP as usize) {
        let (shop, mut known) = furnished();
        for seed in first..(first + CASES_PER_SHOP).min(seed + cases) {
            let mut random = Random(seed);
            let operation = random.of(&operations).clone();
            let case = case(&document, &operation, &known, &mut random);
            shop.pass_ms(1_000);
            let tracker = shop.tracker(&shop.store);
            let answer = router::answer_within(&Unlimited, &tracker, &case.request);
            let answer = futures_executor::block_on(answer);
            let name = format!("{} {}", operation.method, operation.path);
            *statuses.entry(name.clone()).or_default().entry(answer.status).or_default() += 1;
            if let Some(fault) = fault(&mut document, &operation, &case, &answer) {
                let told = told(&case, &answer);
                faults.entry(format!("{name}: {fault}")).or_insert(format!("seed {seed}: {told}"));
            }
            if let Ok(body) = serde_json::from_slice::<Value>(&answer.body)
                && answer.status < 300
            {
                known.learn(&body);
            }
        }
    }
    for (name, statuses) in &statuses {
        eprintln!("{name}: {statuses:?}");
    }
    let found: Vec<String> =
        faults.iter().map(|(fault, example)| format!("{fault}\n    {example}")).collect();
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
    for operation in operations.iter().filter(|operation| operation.is_open_to_us()) {
        let name = format!("{} {}", operation.method, operation.path);
        let seen = statuses.get(&name).cloned().unwrap_or_default();
        let has_worked = seen.keys().any(|status| *status < 400);
        assert!(has_worked || cases < 10_000, "{name} was never answered well: {seen:?}");
    }
}

/// Refuses everything.
struct Full;

#[async_trait(?Send)]
impl Limiter for Full {
    async fn allows(&self, _: Kind, _: &str) -> bool {
        false
    }
}

#[test]
fn whoever_may_be_told_to_wait_finds_it_documented() {
    let document = Document::read();
    let (shop, known) = furnished();
    for operation in document.operations() {
        let mut case = case(&document, &operation, &known, &mut Random(1));
        case.request.headers.set("authorization", "");
        let tracker = shop.tracker(&shop.store);
        let answer = router::answer_within(&Full, &tracker, &case.request);
        let status = futures_executor::block_on(answer).status.to_string();
        let name = format!("{} {}", operation.method, operation.path);
        assert!(operation.responses.get(&status).is_some(), "{name}: {status} is not documented");
    }
}

impl Operation {
    /// Whether the test has what its callers have: a provider signs what it
    /// sends, which no schema can make.
    fn is_open_to_us(&self) -> bool {
        let ours = ["owner", "server", "advocate"];
        !self.path.starts_with("/v1/hooks/")
            && (self.callers.is_empty() || self.callers.iter().any(|name| ours.contains(&&**name)))
    }
}

/// A shop in which something has happened.
fn furnished() -> (Shop, Known) {
    let mut shop = Shop::open(&[
        ("/fraud/review", json!({"seconds_after_click": 60})),
        ("/leaderboard", json!(true)),
    ]);
    shop.settings.settlement_grace_ms = 0;
    let mut known = Known::default();
    for name in ["anna", "ben"] {
        let answer = shop.enrol_with(name, None);
        known.learn(&answer);
        known.add("identity", shop.identity(name, &format!("{name}@mail.example")).into());
    }
    let code = known.0["code"][0].as_str().unwrap().to_owned();
    known.add("claim", shop.click(&code).into());
    known.learn(&shop.buy("1", "carol", &code));
    let mut typed = shop.order("0", "dora", "");
    typed["claim"] = Value::Null;
    typed["code"] = json!(code);
    known.learn(&shop.server("/v1/conversions", &typed).1);
    for (name, values) in [
        ("program", vec!["demo", "demo", "demo", "other"]),
        ("origins", vec![ORIGIN, "https://tea.example"]),
        ("locales", vec!["en", "pl"]),
        ("channels", vec!["whatsapp", "email", "sms"]),
        ("currency", vec!["EUR", "EUR", "JPY"]),
        ("order_id", vec!["1", "2", "3", "4"]),
        ("id", vec!["ben", "carol", "dora"]),
        ("customer_id", vec!["ben", "carol"]),
        ("code", vec!["7K3FQ2M9X"]),
        ("channel", vec!["whatsapp", "email"]),
        ("key", vec!["secret of OWNER_KEY"]),
        ("kind", vec!["purchase", "purchase", "signup"]),
    ] {
        values
            .into_iter()
            .for_each(|value| known.0.entry(name.to_owned()).or_default().push(value.into()));
    }
    (shop, known)
}

fn case(document: &Document, operation: &Operation, known: &Known, random: &mut Random) -> Case {
    let mut made = Made::Well;
    let mut path = operation.path.clone();
    let mut query = Vec::new();
    let mut headers = Headers::default();
    headers.set("cf-connecting-ip", "192.0.2.7");
    headers.set("user-agent", super::shop::AGENT);
    let is_strange = random.percent(15);
    for parameter in &operation.parameters {
        let name = parameter["name"].as_str().unwrap();
        if operation.method == "PUT" && name == "program" {
            // What a program promises stays as the others find it.
            path = path.replace("{program}", random.of::<&str>(&["other", "third"]));
            continue;
        }
        if name == "cursor" && known.one(name, random).is_none() {
            continue;
        }
        let whose = if name == "id" { kind_of_id(&operation.path) } else { name.to_owned() };
        let mut value = good(document, &parameter["schema"], &whose, known, random);
        if is_strange && random.percent(50) {
            value = nonsense(random);
            made = Made::Badly;
        }
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match parameter["in"].as_str().unwrap() {
            "path" => path = path.replace(&format!("{{{name}}}"), &escaped(&value)),
            "query" if parameter["required"] == true || random.percent(60) => {
                query.push(format!("{name}={}", escaped(&value)));
            }
            "header" => {
                headers.set(name, &value);
            }
            _ => {}
        }
    }
    if !call_as(operation, known, &mut headers, random) {
        made = Made::ByAnother;
    }
    let mut body = None;
    let mut bytes = Some(Vec::new());
    if operation.content.is_object() {
        let schema = &operation.content["application/json"]["schema"];
        let mut value = good(document, schema, "", known, random);
        // Terms are for the program in the path.
        if path.starts_with("/v1/programs/") && value.get("id").is_some() {
            value["id"] = json!(path.split('/').nth(3).unwrap());
        }
        match random.below(10) {
            0..2 => {
                value = broken(&value, random);
                made = Made::Badly;
            }
            2 => {
                value = nonsense(random);
                made = Made::Badly;
            }
            _ => {}
        }
        bytes = Some(value.to_string().into_bytes());
        body = Some(value);
        if random.percent(3) {
            (body, made) = (None, Made::Badly);
            bytes = random.of(&[None, Some(vec![0xff, 0xfe]), Some(b"{\"a\":".to_vec())]).clone();
        }
    }
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
    let request = Request {
        method,
        origin: ORIGIN.to_owned(),
        path,
        query: query.join("&"),
        headers,
        body: bytes,
        is_vouched_for: false,
    };
    Case { request, body, made }
}

/// `reward_id` of `/rewards/{id}`.
fn kind_of_id(path: &str) -> String {
    let before = path.split("/{id}").next().and_then(|before| before.rsplit('/').next());
    format!("{}_id", before.unwrap_or_default().trim_end_matches('s'))
}

/// Says who asks; whether that is somebody who may.
fn call_as(
    operation: &Operation,
    known: &Known,
    headers: &mut Headers,
    random: &mut Random,
) -> bool {
    let origins = if random.percent(90) { ORIGIN } else { "https://evil.example" };
    headers.set("origin", origins);
    let caller = match operation.callers.is_empty() {
        true => return origins == ORIGIN,
        false => random.of(&operation.callers).clone(),
    };
    if random.percent(10) {
        headers.set("authorization", "Bearer guess");
        return false;
    }
    let key = match caller.as_str() {
        "owner" => "secret of OWNER_KEY".to_owned(),
        "server" => "secret of SECRET_KEY".to_owned(),
        "advocate" => known.one("token", random).unwrap().as_str().unwrap().to_owned(),
        _ => return false,
    };
    headers.set("authorization", &format!("Bearer {key}"));
    origins == ORIGIN
}

fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

fn told(case: &Case, answer: &Answer) -> String {
    let Request { method, path, query, body, .. } = &case.request;
    let sent = body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
    let got = String::from_utf8_lossy(&answer.body);
    let short = |text: &str| text.chars().take(600).collect::<String>();
    format!("{method} {path}?{query} {} -> {} {}", short(&sent), answer.status, short(&got))
}
