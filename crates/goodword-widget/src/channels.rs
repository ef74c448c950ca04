//! The channels a program may offer: their names, limits and addresses.
//!
//! The table is one text, a channel to a line: id, name, letters at most (0 where nobody would
//! reach the limit), address. A table of structures would spend eight bytes of the
//! download on each pointer. In an address, `{text}` is the message, `{link}` the share link,
//! `{both}` one after the other, `{subject}` the e-mail's; an empty one is reached by QR code.
//!
//! Their signs come with the offer, so that only those of the program's channels travel.

use crate::bytes::{pieces, read_count};

/// A way to share, as the table describes it.
#[derive(Clone, Copy, Debug)]
pub struct Channel {
    /// As programs name it.
    pub id: &'static [u8],
    /// As people know it. Some names are words and have a text in the reader's language.
    pub name: &'static [u8],
    /// The most that a post may hold, link included; 0 where there is no limit to mind. Where each is
    /// written stands in www/widget/README.md.
    pub letters_max: u32,
    /// Where a press leads.
    pub address: &'static [u8],
}

// Facebook and LinkedIn read the link and nothing else.
const TABLE: &[u8] = b"\
whatsapp|WhatsApp|0|https://wa.me/?text={both}
telegram|Telegram|0|https://t.me/share/url?url={link}&text={text}
x|X|280|https://x.com/intent/tweet?text={text}&url={link}
facebook|Facebook|0|https://www.facebook.com/sharer/sharer.php?u={link}
messenger|Messenger|0|fb-messenger://share/?link={link}
linkedin|LinkedIn|0|https://www.linkedin.com/sharing/share-offsite/?url={link}
reddit|Reddit|300|https://www.reddit.com/submit?url={link}&title={text}
bluesky|Bluesky|300|https://bsky.app/intent/compose?text={both}
mastodon|Mastodon|500|https://share.joinmastodon.org/#text={both}
threads|Threads|500|https://www.threads.com/intent/post?text={text}&url={link}
pinterest|Pinterest|500|https://www.pinterest.com/pin/create/button/?url={link}&media=&description={text}
line|LINE|0|https://social-plugins.line.me/lineit/share?url={link}&text={text}
weibo|Weibo|0|https://service.weibo.com/share/share.php?url={link}&title={text}
wechat|WeChat|0|
vk|VK|0|https://vk.com/share.php?url={link}&title={text}
viber|Viber|0|viber://forward?text={both}
email|Email|0|mailto:?subject={subject}&body={both}
sms|SMS|0|sms:?&body={both}";

impl Channel {
    /// The channel of that id; a program may name one that a later version brings.
    pub fn find(id: &[u8]) -> Option<Self> {
        pieces(TABLE, b'\n').find_map(|line| {
            let mut fields = pieces(line, b'|');
            let found = fields.next()?;
            if found != id {
                return None;
            }
            Some(Self {
                id: found,
                name: fields.next()?,
                letters_max: read_count(fields.next()?),
                address: fields.next()?,
            })
        })
    }

    /// Whether the address opens in a page of its own; the others hand over to an app, which
    /// an empty page would only stand in front of.
    pub fn opens_page(self) -> bool {
        self.address.starts_with(b"https:")
    }
}
