//! The owner's log: a line of JSON for each failure, written once, where it
//! is handled. It names no person and no code; units come last in names.

use goodword_api::object;
use serde_json::Value;
use std::fmt::Display;

/// Writes what failed, its circumstances (an object) and what was said.
pub fn failure(what: &str, about: Value, detail: impl Display) {
    let line = line(what, about, &detail.to_string());
    #[cfg(target_arch = "wasm32")]
    worker::console_error!("{line}");
    #[cfg(not(target_arch = "wasm32"))]
    if !cfg!(feature = "quiet") {
        eprintln!("{line}");
    }
}

fn line(what: &str, about: Value, detail: &str) -> Value {
    let mut line = object!({"level": "error", "what": what, "detail": detail});
    if let (Value::Object(line), Value::Object(about)) = (&mut line, about) {
        line.extend(about);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_has_what_failed_and_its_circumstances() {
        let line = line("settling failed", json!({"program": "demo"}), "KV PUT: 429");
        let wanted = json!({
            "level": "error", "what": "settling failed", "detail": "KV PUT: 429", "program": "demo",
        });
        assert_eq!(line, wanted);
    }
}
