//! Workers' Rate Limiting, a binding a kind. It counts at one of Cloudflare's
//! locations, in memory and about right: enough to slow somebody down.

use super::{Kind, Limiter};
use crate::log;
use async_trait::async_trait;
use serde_json::json;
use worker::Env;

/// The bindings of an environment. Where one is missing its kind is not
/// limited.
pub struct Bindings(pub Env);

#[async_trait(?Send)]
impl Limiter for Bindings {
    async fn allows(&self, kind: Kind, name: &str) -> bool {
        let Ok(limiter) = self.0.rate_limiter(kind.binding()) else { return true };
        match limiter.limit(name.to_owned()).await {
            Ok(outcome) => outcome.success,
            Err(error) => {
                let binding = kind.binding();
                log::failure("a limit was not counted", json!({"binding": binding}), &error);
                true
            }
        }
    }
}
