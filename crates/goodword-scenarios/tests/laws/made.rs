//! Random programs, orders and books. Small numbers of everything, so that
//! coincidences (the same friend, the same instant, a cap just met) are
//! frequent.

use goodword::attribution::Advocate;
use goodword::book::{Book, BookLine, Decision, Verdict};
use goodword::code::ReferralCode;
use goodword::key::{Key, ProgramId};
use goodword::money::{EURO, Money};
use goodword::order::{ClaimRead, CodeRead, Evidence, Order, Paid, Refund};
use goodword::reward::{Part, RewardId};
use goodword::terms::{
    Boost, Cap, Gives, Group, Kind, Model, Most, Period, Program, RewardTerms, Side, Step, Terms,
    TermsHistory, TypedCode, Which, Worth,
};
use goodword::time::{DAY_MS, Instant};
use goodword_api::program::ProgramDocument;
use goodword_scenarios::moment::BEGINNING;
use goodword_scenarios::programs::Programs;
use goodword_scenarios::suite::root;
use proptest::prelude::*;
use std::ops::Deref;

pub fn key(number: u8) -> Key {
    Key([number; 16])
}

pub fn code(number: u8) -> ReferralCode {
    ReferralCode::from_bytes([number; 5])
}

pub fn euro(amount_minor: i64) -> Money {
    Money { amount_minor, currency: EURO }
}

/// An instant of the first 70 days; whole half days, so that many coincide.
pub fn instant() -> impl Strategy<Value = Instant> {
    (0_i64..140).prop_map(|half_days| BEGINNING.plus_ms(half_days * DAY_MS / 2))
}

fn reward() -> impl Strategy<Value = RewardTerms> {
    let money = prop_oneof![
        (1_i64..3_000).prop_map(|amount_minor| Worth::Fixed { amount_minor }),
        (1_u32..=10_000, prop::option::of(1_i64..2_000)).prop_map(
            |(basis_points, at_most_minor)| { Worth::Percent { basis_points, at_most_minor } }
        ),
    ];
    prop_oneof![
        3 => money.prop_map(|worth| RewardTerms { gives: Gives::Credit, worth }),
        1 => (1_i64..1_000).prop_map(|amount| RewardTerms {
            gives: Gives::Points,
            worth: Worth::Points { amount },
        }),
        1 => (1_i64..1_000).prop_map(|amount| RewardTerms {
            gives: Gives::Units,
            worth: Worth::Units { amount, unit: "MB".to_owned() },
        }),
        1 => Just(RewardTerms {
            gives: Gives::Gift,
            worth: Worth::Gift { label: "A cup".to_owned() },
        }),
    ]
}

/// Rungs for the 1st, 3rd and 5th friend, or some of them.
fn ladder() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(reward(), 0..4).prop_map(|rewards| {
        let steps = (0_u32..).zip(rewards);
        steps.map(|(index, reward)| Step { from: 2 * index + 1, reward }).collect()
    })
}

fn caps() -> impl Strategy<Value = Vec<Cap>> {
    let side = prop_oneof![Just(Side::Advocate), Just(Side::Friend)];
    let period = prop_oneof![Just(Period::Month), Just(Period::Total)];
    let most = prop_oneof![
        (0_u32..5).prop_map(Most::Count),
        (0_i64..4_000).prop_map(Most::Minor),
        (0_i64..2_000).prop_map(|amount| Most::Units { amount, unit: None }),
        (0_i64..2_000).prop_map(|amount| Most::Units { amount, unit: Some("MB".to_owned()) }),
    ];
    let cap = (side, period, most).prop_map(|(side, period, most)| Cap { side, period, most });
    prop::collection::vec(cap, 0..3)
}

/// Good terms with some of everything.
pub fn program() -> impl Strategy<Value = Program> {
    let programs = Programs::folder(&root().join("programs")).unwrap();
    let id = ProgramId::parse("laws").unwrap();
    let base = programs.changed("owner-referrals-tour-and-launch", &[], &id).unwrap();
    let base: Terms = ProgramDocument::read(base, None).unwrap().program.deref().clone();
    let which =
        prop_oneof![Just(Which::First), Just(Which::Every), (1_u32..3).prop_map(Which::Months)];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let rewards = (ladder(), prop::option::of(reward()), caps());
    let factors = (1_u32..40_000, 1_u32..40_000);
    let numbers = (0_i64..3_000, 1_u32..40, 0_u32..20);
    (which, flags, rewards, factors, numbers).prop_map(
        move |(which, (first_click, wins, new_only), rewards, (group_bp, boost_bp), numbers)| {
            let mut terms = base.clone();
            terms.qualifies.which = which;
            terms.qualifies.new_customers_only = new_only;
            terms.attribution.model =
                if first_click { Model::FirstClick } else { Model::LastClick };
            terms.attribution.typed_code = if wins { TypedCode::Wins } else { TypedCode::Loses };
            (terms.advocate_reward, terms.friend_reward, terms.caps) = rewards;
            (terms.qualifies.minimum_minor, terms.attribution.window_days, terms.hold_days) =
                numbers;
            terms.groups = vec![Group { name: "staff".to_owned(), factor_bp: group_bp }];
            let (from, to) = (BEGINNING.plus_days(10), BEGINNING.plus_days(25));
            terms.boosts = vec![Boost { from, to, side: Side::Advocate, factor_bp: boost_bp }];
            for (milestone, at) in terms.milestones.iter_mut().zip([2, 4]) {
                milestone.at = at;
            }
            Program::new(terms).unwrap()
        },
    )
}

