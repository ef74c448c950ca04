//! Stripe: what counts as an order, that it is one order whatever it is called,
//! and that its refunds find it in whatever sequence they come.

use super::{blind_to_each_other, every_order, fixture, stripe_signature, told, with};
use crate::shop::Shop;
use http::Method;
use serde_json::{Value, json};

fn session() -> Value {
    fixture!("stripe/checkout.session.completed.json")
}

/// A session with a claim, changed; then what was answered.
#[track_caller]
fn check_session(changes: &[(&str, Value)], expected: &str) {
    let shop = Shop::open(&[]);
    let claim = shop.click(&shop.enrol("anna"));
    let body = with(&session(), &[("/data/object/client_reference_id", json!(claim))]);
    assert_eq!(told(&shop.stripe(&with(&body, changes))), expected, "{changes:?}");
}

#[test]
fn sessions() {
    let other = |type_: &str| ("/type", json!(type_));
    let object = |name: &'static str, value: Value| (name, value);
    check_session(&[], "attributed 1000 1000");
    check_session(&[other("checkout.session.async_payment_succeeded")], "attributed 1000 1000");
    check_session(&[other("checkout.session.expired")], "ignored");
    check_session(&[other("payment_intent.succeeded")], "ignored");
    check_session(&[other("some.type.of.tomorrow")], "ignored");
    let status = "/data/object/payment_status";
    check_session(&[object(status, json!("unpaid"))], "ignored");
    check_session(&[object(status, json!("no_payment_required"))], "attributed 1000 1000");
    check_session(&[object(status, json!(7))], "400 data.object.payment_status");
    let total = "/data/object/amount_total";
    check_session(&[object(total, json!(1_999))], "unattributed below_minimum");
    check_session(&[object(total, json!(2_000))], "attributed 1000 1000");
    check_session(&[object(total, Value::Null)], "ignored");
    check_session(&[object(total, json!("49.90"))], "400 data.object.amount_total");
    check_session(&[object(total, json!(-1))], "400 data.object.amount_total");
    check_session(&[object("/data/object/currency", json!("usd"))], "unattributed not_qualifying");
    check_session(&[object("/data/object/currency", json!("euro"))], "400 data.object.currency");
    check_session(&[object("/data/object/id", Value::Null)], "400 data.object.id");
    check_session(&[object("/data/object/customer", Value::Null)], "attributed 1000 1000");
    let own = object("/data/object/customer_details/email", json!("anna@mail.example"));
    check_session(&[own], "unattributed self_referral");
    let nobody = [
        object("/data/object/customer", Value::Null),
        object("/data/object/customer_details", Value::Null),
    ];
    check_session(&nobody, "ignored");
    check_session(&[("/created", json!("now"))], "400 created");
    check_session(&[("/data", json!([]))], "400 data");
    check_session(&[("/type", Value::Null)], "400 type");
    check_session(&[("/data/object/of_tomorrow", json!({"a": 1}))], "attributed 1000 1000");
}

