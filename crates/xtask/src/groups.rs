//! Which process groups this command has started, so that none outlives it.
//!
//! Every child runs in a group of its own. A terminal's Ctrl-C therefore reaches this process
//! alone, which then ends the groups: politely first, for certain after a while. What the
//! children are is left to the callers.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command, exit},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicI32, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

/// How long a group may take to end by itself after SIGTERM. workerd takes well under a second.
const POLITE_MS: u64 = 5_000;
/// How long the kernel is given to take down a group after SIGKILL.
const KILLED_MS: u64 = 2_000;

static GROUPS: Mutex<Vec<i32>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static STATUS_WHEN_INTERRUPTED: AtomicI32 = AtomicI32::new(130);

/// A running group; no longer looked after once dropped.
pub struct Group(i32);

impl Drop for Group {
    fn drop(&mut self) {
        change(|groups| groups.retain(|id| *id != self.0));
    }
}

/// Starts a child as the leader of a group of its own.
pub fn spawn(command: &mut Command) -> std::io::Result<(Child, Group)> {
    let child = command.process_group(0).spawn()?;
    let id = i32::try_from(child.id()).map_err(std::io::Error::other)?;
    change(|groups| groups.push(id));
    Ok((child, Group(id)))
}

impl Group {
    /// Ends what is left of the group at once.
    pub fn kill(&self) {
        signal(self.0, Signal::SIGKILL);
    }

    /// Ends what is left of the group and waits until it is gone. Its leader must have been
    /// waited for already: until then it counts as there.
    pub fn end(&self) {
        self.kill();
        wait_until_gone(&[self.0], KILLED_MS);
    }
}

/// From now on SIGINT, SIGTERM and SIGHUP end every group and then this process.
pub fn stop_on_interrupt() -> Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, SeqCst) {
            return;
        }
        end_all();
        exit(STATUS_WHEN_INTERRUPTED.load(SeqCst));
    })
    .context("this system does not let the command listen for Ctrl-C")
}

/// SIGINT, SIGTERM and SIGHUP do nothing from now on: somebody else decides when to end.
pub fn ignore_interrupts() -> Result<()> {
    ctrlc::set_handler(|| {}).context("this system does not let the command ignore Ctrl-C")
}

/// An interrupt is the ordinary way to end a server: from now on it is a success.
pub fn interrupt_is_success() {
    STATUS_WHEN_INTERRUPTED.store(0, SeqCst);
}

/// Does not return once an interrupt has come: its handler ends the process.
pub fn wait_if_interrupted() {
    while INTERRUPTED.load(SeqCst) {
        thread::park_timeout(Duration::from_secs(1));
    }
}

/// Sends a signal to a group that may already be gone.
pub fn signal(group: i32, signal: Signal) {
    // The only faults possible are "no such group" and "not yours", and neither leaves work.
    let _ = killpg(Pid::from_raw(group), signal);
}

fn end_all() {
    let groups = change(|groups| groups.clone());
    for group in &groups {
        signal(*group, Signal::SIGTERM);
    }
    wait_until_gone(&groups, POLITE_MS);
    for group in &groups {
        signal(*group, Signal::SIGKILL);
    }
    wait_until_gone(&groups, KILLED_MS);
}

fn wait_until_gone(groups: &[i32], at_most_ms: u64) {
    let start = Instant::now();
    let there = |group: &i32| killpg(Pid::from_raw(*group), None).is_ok();
    while groups.iter().any(there) && start.elapsed() < Duration::from_millis(at_most_ms) {
        thread::sleep(Duration::from_millis(20));
    }
}

fn change<T>(work: impl FnOnce(&mut Vec<i32>) -> T) -> T {
    // A panic while the list was held cannot have left it half changed.
    work(&mut GROUPS.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
}
