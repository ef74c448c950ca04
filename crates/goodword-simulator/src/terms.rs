//! The programs of a simulated world: plain terms, drawn by chance, written
//! as the JSON that their owner sends. The oracle reads these, never the
//! product's own.

use crate::calendar::{DAY_MS, written};
use crate::random::Chance;
use serde_json::{Map, Value, json};

/// Who a reward is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The one who recommended.
    Advocate,
    /// The one recommended.
    Friend,
}

impl Side {
    /// As the contract spells it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Side::Advocate => "advocate",
            Side::Friend => "friend",
        }
    }
}

/// What a reward is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Minor units.
    Fixed(i64),
    /// Basis points of the order, and the most it may be.
    Percent(i64, Option<i64>),
    /// Points.
    Points(i64),
    /// Megabytes.
    Units(i64),
    /// A thing.
    Gift,
}

/// Which of a friend's orders earn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first.
    First,
    /// All.
    Every,
    /// All within so many months of the first that earned.
    Months(i64),
}

/// A bound on what one advocate's friends earn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Whose rewards.
    pub side: Side,
    /// Within a calendar month, or in total.
    pub monthly: bool,
    /// A number of rewards, or a sum in the measure of the side's rewards.
    pub counts: bool,
    /// That number or sum.
    pub most: i64,
}

/// A time in which rewards are multiplied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boost {
    /// Its first millisecond.
    pub from_ms: i64,
    /// The first after it.
    pub to_ms: i64,
    /// Whose rewards.
    pub side: Side,
    /// Basis points.
    pub factor_bp: i64,
}

/// A program's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Its id.
    pub id: String,
    /// Whether the first click counts rather than the last.
    pub first_click: bool,
    /// Days a claim counts.
    pub window_days: i64,
    /// Whether a typed code goes before a claim.
    pub typed_wins: bool,
    /// Which orders earn.
    pub which: Which,
    /// Least value of an order.
    pub minimum: i64,
    /// Whether customers from before are excluded.
    pub new_only: bool,
    /// Whether only tea counts.
    pub tea_only: bool,
    /// Days before a reward is final.
    pub hold_days: i64,
    /// The advocate's ladder: from which friend, what.
    pub steps: Vec<(i64, Worth)>,
    /// The friend's reward.
    pub friend: Option<Worth>,
    /// Milestones: at which number, what.
    pub milestones: Vec<(i64, Worth)>,
    /// Caps.
    pub caps: Vec<Cap>,
    /// Boosts.
    pub boosts: Vec<Boost>,
    /// The factor of the group `staff`, in basis points.
    pub staff_bp: i64,
    /// Whether buying through one's own code is refused.
    pub block_self: bool,
    /// The same, known by e-mail address.
    pub block_email: bool,
    /// Whether customers whom the shop calls existing are refused.
    pub block_existing: bool,
    /// Whether a friend of one advocate is refused to others.
    pub block_referred: bool,
}

/// The currency of all programs.
pub const CURRENCY: &str = "EUR";

impl Terms {
    /// Draws terms. Orders are made from `start_ms` until `end_ms`.
    #[must_use]
    pub fn draw(chance: &Chance, number: usize, start_ms: i64, end_ms: i64) -> Self {
        let one_of = |of: &[i64]| chance.one_of(of).unwrap_or_default();
        let worth = |kind: i64| match kind {
            0 => Worth::Percent(one_of(&[500, 1_000, 333, 10_000]), None),
            1 | 6 => Worth::Percent(one_of(&[1_000, 2_500]), Some(one_of(&[700, 1_500]))),
            2 => Worth::Points(one_of(&[50, 500])),
            3 => Worth::Units(one_of(&[250, 500])),
            4 | 5 => Worth::Gift,
            _ => Worth::Fixed(one_of(&[500, 1_000, 1_999])),
        };
        let kind = chance.between(0, 9);
        let mut steps = vec![(1, worth(kind))];
        if chance.per_mille(700) {
            steps.push((chance.between(2, 3), worth(kind)));
        }
        let friend = chance.per_mille(750).then(|| worth(chance.between(0, 9)));
        let mut milestones = Vec::new();
        if chance.per_mille(500) {
            // A milestone has no order to take a percentage of.
            let kind = one_of(&[2, 3, 4, 5, 7, 8, 9]);
            milestones.push((chance.between(1, 3), worth(kind)));
        }
        let mut caps = Vec::new();
        if chance.per_mille(if steps[0].1 == Worth::Gift { 900 } else { 700 }) {
            let side = if friend.is_some() && chance.per_mille(250) {
                Side::Friend
            } else {
                Side::Advocate
            };
            let capped = if side == Side::Friend { friend.as_ref() } else { Some(&steps[0].1) };
            let counts = capped == Some(&Worth::Gift) || chance.per_mille(500);
            let most = if counts { chance.between(1, 2) } else { one_of(&[600, 1_200, 2_500]) };
            caps.push(Cap { side, monthly: chance.per_mille(300), counts, most });
        }
        let mut boosts = Vec::new();
        if chance.per_mille(600) {
            let from_ms = chance.between(start_ms, end_ms);
            let to_ms = from_ms + 1 + chance.between(0, (end_ms - start_ms) / 2);
            let side = if chance.per_mille(700) { Side::Advocate } else { Side::Friend };
            boosts.push(Boost {
                from_ms,
                to_ms,
                side,
                factor_bp: one_of(&[20_000, 15_000, 12_345]),
            });
        }
        Terms {
            id: format!("p{number}"),
            first_click: chance.per_mille(400),
            window_days: one_of(&[1, 1, 7, 30, 60]),
            typed_wins: chance.per_mille(600),
            which: match chance.between(0, 4) {
                0 | 1 => Which::First,
                2 | 3 => Which::Every,
                _ => Which::Months(1),
            },
            minimum: one_of(&[0, 2_000, 2_000, 5_000]),
            new_only: chance.per_mille(350),
            tea_only: chance.per_mille(150),
            hold_days: one_of(&[0, 0, 0, 1, 2, 7, 14]),
            steps,
            friend,
            milestones,
            caps,
            boosts,
            staff_bp: one_of(&[15_000, 12_500]),
            block_self: chance.per_mille(850),
            block_email: chance.per_mille(850),
            block_existing: chance.per_mille(500),
            block_referred: chance.per_mille(500),
        }
    }

