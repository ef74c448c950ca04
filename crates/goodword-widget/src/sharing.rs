//! Makes the address behind a channel's button: which link, which message, within its limit.

use crate::bytes::{Buffer, cut, same};
use crate::channels::Channel;
use crate::page::ENCODED;

/// What an advocate shares.
#[derive(Clone, Copy, Debug)]
pub struct Invitation<'a> {
    /// The share link, which carries the code.
    pub link: &'a [u8],
    /// The message that goes with it, without the link.
    pub message: &'a [u8],
    /// An e-mail's subject.
    pub subject: &'a [u8],
}

/// Far beyond any code and address that the tracker makes.
const LINK_BYTES_MAX: usize = 2048;
/// X counts every link as this many letters, and the shorter ones no less.
const LINK_LETTERS_MIN: u32 = 23;

/// The dots that tell of a cut are beyond the alphabets, and X counts them twice.
const DOTS_LETTERS: u32 = 2;

/// Whether the link is one for the web. What the tracker says becomes an `href`, and there
/// `javascript:` would run in the shop's page.
pub fn is_web(link: &[u8]) -> bool {
    link.starts_with(b"https://") || link.starts_with(b"http://")
}

/// Appends the link for one channel: the tracker learns from `c` where a friend came from.
pub fn push_link(out: &mut Buffer<'_>, link: &[u8], channel: &[u8]) {
    out.push(link);
    out.push(if cut(link, b'?').is_some() { b"&c=" } else { b"?c=" });
    out.push(channel);
}

/// Appends where the channel's button leads, every value marked to be encoded, and tells whether the message
/// had to be cut.
// In place it shares what its caller holds, a hundredth of the download.
#[inline(always)]
pub fn push_address(out: &mut Buffer<'_>, channel: Channel, invitation: Invitation<'_>) -> bool {
    let mut place = [0; LINK_BYTES_MAX];
    let mut link = Buffer::new(&mut place);
    push_link(&mut link, invitation.link, channel.id);
    let (message, dots) = shortened(invitation.message, link.text(), channel.letters_max);
    let mut rest = channel.address;
    while let Some((before, behind)) = cut(rest, b'{') {
        let (value, behind) = cut(behind, b'}').unwrap_or_default();
        let is_both = same(value, b"both");
        out.push(before);
        out.push(&[ENCODED]);
        if same(value, b"text") || is_both {
            out.push(message);
            out.push(dots);
        }
        if is_both && !message.is_empty() {
            // In a letter the link deserves a paragraph of its own.
            out.push(if same(channel.id, b"email") { b"\n\n" } else { b" " });
        }
        if same(value, b"link") || is_both {
            out.push(link.text());
        }
        if same(value, b"subject") {
            out.push(invitation.subject);
        }
        out.push(&[ENCODED]);
        rest = behind;
    }
    out.push(rest);
    !dots.is_empty()
}

/// As much of the message, cut at a space, as fits beside the link, and the dots that tell of
/// the cut.
fn shortened<'a>(message: &'a [u8], link: &[u8], letters_max: u32) -> (&'a [u8], &'static [u8]) {
    // One letter for the space in between.
    let room = letters_max.saturating_sub(letters(link).max(LINK_LETTERS_MIN) + 1);
    if letters_max == 0 || letters(message) <= room {
        return (message, b"");
    }
    let mut used = 0;
    let (mut end, mut space) = (0, 0);
    for (at, byte) in message.iter().enumerate() {
        let weight = weight(*byte);
        used += weight;
        if weight > 0 {
            end = at;
        }
        if *byte == b' ' || *byte == b'\n' {
            space = at;
        }
        if used + DOTS_LETTERS > room {
            break;
        }
    }
    let end = if space > 0 { space } else { end };
    (message.get(..end).unwrap_or_default(), "…".as_bytes())
}

fn letters(text: &[u8]) -> u32 {
    text.iter().map(|byte| weight(*byte)).sum()
}

