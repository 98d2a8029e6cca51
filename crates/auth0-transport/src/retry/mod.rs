//! Sending a request again: whether, when, how often, and how often all calls together.

mod backoff;
mod budget;
mod classifier;

use std::{fmt, sync::Arc};

pub(crate) use self::budget::Budget;

pub use self::{
    backoff::{Backoff, RetryTiming},
    budget::RetryBudget,
    classifier::{Failure, FailureCause, RetryClassifier, SafeRetries},
};

/// How often a call may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryLimits {
    /// Requests for a call that fails, the first included; defaults to 4.
    pub attempts: u32,
    /// Retries of requests that were rate limited (429); defaults to 20. Such requests did nothing, and their waits are
    /// bounded by the deadline, so they are counted apart.
    pub rate_limited: u32,
}

impl RetryLimits {
    /// At most this many requests for a call, whatever happens.
    #[must_use]
    pub const fn attempts(attempts: u32) -> Self {
        let attempts = if attempts == 0 { 1 } else { attempts };
        Self { attempts, rate_limited: attempts - 1 }
    }
}

impl Default for RetryLimits {
    fn default() -> Self {
        Self { attempts: 4, rate_limited: 20 }
    }
}

/// When and how a request is sent again; its four parts can be replaced one by one.
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
    pub(crate) classifier: Arc<dyn RetryClassifier>,
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

    /// Which requests are sent again; defaults to [`SafeRetries`].
    #[must_use]
    pub fn classifier(mut self, classifier: impl RetryClassifier + 'static) -> Self {
        self.classifier = Arc::new(classifier);
        self
    }

    /// When they are sent again; defaults to [`Backoff`].
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
            classifier: Arc::new(SafeRetries),
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
