//! The panel: which state it is in, and what it therefore shows. Whatever is known, it shows
//! something of use; an empty box is not among its states.

use crate::bytes::{Buffer, same};
use crate::channels::Channel;
use crate::figures::{figures, find_goal};
use crate::page::Page;
use crate::record::Record;
use crate::sharing::{Invitation, is_web, push_address, push_link};

/// What the reader can do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Share.
    Ready,
    /// Read why not: the owner blocked the link.
    Blocked,
    /// Read why not: the program is over or paused.
    Ended,
    /// Try again: the tracker did not answer, and no link is stored.
    Unreachable,
    /// Wait: the tracker has not answered yet, and no link is stored.
    Waiting,
    /// Press a button: the shop knows the reader, who has not consented to anything yet.
    Asking,
    /// Give an e-mail address: the shop does not know the reader.
    Enrolling,
}

fn state(known: Record<'_>) -> State {
    if same(known.text(b"me", b".status"), b"blocked") {
        State::Blocked
    } else if !same(known.get(b"offer", b".status").unwrap_or(b"active"), b"active") {
        State::Ended
    } else if is_web(known.text(b"me", b".share_link")) {
        State::Ready
    } else if known.is(b"failed") {
        State::Unreachable
    } else if known.is(b"waiting") {
        State::Waiting
    } else if known.is(b"asking") {
        State::Asking
    } else {
        State::Enrolling
    }
}

/// `offer.advocate_reward.steps.4294967295.reward`.
const PATH_BYTES_MAX: usize = 64;
/// An owner's longest text, 2,000 bytes, with the longest name in it as often as a text may
/// sensibly hold it.
const TEXT_BYTES_MAX: usize = 1 << 14;
/// The names of all channels.
const NAMES_BYTES_MAX: usize = 512;

/// Writes the whole panel into `place`, and tells how many bytes that is.
pub fn panel(known: Record<'_>, place: &mut [u8]) -> usize {
    let mut path = [0; PATH_BYTES_MAX];
    let mut places = [[0; TEXT_BYTES_MAX]; 3];
    let mut page = Page::new(known, &mut path, place);
    let state = state(known);
    page.put(
        b"<section@part=panel@lang={lang}@dir={dir}@aria-labelledby=headline\
         <div@part=main<h2@id=headline@part=headline'{t.headline}>",
    );
    if matches!(state, State::Ready | State::Asking | State::Enrolling) {
        lead(&mut page);
    }
    match state {
        State::Ready => {
            let [ours, theirs, subject] = &mut places;
            share(&mut page, Buffer::new(ours), Buffer::new(theirs), Buffer::new(subject));
        }
        State::Blocked => page.put(b"<p@part=note'{t.blocked}>"),
        State::Ended => page.put(b"<p@part=note'{t.ended}>"),
        State::Unreachable => page.put(b"<p@part=note'{t.failed}>"),
        // The script's sign of it is in the status.
        State::Waiting => {}
        State::Asking => {
            page.put(b"<button@type=button@part=button primary@data-do=start'{t.start}>");
        }
        State::Enrolling => page.put(
            b"<form<label@for=email'{t.address}><div@part=row\
             <input@id=email@part=input@type=email@pattern=.+[.][^\\x40]+\
             @autocomplete=email@required=>\
             <button@part=button primary'{t.enrol}>>>",
        ),
    }
    // Kept on this device, of somebody whom the shop does not vouch for: whatever becomes of their
    // link, the next person here can have it taken away (but in the bar, which is one row).
    if known.get(b"me", b".who") == Some(b"") {
        page.put(b"<button@type=button@part=quiet forget@data-do=forget'{t.forget}>");
    }
    if known.is(b"failed") {
        page.put(b"<button@type=button@part=button@data-do=retry'{t.retry}>");
    }
    // Announcements are read out only in a region that was there before them.
    page.put(b"<p@part=status@role=status'");
    if known.is(b"shared") {
        thanks(&mut page);
    }
    page.put(b">>");
    figures(&mut page, state == State::Ready);
    page.put(b">");
    page.out.text().len()
}

/// The offer to both sides, in the owner's words or in ours.
fn lead(page: &mut Page<'_>) {
    page.put(b"<p@part=lead'{t.lead}");
    if !page.known.is(b"t.lead") {
        if page.turn_to_reward(b"offer.friend_reward") {
            page.put(b"{t.friend} ");
        }
        if page.turn_to_reward(b"offer.next_reward") {
            page.put(b"{t.you}");
        }
    }
    page.put(b">");
}

/// After a share: thanks, and what to share for next.
fn thanks(page: &mut Page<'_>) {
    page.put(b"{t.thanks} ");
    let next: &[u8] = if find_goal(page) > 0 { b"{n.next}" } else { b"{t.onward}" };
    page.put(next);
}