    /// The worth at a rung of the ladder.
    #[must_use]
    pub fn step(&self, rank: i64) -> Option<&Worth> {
        self.steps.iter().filter(|(from, _)| *from <= rank).map(|(_, worth)| worth).next_back()
    }

    /// When an order's rewards are due.
    #[must_use]
    pub fn due_ms(&self, occurred_ms: i64) -> i64 {
        occurred_ms + self.hold_days * DAY_MS
    }

    /// The terms as their owner sends them.
    #[must_use]
    pub fn document(&self) -> Value {
        let mut block = Vec::new();
        for (name, on) in [
            ("self", self.block_self),
            ("same_email", self.block_email),
            ("existing_customer", self.block_existing),
            ("already_referred", self.block_referred),
        ] {
            if on {
                block.push(name);
            }
        }
        let step = |(from, worth): &(i64, Worth)| json!({"from": from, "reward": promise(worth)});
        let milestone = |(at, worth): &(i64, Worth)| json!({"at": at, "reward": promise(worth)});
        let boost = |boost: &Boost| {
            json!({"from": written(boost.from_ms), "to": written(boost.to_ms),
                "side": boost.side.word(), "factor_bp": boost.factor_bp})
        };
        let products: &[&str] = if self.tea_only { &["tea"] } else { &[] };
        json!({
            "id": self.id, "name": self.id, "status": "active",
            "starts_at": null, "ends_at": null,
            "destination": "https://shop.example/", "origins": ["https://shop.example"],
            "currency": CURRENCY, "locales": ["en"], "channels": ["email"],
            "attribution": {
                "model": if self.first_click { "first_click" } else { "last_click" },
                "window_days": self.window_days,
                "typed_code": if self.typed_wins { "wins" } else { "loses" },
            },
            "qualifies": {
                "kind": "purchase", "minimum_minor": self.minimum,
                "which": match self.which {
                    Which::First => json!("first"),
                    Which::Every => json!("every"),
                    Which::Months(months) => json!({"months": months}),
                },
                "new_customers_only": self.new_only, "products": products,
            },
            "hold_days": self.hold_days,
            "advocate_reward": {"steps": self.steps.iter().map(step).collect::<Vec<_>>()},
            "friend_reward": self.friend.as_ref().map(promise),
            "milestones": self.milestones.iter().map(milestone).collect::<Vec<_>>(),
            "caps": self.caps.iter().map(|cap| self.cap(cap)).collect::<Vec<_>>(),
            "boosts": self.boosts.iter().map(boost).collect::<Vec<_>>(),
            "groups": {"staff": {"factor_bp": self.staff_bp}},
            "fraud": {"block": block, "review": {}},
            "second_level": null, "experiments": [], "texts": {},
        })
    }

    fn cap(&self, cap: &Cap) -> Value {
        let worth = match cap.side {
            Side::Advocate => self.step(1),
            Side::Friend => self.friend.as_ref(),
        };
        let mut written = Map::new();
        written.insert("side".to_owned(), cap.side.word().into());
        written.insert("period".to_owned(), if cap.monthly { "month" } else { "total" }.into());
        match (cap.counts, worth) {
            (true, _) => written.insert("count".to_owned(), cap.most.into()),
            (false, Some(Worth::Points(_))) => written.insert("amount".to_owned(), cap.most.into()),
            (false, Some(Worth::Units(_))) => {
                written.insert("unit".to_owned(), "MB".into());
                written.insert("amount".to_owned(), cap.most.into())
            }
            (false, _) => written.insert("amount_minor".to_owned(), cap.most.into()),
        };
        Value::Object(written)
    }
}

fn promise(worth: &Worth) -> Value {
    match worth {
        Worth::Fixed(minor) => json!({"gives": "credit", "amount_minor": minor}),
        Worth::Percent(bp, None) => json!({"gives": "money", "basis_points": bp}),
        Worth::Percent(bp, Some(most)) => {
            json!({"gives": "discount", "basis_points": bp, "at_most_minor": most})
        }
        Worth::Points(amount) => json!({"gives": "points", "amount": amount}),
        Worth::Units(amount) => json!({"gives": "units", "amount": amount, "unit": "MB"}),
        Worth::Gift => json!({"gives": "gift", "label": "a cup of tea"}),
    }
}
