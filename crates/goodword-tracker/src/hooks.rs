//! What payment and shop providers report by webhook: a body becomes values
//! here, and nothing is decided about them.
//!
//! A body is read leniently, because providers add fields, and strictly where
//! something is used: a fault names the field. Identity comes from the signed
//! body only, never from a header. Money is read in the minor units of its
//! currency, times as the provider's own.

pub mod fields;
pub mod money;
pub mod shopify;
pub mod signature;
pub mod stripe;
pub mod woocommerce;

use goodword::code::ReferralCode;
use goodword::money::Money;
use goodword::order::{Line, Refund};
use goodword::time::Instant;
use goodword_api::requests::Named;

/// What a webhook says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Something about an order.
    Order(Box<Told>),
    /// That a person wants to know what is kept about them.
    Show(Named),
    /// That a person is to be erased.
    Erase(Named),
    /// That everybody is.
    EraseAll,
    /// Nothing that counts, and why.
    Nothing(&'static str),
}

/// What is told about one order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The id it is known by; for an order of which only refunds are told, any
    /// of its names.
    pub order_id: String,
    /// Its other names.
    pub names: Vec<String>,
    /// That it was made and paid, and how.
    pub made: Option<Made>,
    /// What was given back.
    pub refunds: Vec<Refund>,
}

/// One version of an order that was made and paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The provider's time of this version.
    pub version_at: Instant,
    /// When it was made.
    pub occurred_at: Instant,
    /// What was paid.
    pub value: Money,
    /// By whom.
    pub buyer: Buyer,
    /// The claim that came with it.
    pub claim: Option<String>,
    /// The referral code among the coupons used.
    pub code: Option<String>,
    /// What was bought.
    pub lines: Vec<Line>,
}

/// Who made an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Buyer {
    /// Somebody with an account.
    Customer {
        /// The provider's id of them.
        id: String,
        /// Their e-mail address.
        email: Option<String>,
    },
    /// Somebody without one, known by e-mail address.
    Guest {
        /// That address.
        email: String,
    },
}

impl Buyer {
    /// Whoever can be told apart from others; `None` when nobody can.
    #[must_use]
    pub fn new(id: Option<String>, email: Option<&str>) -> Option<Self> {
        let email = email.map(str::trim).filter(|email| !email.is_empty()).map(str::to_owned);
        match id {
            Some(id) => Some(Buyer::Customer { id, email }),
            None => email.map(|email| Buyer::Guest { email }),
        }
    }

    /// The e-mail address.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        match self {
            Buyer::Customer { email, .. } => email.as_deref(),
            Buyer::Guest { email } => Some(email),
        }
    }
}

/// The first of these coupons that has the form of a referral code. The others
/// are a shop's own and point to nobody.
#[must_use]
pub fn code_among<'a>(mut coupons: impl Iterator<Item = &'a str>) -> Option<String> {
    coupons.find(|coupon| ReferralCode::parse(coupon).is_some()).map(str::to_owned)
}
