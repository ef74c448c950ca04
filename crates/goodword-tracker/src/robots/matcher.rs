//! Runs the table that the build made of the lists in `robots/`: whether any
//! of their patterns is in an agent. It looks at each character once for each
//! pattern that may begin there, and goes back only within that pattern.

/// One step of a pattern.
#[derive(Clone, Copy)]
enum Step {
    /// This character.
    Byte(u8),
    /// One of a class.
    OneOf(u8),
    /// On, or else from there on.
    Split(u16),
    /// From there on.
    Jump(u16),
    /// Only at the beginning.
    Start,
    /// Only at the end.
    End,
    /// Only at the edge of a word.
    Edge,
    /// Only where none of these ends.
    NotAfter(u8),
    /// Only where none of these begins.
    NotBefore(u8),
    /// The pattern is there.
    Found,
}

include!(concat!(env!("OUT_DIR"), "/robots.rs"));

/// Stands for every character beyond ASCII.
const OTHER: u8 = 127;

/// Longer agents are looked at no further: the longest of a phone's app has
/// 500 characters, and a pattern may cost the square of what it reads.
const AGENT_BYTES_MAX: usize = 1_024;

/// Whether any pattern is in the agent.
pub(super) fn finds(agent: &[u8]) -> bool {
    let plain = |byte: &u8| if byte.is_ascii() { byte.to_ascii_lowercase() } else { OTHER };
    let agent: Vec<u8> = agent.iter().take(AGENT_BYTES_MAX).map(plain).collect();
    ANCHORED.iter().any(|start| is_match(&agent, 0, *start))
        || agent.iter().enumerate().any(|(at, byte)| {
            let starts = STARTS.get(usize::from(*byte)).copied().unwrap_or_default();
            starts.iter().any(|start| is_match(&agent, at, *start))
        })
}

/// Whether the pattern that begins at a step matches at a place.
fn is_match(agent: &[u8], at: usize, start: u16) -> bool {
    let mut others = vec![(usize::from(start), at)];
    while let Some((step, at)) = others.pop() {
        if follows(agent, step, at, &mut others) {
            return true;
        }
    }
    false
}

/// Goes on from a step until the pattern is found or fails; what else could
/// have been tried on the way is kept.
fn follows(agent: &[u8], step: usize, at: usize, others: &mut Vec<(usize, usize)>) -> bool {
    let (mut step, mut at) = (step, at);
    loop {
        let (behind, ahead) = agent.split_at(at);
        let next = ahead.first().copied();
        let is_right = match STEPS.get(step).copied() {
            Some(Step::Byte(byte)) => {
                at += 1;
                next == Some(byte)
            }
            Some(Step::OneOf(class)) => {
                at += 1;
                let class = CLASSES.get(usize::from(class)).copied().unwrap_or_default();
                next.is_some_and(|byte| class & (1 << byte) != 0)
            }
            Some(Step::Split(other)) => {
                others.push((usize::from(other), at));
                true
            }
            Some(Step::Jump(to)) => {
                step = usize::from(to);
                continue;
            }
            Some(Step::Start) => at == 0,
            Some(Step::End) => next.is_none(),
            Some(Step::Edge) => is_word(behind.last().copied()) != is_word(next),
            Some(Step::NotAfter(list)) => !words(list).any(|word| behind.ends_with(word)),
            Some(Step::NotBefore(list)) => !words(list).any(|word| ahead.starts_with(word)),
            Some(Step::Found) => return true,
            None => false,
        };
        if !is_right {
            return false;
        }
        step += 1;
    }
}

fn words(list: u8) -> impl Iterator<Item = &'static [u8]> {
    WORDS
        .get(usize::from(list))
        .into_iter()
        .flat_map(|words| words.iter().map(|word| word.as_bytes()))
}

fn is_word(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
