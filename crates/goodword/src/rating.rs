//! How likely somebody is to recommend a shop, from 0 to 10, and what many
//! such ratings say together: the Net Promoter Score, promoters less
//! detractors out of all.
//!
//! The bounds are those of Fred Reichheld's "The One Number You Need to Grow"
//! (Harvard Business Review, December 2003).

use crate::metrics::Rate;

/// The highest rating.
pub const RATING_MAX: u8 = 10;

/// One rating; one beyond 10 cannot exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rating(u8);

impl Rating {
    /// Takes a number from 0 to 10.
    #[must_use]
    pub fn new(score: u8) -> Option<Self> {
        (score <= RATING_MAX).then_some(Rating(score))
    }

    /// The number.
    #[must_use]
    pub fn score(self) -> u8 {
        self.0
    }

    /// What it makes of whoever gave it.
    #[must_use]
    pub fn leaning(self) -> Leaning {
        match self.0 {
            0..=6 => Leaning::Detractor,
            7..=8 => Leaning::Passive,
            _ => Leaning::Promoter,
        }
    }
}

/// What a rating makes of whoever gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaning {
    /// 0 to 6: unlikely to recommend, and worth listening to.
    Detractor,
    /// 7 and 8: content, and no more.
    Passive,
    /// 9 and 10: would recommend.
    Promoter,
}

impl Leaning {
    /// All of them, the lowest ratings' first.
    pub const ALL: [Leaning; 3] = [Leaning::Detractor, Leaning::Passive, Leaning::Promoter];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Leaning::Detractor => "detractor",
            Leaning::Passive => "passive",
            Leaning::Promoter => "promoter",
        }
    }
}

/// How many gave each rating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratings {
    counts: [u32; RATING_MAX as usize + 1],
}

impl Ratings {
    /// Counts one more.
    pub fn add(&mut self, rating: Rating) {
        if let Some(count) = self.counts.get_mut(usize::from(rating.0)) {
            *count = count.saturating_add(1);
        }
    }

    /// How many gave 0, 1 and so on up to 10.
    #[must_use]
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// How many there are.
    #[must_use]
    pub fn all(&self) -> i64 {
        self.counts.iter().map(|count| i64::from(*count)).sum()
    }

    /// How many lean that way.
    #[must_use]
    pub fn leaning(&self, leaning: Leaning) -> i64 {
        let scored =
            (0..).zip(&self.counts).filter(|(score, _)| Rating(*score).leaning() == leaning);
        scored.map(|(_, count)| i64::from(*count)).sum()
    }

    /// The Net Promoter Score: promoters less detractors, out of all.
    #[must_use]
    pub fn net_promoter_score(&self) -> Rate {
        let net = self.leaning(Leaning::Promoter) - self.leaning(Leaning::Detractor);
        Rate::of(net, self.all())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_0_to_10_and_leans_as_the_source_says() {
        let check = |score: u8, leaning: Option<Leaning>| {
            assert_eq!(Rating::new(score).map(Rating::leaning), leaning, "{score}");
        };
        check(0, Some(Leaning::Detractor));
        check(6, Some(Leaning::Detractor));
        check(7, Some(Leaning::Passive));
        check(8, Some(Leaning::Passive));
        check(9, Some(Leaning::Promoter));
        check(10, Some(Leaning::Promoter));
        check(11, None);
    }

    #[test]
    fn the_score_is_promoters_less_detractors_out_of_all() {
        let check = |scores: &[u8], numerator: i64, denominator: i64| {
            let mut ratings = Ratings::default();
            scores.iter().filter_map(|score| Rating::new(*score)).for_each(|it| ratings.add(it));
            assert_eq!(ratings.net_promoter_score(), Rate { numerator, denominator }, "{scores:?}");
        };
        check(&[], 0, 0);
        check(&[10], 1, 1);
        check(&[8, 7], 0, 2);
        check(&[6, 0, 9], -1, 3);
        check(&[10, 9, 9, 8, 3], 2, 5);
    }

    #[test]
    fn each_rating_is_counted_under_its_own_number() {
        let mut ratings = Ratings::default();
        for score in [0, 10, 10, 7] {
            ratings.add(Rating::new(score).unwrap());
        }
        assert_eq!(ratings.counts(), [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2]);
        let leaning = Leaning::ALL.map(|leaning| ratings.leaning(leaning));
        assert_eq!((leaning, ratings.all()), ([1, 1, 2], 4));
    }
}