fn share<'a>(
    page: &mut Page<'a>,
    mut ours: Buffer<'a>,
    mut theirs: Buffer<'a>,
    mut subject: Buffer<'a>,
) {
    let known = page.known;
    let has_reward = page.turn_to_reward(b"offer.friend_reward");
    page.say_into(&mut ours, b"t.", if has_reward { b"message" } else { b"plain" });
    page.say_into(&mut subject, b"t.", b"subject");
    let own = known.get(b"", b"message");
    let link = known.text(b"me", b".share_link");
    if known.is(b"failed") {
        // What failed was not the figures where they are there.
        let has_figures = known.is(b"me.clicks");
        page.put(if has_figures {
            b"<p@part=note'{t.failed}>"
        } else {
            b"<p@part=note'{t.offline}>"
        });
    }
    page.put(
        b"<label@for=link'{t.link}><div@part=row\
         <input@id=link@part=input@readonly=@dir=ltr@value={me.share_link}>\
         <button@type=button@part=button primary@data-copy={me.share_link}'{t.copy}>>\
         <p@part=code'{t.code} <code@dir=ltr'{me.code}> <button@type=button@part=quiet\
         @data-copy={me.code}@aria-label={t.copy}: {t.code}'{t.copy}>>",
    );
    if known.is(b"native") {
        page.put(b"<button@type=button@part=button native@data-do=share@data-text=");
        page.out.push(own.unwrap_or(ours.text()));
        page.put(b"@data-link=");
        push_link(&mut page.out, link, b"native");
        page.put(b"'{t.share}>");
    }
    page.put(b"<ul@part=channels@aria-label={t.channels}");
    let mut place = [0; NAMES_BYTES_MAX];
    let mut cut = Buffer::new(&mut place);
    let mut has_code = false;
    let mut position = 0;
    while page.turn_to_item(b"offer.channels", position, b"") {
        if let Some(channel) = Channel::find(page.of_this(b"")) {
            theirs.clear();
            page.turn_to(b"offer.friend_reward");
            page.say_into(&mut theirs, b"t.message.", channel.id);
            let ours = if theirs.text().is_empty() { &ours } else { &theirs };
            let message = own.unwrap_or(ours.text());
            let invitation = Invitation { link, message, subject: subject.text() };
            has_code |= button(page, channel, invitation, &mut cut);
        }
        position += 1;
    }
    page.put(b"><details@part=message<summary'{t.edit}><textarea@rows=3@maxlength=1000@aria-label={t.edit}'");
    page.out.push(own.unwrap_or(ours.text()));
    page.put(b"><p@part=shortened'");
    if !cut.text().is_empty() {
        page.put(b"{t.shortened}");
        page.out.push(cut.text());
    }
    page.put(b">>");
    if !has_code {
        page.put(b"<details@part=qr<summary'{t.qr}>");
        page.put(b"<img@loading=lazy@src={api}/qr/{me.code}.svg@alt={me.share_link}>>");
    }
}

