//! Percent-encoding for the values of share addresses.
//!
//! The same characters stay as with JavaScript's `encodeURIComponent`; a space is `%20`, never
//! `+`, which mail programs and messengers would show as a plus sign.

use crate::bytes::Buffer;

/// Appends `value`, encoded.
pub fn encode(out: &mut Buffer<'_>, value: &[u8]) {
    for byte in value {
        if byte.is_ascii_alphanumeric() || is_plain_mark(*byte) {
            out.push(&[*byte]);
        } else {
            out.push(&[b'%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
}

fn is_plain_mark(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')')
}

fn hex(digit: u8) -> u8 {
    digit + if digit < 10 { b'0' } else { b'A' - 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_byte_for_byte() {
        let check = |value: &str, encoded: &str| {
            let mut place = [0; 99];
            let mut out = Buffer::new(&mut place);
            encode(&mut out, value.as_bytes());
            assert_eq!(out.text(), encoded.as_bytes());
        };
        check("", "");
        check("abcXYZ019-_.~!*'()", "abcXYZ019-_.~!*'()");
        check("a b", "a%20b");
        check("a+b", "a%2Bb");
        check("Tea & cake #1", "Tea%20%26%20cake%20%231");
        check("100 % ?=/:@", "100%20%25%20%3F%3D%2F%3A%40");
        check("line\r\nbreak\n", "line%0D%0Abreak%0A");
        check("€10", "%E2%82%AC10");
        check("🍵", "%F0%9F%8D%B5");
        check("好茶", "%E5%A5%BD%E8%8C%B6");
        check("شاي", "%D8%B4%D8%A7%D9%8A");
        check("\"<>`{}|\\^", "%22%3C%3E%60%7B%7D%7C%5C%5E");
    }
}
