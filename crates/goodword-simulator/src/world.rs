//! Virtual time: a clock that jumps from event to event, and futures that
//! wait for it. Nothing here takes real time.

use crate::history::History;
use crate::random::Chance;
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Something that happens at its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A handler goes on.
    Wake(u64),
    /// Somebody does something.
    Act(usize),
}

/// Clock, events, chance and history of one run.
#[derive(Debug)]
pub struct World {
    /// What chance decides.
    pub chance: Chance,
    /// What happened.
    pub history: History,
    now_ms: Cell<i64>,
    events: RefCell<BinaryHeap<Reverse<(i64, u64, Event)>>>,
    number: Cell<u64>,
    running: Cell<u64>,
    wakers: RefCell<BTreeMap<u64, Waker>>,
}

impl World {
    /// A world that begins at an instant.
    #[must_use]
    pub fn new(seed: u64, now_ms: i64, history: History) -> Self {
        World {
            chance: Chance::new(seed),
            history,
            now_ms: Cell::new(now_ms),
            events: RefCell::default(),
            number: Cell::new(0),
            running: Cell::new(0),
            wakers: RefCell::default(),
        }
    }

    /// The present.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms.get()
    }

    /// Lets something happen later. Of two things at one instant the one that
    /// was asked for first happens first.
    pub fn schedule(&self, at_ms: i64, event: Event) -> u64 {
        let number = self.number.get() + 1;
        self.number.set(number);
        self.events.borrow_mut().push(Reverse((at_ms.max(self.now_ms()), number, event)));
        number
    }

    /// Goes to the next event.
    pub fn next(&self) -> Option<Event> {
        let Reverse((at_ms, number, event)) = self.events.borrow_mut().pop()?;
        self.now_ms.set(at_ms);
        if let Some(waker) = self.wakers.borrow_mut().remove(&number) {
            waker.wake();
        }
        Some(event)
    }

    /// When somebody does something next.
    #[must_use]
    pub fn time_of_next_act(&self) -> Option<i64> {
        let events = self.events.borrow();
        let acts = events.iter().filter(|Reverse((.., event))| matches!(event, Event::Act(_)));
        acts.map(|Reverse((at_ms, ..))| *at_ms).min()
    }

    /// Lets time pass in which nothing happens.
    pub fn pass_until(&self, at_ms: i64) {
        self.now_ms.set(self.now_ms().max(at_ms));
    }

    /// Says which handler's futures are polled from now on.
    pub fn run(&self, handler: u64) {
        self.running.set(handler);
    }

    /// Waits, and lets every other handler go on meanwhile.
    pub fn sleep(&self, ms: i64) -> Sleep<'_> {
        Sleep { world: self, ms, until_ms: None }
    }
}

/// A wait. It is pending at least once, so that whatever waits can be killed
/// or overtaken there.
#[derive(Debug)]
pub struct Sleep<'a> {
    world: &'a World,
    ms: i64,
    until_ms: Option<i64>,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let world = self.world;
        match self.until_ms {
            Some(until_ms) if until_ms <= world.now_ms() => Poll::Ready(()),
            Some(_) => Poll::Pending,
            None => {
                let until_ms = world.now_ms() + self.ms.max(1);
                self.until_ms = Some(until_ms);
                let number = world.schedule(until_ms, Event::Wake(world.running.get()));
                world.wakers.borrow_mut().insert(number, context.waker().clone());
                Poll::Pending
            }
        }
    }
}