/// How many letters a character counts for, told by its first byte. X counts those beyond the
/// alphabets twice, Threads an emoji by its four bytes, and nobody counts any more than that, so it
/// holds for all.
fn weight(byte: u8) -> u32 {
    match byte {
        0x80..=0xbf => 0,
        0xf0.. => 4,
        0xe1.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::pieces;

    const LINK: &str = "https://go.shop.example/r/ANNA-7K3FQ2M9X";
    /// Everything that has ever broken a share address.
    const MESSAGE: &str = "Tea & cake #1, 100%+?\n🍵 好茶 شاي";
    const TEXT: &str = "Tea%20%26%20cake%20%231%2C%20100%25%2B%3F%0A\
        %F0%9F%8D%B5%20%E5%A5%BD%E8%8C%B6%20%D8%B4%D8%A7%D9%8A";

    fn written(channel: &str, message: &str, link: &str) -> String {
        let channel = Channel::find(channel.as_bytes()).unwrap();
        let invitation = Invitation {
            link: link.as_bytes(),
            message: message.as_bytes(),
            subject: "Kettle & Leaf: un été".as_bytes(),
        };
        let mut place = [0; 9000];
        let mut out = Buffer::new(&mut place);
        push_address(&mut out, channel, invitation);
        // Every second piece stands between marks; mail wants its own line ends.
        let lines = if channel.id == b"email" { "\r\n" } else { "\n" };
        let pieces = pieces(out.text(), ENCODED).enumerate();
        let pieces = pieces.map(|(at, piece)| match at % 2 {
            0 => String::from_utf8(piece.to_vec()).unwrap(),
            _ => encoded(String::from_utf8_lossy(piece).replace('\n', lines).as_bytes()),
        });
        pieces.collect()
    }

    /// As `encodeURIComponent` does.
    fn encoded(value: &[u8]) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte);
        let each = value.iter().map(|byte| {
            if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }
        });
        each.collect()
    }

    #[test]
    fn every_channel_gets_its_address_byte_for_byte() {
        let check = |channel: &str, expected: &str| {
            let link =
                ["https%3A%2F%2Fgo.shop.example%2Fr%2FANNA-7K3FQ2M9X%3Fc%3D", channel].concat();
            let expected = expected.replace("LINK", &link).replace("TEXT", TEXT);
            assert_eq!(written(channel, MESSAGE, LINK), expected);
        };
        check("whatsapp", "https://wa.me/?text=TEXT%20LINK");
        check("telegram", "https://t.me/share/url?url=LINK&text=TEXT");
        check("x", "https://x.com/intent/tweet?text=TEXT&url=LINK");
        check("facebook", "https://www.facebook.com/sharer/sharer.php?u=LINK");
        check("messenger", "fb-messenger://share/?link=LINK");
        check("linkedin", "https://www.linkedin.com/sharing/share-offsite/?url=LINK");
        check("reddit", "https://www.reddit.com/submit?url=LINK&title=TEXT");
        check("bluesky", "https://bsky.app/intent/compose?text=TEXT%20LINK");
        check("mastodon", "https://share.joinmastodon.org/#text=TEXT%20LINK");
        check("threads", "https://www.threads.com/intent/post?text=TEXT&url=LINK");
        check(
            "pinterest",
            "https://www.pinterest.com/pin/create/button/?url=LINK&media=&description=TEXT",
        );
        check("line", "https://social-plugins.line.me/lineit/share?url=LINK&text=TEXT");
        check("weibo", "https://service.weibo.com/share/share.php?url=LINK&title=TEXT");
        check("wechat", "");
        check("vk", "https://vk.com/share.php?url=LINK&title=TEXT");
        check("viber", "viber://forward?text=TEXT%20LINK");
        check("sms", "sms:?&body=TEXT%20LINK");
        let mail = "mailto:?subject=Kettle%20%26%20Leaf%3A%20un%20%C3%A9t%C3%A9&body=TEXT\n\nLINK";
        let body = TEXT.replace("%0A", "%0D%0A");
        check("email", &mail.replace("TEXT", &body).replace('\n', "%0D%0A"));
    }

    #[test]
    fn without_a_message_the_link_stands_alone() {
        assert_eq!(
            written("whatsapp", "", "https://a.example/r/B"),
            "https://wa.me/?text=https%3A%2F%2Fa.example%2Fr%2FB%3Fc%3Dwhatsapp"
        );
    }

    #[test]
    fn the_channel_joins_the_link() {
        let check = |link: &str, expected: &str| {
            let mut place = [0; 99];
            let mut out = Buffer::new(&mut place);
            push_link(&mut out, link.as_bytes(), b"sms");
            assert_eq!(out.text(), expected.as_bytes());
        };
        check("https://a.example/r/B", "https://a.example/r/B?c=sms");
        check("https://a.example/r/B?to=%2Ftea", "https://a.example/r/B?to=%2Ftea&c=sms");
    }

    #[test]
    fn only_links_for_the_web_are_shared() {
        let check = |link: &str, expected| assert_eq!(is_web(link.as_bytes()), expected, "{link}");
        check("https://shop.example/r/A", true);
        check("http://localhost:8787/r/A", true);
        check("javascript:alert(1)", false);
        check("data:text/html,<script>", false);
        check("//shop.example/r/A", false);
        check(" https://shop.example", false);
        check("", false);
    }

    #[test]
    fn messages_are_cut_at_a_space_within_the_limit() {
        // Room for 10 letters, of which the space before the link takes one.
        let check = |message: &str, cut: &str, dots: &str| {
            let link = "x".repeat(30);
            let (kept, told) = shortened(message.as_bytes(), link.as_bytes(), 40);
            assert_eq!((kept, told), (cut.as_bytes(), dots.as_bytes()), "{message}");
        };
        check("", "", "");
        check("123456789", "123456789", "");
        check("1234567890", "1234567", "…");
        check("one two three", "one two", "…");
        check("one two th", "one two", "…");
        check("one twos three", "one", "…");
        check("好茶好茶", "好茶好茶", "");
        check("好茶好茶好", "好茶好", "…");
        check("é🍵é🍵é🍵é🍵", "é🍵é", "…");
    }

    /// As each network counts; www/widget/README.md says where that is written.
    #[test]
    fn no_post_is_longer_than_its_network_takes() {
        let check =
            |id: &str, letters_max: usize, link_counts: usize, counts: fn(char) -> usize| {
                let channel = Channel::find(id.as_bytes()).unwrap();
                let link = [LINK, "?c=", id].concat();
                let link_counts = if link_counts > 0 { link_counts } else { link.len() };
                for letter in ["a ", "é", "好", "🍵"] {
                    let message = letter.repeat(900);
                    let (kept, dots) =
                        shortened(message.as_bytes(), link.as_bytes(), channel.letters_max);
                    let message =
                        [std::str::from_utf8(kept).unwrap(), std::str::from_utf8(dots).unwrap()];
                    let post =
                        message.concat().chars().map(counts).sum::<usize>() + 1 + link_counts;
                    assert!(post <= letters_max, "{id}, {letter}: {post}");
                    // Nor is it cut much sooner than need be.
                    assert!(letter != "a " || post + link.len() + 3 >= letters_max, "{id}: {post}");
                }
            };
        let plain = |_| 1;
        check("x", 280, 23, |letter| if letter < '\u{1100}' { 1 } else { 2 });
        check("reddit", 300, 0, plain);
        check("bluesky", 300, 0, plain);
        check("mastodon", 500, 23, plain);
        check("threads", 500, 0, |letter| if letter > '\u{ffff}' { letter.len_utf8() } else { 1 });
        check("pinterest", 500, 0, plain);
    }

    #[test]
    fn an_unlimited_channel_cuts_nothing() {
        let message = "long ".repeat(200);
        assert!(written("whatsapp", &message, LINK).contains(&"long%20".repeat(200)));
    }
}
