//! What every handler is given: the store, the settings, the present and
//! randomness. All are passed in, so that a test can be any of them.

use crate::random::Random;
use crate::settings::Settings;
use crate::store::Store;
use goodword::time::Instant;

/// The surroundings of one request.
pub struct Tracker<'a> {
    /// Where facts are kept.
    pub store: &'a dyn Store,
    /// What the owner set.
    pub settings: &'a Settings,
    /// The present.
    pub now: Instant,
    /// Randomness.
    pub random: &'a dyn Random,
}