/// One version of the terms, in force from the beginning.
pub fn history(program: Program) -> TermsHistory {
    TermsHistory::new(vec![(BEGINNING, program)]).unwrap()
}

/// Three advocates, one of them blocked, one of them a customer too.
pub fn advocates() -> Vec<Advocate> {
    let advocate = |number: u8, blocked_from| Advocate {
        code: code(number),
        identities: vec![key(100 + number)],
        blocked_from,
    };
    vec![advocate(1, None), advocate(2, None), advocate(3, Some(BEGINNING))]
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let claim = prop_oneof![
        4 => (instant(), 1_u8..5).prop_map(|(clicked_at, number)| Some(ClaimRead::Good {
            clicked_at,
            code: code(number),
            channel: 0,
            bucket: [0; 4],
        })),
        1 => Just(Some(ClaimRead::Invalid)),
        1 => Just(Some(ClaimRead::OtherProgram)),
        2 => Just(None),
    ];
    let typed = prop_oneof![
        3 => Just(None),
        1 => (1_u8..5).prop_map(|number| Some(CodeRead::Code(code(number)))),
        1 => Just(Some(CodeRead::Invalid)),
    ];
    (claim, typed).prop_map(|(claim, code)| Evidence { claim, code })
}

/// A report of an order.
pub fn paid() -> impl Strategy<Value = Paid> {
    let version = prop_oneof![Just(None), instant().prop_map(Some)];
    let email = prop_oneof![Just(None), (99_u8..103).prop_map(|number| Some(key(number)))];
    let signup = prop::bool::weighted(0.1);
    (version, instant(), signup, 0_i64..5_000, email, prop::bool::weighted(0.1), evidence())
        .prop_map(|(version_at, occurred_at, signup, minor, email, existing, evidence)| Paid {
            version_at,
            occurred_at,
            kind: if signup { Kind::Signup } else { Kind::Purchase },
            value: (!signup).then(|| euro(minor)),
            customer: key(100),
            email,
            existing,
            evidence,
            lines: Vec::new(),
        })
}

/// Several orders of one friend.
pub fn orders() -> impl Strategy<Value = Vec<Order>> {
    prop::collection::vec(paid(), 0..6).prop_map(|reports| {
        let orders = (1_u8..).zip(reports);
        orders.filter_map(|(number, paid)| Order::fold(key(number), &[paid], &[])).collect()
    })
}

/// Several refunds, of which some may be the same.
pub fn refunds() -> impl Strategy<Value = Vec<Refund>> {
    let refund = (0_u8..3, instant(), 0_i64..4_000).prop_map(|(id, occurred_at, minor)| {
        Refund::new(format!("R-{id}"), occurred_at, euro(minor))
    });
    prop::collection::vec(refund, 0..3)
}

/// An advocate's book, nothing in it settled.
pub fn book() -> impl Strategy<Value = Book> {
    let line = (instant(), 0_i64..6_000, refunds(), prop::bool::weighted(0.1));
    let lines = prop::collection::vec(line, 0..7).prop_map(|lines| {
        let lines = (1_u8..).zip(lines);
        let line = |(number, (occurred_at, minor, refunds, is_refused))| BookLine {
            order: key(number),
            friend: key(100 + number),
            occurred_at,
            value: Some(euro(minor)),
            qualifying_minor: minor,
            refunds,
            is_refused,
            settlement: None,
        };
        lines.map(line).collect::<Vec<BookLine>>()
    });
    let group = prop_oneof![Just(None), Just(Some("staff".to_owned()))];
    (lines, group).prop_map(|(lines, group)| Book {
        code: code(1),
        group,
        invited_by: None,
        draws: Vec::new(),
        lines,
        milestones: Vec::new(),
        decisions: Vec::new(),
    })
}

/// A book under terms, with rewards the owner voided.
pub fn book_under_terms() -> impl Strategy<Value = (Book, TermsHistory)> {
    let voided = prop::collection::vec((1_u8..7, any::<bool>()), 0..3);
    (book(), program(), voided).prop_map(|(mut book, program, voided)| {
        let terms = history(program);
        for (number, is_friend) in voided {
            let part = if is_friend { Part::Friend } else { Part::Advocate };
            let line = book.lines.iter().find(|line| line.order == key(number));
            book.decisions.extend(line.map(|line| Decision {
                reward: RewardId::Act(part, line.slot(terms.at(line.occurred_at))),
                verdict: Verdict::Void,
            }));
        }
        (book, terms)
    })
}
