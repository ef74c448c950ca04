//! What one reward gives: the promise, before an order makes it an amount.

use alloc::string::String;

/// The form a reward is handed over in. What it is worth is in [`Worth`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gives {
    /// Paid out.
    Money,
    /// Added to the customer's balance at the shop.
    Credit,
    /// Taken off an order.
    Discount,
    /// A coupon for a later order.
    Coupon,
    /// Points of the shop's own scheme.
    Points,
    /// Units of the product: storage, free months.
    Units,
    /// A thing or an experience.
    Gift,
}

/// What a reward is worth. Fixed amounts are in minor units of the program's
/// currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Worth {
    /// The same for every order.
    Fixed {
        /// In minor units.
        amount_minor: i64,
    },
    /// A part of the order's value.
    Percent {
        /// In basis points (1,000 is 10 %).
        basis_points: u32,
        /// At most this much, in minor units, before factors.
        at_most_minor: Option<i64>,
    },
    /// A number of points.
    Points {
        /// How many.
        amount: i64,
    },
    /// A number of units.
    Units {
        /// How many.
        amount: i64,
        /// Of what, such as `MB`.
        unit: String,
    },
    /// Something that has a name and no amount.
    Gift {
        /// That name.
        label: String,
    },
}

/// A reward as promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardTerms {
    /// In which form.
    pub gives: Gives,
    /// How much.
    pub worth: Worth,
}

impl RewardTerms {
    /// Whether the form and the worth go together.
    #[must_use]
    pub fn is_coherent(&self) -> bool {
        match self.gives {
            Gives::Money | Gives::Credit | Gives::Discount | Gives::Coupon => {
                matches!(self.worth, Worth::Fixed { .. } | Worth::Percent { .. })
            }
            Gives::Points => matches!(self.worth, Worth::Points { .. }),
            Gives::Units => matches!(self.worth, Worth::Units { .. }),
            Gives::Gift => matches!(self.worth, Worth::Gift { .. }),
        }
    }

    /// Whether the amount follows the order's value.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        matches!(self.worth, Worth::Percent { .. })
    }
}
