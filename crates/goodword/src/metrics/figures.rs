//! The numbers an owner sees, each defined once, here.
//!
//! Where a slice has no denominator of its own, the whole program's is used,
//! so that the slices' rates add up to the program's: customers belong to no
//! advocate, orders that nobody brought to no channel. Where even the
//! numerator cannot be told (an advocate is not in one channel), the rate is
//! undefined rather than zero.

use super::rate::{Rate, clamp};
use super::report::Dimension;
use super::tally::Tally;

/// All metrics of one slice. Amounts are in minor units of the program's
/// currency; an order counts while it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Participation: advocates enrolled / customers who could.
    pub participation: Rate,
    /// Share rate: advocates who shared / advocates enrolled. As Friendbuy
    /// and others define it, by advocate and not by share.
    pub share_rate: Rate,
    /// Clicks / shares. May exceed one by far: one post, many readers. Links
    /// that travel on without a press of a channel count as clicks only.
    pub clicks_per_share: Rate,
    /// Referral rate: attributed orders / all orders. As `ReferralCandy`
    /// defines it: referred purchases among all purchases.
    pub referral_rate: Rate,
    /// Conversion rate: friends who came by a click and became customers /
    /// people who clicked. Typed codes are left out: they have no click.
    pub conversion_rate: Rate,
    /// Repeat advocates: those who brought two customers or more / those who
    /// brought any.
    pub repeat_advocates: Rate,
    /// The first factor of the K-factor: shares / advocates.
    pub shares_per_advocate: Rate,
    /// The second: customers brought / shares.
    pub friends_per_share: Rate,
    /// K-factor: invitations per advocate x conversions per invitation, in
    /// which invitations cancel: customers brought / advocates. Above one a
    /// program would grow by itself. Source: "K-factor (marketing)" in
    /// Wikipedia, k = i c, after the reproduction number of epidemiology.
    pub k_factor: Rate,
    /// What attributed orders brought, less refunds.
    pub referred_revenue_minor: i64,
    /// What rewards of both sides cost: all that were not undone, pending
    /// ones included, so that a day's cost stands beside the revenue that
    /// caused it. Only what is in money or counted like it.
    pub reward_cost_minor: i64,
    /// How many rewards are not in that cost, having no price.
    pub rewards_unpriced: u64,
    /// Cost per acquired customer: reward cost / customers brought.
    pub cost_per_customer: Rate,
    /// Return on investment: (referred revenue - reward cost) / reward cost.
    /// On revenue, not on profit: see [`Figures::roi_at_margin`].
    pub roi: Rate,
    /// Value of a referred customer: revenue of all their orders, attributed
    /// or not / customers brought.
    pub friend_value: Rate,
    /// Value of any other customer: the same of those whom nobody brought.
    /// Comparing the two follows P. Schmitt, B. Skiera and C. Van den Bulte,
    /// "Referral Programs and Customer Value", Journal of Marketing 75 (2011).
    pub other_value: Rate,
    /// Time to convert.
    pub time_to_convert: TimeToConvert,
}

/// How long friends took from click to order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeToConvert {
    /// How many friends this is told of.
    pub friends: u64,
    /// Half of them took at most so many milliseconds, to one part in 128.
    pub median_ms: Option<u64>,
    /// Nine in ten of them did.
    pub p90_ms: Option<u64>,
}

impl Figures {
    /// The metrics of everything.
    #[must_use]
    pub fn of_whole(whole: &Tally) -> Self {
        Figures::new(whole, Bases { customers: whole, advocates: whole, shares: whole, all: whole })
    }

