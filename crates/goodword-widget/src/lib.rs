//! Decides what the share panel shows: its state, its words, its channels and where they lead.
//!
//! Bytes cross the border and nothing else. The script writes what it knows, a record of named
//! texts ([`record`]), into a place in this crate's memory and calls [`render`], which leaves a
//! list of DOM operations there ([`page`]). The script carries them out with `createElement`,
//! so that neither Trusted Types nor a strict content policy has anything to refuse.
//!
//! Left to the script: fetching, storing, the clipboard, and whatever the browser's `Intl`
//! knows better (money, dates, numbers, plural categories), which the record holds ready.
//!
//! Size decides how: in Wasm the crate has neither the standard library nor a heap, and texts
//! are byte slices, because strings would bring their searches and checks along.
#![cfg_attr(target_arch = "wasm32", no_std)]

pub mod bytes;
pub mod channels;
mod figures;
pub mod page;
pub mod panel;
pub mod record;
mod rewards;
pub mod sharing;
mod texts;

use crate::record::Record;
use core::sync::atomic::{AtomicU8, Ordering};
use wasm_bindgen::prelude::wasm_bindgen;

/// Some thousand rewards fit; of a longer record the end is missing, and rewards come last.
const KNOWN_BYTES_MAX: usize = 1 << 18;
/// What any such record can become.
const PAGE_BYTES_MAX: usize = 1 << 19;

/// Where texts cross. There is one thread, and to it an atomic byte is a byte; only the
/// language wants to be told that nobody else writes here at the same time.
static PLACE: [AtomicU8; PAGE_BYTES_MAX] = [const { AtomicU8::new(0) }; PAGE_BYTES_MAX];

/// Where the script writes the record and reads the operations.
#[wasm_bindgen]
pub fn place() -> *const u8 {
    PLACE.as_ptr().cast()
}

/// Turns the record of that many bytes into the whole panel, and tells how many bytes that is.
#[wasm_bindgen]
pub fn render(known_bytes: usize) -> usize {
    let mut known = [0; KNOWN_BYTES_MAX];
    for (byte, place) in known.iter_mut().zip(&PLACE).take(known_bytes) {
        *byte = place.load(Ordering::Relaxed);
    }
    let mut operations = [0; PAGE_BYTES_MAX];
    let known = known.get(..known_bytes).unwrap_or(&known);
    let written = panel::panel(Record::new(known), &mut operations);
    for (byte, place) in operations.iter().zip(&PLACE).take(written) {
        place.store(*byte, Ordering::Relaxed);
    }
    written
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    //! What the standard library would otherwise bring.

    /// wasm-bindgen names an allocator; nothing here ever calls it.
    #[global_allocator]
    static NONE: lol_alloc::FailAllocator = lol_alloc::FailAllocator;

    /// Ends the call; the script then shows the link as it would without Wasm.
    #[panic_handler]
    fn stop(_: &core::panic::PanicInfo) -> ! {
        core::arch::wasm32::unreachable()
    }
}
