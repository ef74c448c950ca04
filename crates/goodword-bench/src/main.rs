//! The settlement fold at scale, one core: a million conversions with ten
//! clicks' tallies each, streamed an advocate at a time as a cron run would.
//!
//! Prints facts a second and peak memory at 10⁴, 10⁵ and 10⁶ conversions, so
//! that the growth shows. It measures and judges nothing: machines differ.

// A bench prints; and what it was given is its own.
#![allow(clippy::print_stdout, clippy::expect_used)]

mod world;

use goodword::attribution::{Attribution, attribute};
use goodword::book::{Book, BookLine, Settlement};
use goodword::key::OrderKey;
use goodword::metrics::{Day, Dimension, Fact, Member, Place, Report, Traffic, facts_of_book};
use goodword::order::Order;
use goodword::sorted::Map;
use goodword::terms::TermsHistory;
use std::time::Instant as Stopwatch;
use world::{Slice, World};

fn main() {
    println!("conversions       facts   facts/s  peak memory");
    for conversions in [10_000, 100_000, 1_000_000] {
        let world = World::new(conversions);
        let begun = Stopwatch::now();
        let (facts, confirmed) = run(&world);
        let seconds = begun.elapsed().as_secs_f64();
        println!(
            "{conversions:>11} {facts:>11} {:>9.0}  {} KiB ({confirmed} rewards final)",
            facts as f64 / seconds,
            peak_kib().map_or_else(|| "?".to_owned(), |kib| kib.to_string()),
        );
    }
}

/// Settles every advocate's slice and counts it. Nothing of an advocate is
/// kept but what the report sums up.
fn run(world: &World) -> (u64, u64) {
    let mut report = Report::new(Dimension::Day);
    let mut facts = 0;
    let mut confirmed = 0;
    for slice in world.slices() {
        facts += slice.facts();
        confirmed += settle(world.terms(), &slice, &mut report);
    }
    let revenue_minor = report.total().referred_revenue_minor;
    assert!(revenue_minor > 0, "the report was folded");
    (facts, confirmed)
}

fn settle(terms: &TermsHistory, slice: &Slice, report: &mut Report) -> u64 {
    let mut clicks = Map::new();
    let mut lines: Vec<BookLine> = Vec::with_capacity(slice.orders.len());
    for (key, reports, refunds) in &slice.orders {
        let Some(order) = Order::fold(*key, reports, &[]) else { continue };
        let outcomes = attribute(std::slice::from_ref(&order), terms, &slice.advocates);
        let Some((_, Attribution::To(credit))) = outcomes.first() else { continue };
        clicks.extend(credit.click.map(|click| (*key, click)));
        lines.push(BookLine {
            order: *key,
            friend: order.customer,
            occurred_at: order.occurred_at,
            value: order.value,
            qualifying_minor: order.qualifying_minor(terms.at(order.occurred_at)).unwrap_or(0),
            refunds: refunds.clone(),
            is_refused: false,
            settlement: None,
        });
    }
    let mut book = Book {
        code: slice.code,
        group: None,
        invited_by: None,
        draws: Vec::new(),
        lines,
        milestones: Vec::new(),
        decisions: Vec::new(),
    };
    let due: Vec<OrderKey> = book.lines.iter().map(|line| line.order).collect();
    let mut finals = Map::new();
    for (order, last) in book.finals(&due, terms) {
        finals.or_insert(order, Vec::new()).push(last);
    }
    let confirmed = finals.values().map(Vec::len).sum::<usize>() as u64;
    for line in &mut book.lines {
        line.settlement = finals.remove(&line.order).map(Settlement::Confirmed);
    }
    for fact in tallies(slice) {
        report.add(&fact);
    }
    let home = Place { day: Day::of(slice.first_day), ..Place::default() };
    let member = Member { home, has_shared: true, currency: world::CURRENCY };
    for fact in facts_of_book(&book, member, terms, &clicks) {
        report.add(&fact);
    }
    confirmed
}

/// The clicks behind the orders, as their tallies are kept.
fn tallies(slice: &Slice) -> impl Iterator<Item = Fact> {
    (0..slice.tallies).map(|part| {
        let day = Day::of(slice.first_day.plus_days((part % 28) as u32));
        let place = Place { day, channel: (part % 6) as u8, ..Place::default() };
        Fact::Traffic(Traffic { place, part, clicks: 1, people: 1, shares: part % 7 / 6 })
    })
}

/// The most memory this process had, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
