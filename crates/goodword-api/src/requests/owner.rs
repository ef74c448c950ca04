//! The bodies of what the owner asks for.

use super::email;
use crate::limits::ID_BYTES_MAX;
use crate::problem::Problem;
use crate::read::request;
use alloc::string::String;
use goodword::money::Money;
use goodword::time::Instant;
use serde_json::Value;

/// Whom a call is about: `DELETE` and `GET …/people`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// By the shop's own id.
    pub customer_id: Option<String>,
    /// By e-mail address.
    pub email: Option<String>,
}

impl Named {
    /// Reads a body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let customer_id = body.optional_text("customer_id", ID_BYTES_MAX).map(Into::into);
            let email = email(body, "email");
            let is_nobody = customer_id.is_none() && email.is_none();
            if is_nobody && !body.has_fault_near("customer_id") && !body.has_fault_near("email") {
                body.fault("customer_id", "is required, or email");
            }
            Some(Named { customer_id, email })
        })
    }
}

/// `PUT …/orders`: an order that nobody referred, for comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherOrder {
    /// The shop's own id of the order.
    pub order_id: String,
    /// When it was made.
    pub occurred_at: Instant,
    /// What was paid.
    pub value: Money,
    /// By whom, by the shop's own id.
    pub customer_id: String,
}

impl OtherOrder {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            let order_id = body.text("order_id", ID_BYTES_MAX);
            let occurred_at = body.instant("occurred_at");
            let value = body.money("value");
            let customer = body.object("customer");
            let customer = customer.map(|customer| {
                let id = customer.text("id", ID_BYTES_MAX);
                customer.refuse_unknown();
                id
            });
            Some(OtherOrder {
                order_id: order_id?.into(),
                occurred_at: occurred_at?,
                value: value?,
                customer_id: customer??.into(),
            })
        })
    }
}

/// `DELETE …/orders`: which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderNamed {
    /// The shop's own id of it.
    pub order_id: String,
}

impl OrderNamed {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem naming every field at fault.
    pub fn read(body: &Value) -> Result<Self, Problem> {
        request(body, |body| {
            Some(OrderNamed { order_id: body.text("order_id", ID_BYTES_MAX)?.into() })
        })
    }
}
