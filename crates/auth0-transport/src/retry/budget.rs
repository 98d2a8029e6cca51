//! How often all calls together may be sent again.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// What one retry costs, where a call that succeeds at once earns 1.
const COST: u32 = 5;

/// A purse that retries are paid from, so that a tenant in trouble does not get several times the load.
///
/// Every retry takes 5, every call that succeeds at its first attempt gives 1 back. Once it is empty, failures are
/// returned as they are: with a budget of 500, after 100 retries without a success. Clones share the purse.
#[derive(Debug, Clone)]
pub struct RetryBudget {
    left: Arc<AtomicU32>,
    full: u32,
}

impl RetryBudget {
    /// A purse with so much in it.
    #[must_use]
    pub fn new(full: u32) -> Self {
        Self { left: Arc::new(AtomicU32::new(full)), full }
    }

    /// A purse that never runs empty.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::new(u32::MAX)
    }

    /// Pays for a retry, if there is enough.
    pub(crate) fn pay(&self) -> bool {
        self.full == u32::MAX || self.update(|left| left.checked_sub(COST))
    }

    /// A call succeeded at once.
    pub(crate) fn earn(&self) {
        // The purse is nearly always full: then this is one load, and no cache line bounces between cores.
        if self.left.load(Ordering::Relaxed) < self.full {
            self.update(|left| (left < self.full).then_some(left + 1));
        }
    }

    fn update(&self, step: impl Fn(u32) -> Option<u32>) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).is_ok()
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(500)
    }
}

#[cfg(test)]
mod tests {
    use super::RetryBudget;

    #[test]
    fn retries_are_paid_and_successes_earn() {
        let budget = RetryBudget::new(12);
        assert!(budget.pay() && budget.clone().pay());
        assert!(!budget.pay(), "2 is not enough");
        (0..3).for_each(|_| budget.earn());
        assert!(budget.pay());
        (0..99).for_each(|_| budget.earn());
        assert!(budget.pay() && budget.pay() && !budget.pay(), "the purse holds no more than 12");
    }

    #[test]
    fn an_unlimited_budget_never_ends() {
        let budget = RetryBudget::unlimited();
        assert!((0..10_000).all(|_| budget.pay()));
    }
}
