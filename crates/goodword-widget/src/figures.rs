//! The advocate's figures: what came of the link so far, the next goal, the rewards.

use crate::bytes::{read_count, same};
use crate::page::Page;

/// The rungs of the advocate's ladder.
const STEPS: &[u8] = b"offer.advocate_reward.steps";
/// As many rewards as can be seen at once, however narrow the panel is.
const SEEN_MAX: u32 = 2;

/// The figures, unless the tracker keeps them from this page (an advocate known by e-mail only).
/// The next goal is shown while it `can_grow`.
pub fn figures(page: &mut Page<'_>, can_grow: bool) {
    let known = page.known;
    if !known.is(b"me.clicks") {
        return;
    }
    page.count = known.count(b"me.shares");
    page.put(b"<div@part=figures<ul@part=counts<li<b'{n}>'{n.shares}>");
    page.count = known.count(b"me.clicks");
    page.put(b"<li<b'{n}>'{n.visits}>");
    page.count = known.count(b"me.friends");
    page.put(b"<li<b'{n}>'{n.bought}>>");
    if can_grow {
        goal(page);
    }
    rewards(page);
    page.put(b">");
}

fn goal(page: &mut Page<'_>) {
    let at = find_goal(page);
    if at > 0 {
        page.put(
            b"<p@part=goal<label@for=goal'{n.next}><progress@id=goal@value={me.conversions}@max=",
        );
        page.out.push_count(at);
        page.put(b">>");
    }
}

/// What the next friends bring: a milestone, or the rung from which each friend brings more.
/// Gives how many friends it takes in all (0 where there is no goal), and turns the page to
/// its reward and to how many are missing.
pub fn find_goal(page: &mut Page<'_>) -> u32 {
    let reached = page.known.count(b"me.conversions");
    let mut at = page.known.count(b"me.next_milestone.at");
    let mut rung = None;
    let mut position = 0;
    while page.turn_to_item(STEPS, position, b".from") {
        let from = read_count(page.of_this(b".from"));
        // The first rung is what the offer says anyway.
        if from > 1 && from > reached && (from < at || at == 0) {
            at = from;
            rung = Some(position);
        }
        position += 1;
    }
    if at <= reached {
        return 0;
    }
    match rung {
        Some(position) => page.turn_to_item(STEPS, position, b""),
        None => page.turn_to_reward(b"me.next_milestone"),
    };
    page.path.push(b".reward");
    page.count = at - reached;
    at
}

