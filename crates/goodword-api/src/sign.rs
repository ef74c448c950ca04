//! The channels' signs, as the offer gives them to the panel: only those of a program's channels
//! travel.
//!
//! They are drawn with one stroke on a square of 24, in about 60 bytes each where the networks'
//! own artwork takes 250. The name stands beside each, so that none is a riddle.

use crate::json;
use alloc::string::String;
use serde_json::{Map, Value};

/// Each channel's sign: the `d` of an SVG path.
const SIGNS: [(&str, &str); 18] = [
    (
        "whatsapp",
        "M4 20l1.3-4A8 8 0 1 1 8.4 19zM9 8.5c0 3 3 6 6 6l1-2-2.3-1-1 1c-1-.5-1.6-1.2-2-2l1-1-1-2z",
    ),
    ("telegram", "M21 4L3 11l5 2 2 6 3-4 5 4zM8 13l9-6-6 7"),
    ("x", "M4 4h4l12 16h-4zM19 4l-6.5 7M11 13.5L5 20"),
    (
        "facebook",
        "M14 21v-8h3l.5-3.5H14V8c0-1 .5-1.7 1.7-1.7H18V3h-3c-2.8 0-4.5 1.7-4.5 4.5v2H7V13h3.5v8z",
    ),
    (
        "messenger",
        "M12 3c-5 0-9 3.5-9 8.3 0 2.5 1.2 4.7 3 6.2V21l3-1.7c6 1.5 12-2.3 12-8C21 6.5 17 3 12 3zM7 13l3.5-3.5 3 2.5L17 9",
    ),
    ("linkedin", "M4 4h16v16H4zM8 11v5M8 8v.1M12 16v-5m0 2.5c0-3 4-3 4 0V16"),
    (
        "reddit",
        "M12 8c5 0 8 2.5 8 6s-3 6-8 6-8-2.5-8-6 3-6 8-6zl1-4 4 1M9 13v.1M15 13v.1M9 16.5c2 1.5 4 1.5 6 0",
    ),
    (
        "bluesky",
        "M12 11C10 7 6 4 3 4c0 6 1 8 5 8-4 1-3 5 0 7 2 1 3-2 4-4 1 2 2 5 4 4 3-2 4-6 0-7 4 0 5-2 5-8-3 0-7 3-9 7z",
    ),
    (
        "mastodon",
        "M8 17c3 1 6 1 9 0 3-1 3-4 3-6V9c0-4-3-5-8-5S4 5 4 9c0 6 0 9 4 11 2 1 4 1 6 .5M8 13V9.5c0-2 4-2 4 0V12m0-2.5c0-2 4-2 4 0V13",
    ),
    ("threads", "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zv1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-4 7.5"),
    ("pinterest", "M12 3a9 9 0 1 1-.1 0zM9.5 19l2.5-10M9 13c-1-2 .5-5 3-5s4 2 3 4.5-4 3-4.5.5"),
    (
        "line",
        "M12 4c5 0 9 3 9 7s-5 7-9 10v-3.5C7 17.5 3 15 3 11s4-7 9-7zM7 9v4h2M11.5 9v4M14 13V9l3 4V9",
    ),
    ("weibo", "M10 9c4-1.5 7 .5 6 3 3 2 0 8-6 8s-9-4-6-8 7-5 6-3zM14 4c4-1 7 2 6 6"),
    (
        "wechat",
        "M9 4c4 0 6 2.5 6 5s-2 5-6 5l-3 2v-3C2 11 2 4 9 4zM16 9c6 .5 6 6 3 8v3l-3-2c-3 0-5-1-5.5-3.5",
    ),
    ("vk", "M3 7c.5 6 4 10 9 10V7M12 11c3-.5 5-2 6-4M12 12c3 .5 5 2.5 6.5 5"),
    (
        "viber",
        "M12 3c6 0 8 2 8 8s-2 8-8 8l-4 3v-4c-3-1-4-3-4-7 0-6 2-8 8-8zM9 8c0 4 2 6 5 7l1.5-1.5-2-1.5-1 1c-1-.5-1.5-1-2-2l1-1L10 7z",
    ),
    ("email", "M3 6h18v12H3zl9 7 9-7"),
    ("sms", "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5"),
];

/// The signs of those channels, by channel.
#[must_use]
pub fn signs<'a>(channels: impl IntoIterator<Item = &'a str>) -> Map<String, Value> {
    let sign = |channel: &'a str| SIGNS.iter().find(|(known, _)| *known == channel);
    let named = channels.into_iter().filter_map(sign);
    json::named(named.map(|(channel, sign)| ((*channel).into(), (*sign).into())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::CHANNELS;

    #[test]
    fn every_channel_that_leads_elsewhere_has_a_sign() {
        let here = ["copy", "native"];
        for channel in CHANNELS {
            assert_eq!(signs([channel]).len(), usize::from(!here.contains(&channel)), "{channel}");
        }
        assert!(signs(["fax"]).is_empty());
    }
}
