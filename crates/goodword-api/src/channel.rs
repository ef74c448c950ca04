//! The channels a link can be shared through. A claim keeps a channel as its
//! number, so this list only grows at its end.

/// Every channel, by its name in terms and links.
pub const CHANNELS: [&str; 20] = [
    "whatsapp",
    "telegram",
    "x",
    "facebook",
    "messenger",
    "linkedin",
    "reddit",
    "bluesky",
    "mastodon",
    "threads",
    "pinterest",
    "line",
    "weibo",
    "wechat",
    "vk",
    "viber",
    "email",
    "sms",
    "copy",
    "native",
];

/// The number of a channel, counted from 1; 0 for none or an unknown one.
#[must_use]
pub fn number_of(name: &str) -> u8 {
    CHANNELS.iter().position(|channel| *channel == name).map_or(0, |index| index as u8 + 1)
}

/// The name of a channel by its number.
#[must_use]
pub fn name_of(number: u8) -> Option<&'static str> {
    CHANNELS.get(usize::from(number).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names() {
        for name in CHANNELS {
            assert_eq!(name_of(number_of(name)), Some(name));
        }
        assert_eq!((number_of("fax"), name_of(0), name_of(200)), (0, None, None));
    }
}