#[test]
fn claim_and_code_are_where_a_shop_puts_them() {
    let shop = Shop::open(&[]);
    let anna = shop.enrol("anna");
    let claim = shop.click(&anna);
    let (start, last) = claim.split_at(claim.len() - 1);
    let tampered = format!("{start}{}", if last == "A" { "B" } else { "A" });
    for (number, (place, text, expected)) in [
        ("metadata/goodword_claim", claim.as_str(), "attributed 1000 1000"),
        ("metadata/goodword_code", &anna, "attributed 1000 1000"),
        ("metadata/promotion_code", &anna.to_lowercase(), "attributed 1000 1000"),
        ("metadata/promotion_code", "SUMMER10", "unattributed no_claim"),
        ("metadata/goodword_claim", "nonsense", "unattributed invalid_claim"),
        ("client_reference_id", &tampered, "unattributed invalid_claim"),
        // A shop's own reference is no broken claim.
        ("client_reference_id", "order-1001", "unattributed no_claim"),
        ("client_reference_id", "", "unattributed no_claim"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = with(
            &session(),
            &[
                ("/data/object/payment_intent", json!(format!("pi_{number}"))),
                ("/data/object/customer", json!(format!("cus_{number}"))),
                (&format!("/data/object/{place}"), json!(text)),
            ],
        );
        assert_eq!(told(&shop.stripe(&body)), expected, "{place} {text}");
    }
}

#[test]
fn the_same_event_again_is_the_same_order() {
    let shop = Shop::open(&every_order());
    let claim = shop.click(&shop.enrol("anna"));
    let body = with(&session(), &[("/data/object/client_reference_id", json!(claim))]);
    let first = shop.stripe(&body);
    for _ in 0..9 {
        assert_eq!(shop.stripe(&body), first);
    }
    shop.settle_all();
    assert_eq!(shop.rewards(), ["advocate 499 confirmed"]);
}

#[test]
fn a_signature_that_is_old_or_of_tomorrow_is_refused() {
    let shop = Shop::open(&[]);
    let body = session().to_string().into_bytes();
    for (seconds, status) in [(-301, 401), (-300, 200), (300, 200), (301, 401)] {
        let at = shop.now().0 / 1_000 + seconds;
        let signature = stripe_signature("secret of STRIPE_WEBHOOK_SECRET", at, &body);
        let headers = [("stripe-signature", signature.as_str())];
        let path = "/v1/hooks/stripe/demo";
        let answer = shop.send_bytes(Method::POST, path, &headers, body.clone());
        assert_eq!(answer.status, status, "{seconds}");
    }
}

/// All sequences of some things.
fn sequences<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for place in 0..things.len() {
        let mut rest = things.to_vec();
        let first = rest.remove(place);
        for mut sequence in sequences(&rest) {
            sequence.insert(0, first.clone());
            all.push(sequence);
        }
    }
    all
}

/// Whatever the sequence in which these events come, and whether they are
/// settled in between, the rewards are the same in the end.
#[track_caller]
fn check_sequences(events: &[Value], expected: &[&str]) {
    for sequence in sequences(events) {
        let shop = Shop::open(&every_order());
        let claim = shop.click(&shop.enrol("anna"));
        for event in &sequence {
            let is_session = event["data"]["object"]["object"] == "checkout.session";
            let reference = ("/data/object/client_reference_id", json!(claim));
            let event = if is_session { with(event, &[reference]) } else { event.clone() };
            let answer = shop.stripe(&event);
            assert_eq!(answer.0, 200, "{}", answer.1);
        }
        shop.settle_all();
        let types: Vec<&Value> = sequence.iter().map(|event| &event["type"]).collect();
        assert_eq!(shop.rewards(), expected, "{types:?}");
    }
}

fn refund(minor: i64) -> Value {
    with(&fixture!("stripe/refund.created.json"), &[("/data/object/amount", json!(minor))])
}

fn refunded(minor: i64) -> Value {
    let refunded = fixture!("stripe/charge.refunded.json");
    with(&refunded, &[("/data/object/amount_refunded", json!(minor))])
}

#[test]
fn refunds_find_their_order_in_any_sequence() {
    check_sequences(&[session()], &["advocate 499 confirmed"]);
    check_sequences(&[session(), refund(990)], &["advocate 400 confirmed"]);
    check_sequences(&[session(), refund(4_990)], &["advocate 499 voided"]);
    check_sequences(&[session(), refunded(990)], &["advocate 400 confirmed"]);
    let dispute = fixture!("stripe/charge.dispute.created.json");
    check_sequences(&[session(), dispute], &["advocate 499 voided"]);
}

