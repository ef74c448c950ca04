//! `GET /health`: that this Worker runs. It touches no store, so it tells
//! nothing about one.

use crate::http::Answer;
use goodword_api::object;

pub(crate) fn get() -> Answer {
    Answer::json(200, &object!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}