    /// The metrics of one slice of a dimension.
    #[must_use]
    pub fn of(by: Dimension, own: &Tally, whole: &Tally) -> Self {
        match by {
            // What others did on a day is known as well as what friends did.
            Dimension::Day => Figures::of_whole(own),
            Dimension::Group | Dimension::Variant | Dimension::Advocate => {
                let bases = Bases { customers: whole, advocates: own, shares: own, all: whole };
                Figures::new(own, bases)
            }
            Dimension::Channel => {
                let bases = Bases { customers: whole, advocates: whole, shares: own, all: whole };
                Figures::new(own, bases).without_advocates()
            }
            // Whoever clicks holds another device than whoever shared.
            Dimension::Device => {
                let bases = Bases { customers: whole, advocates: whole, shares: whole, all: whole };
                Figures::new(own, bases).without_advocates()
            }
        }
    }

    /// Every rate, with the name it has in reports.
    #[must_use]
    pub fn rates(&self) -> [(&'static str, Rate); 13] {
        [
            ("participation", self.participation),
            ("share_rate", self.share_rate),
            ("clicks_per_share", self.clicks_per_share),
            ("referral_rate", self.referral_rate),
            ("conversion_rate", self.conversion_rate),
            ("repeat_advocates", self.repeat_advocates),
            ("shares_per_advocate", self.shares_per_advocate),
            ("friends_per_share", self.friends_per_share),
            ("k_factor", self.k_factor),
            ("cost_per_customer", self.cost_per_customer),
            ("roi", self.roi),
            ("friend_value", self.friend_value),
            ("other_value", self.other_value),
        ]
    }

    /// Return on investment where the shop keeps so many basis points of its
    /// revenue: (margin x referred revenue - reward cost) / reward cost, both
    /// in ten thousandths of a minor unit.
    #[must_use]
    pub fn roi_at_margin(&self, margin_bp: u32) -> Rate {
        let kept = i128::from(self.referred_revenue_minor) * i128::from(margin_bp);
        let cost = i128::from(self.reward_cost_minor) * 10_000;
        Rate::of(kept - cost, cost)
    }

    fn new(own: &Tally, bases: Bases<'_>) -> Self {
        let revenue = own.revenue_attributed_minor;
        let cost = own.reward_cost_minor;
        Figures {
            participation: Rate::of(own.advocates, bases.customers.customers),
            share_rate: Rate::of(own.advocates_sharing, own.advocates),
            clicks_per_share: Rate::of(own.clicks, bases.shares.shares),
            referral_rate: Rate::of(own.orders_attributed, bases.all.orders),
            conversion_rate: Rate::of(own.friends_by_click, own.people),
            repeat_advocates: Rate::of(own.advocates_repeating, own.advocates_converting),
            shares_per_advocate: Rate::of(own.shares, bases.advocates.advocates),
            friends_per_share: Rate::of(own.friends, bases.shares.shares),
            k_factor: Rate::of(own.friends, bases.advocates.advocates),
            referred_revenue_minor: clamp(revenue),
            reward_cost_minor: clamp(cost),
            rewards_unpriced: own.rewards_unpriced,
            cost_per_customer: Rate::of(cost, own.friends),
            roi: Rate::of(revenue.wrapping_sub(cost), cost),
            friend_value: Rate::of(own.revenue_friends_minor, own.friends),
            other_value: Rate::of(bases.all.revenue_others_minor, bases.all.others),
            time_to_convert: TimeToConvert {
                friends: own.convert_ms.total(),
                median_ms: own.convert_ms.quantile(1, 2),
                p90_ms: own.convert_ms.quantile(9, 10),
            },
        }
    }

    fn without_advocates(self) -> Self {
        let undefined = Rate::UNDEFINED;
        let (participation, share_rate, repeat_advocates) = (undefined, undefined, undefined);
        Figures { participation, share_rate, repeat_advocates, ..self }
    }
}

/// Which tally each denominator is from.
#[derive(Clone, Copy)]
struct Bases<'a> {
    customers: &'a Tally,
    advocates: &'a Tally,
    shares: &'a Tally,
    /// Of orders, and of customers whom nobody brought.
    all: &'a Tally,
}