#[test]
fn a_refund_counts_once_however_often_it_is_told() {
    let updated = with(&refund(990), &[("/type", json!("refund.updated"))]);
    let older = fixture!("stripe/charge.refunded.2020.json");
    let older = with(
        &older,
        &[
            ("/data/object/amount_refunded", json!(990)),
            ("/data/object/refunds/data/0/amount", json!(990)),
        ],
    );
    let events = [session(), refund(990), updated, refunded(990)];
    check_sequences(&events, &["advocate 400 confirmed"]);
    check_sequences(&[session(), older, refund(990)], &["advocate 400 confirmed"]);
    let second = with(&refund(1_000), &[("/data/object/id", json!("re_2"))]);
    let events = [session(), refund(990), second, refunded(1_990)];
    check_sequences(&events, &["advocate 300 confirmed"]);
}

#[test]
fn a_refund_that_did_not_succeed_gives_nothing_back() {
    for status in ["pending", "requires_action", "failed", "canceled"] {
        let failed = with(&refund(990), &[("/data/object/status", json!(status))]);
        check_sequences(&[session(), failed], &["advocate 499 confirmed"]);
    }
}

#[test]
fn a_session_and_its_invoice_are_one_order() {
    let session = fixture!("stripe/checkout.session.completed.subscription.json");
    let invoice = fixture!("stripe/invoice.paid.json");
    let older = fixture!("stripe/invoice.paid.2023.json");
    let of_invoice = with(
        &refund(990),
        &[
            ("/data/object/payment_intent", json!("pi_3TeaClub")),
            ("/data/object/charge", json!("ch_3TeaClub")),
        ],
    );
    let link = fixture!("stripe/invoice_payment.paid.json");
    check_sequences(&[session.clone(), invoice.clone()], &["advocate 499 confirmed"]);
    let events = [session.clone(), older, of_invoice.clone()];
    check_sequences(&events, &["advocate 400 confirmed"]);
    check_sequences(&[session, invoice, link, of_invoice], &["advocate 400 confirmed"]);
}

#[test]
fn a_refund_after_settlement_claws_back() {
    let shop = Shop::open(&every_order());
    let claim = shop.click(&shop.enrol("anna"));
    let reference = ("/data/object/client_reference_id", json!(claim));
    shop.stripe(&with(&session(), &[reference]));
    shop.settle_all();
    assert_eq!(shop.rewards(), ["advocate 499 confirmed"]);
    shop.stripe(&refund(4_990));
    assert_eq!(shop.rewards(), ["advocate 499 clawed_back"]);
}

#[test]
fn a_trial_is_no_purchase_and_its_first_paid_invoice_is() {
    let shop = Shop::open(&[]);
    let claim = shop.click(&shop.enrol("anna"));
    let trial = with(
        &fixture!("stripe/checkout.session.completed.subscription.json"),
        &[
            ("/data/object/payment_status", json!("no_payment_required")),
            ("/data/object/amount_total", json!(0)),
        ],
    );
    assert_eq!(told(&shop.stripe(&trial)), "ignored");
    let metadata = "/data/object/parent/subscription_details/metadata";
    let paid = (metadata, json!({"goodword_claim": claim}));
    let paid = with(&fixture!("stripe/invoice.paid.json"), &[paid]);
    let of_nothing = ("/data/object/amount_paid", json!(0));
    let of_nothing = with(&paid, &[of_nothing, ("/data/object/id", json!("in_0"))]);
    assert_eq!(told(&shop.stripe(&of_nothing)), "ignored");
    assert_eq!(told(&shop.stripe(&paid)), "attributed 1000 1000");
}

#[test]
fn renewals_are_orders_of_their_own_and_inherit_the_advocate() {
    let shop = Shop::open(&every_order());
    let claim = shop.click(&shop.enrol("anna"));
    let first = fixture!("stripe/invoice.paid.json");
    let metadata = "/data/object/parent/subscription_details/metadata";
    let claimed = with(&first, &[(metadata, json!({"goodword_claim": claim}))]);
    assert_eq!(told(&shop.stripe(&claimed)), "attributed 499");
    let month = 1_728_000_061 + 30 * 86_400;
    let renewal = with(
        &first,
        &[
            ("/created", json!(month)),
            ("/data/object/id", json!("in_2TeaClub")),
            ("/data/object/billing_reason", json!("subscription_cycle")),
            ("/data/object/status_transitions/paid_at", json!(month)),
        ],
    );
    assert_eq!(told(&shop.stripe(&renewal)), "attributed 499");
}

