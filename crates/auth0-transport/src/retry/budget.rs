//! How often all calls together may be sent again.

use std::sync::atomic::Ordering;

use crate::concurrency::AtomicU32;

/// What one retry costs, where a call that succeeds at once earns 1.
const COST: u32 = 5;

/// Bounds the retries of all calls of a transport, so that a tenant in trouble does not get several times the load.
///
/// Every retry takes 5 from the budget, every call that succeeds at its first attempt gives 1 back. Once it is used up,
/// failures are returned as they are: a budget of 500 pays for 100 retries without a success. Requests that were rate
/// limited do not count. Each transport has a budget of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryBudget {
    size: u32,
}

impl RetryBudget {
    /// A budget of this size.
    #[must_use]
    pub const fn new(size: u32) -> Self {
        Self { size }
    }

    /// A budget that is never used up.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self::new(u32::MAX)
    }
}

impl Default for RetryBudget {
    /// 500.
    fn default() -> Self {
        Self::new(500)
    }
}

/// What is left of a budget.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU32,
    size: u32,
}

impl Budget {
    pub(crate) fn new(RetryBudget { size }: RetryBudget) -> Self {
        Self { left: AtomicU32::new(size), size }
    }

    /// Whether there is enough for a retry.
    pub(crate) fn is_sufficient(&self) -> bool {
        self.size == u32::MAX || self.left.load(Ordering::Relaxed) >= COST
    }

    /// Takes what a retry costs, if there is enough.
    pub(crate) fn spend(&self) -> bool {
        self.size == u32::MAX || self.update(|left| left.checked_sub(COST))
    }

    /// A call succeeded at once.
    pub(crate) fn earn(&self) {
        // Nearly always nothing is missing: then this is one load, and no cache line bounces between cores.
        if self.left.load(Ordering::Relaxed) < self.size {
            self.update(|left| (left < self.size).then_some(left + 1));
        }
    }

    fn update(&self, step: impl Fn(u32) -> Option<u32>) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_paid_and_successes_earn() {
        let budget = Budget::new(RetryBudget::new(12));
        assert!(budget.spend() && budget.is_sufficient() && budget.spend());
        assert!(!budget.is_sufficient() && !budget.spend(), "2 is not enough");
        (0..3).for_each(|_| budget.earn());
        assert!(budget.spend());
        (0..99).for_each(|_| budget.earn());
        assert!(budget.spend() && budget.spend() && !budget.spend(), "it does not grow beyond 12");
    }

    #[test]
    fn an_unlimited_budget_never_ends() {
        let budget = Budget::new(RetryBudget::unlimited());
        assert!((0..10_000).all(|_| budget.spend()));
    }
}