fn rewards(page: &mut Page<'_>) {
    // A list that may be longer than what is seen of it has to be reached by keys to be scrolled.
    let is_long = page.turn_to_item(b"me.rewards", SEEN_MAX, b".status");
    let mut position = 0;
    while page.turn_to_item(b"me.rewards", position, b".status") {
        if position == 0 {
            page.put(b"<h3'{t.rewards}><ul@part=rewards@aria-label={t.rewards}");
        }
        if position == 0 && is_long {
            page.put(b"@tabindex=0");
        }
        let status = if same(page.of_this(b".capped"), b"true") {
            b"capped"
        } else {
            page.of_this(b".status")
        };
        page.put(b"<li@data-status={.status}<b'{reward}><span'");
        page.say(page.known.text(b"t.", status));
        if same(page.of_this(b".side"), b"friend") {
            page.put(b"{t.asfriend}");
        }
        page.put(b">>");
        position += 1;
    }
    if position > 0 {
        page.put(b">");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;

    /// What the figures show of the record, read as lines of text.
    fn shown(known: &str, can_grow: bool) -> String {
        let known = [
            "t.shares=shares\u{1f}t.visits=visits\u{1f}t.bought=bought\u{1f}t.next={n} more: {reward}\u{1f}",
            "t.rewards=Rewards\u{1f}t.credit={.value} credit\u{1f}t.asfriend=, as a friend\u{1f}",
            "t.pending=until {.due_at}\u{1f}t.confirmed=on {.due_at}\u{1f}t.capped=limit\u{1f}",
            &known.replace('\n', "\u{1f}"),
        ]
        .concat();
        let (mut path, mut place) = ([0; 64], [0; 999]);
        let mut page = Page::new(Record::new(known.as_bytes()), &mut path, &mut place);
        figures(&mut page, can_grow);
        let operations = std::str::from_utf8(page.out.text()).unwrap().replace('\u{4}', "");
        let texts = operations.split('\u{3}').skip(1);
        let texts = texts.map(|text| text.split(|c| c < ' ').next().unwrap_or_default());
        let progress = operations
            .split("max=")
            .nth(1)
            .map(|max| ["of ", max.split('\u{5}').next().unwrap_or_default()].concat());
        texts.map(str::to_owned).chain(progress).collect::<Vec<_>>().join("\n")
    }

    const LADDER: &str = "offer.advocate_reward.steps.0.from=1\n\
        offer.advocate_reward.steps.1.from=5\n\
        offer.advocate_reward.steps.1.reward.gives=credit\n\
        offer.advocate_reward.steps.1.reward.value=€15";

    fn milestone(at: u32) -> String {
        format!(
            "me.next_milestone.at={at}\nme.next_milestone.reward.gives=gift\n\
             me.next_milestone.reward.value.label=A tour"
        )
    }

    #[test]
    fn the_next_goal_is_the_nearest() {
        let check = |conversions: u32, goals: &str, expected: &str| {
            let known = format!("me.clicks=3\nme.friends=2\nme.conversions={conversions}\n{goals}");
            let expected = format!("0\nshares\n3\nvisits\n2\nbought{expected}");
            assert_eq!(shown(&known, true), expected);
        };
        check(1, "", "");
        check(0, LADDER, "\n5 more: €15 credit\nof 5");
        check(4, LADDER, "\n1 more: €15 credit\nof 5");
        check(5, LADDER, "");
        check(1, &milestone(3), "\n2 more: A tour\nof 3");
        check(1, &[LADDER, "\n", &milestone(3)].concat(), "\n2 more: A tour\nof 3");
        check(1, &[LADDER, "\n", &milestone(5)].concat(), "\n4 more: A tour\nof 5");
        check(1, &[LADDER, "\n", &milestone(6)].concat(), "\n4 more: €15 credit\nof 5");
        check(5, &[LADDER, "\n", &milestone(6)].concat(), "\n1 more: A tour\nof 6");
    }

    #[test]
    fn without_a_future_there_is_no_goal() {
        let known = format!("me.clicks=3\nme.friends=1\nme.conversions=1\n{}", milestone(3));
        assert_eq!(shown(&known, false), "0\nshares\n3\nvisits\n1\nbought");
    }

    #[test]
    fn without_figures_nothing_is_shown() {
        assert_eq!(shown("me.code=A", true), "");
    }

    #[test]
    fn a_list_longer_than_what_is_seen_is_reached_by_keys() {
        let check = |rewards: usize, is_reached| {
            let statuses = (0..rewards).map(|at| format!("me.rewards.{at}.status=pending"));
            let known = ["me.clicks=0".to_owned()].into_iter().chain(statuses);
            let known = known.collect::<Vec<_>>().join("\u{1f}");
            let (mut path, mut place) = ([0; 64], [0; 999]);
            let mut page = Page::new(Record::new(known.as_bytes()), &mut path, &mut place);
            figures(&mut page, true);
            let drawn = std::str::from_utf8(page.out.text()).unwrap();
            assert_eq!(drawn.contains("tabindex=0"), is_reached, "{rewards}");
        };
        check(0, false);
        check(2, false);
        check(3, true);
    }

    #[test]
    fn rewards_tell_their_status() {
        let check = |fields: &str, expected: &str| {
            let known = [
                "me.clicks=0\nme.conversions=0\nme.rewards.0.gives=credit\n",
                "me.rewards.0.value=€10\nme.rewards.0.due_at=5 Dec\n",
                &fields.replace('.', "me.rewards.0."),
            ]
            .concat();
            let expected =
                ["0\nshares\n0\nvisits\n0\nbought\nRewards\n€10 credit\n", expected].concat();
            assert_eq!(shown(&known, true), expected);
        };
        check(".status=pending\n.side=advocate", "until 5 Dec");
        check(".status=confirmed\n.side=friend", "on 5 Dec, as a friend");
        check(".status=pending\n.capped=true", "limit");
        check(".status=something new", "");
    }
}
