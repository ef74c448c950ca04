//! Wrong decisions, one at a time, so that the simulator can prove that it
//! would notice them. They exist only in builds with the feature `mutants`;
//! without it `mutant!(Name, right, wrong)` is `right`, and nothing else.

/// Decides rightly, or, in a build with mutants in which this one is chosen,
/// wrongly.
#[cfg(feature = "mutants")]
#[macro_export]
macro_rules! mutant {
    ($name:ident, $right:expr, $wrong:expr) => {
        if $crate::mutants::is_chosen($crate::mutants::Mutant::$name) { $wrong } else { $right }
    };
}

/// Decides rightly.
#[cfg(not(feature = "mutants"))]
#[macro_export]
macro_rules! mutant {
    ($name:ident, $right:expr, $wrong:expr) => {
        $right
    };
}

#[cfg(feature = "mutants")]
pub use chosen::{ALL, Mutant, choose, is_chosen};

#[cfg(feature = "mutants")]
mod chosen {
    use core::sync::atomic::{AtomicUsize, Ordering};

    macro_rules! mutants {
        ($($name:ident,)*) => {
            /// A wrong decision; its name says which.
            #[allow(missing_docs)]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum Mutant { $($name,)* }

            /// All of them.
            pub const ALL: &[Mutant] = &[$(Mutant::$name,)*];
        };
    }

    mutants! {
        WindowOneMillisecondLonger,
        WindowNotChecked,
        LateClickRefused,
        FirstAndLastClickSwapped,
        TypedCodeAlwaysWins,
        ClaimNotVerified,
        OtherProgramsCodeAccepted,
        SelfReferralAccepted,
        SameEmailAccepted,
        MinimumOffByOne,
        OtherCurrencyAccepted,
        AllProductsCount,
        LaterPurchaseAccepted,
        MonthsNotCounted,
        ExistingCustomerAccepted,
        FriendChangesAdvocate,
        LaterOrdersDoNotInherit,
        LatestTimeOfReports,
        ReplayIsAnotherOrder,
        ConflictAccepted,
        AcknowledgedThoughNotKept,
        LadderOffByOne,
        RefundedFriendClimbsLadder,
        FullRefundKeepsFixed,
        PartialRefundKeepsPercent,
        BelowMinimumKept,
        CapOffByOne,
        CapIgnoresSettled,
        BoostEndsInclusive,
        GroupMultipliesFriend,
        PercentHasNoMost,
        RoundedDown,
        LostMilestoneStays,
        SettledRewardRevived,
        RefundNotCopied,
        RefundOfOtherBookForgotten,
        NamesNotRead,
        AliasNotAsked,
        LaterOrdersNotDue,
        HoldIgnored,
        GraceIgnored,
        SlotNotChecked,
        OtherAdvocateConfirmed,
        DueForgottenBeforeSettled,
        LaterLineCounts,
    }

    /// One more than the place of the chosen one, so that 0 is none.
    static CHOSEN: AtomicUsize = AtomicUsize::new(0);

    /// Chooses one, or none, for everything that runs from now on.
    pub fn choose(mutant: Option<Mutant>) {
        CHOSEN.store(mutant.map_or(0, |mutant| mutant as usize + 1), Ordering::Relaxed);
    }

    /// Whether this one is chosen.
    #[must_use]
    pub fn is_chosen(mutant: Mutant) -> bool {
        CHOSEN.load(Ordering::Relaxed) == mutant as usize + 1
    }
}
