//! Problem answers (RFC 9457): a stable `code`, a `detail` for a person, and
//! the faults of all fields at once.

use crate::json::set;
use crate::object;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

/// The media type of a problem answer.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What went wrong, as programs distinguish it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The body is not JSON.
    MalformedJson,
    /// A field is missing or has a value it cannot have.
    InvalidField,
    /// A field is not in the contract.
    UnknownField,
    /// The body is longer than allowed.
    TooLarge,
    /// No credential, or a wrong one.
    Unauthorized,
    /// The page's origin is not one of the program's.
    ForbiddenOrigin,
    /// There is no such thing.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The same identity with other content.
    Conflict,
    /// Too many calls from one address.
    RateLimited,
    /// The store refused; try again later.
    StoreUnavailable,
    /// Our own mistake.
    Internal,
}

impl Code {
    /// The code as the contract spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.about().0
    }

    /// The HTTP status it goes with.
    #[must_use]
    pub fn status(self) -> u16 {
        self.about().1
    }

    fn about(self) -> (&'static str, u16, &'static str) {
        match self {
            Code::MalformedJson => ("malformed_json", 400, "The body is not valid JSON"),
            Code::InvalidField => ("invalid_field", 400, "A field is not valid"),
            Code::UnknownField => ("unknown_field", 400, "A field is not known"),
            Code::TooLarge => ("too_large", 413, "The body is too large"),
            Code::Unauthorized => ("unauthorized", 401, "A valid credential is required"),
            Code::ForbiddenOrigin => ("forbidden_origin", 403, "The origin is not allowed"),
            Code::NotFound => ("not_found", 404, "Not found"),
            Code::MethodNotAllowed => ("method_not_allowed", 405, "Method not allowed"),
            Code::Conflict => ("conflict", 409, "It exists with other content"),
            Code::RateLimited => ("rate_limited", 429, "Too many requests"),
            Code::StoreUnavailable => ("store_unavailable", 503, "The store is not available"),
            Code::Internal => ("internal", 500, "Something went wrong on our side"),
        }
    }
}

/// Something wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// Where: a path such as `customer.id`.
    pub field: String,
    /// What is wrong, and what was found.
    pub detail: String,
    /// Whether the field is not in the contract at all.
    pub is_unknown: bool,
}

/// A problem answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What went wrong, for programs.
    pub code: Code,
    /// What went wrong, for a person.
    pub detail: String,
    /// Fields at fault.
    pub faults: Vec<FieldFault>,
}

impl Problem {
    /// A problem that is not about fields.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Problem { code, detail: detail.into(), faults: Vec::new() }
    }

    /// A problem with one field.
    #[must_use]
    pub fn field(field: &str, detail: &str) -> Self {
        let fault = FieldFault { field: field.into(), detail: detail.into(), is_unknown: false };
        Problem::fields(Vec::from([fault]))
    }

    /// A problem with several fields; the first one is told in the detail.
    #[must_use]
    pub fn fields(faults: Vec<FieldFault>) -> Self {
        let is_unknown = faults.iter().all(|fault| fault.is_unknown);
        let code = if is_unknown { Code::UnknownField } else { Code::InvalidField };
        let told: Vec<String> = faults.iter().take(3).map(FieldFault::sentence).collect();
        let mut detail = told.join("; ");
        if faults.len() > told.len() {
            detail.push_str(&format!("; and {} more", faults.len() - told.len()));
        }
        Problem { code, detail, faults }
    }

    /// The body of the answer.
    #[must_use]
    pub fn to_json(&self) -> String {
        let (code, status, title) = self.code.about();
        let mut body = object!({
            "type": "about:blank", "title": title, "status": status,
            "code": code, "detail": self.detail,
        });
        if !self.faults.is_empty() {
            let errors = self.faults.iter();
            let errors =
                errors.map(|fault| object!({"field": fault.field, "detail": fault.detail}));
            set(&mut body, "errors", Value::Array(errors.collect()));
        }
        body.to_string()
    }
}

impl FieldFault {
    fn sentence(&self) -> String {
        format!("{} {}", self.field, self.detail)
    }
}