#[test]
fn products_are_known_from_an_invoice() {
    let terms = [("/qualifies/products", json!(["prod_TeaClub"]))];
    for invoice in [fixture!("stripe/invoice.paid.json"), fixture!("stripe/invoice.paid.2023.json")]
    {
        let shop = Shop::open(&terms);
        let claim = shop.click(&shop.enrol("anna"));
        let metadata = ("/data/object/metadata", json!({"goodword_claim": claim}));
        let invoice = with(&invoice, &[metadata]);
        assert_eq!(told(&shop.stripe(&invoice)), "attributed 1000 1000");
    }
}

#[test]
fn refund_and_order_that_do_not_see_each_other_meet_at_settlement() {
    let older = fixture!("stripe/invoice.paid.2023.json");
    let link = fixture!("stripe/invoice_payment.paid.json");
    let of_invoice = with(&refund(4_990), &[("/data/object/payment_intent", json!("pi_3TeaClub"))]);
    for order in [vec![older], vec![fixture!("stripe/invoice.paid.json"), link]] {
        let shop = Shop::open(&every_order());
        let claim = shop.click(&shop.enrol("anna"));
        let claimed = ("/data/object/metadata", json!({"goodword_claim": claim}));
        let report = |shop: &Shop| {
            for event in &order {
                shop.stripe(&with(event, std::slice::from_ref(&claimed)));
            }
        };
        blind_to_each_other(&shop, report, |shop| {
            shop.stripe(&of_invoice);
        });
        assert_eq!(shop.rewards(), ["advocate 499 pending"], "neither saw the other");
        shop.settle_all();
        assert_eq!(shop.rewards(), ["advocate 499 voided"]);
    }
}

#[test]
fn a_page_joins_by_any_name_of_the_order() {
    for (name, page_is_first) in [
        ("cs_test_a1Tea7Leaf", true),
        ("cs_test_a1Tea7Leaf", false),
        ("pi_3Tea7Leaf", true),
        ("pi_3Tea7Leaf", false),
    ] {
        let shop = Shop::open(&every_order());
        let claim = shop.click(&shop.enrol("anna"));
        if page_is_first {
            shop.page_reports(name, &claim);
            assert_eq!(told(&shop.stripe(&session())), "attributed 499", "{name}");
        } else {
            assert_eq!(told(&shop.stripe(&session())), "unattributed no_claim");
            shop.page_reports(name, &claim);
        }
        shop.settle_all();
        assert_eq!(shop.rewards(), ["advocate 499 confirmed"], "{name} {page_is_first}");
    }
}

#[test]
fn a_page_that_does_not_see_the_order_is_heard_at_settlement() {
    let shop = Shop::open(&every_order());
    let claim = shop.click(&shop.enrol("anna"));
    blind_to_each_other(
        &shop,
        |shop| {
            shop.stripe(&session());
        },
        |shop| shop.page_reports("cs_test_a1Tea7Leaf", &claim),
    );
    shop.settle_all();
    assert_eq!(shop.rewards(), ["advocate 499 confirmed"]);
}

#[test]
fn the_shops_own_refund_may_use_the_name_it_knows() {
    let shop = Shop::open(&every_order());
    let claim = shop.click(&shop.enrol("anna"));
    shop.stripe(&with(&session(), &[("/data/object/client_reference_id", json!(claim))]));
    let refund = json!({
        "program": "demo", "order_id": "cs_test_a1Tea7Leaf", "refund_id": "r",
        "occurred_at": shop.now_text(), "value": {"amount_minor": 4_990, "currency": "EUR"},
    });
    assert_eq!(shop.server("/v1/refunds", &refund).0, 201);
    assert_eq!(shop.rewards(), ["advocate 499 voided"]);
}
