//! `GET /qr/{code}.svg`: the share link as a QR code, with the channel by which
//! it is shared where `c` names one. Any code that is one is drawn, whether it
//! names somebody or not: that costs no look-up, tells nothing, and may be kept
//! by whoever asked.

use crate::http::{Answer, Handled, Request};
use crate::routes::advocates::share_link;
use crate::tracker::Tracker;
use goodword::code::ReferralCode;
use goodword_api::channel::number_of;
use goodword_api::problem::{Code, Problem};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Modules of white around the code, as the standard wants.
const QUIET: i32 = 4;

pub(crate) fn get(tracker: &Tracker<'_>, request: &Request, text: &str) -> Handled {
    let unknown = || Problem::new(Code::NotFound, "This cannot be a code.");
    let code = ReferralCode::parse(text).ok_or_else(unknown)?;
    // A link written in capitals alone would need fewer modules, but paths
    // are not the same in other letters everywhere.
    let mut link = share_link(tracker, request, &code.to_string());
    if let Some(channel) = request.parameter("c").filter(|channel| number_of(channel) != 0) {
        link = format!("{link}?c={channel}");
    }
    let drawn = QrCode::encode_text(&link, QrCodeEcc::Medium).map_err(|_| unknown())?;
    Ok(Answer { body: svg(&drawn).into_bytes(), ..Answer::empty(200) }
        .with("content-type", "image/svg+xml")
        .with("cache-control", "public, max-age=86400")
        .with("access-control-allow-origin", "*")
        // Pages that isolate themselves show pictures only of those who allow it.
        .with("cross-origin-resource-policy", "cross-origin"))
}

/// One path, a unit square for each dark module.
fn svg(code: &QrCode) -> String {
    let mut squares = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a text cannot fail.
            let _ = write!(squares, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    let side = code.size() + 2 * QUIET;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0,0h{side}v{side}h-{side}z\"/>\
         <path d=\"{squares}\"/></svg>"
    )
}
