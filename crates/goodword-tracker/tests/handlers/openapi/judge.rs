//! What is wrong with an answer, by what the document says of it.

use super::document::{Document, Operation};
use super::{Case, Made};
use goodword_tracker::http::Answer;
use serde_json::{Value, json};

/// What is wrong with an answer.
pub fn fault(
    document: &mut Document,
    operation: &Operation,
    case: &Case,
    answer: &Answer,
) -> Option<String> {
    let documented = &operation.responses[answer.status.to_string()];
    if documented.is_null() {
        return Some(format!("{} is not documented", answer.status));
    }
    if answer.headers.get("x-request-id").is_none() {
        return Some("no x-request-id".to_owned());
    }
    let kind = answer.headers.get("content-type");
    let kind = kind.map(|kind| kind.split(';').next().unwrap_or_default());
    let contents = documented["content"].as_object();
    let is_empty = answer.body.is_empty();
    match (contents, kind) {
        (None, _) if is_empty => {}
        (None, _) => return Some(format!("{}: a body that is not documented", answer.status)),
        (Some(contents), Some(kind)) if contents.contains_key(kind) => {
            if kind.ends_with("json") {
                let Ok(body) = serde_json::from_slice(&answer.body) else {
                    return Some(format!("{}: not JSON", answer.status));
                };
                if let Some(fault) = document.fault(&contents[kind]["schema"], &body) {
                    return Some(format!("{}: {fault}", answer.status));
                }
            }
        }
        (Some(_), kind) => return Some(format!("{}: content type {kind:?}", answer.status)),
    }
    disagreement(document, operation, case, answer)
}

/// Where document and handler disagree about what a good body is.
fn disagreement(
    document: &mut Document,
    operation: &Operation,
    case: &Case,
    answer: &Answer,
) -> Option<String> {
    let schema = &operation.content["application/json"]["schema"];
    let body = case.body.as_ref()?;
    let wrong = document.fault(schema, body);
    let wrong = wrong.and_then(|_| {
        let body = without_nulls(document, schema, body);
        document.fault(schema, &body)
    });
    if let Some(wrong) = wrong.filter(|_| answer.status < 400) {
        return Some(format!("{} to what the document forbids: {wrong}", answer.status));
    }
    let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let is_strange = ["unknown_field", "malformed_json"].contains(&problem["code"].as_str()?);
    (case.made == Made::Well && is_strange).then(|| format!("refused as {}", problem["code"]))
}

/// A field that is null is as good as absent, where it may be absent.
fn without_nulls(document: &mut Document, schema: &Value, body: &Value) -> Value {
    let mut body = body.clone();
    let mut places = Vec::new();
    super::super::fuzz::places(&body, "", &mut places);
    for place in places.iter().filter(|place| !place.is_empty()) {
        let (parent, name) = place.rsplit_once('/').unwrap();
        let mut without = body.clone();
        let Some(Value::Object(fields)) = without.pointer_mut(parent) else { continue };
        if fields.get(name).is_some_and(Value::is_null) {
            fields.remove(name);
            if !document.misses(schema, &without, name) {
                body = without;
            }
        }
    }
    body
}

#[test]
fn nulls_that_may_be_absent_are_no_fault() {
    let mut document = Document::read();
    let schema = json!({"$ref": "#/components/schemas/Program"});
    let terms: Value =
        serde_json::from_str(include_str!("../../../../../programs/demo.json")).unwrap();
    let mut check = |name: &str, is_fine: bool| {
        let mut terms = terms.clone();
        terms[name] = Value::Null;
        let terms = without_nulls(&mut document, &schema, &terms);
        assert_eq!(document.fault(&schema, &terms).is_none(), is_fine, "{name}");
    };
    check("locales", true);
    check("starts_at", true);
    check("name", false);
}
