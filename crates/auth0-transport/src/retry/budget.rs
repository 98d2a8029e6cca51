//! The retry budget of all calls.

use std::sync::atomic::Ordering;

use crate::concurrency::AtomicU32;

/// The cost of a retry. A call that succeeds at its first attempt earns 1.
const COST: u32 = 5;

/// Bounds the retries of all calls of a transport, so that retries do not multiply the load of a failing tenant.
///
/// Each retry takes 5 from the budget, and each call that succeeds at its first attempt returns 1. A budget of 500 pays for 100
/// retries without a success. After that, failures are not retried. Retries after a 429 are free. Each transport has its own
/// budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryBudget {
    size: u32,
}

impl RetryBudget {
    /// Creates a budget of this size.
    pub const fn new(size: u32) -> Self {
        Self { size }
    }

    /// Creates a budget without a limit.
    pub const fn unlimited() -> Self {
        Self::new(u32::MAX)
    }
}

impl Default for RetryBudget {
    /// Returns a budget of 500.
    fn default() -> Self {
        Self::new(500)
    }
}

/// The rest of a budget.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU32,
    size: u32,
}

impl Budget {
    pub(crate) fn new(RetryBudget { size }: RetryBudget) -> Self {
        Self { left: AtomicU32::new(size), size }
    }

    /// Returns whether the budget can pay for a retry.
    pub(crate) fn is_sufficient(&self) -> bool {
        self.size == u32::MAX || self.left.load(Ordering::Relaxed) >= COST
    }

    /// Pays for a retry. Returns whether the budget could.
    pub(crate) fn spend(&self) -> bool {
        self.size == u32::MAX || self.update(|left| left.checked_sub(COST))
    }

    /// Records a call that succeeded at its first attempt.
    pub(crate) fn earn(&self) {
        // Usually the budget is full, and one load is cheaper than a write that other cores have to fetch.
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
    fn retries_pay_and_successes_earn() {
        let budget = Budget::new(RetryBudget::new(12));
        assert!(budget.spend() && budget.is_sufficient() && budget.spend());
        assert!(!budget.is_sufficient() && !budget.spend(), "2 is too little");
        (0..3).for_each(|_| budget.earn());
        assert!(budget.spend());
        (0..99).for_each(|_| budget.earn());
        assert!(budget.spend() && budget.spend() && !budget.spend(), "it does not grow beyond 12");
    }
}
