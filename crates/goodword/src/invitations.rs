//! Who invited whom: chains of advocates who were friends before.

use crate::code::ReferralCode;
use crate::sorted::{Map, Set};
use alloc::vec::Vec;

/// The invitations of a program. Whatever pairs it is made of, every answer
/// is finite: nobody is told to be their own ancestor.
#[derive(Clone, Debug, Default)]
pub struct Invitations {
    inviter_of: Map<ReferralCode, ReferralCode>,
    invited_by: Map<ReferralCode, Set<ReferralCode>>,
}

impl Invitations {
    /// The tree of these pairs of invited and inviter. Of several inviters of
    /// one advocate the smallest code counts: arbitrary, but always the same.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (ReferralCode, ReferralCode)>) -> Self {
        let mut inviter_of = Map::new();
        for (invited, inviter) in pairs {
            let known = inviter_of.or_insert(invited, inviter);
            *known = inviter.min(*known);
        }
        let mut invited_by: Map<ReferralCode, Set<ReferralCode>> = Map::new();
        for (invited, inviter) in inviter_of.iter() {
            invited_by.or_default(*inviter).insert(*invited);
        }
        Invitations { inviter_of, invited_by }
    }

    /// Who invited an advocate.
    #[must_use]
    pub fn inviter(&self, code: ReferralCode) -> Option<ReferralCode> {
        self.inviter_of.get(&code).copied()
    }

    /// Whom an advocate invited.
    pub fn invited(&self, code: ReferralCode) -> impl Iterator<Item = ReferralCode> {
        self.invited_by.get(&code).into_iter().flat_map(Set::iter).copied()
    }

    /// From an advocate's inviter up to the first of the chain.
    #[must_use]
    pub fn chain(&self, code: ReferralCode) -> Vec<ReferralCode> {
        let mut seen = Set::from_iter([code]);
        let mut chain = Vec::new();
        let mut current = code;
        while let Some(inviter) = self.inviter(current).filter(|inviter| seen.insert(*inviter)) {
            chain.push(inviter);
            current = inviter;
        }
        chain
    }

    /// How many invitations lie before an advocate; 0 for one who came alone.
    #[must_use]
    pub fn depth(&self, code: ReferralCode) -> usize {
        self.chain(code).len()
    }

    /// How many advocates came through one, directly or further down.
    #[must_use]
    pub fn descendants(&self, code: ReferralCode) -> usize {
        let mut seen = Set::from_iter([code]);
        let mut open = Vec::from([code]);
        while let Some(current) = open.pop() {
            open.extend(self.invited(current).filter(|invited| seen.insert(*invited)));
        }
        seen.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(number: u8) -> ReferralCode {
        ReferralCode::from_bytes([0, 0, 0, 0, number])
    }

    #[track_caller]
    fn check(pairs: &[(u8, u8)], of: u8, chain: &[u8], descendants: usize) {
        let all = pairs.iter().map(|(invited, inviter)| (code(*invited), code(*inviter)));
        let tree = Invitations::new(all);
        let expected: Vec<ReferralCode> = chain.iter().copied().map(code).collect();
        assert_eq!(tree.chain(code(of)), expected);
        assert_eq!((tree.depth(code(of)), tree.descendants(code(of))), (chain.len(), descendants));
    }

    #[test]
    fn chains_and_trees() {
        let pairs = [(2, 1), (3, 1), (4, 2), (5, 4)];
        check(&pairs, 1, &[], 4);
        check(&pairs, 4, &[2, 1], 1);
        check(&pairs, 5, &[4, 2, 1], 0);
        check(&pairs, 9, &[], 0);
        check(&[(2, 1), (2, 1)], 1, &[], 1);
        check(&[(3, 2), (3, 1)], 3, &[1], 0);
    }

    #[test]
    fn circles_end() {
        check(&[(1, 1)], 1, &[], 0);
        check(&[(2, 1), (1, 2)], 1, &[2], 1);
        check(&[(2, 1), (3, 2), (1, 3)], 1, &[3, 2], 2);
    }
}