/// One channel: a plain link, which no popup blocker minds, or the QR code behind a press.
/// Tells which it was. Where its message is cut, its name joins the others.
fn button(
    page: &mut Page<'_>,
    channel: Channel,
    invitation: Invitation<'_>,
    cut: &mut Buffer<'_>,
) -> bool {
    let by_code = channel.address.is_empty();
    // Some names are words, and some networks have another name at home.
    let name = page.known.get(b"t.", channel.id).unwrap_or(channel.name);
    page.put(if by_code { b"<li<details@part=qr<summary" } else { b"<li<a" });
    page.put(b"@part=channel@data-channel=");
    page.out.push(channel.id);
    if !by_code {
        page.put(b"@href=");
        if push_address(&mut page.out, channel, invitation) {
            cut.push(b" ");
            cut.push(name);
        }
        if channel.opens_page() {
            page.put(b"@target=_blank@rel=noopener");
        }
    }
    page.put(b"<svg@viewBox=0 0 24 24@aria-hidden=true<path@d=");
    page.out.push(page.known.text(b"offer.signs.", channel.id));
    page.put(b">>'");
    page.out.push(name);
    page.put(b">");
    if by_code {
        page.put(b"<img@loading=lazy@src={api}/qr/{me.code}.svg?c=wechat@alt={me.share_link}>>");
    }
    page.put(b">");
    by_code
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "offer.status=active\noffer.name=Tea\nname=Tea\n\
        offer.friend_reward.gives=discount\noffer.friend_reward.value=€10\n\
        offer.next_reward.gives=credit\noffer.next_reward.value=€5\n\
        offer.channels.0=whatsapp\noffer.channels.1=fax\noffer.channels.2=wechat\n\
        t.headline=Invite\nt.discount={.value} off\nt.credit={.value} credit\n\
        t.friend=They get {reward}.\nt.you=You get {reward}.\nt.message=Try {name}: {reward}\n\
        t.plain=Try {name}\nt.subject=To {name}\nt.wechat=微信\nt.edit=Message\n\
        t.offline=No figures\nt.failed=Not now\nt.retry=Again\nt.start=Show\nt.enrol=Get it\n\
        t.blocked=Not active\nt.ended=Over\n";
    const ME: &str = "me.share_link=https://a.example/r/B\nme.code=B\nme.status=active\n";

    fn drawn(known: &[&str]) -> String {
        let known = known.concat().replace('\n', "\u{1f}");
        let mut place = [0; 9999];
        let written = panel(Record::new(known.as_bytes()), &mut place);
        String::from_utf8(place[..written].to_vec()).unwrap()
    }

    #[test]
    fn what_is_known_decides_the_state() {
        let check = |known: &str, expected| {
            let known = known.replace('\n', "\u{1f}");
            assert_eq!(state(Record::new(known.as_bytes())), expected, "{known}");
        };
        check("", State::Enrolling);
        check("asking=true", State::Asking);
        check("failed=true", State::Unreachable);
        check("asking=true\nfailed=true", State::Unreachable);
        check(ME, State::Ready);
        check(&[ME, "failed=true"].concat(), State::Ready);
        check(&[ME, "offer.status=ended"].concat(), State::Ended);
        check(&[ME, "offer.status=paused"].concat(), State::Ended);
        check("me.status=blocked\noffer.status=ended", State::Blocked);
        check("me.share_link=javascript:alert(1)", State::Enrolling);
        check("me.share_link=javascript:alert(1)\nfailed=true", State::Unreachable);
    }

    #[test]
    fn every_state_opens_and_closes_its_elements_and_shows_something() {
        let states = [
            "",
            ME,
            "asking=true",
            "failed=true",
            "me.status=blocked",
            "offer.status=ended",
            "message=Mine",
            "native=true",
            "me.clicks=1\nme.conversions=0",
        ];
        for first in states {
            for second in states {
                let drawn = drawn(&[first, "\n", second, "\n", OFFER, ME]);
                let opened = drawn.matches('\u{1}').count();
                assert_eq!(opened, drawn.matches('\u{5}').count(), "{first} {second}");
                assert!(drawn.contains("\u{3}Invite"), "{first} {second}");
                assert!(drawn.contains("\u{2}role=status"), "{first} {second}");
            }
        }
    }

    #[test]
    fn each_state_shows_what_it_is_for() {
        let check = |known: &[&str], shown: &[&str], hidden: &[&str]| {
            let drawn = drawn(known);
            for text in shown {
                assert!(drawn.contains(text), "{text} is missing in {drawn:?}");
            }
            for text in hidden {
                assert!(!drawn.contains(text), "{text} is in {drawn:?}");
            }
        };
        let offer = "They get €10 off. You get €5 credit.";
        check(&[OFFER], &[offer, "\u{1}form", "Get it"], &["Not now", "part=channels"]);
        check(&[OFFER, "asking=true"], &[offer, "data-do=start", "Show"], &["\u{1}form"]);
        check(&["failed=true\n", OFFER], &["Not now", "data-do=retry", "Again"], &["\u{1}form"]);
        check(&[OFFER, ME], &[offer, "value=https://a.example/r/B"], &["retry", "part=note"]);
        check(&["failed=true\n", OFFER, ME], &["No figures", "data-do=retry", "wa.me"], &[]);
        check(&["failed=true\nme.clicks=0\n", OFFER, ME], &["Not now", "retry"], &["No figures"]);
        check(&["waiting=true\n", OFFER], &["role=status"], &["\u{1}form", "retry"]);
        check(&["me.status=blocked\n", OFFER, ME], &["Not active"], &["wa.me", offer]);
        check(&["offer.status=ended\n", OFFER, ME], &["Over"], &["wa.me", offer]);
        for state in ["active", "blocked", "ended"] {
            let known = [OFFER, "me.who=\nme.share_link=https://a.example/r/B\nme.status=", state];
            check(&known, &["data-do=forget"], &[]);
        }
        check(&[OFFER, ME, "me.who=7\n"], &["wa.me"], &["data-do=forget"]);
        check(&["t.lead=Ours\n", OFFER], &["\u{3}Ours\u{5}"], &[offer]);
        let capped = OFFER.replace("offer.next_reward.gives=credit\n", "");
        check(&[&capped, ME], &["They get €10 off. \u{5}"], &["You get"]);
    }

    #[test]
    fn channels_come_in_the_programs_order_and_unknown_ones_are_left_out() {
        let drawn = drawn(&["api=https://t.example\n", OFFER, ME]);
        let whatsapp = "data-channel=whatsapp\u{2}href=https://wa.me/?text=\u{6}Try Tea: €10 off\
            \x20https://a.example/r/B?c=whatsapp\u{6}\u{2}target=_blank\u{2}rel=noopener";
        let code = "\u{3}微信\u{5}\u{1}img\u{2}loading=lazy\u{2}src=https://t.example/qr/B.svg\
            ?c=wechat\u{2}";
        let (first, second) = (drawn.find(whatsapp), drawn.find(code));
        assert!(first.is_some() && first < second, "{drawn:?}");
        assert!(!drawn.contains("fax"));
    }

    #[test]
    fn the_advocates_own_message_is_shared() {
        let drawn = drawn(&["message=Mine & yours\nnative=true\n", OFFER, ME]);
        assert!(drawn.contains("text=\u{6}Mine & yours https"));
        assert!(
            drawn.contains("data-text=Mine & yours\u{2}data-link=https://a.example/r/B?c=native")
        );
        assert!(drawn.contains("\u{3}Mine & yours\u{5}"));
    }
}
