//! What a claim says. A claim is the signed token that proves a click; it
//! travels with the friend into the order. This file decides its bytes;
//! signing them and spelling them as text is left to whoever has the keys.
//!
//! A claim holds nothing personal: the advocate's code is public by nature,
//! and the bucket is a keyed hash of 32 bits that many people share.

use crate::code::ReferralCode;
use crate::terms::Model;
use crate::time::Instant;

/// Bytes of a claim before its signature.
pub const CLAIM_BYTES: usize = 32;

const VERSION: u8 = 1;

/// A click, as its claim tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The model of the program at the click; the claim's first letter, so
    /// that a page knows whether an older claim stays.
    pub model: Model,
    /// Which program, as a hash of its id.
    pub program: [u8; 8],
    /// Whose link was followed.
    pub code: ReferralCode,
    /// When.
    pub clicked_at: Instant,
    /// Through which channel: its place in the tracker's list, 0 for none.
    pub channel: u8,
    /// Address and agent of the visitor, hashed together with a key.
    pub bucket: [u8; 4],
    /// Random, so that two clicks in one millisecond differ.
    pub nonce: [u8; 7],
}

impl Claim {
    /// The letter that a claim's text begins with.
    #[must_use]
    pub fn letter(&self) -> char {
        match self.model {
            Model::FirstClick => 'f',
            Model::LastClick => 'l',
        }
    }

    /// The bytes to sign. The letter is not among them and must be signed
    /// as well.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; CLAIM_BYTES] {
        let mut bytes = [0; CLAIM_BYTES];
        let clicked_at = self.clicked_at.0.to_be_bytes();
        let parts: [&[u8]; 7] = [
            &[VERSION],
            &self.program,
            &self.code.to_bytes(),
            clicked_at.get(2..).unwrap_or_default(),
            &[self.channel],
            &self.bucket,
            &self.nonce,
        ];
        for (byte, part) in bytes.iter_mut().zip(parts.iter().copied().flatten()) {
            *byte = *part;
        }
        bytes
    }

    /// Reads a letter and bytes whose signature was found good.
    #[must_use]
    pub fn from_bytes(letter: char, bytes: &[u8; CLAIM_BYTES]) -> Option<Self> {
        let model = match letter {
            'f' => Model::FirstClick,
            'l' => Model::LastClick,
            _ => return None,
        };
        let (version, rest) = bytes.split_first()?;
        let (program, rest) = rest.split_first_chunk()?;
        let (code, rest) = rest.split_first_chunk()?;
        let (clicked_at, rest) = rest.split_first_chunk::<6>()?;
        let (channel, rest) = rest.split_first()?;
        let (bucket, rest) = rest.split_first_chunk()?;
        let clicked_ms = clicked_at.iter().fold(0, |ms, byte| ms << 8 | i64::from(*byte));
        (*version == VERSION).then_some(Claim {
            model,
            program: *program,
            code: ReferralCode::from_bytes(*code),
            clicked_at: Instant(clicked_ms),
            channel: *channel,
            bucket: *bucket,
            nonce: *rest.first_chunk()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_claim_reads_back(
            first: bool, program: [u8; 8], code: [u8; 5], clicked in 0_i64..1 << 48,
            channel: u8, bucket: [u8; 4], nonce: [u8; 7],
        ) {
            let claim = Claim {
                model: if first { Model::FirstClick } else { Model::LastClick },
                program,
                code: ReferralCode::from_bytes(code),
                clicked_at: Instant(clicked),
                channel,
                bucket,
                nonce,
            };
            let bytes = claim.to_bytes();
            prop_assert_eq!(Claim::from_bytes(claim.letter(), &bytes), Some(claim));
            prop_assert_eq!(Claim::from_bytes('x', &bytes), None);
            let mut other_version = bytes;
            other_version[0] = VERSION + 1;
            prop_assert_eq!(Claim::from_bytes(claim.letter(), &other_version), None);
        }
    }
}
