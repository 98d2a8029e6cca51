//! Sending a request again: whether, when, how often, and how often all calls together.

mod backoff;
mod budget;
mod judge;

use std::{fmt, sync::Arc};

pub use self::{
    backoff::{Backoff, RetryTiming},
    budget::RetryBudget,
    judge::{Failure, FailureCause, RetryJudge, SafeRetries},
};

/// How often a call may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryLimits {
    /// Requests for a call that fails, the first included: 4.
    pub attempts: u32,
    /// Refusals for the rate limit that a call puts up with: 20. Refused requests did nothing, and the time that they
    /// wait is bounded by the deadline, so they are counted apart.
    pub refusals: u32,
}

impl RetryLimits {
    /// So many requests for a call, whatever happens.
    #[must_use]
    pub const fn attempts(attempts: u32) -> Self {
        Self { attempts, refusals: attempts.saturating_sub(1) }
    }
}

impl Default for RetryLimits {
    fn default() -> Self {
        Self { attempts: 4, refusals: 20 }
    }
}

/// When and how a request is sent again; its four parts can be exchanged one by one.
///
/// ```
/// use std::time::Duration;
/// use auth0_transport::{Backoff, RetryLimits, RetryPolicy};
///
/// let eager = RetryPolicy::default()
///     .timing(Backoff::new(Duration::from_millis(50), Duration::from_secs(1)))
///     .limits(RetryLimits::attempts(8));
/// # let _ = eager;
/// ```
#[derive(Clone)]
pub struct RetryPolicy {
    pub(crate) judge: Arc<dyn RetryJudge>,
    pub(crate) timing: Arc<dyn RetryTiming>,
    pub(crate) limits: RetryLimits,
    pub(crate) budget: RetryBudget,
}

impl RetryPolicy {
    /// Never sends anything twice.
    #[must_use]
    pub fn never() -> Self {
        Self::default().limits(RetryLimits::attempts(1))
    }

    /// What is sent again.
    #[must_use]
    pub fn judge(mut self, judge: impl RetryJudge + 'static) -> Self {
        self.judge = Arc::new(judge);
        self
    }

    /// When it is sent again.
    #[must_use]
    pub fn timing(mut self, timing: impl RetryTiming + 'static) -> Self {
        self.timing = Arc::new(timing);
        self
    }

    /// How often one call is sent again.
    #[must_use]
    pub fn limits(mut self, limits: RetryLimits) -> Self {
        self.limits = limits;
        self
    }

    /// How often all calls together are sent again.
    #[must_use]
    pub fn budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            judge: Arc::new(SafeRetries),
            timing: Arc::new(Backoff::default()),
            limits: RetryLimits::default(),
            budget: RetryBudget::default(),
        }
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("limits", &self.limits)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}
