//! Codes as people mistype them: what is read as a code is one, and reads
//! back, whatever name stands before it. What is worth trying first is in
//! `code.corpus.json`.

use crate::shop::Shop;
use goodword::code::{CODE_SYMBOLS, PREFIX_LETTERS_MAX, ReferralCode};
use http::Method;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

/// Reading a text as a code and showing a code after a name.
fn check(text: &str) -> Result<(), TestCaseError> {
    if let Some(code) = ReferralCode::parse(text) {
        let shown = code.to_string();
        prop_assert_eq!(ReferralCode::parse(&shown), Some(code));
        prop_assert_eq!(ReferralCode::parse(&text.to_lowercase()), Some(code));
        prop_assert_eq!(ReferralCode::from_bytes(code.to_bytes()), code);
        // Symbols stand at the end of what was typed, and nothing else decides.
        let typed = text.trim().to_ascii_uppercase().replace('O', "0").replace(['I', 'L'], "1");
        prop_assert!(typed.ends_with(&shown), "{text} was read as {shown}");
    }
    let code = ReferralCode::from_bytes([0x12, 0x34, 0x56, 0x78, 0x9a]);
    let named = code.with_name(text);
    prop_assert_eq!(ReferralCode::parse(&named), Some(code));
    prop_assert!(named.is_ascii() && named.len() <= PREFIX_LETTERS_MAX + 1 + CODE_SYMBOLS);
    Ok(())
}

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,60}") {
        check(&text)?;
    }

    #[test]
    fn a_good_code_with_one_character_put_in_taken_out_or_another(
        bytes: [u8; 5], name in "(|[A-Za-z]{1,12}-|é-|--)", at: Index, with: Option<char>, instead: bool,
    ) {
        let mut text: Vec<char> = format!("{name}{}", ReferralCode::from_bytes(bytes)).chars().collect();
        let at = at.index(text.len());
        if instead {
            text.remove(at);
        }
        text.splice(at..at, with);
        check(&text.into_iter().collect::<String>())?;
    }
}

#[test]
fn the_corpus() {
    let shop = Shop::open(&[]);
    let corpus = include_str!("../../fixtures/code.corpus.json");
    for text in serde_json::from_str::<Vec<String>>(corpus).unwrap() {
        check(&text).unwrap();
        // A friend who follows it comes to the shop or to nothing, never to a fault of ours.
        let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let answer = shop.send(Method::GET, &format!("/r/{encoded}"), &[], &Value::Null);
        assert!([302, 404].contains(&answer.status), "{} for {text}", answer.status);
    }
}
