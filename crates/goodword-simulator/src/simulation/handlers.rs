//! The product's handlers at work: each on its way through the store, beside
//! the others, until it has an answer or is killed.

use super::{Bits, Running, Simulation};
use crate::kv::Location;
use crate::plan::Act;
use goodword::key::ProgramId;
use goodword::time::Instant;
use goodword_tracker::flows::settlement;
use goodword_tracker::http::{Answer, Request};
use goodword_tracker::tracker::Tracker;
use goodword_tracker::{keys, programs, router};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

impl Simulation {
    pub(super) fn cron(&mut self) {
        let runs = if self.world.chance.per_mille(350) { 2 } else { 1 };
        for _ in 0..runs {
            self.begin(Act::Cron, async |tracker| {
                scheduled(tracker).await;
                None
            });
        }
    }

    fn location(&self) -> Location {
        let number = self.world.chance.between(0, self.plan.skews_ms.len() as i64 - 1) as usize;
        Location { kv: Rc::clone(&self.kv), number }
    }

    fn clock_of(&self, location: &Location) -> i64 {
        self.world.now_ms() + self.plan.skews_ms.get(location.number).copied().unwrap_or(0)
    }

    pub(super) fn send(&mut self, act: Act, request: Option<Request>) {
        let Some(request) = request else { return self.open -= 1 };
        self.begin(act, async move |tracker| Some(router::answer(tracker, &request).await));
    }

    /// Starts a handler at some location.
    fn begin(
        &mut self,
        act: Act,
        handler: impl AsyncFnOnce(&Tracker<'_>) -> Option<Answer> + 'static,
    ) {
        let location = self.location();
        let settings = Rc::clone(&self.settings);
        let random = Bits(Rc::clone(&self.world));
        let now = self.clock_of(&location);
        let future = Box::pin(async move {
            let (store, settings, random) = (&location, &*settings, &random);
            handler(&Tracker { store, settings, now: Instant(now), random }).await
        });
        self.start(act, future, now);
    }

    fn start(
        &mut self,
        act: Act,
        future: Pin<Box<dyn Future<Output = Option<Answer>>>>,
        clock_ms: i64,
    ) {
        self.started += 1;
        let chance = &self.world.chance;
        let dies_after = chance.per_mille(self.kv.faults().kills).then(|| chance.between(1, 40));
        self.running.insert(self.started, Running { act, future, dies_after, clock_ms });
        self.go_on(self.started);
    }

    /// Polls a handler; kills it when its time has come.
    pub(super) fn go_on(&mut self, handler: u64) {
        let Some(running) = self.running.get_mut(&handler) else { return };
        self.world.run(handler);
        if running.dies_after == Some(0) {
            if let Some(dead) = self.running.remove(&handler) {
                self.world
                    .history
                    .tell(self.world.now_ms(), || format!("{} is killed", self.told(dead.act)));
                self.finished(dead.act, None, dead.clock_ms);
            }
            return;
        }
        running.dies_after = running.dies_after.map(|polls| polls - 1);
        let polled = running.future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(answer) = polled
            && let Some(done) = self.running.remove(&handler)
        {
            self.finished(done.act, answer, done.clock_ms);
        }
    }
}

/// What the Worker's cron does: settles what is due in every program.
async fn scheduled(tracker: &Tracker<'_>) {
    let Ok(page) = tracker.store.list(keys::PROGRAMS, None).await else { return };
    for (key, _) in page.entries {
        let id = key.strip_prefix(keys::PROGRAMS).and_then(ProgramId::parse);
        let Some(id) = id else { continue };
        if let Ok(current) = programs::load(tracker.store, &id).await {
            // What was not settled is still due.
            let _ = settlement::settle(tracker, &current).await;
        }
    }
}
