//! Randomness, in one place.

/// Where random bytes come from.
pub trait Random {
    /// Fills a buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The runtime's own generator.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        // Without randomness two clicks in one millisecond make one claim,
        // and a seal's nonce would repeat: the time is mixed in elsewhere, so
        // a failure here is survivable, and no runtime we know has one.
        let _ = getrandom::fill(buffer);
    }
}

/// 64 random bits as 16 hexadecimal digits.
#[must_use]
pub fn name(random: &dyn Random) -> String {
    let mut buffer = [0; 8];
    random.fill(&mut buffer);
    format!("{:016x}", u64::from_be_bytes(buffer))
}
