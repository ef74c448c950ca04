//! Says a reward in words: "€10 credit", "10% off, up to €50", "500 points", "A tour".

use crate::bytes::{read_count, same};
use crate::page::Page;

/// The words for the reward that the page has turned to; none where there is none.
pub fn words(page: &mut Page<'_>) {
    let gives = page.of_this(b".gives");
    // The sentence around the reward may speak of a count of its own.
    let count = page.count;
    page.count = read_count(page.of_this(b".value.amount"));
    if same(gives, b"gift") {
        page.put(b"{.value.label}");
    } else if !page.of_this(b".value.unit").is_empty() {
        page.put(b"{n.units}");
    } else if same(gives, b"points") {
        page.put(b"{n.points}");
    } else {
        page.say(page.known.text(b"t.", gives));
    }
    page.count = count;
    if !page.of_this(b".at_most").is_empty() {
        page.put(b"{t.upto}");
    }
    if !page.of_this(b".minimum").is_empty() {
        page.put(b"{t.minimum}");
    }
}

#[cfg(test)]
mod tests {
    use crate::page::Page;
    use crate::record::Record;

    #[test]
    fn every_kind_has_its_words() {
        let check = |reward: &str, words: &str| {
            let known = [
                "t.money={.value}\u{1f}t.credit={.value} credit\u{1f}t.discount={.value} off\u{1f}",
                "t.coupon=a {.value} coupon\u{1f}t.points={n} point|{n} points\u{1f}",
                "t.units={n} {.value.unit}\u{1f}t.upto= (up to {.at_most})\u{1f}forms=101\u{1f}",
                "t.minimum= (from {.minimum})\u{1f}",
                reward,
            ]
            .concat();
            let (mut path, mut place) = ([0; 16], [0; 99]);
            let mut page = Page::new(Record::new(known.as_bytes()), &mut path, &mut place);
            page.turn_to(b"r");
            page.count = 7;
            page.put(b"{reward}/{n}");
            let words = [words, "/7"].concat();
            let written = std::str::from_utf8(page.out.text()).unwrap();
            assert_eq!(written.replace('\u{4}', ""), words);
        };
        check("r.gives=money\u{1f}r.value=€10", "€10");
        check("r.gives=credit\u{1f}r.value=€10", "€10 credit");
        check("r.gives=discount\u{1f}r.value=10%", "10% off");
        check("r.gives=discount\u{1f}r.value=10%\u{1f}r.at_most=€50", "10% off (up to €50)");
        check("r.gives=discount\u{1f}r.value=€5\u{1f}r.minimum=€20", "€5 off (from €20)");
        check("r.gives=gift\u{1f}r.value.label=Tea\u{1f}r.minimum=€20", "Tea (from €20)");
        check("r.gives=coupon\u{1f}r.value=€5", "a €5 coupon");
        check("r.gives=points\u{1f}r.value.amount=1", "1 point");
        check("r.gives=points\u{1f}r.value.amount=500", "500 points");
        check("r.gives=units\u{1f}r.value.amount=2\u{1f}r.value.unit=GB", "2 GB");
        check("r.gives=gift\u{1f}r.value.label=A {n} tour", "A {n} tour");
        check("r.gives=something new", "");
        check("", "");
    }
}
