//! The demo shop's program: there from the first start, and always at the address that is served.
//!
//! What an owner has changed about its terms stays; only where it leads and which pages may use
//! it follow the server's port.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    http,
    project::root,
    steps::{Told, told},
};

const PATH: &str = "/v1/programs/demo";

/// Puts the program where it is missing, or where it belongs to another port.
pub fn put(port: u16, owner_key: &str) -> Result<Told<()>> {
    let found = http::ask(port, "GET", PATH, Some(owner_key), None)?;
    let (program, words) = match found.status {
        200 => {
            let stored = serde_json::from_str(&found.body).context("the terms are not JSON")?;
            if is_at(&stored, port) {
                return Ok(told("demo is there", ()));
            }
            (stored, "demo moved to this port")
        }
        404 => {
            let path = root().join("programs/demo.json");
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let file = serde_json::from_str(&text)
                .with_context(|| format!("{} is not JSON", path.display()))?;
            (file, "demo put from programs/demo.json")
        }
        status => bail!("the tracker answered {status} to GET {PATH}: {}", found.body),
    };
    let body = moved_to(program, port).to_string();
    let answer = http::ask(port, "PUT", PATH, Some(owner_key), Some(&body))?;
    if !(200..300).contains(&answer.status) {
        bail!("the tracker answered {} to PUT {PATH}: {}", answer.status, answer.body);
    }
    Ok(told(words, ()))
}

fn origins(port: u16) -> [String; 2] {
    [format!("http://localhost:{port}"), format!("http://127.0.0.1:{port}")]
}

fn is_at(program: &Value, port: u16) -> bool {
    let known = program.get("origins").and_then(Value::as_array);
    known.is_some_and(|known| origins(port).iter().all(|origin| known.contains(&json!(origin))))
}

fn moved_to(mut program: Value, port: u16) -> Value {
    if let Some(terms) = program.as_object_mut() {
        terms.insert("destination".to_owned(), json!(format!("http://localhost:{port}/")));
        terms.insert("origins".to_owned(), json!(origins(port)));
    }
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_moves_with_the_port_and_keeps_its_terms() {
        let stored = json!({
            "name": "My tea", "destination": "http://localhost:1/", "origins": ["http://localhost:1"],
        });
        assert!(!is_at(&stored, 2));
        let moved = moved_to(stored, 2);
        assert!(is_at(&moved, 2));
        assert!(!is_at(&moved, 1));
        assert_eq!(moved.get("name"), Some(&json!("My tea")));
        assert_eq!(moved.get("destination"), Some(&json!("http://localhost:2/")));
    }
}
