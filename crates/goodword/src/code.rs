//! Referral codes: nine symbols of Crockford's base 32, eight of them data
//! (40 bits) and the last a check symbol.
//!
//! The check symbol catches every single wrong symbol and every swap of two
//! neighbours. It is a weighted sum over the field of 32 elements: symbol
//! number `i` from the right weighs `a^i`, where `a` generates the field, and
//! the sum of a good code is zero. All weights differ from zero, so one wrong
//! symbol shows; neighbouring weights differ from each other, so a swap shows.

use alloc::string::String;
use core::fmt;

/// Symbols in a code, the check symbol included.
pub const CODE_SYMBOLS: usize = 9;

/// Most letters of a first name shown before a code.
pub const PREFIX_LETTERS_MAX: usize = 10;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The token that names an advocate in a program: 40 bits, always with a
/// good check symbol when it is read or shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferralCode(u64);

impl ReferralCode {
    /// The code of these 40 bits.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 5]) -> Self {
        ReferralCode(bytes.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte)))
    }

    /// The 40 bits, most significant first.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 5] {
        let [_, _, _, a, b, c, d, e] = self.0.to_be_bytes();
        [a, b, c, d, e]
    }

    /// Reads a code as people type it: in either case, with `O` for `0` and
    /// `I` or `L` for `1`, with or without a name and a hyphen before it.
    /// The name is ignored. `None` when this cannot be a code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, symbols) = text.trim().rsplit_once('-').unwrap_or(("", text.trim()));
        let name_fits = name.len() <= 4 * PREFIX_LETTERS_MAX;
        if !name_fits || symbols.len() != CODE_SYMBOLS {
            return None;
        }
        let mut bits = 0;
        let mut sum = 0;
        for byte in symbols.bytes() {
            let value = symbol_value(byte)?;
            sum = times_generator(sum) ^ value;
            bits = bits << 5 | u64::from(value);
        }
        (sum == 0).then_some(ReferralCode(bits >> 5))
    }

    /// The code with the advocate's first name before it, such as
    /// `ANNA-7K3FQ2M9X`; without it where the name has no Latin letters.
    #[must_use]
    pub fn with_name(self, display_name: &str) -> String {
        let first = display_name.split_whitespace().next().unwrap_or_default();
        let plain = first.chars().all(|letter| letter.is_ascii_alphabetic());
        let mut text = String::new();
        if plain && !first.is_empty() && first.len() <= PREFIX_LETTERS_MAX {
            text.push_str(&first.to_ascii_uppercase());
            text.push('-');
        }
        for symbol in self.symbols() {
            text.push(char::from(symbol));
        }
        text
    }

    fn symbols(self) -> [u8; CODE_SYMBOLS] {
        let mut symbols = [b'0'; CODE_SYMBOLS];
        let mut sum = 0;
        for (index, symbol) in symbols.iter_mut().take(CODE_SYMBOLS - 1).enumerate() {
            let value = (self.0 >> (35 - 5 * index) & 31) as u8;
            sum = times_generator(sum) ^ value;
            *symbol = symbol_for(value);
        }
        if let Some(check) = symbols.last_mut() {
            *check = symbol_for(times_generator(sum));
        }
        symbols
    }
}

/// Multiplies by the generator `x` of the field of 32 elements, whose
/// polynomial is `x^5 + x^2 + 1`.
fn times_generator(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 { doubled } else { (doubled ^ 0b10_0101) & 31 }
}

fn symbol_for(value: u8) -> u8 {
    ALPHABET.get(usize::from(value)).copied().unwrap_or(b'0')
}

fn symbol_value(byte: u8) -> Option<u8> {
    let symbol = match byte.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.iter().position(|candidate| *candidate == symbol).map(|value| value as u8)
}

impl fmt::Display for ReferralCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.symbols().iter().try_for_each(|symbol| write!(f, "{}", char::from(*symbol)))
    }
}

impl fmt::Debug for ReferralCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    #[test]
    fn a_name_before_the_code_is_for_people_only() {
        let code = ReferralCode::from_bytes([0x12, 0x34, 0x56, 0x78, 0x9a]);
        let bare = code.to_string();
        let check = |name: &str, text: String| assert_eq!(code.with_name(name), text);
        check("Anna Kowalska", format!("ANNA-{bare}"));
        check("Zoë", bare.clone());
        check("安娜", bare.clone());
        check("", bare.clone());
        check("Maximilianus", bare.clone());
        for typed in [
            format!("ANNA-{bare}"),
            format!("x-y-{bare}"),
            bare.to_lowercase(),
            format!(" {bare} "),
        ] {
            assert_eq!(ReferralCode::parse(&typed), Some(code), "{typed}");
        }
    }

    #[test]
    fn look_alikes_are_read_as_what_they_resemble() {
        let zero = ReferralCode::from_bytes([0; 5]);
        assert_eq!(ReferralCode::parse("OoOoOoOoO"), Some(zero));
        let code = ReferralCode::parse(&zero.to_string());
        assert_eq!(code, Some(zero));
    }

    #[test]
    fn what_cannot_be_a_code() {
        for text in
            ["", "-", "ANNA-", "00000000", "0000000000", "00000000U", "é0000000", "0000 0000"]
        {
            assert_eq!(ReferralCode::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_code_reads_back(bytes: [u8; 5]) {
            let code = ReferralCode::from_bytes(bytes);
            prop_assert_eq!(code.to_bytes(), bytes);
            prop_assert_eq!(ReferralCode::parse(&code.to_string()), Some(code));
        }

        #[test]
        fn every_single_wrong_symbol_and_every_neighbor_swap_is_caught(bytes: [u8; 5]) {
            let good: Vec<u8> = ReferralCode::from_bytes(bytes).symbols().to_vec();
            for place in 0..CODE_SYMBOLS {
                for symbol in ALPHABET.iter().filter(|symbol| **symbol != good[place]) {
                    let mut wrong = good.clone();
                    wrong[place] = *symbol;
                    prop_assert_eq!(ReferralCode::parse(core::str::from_utf8(&wrong).unwrap()), None);
                }
                if place > 0 && good[place - 1] != good[place] {
                    let mut swapped = good.clone();
                    swapped.swap(place - 1, place);
                    prop_assert_eq!(ReferralCode::parse(core::str::from_utf8(&swapped).unwrap()), None);
                }
            }
        }
    }
}
