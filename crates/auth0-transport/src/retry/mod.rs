//! Retries of requests.

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

/// The maximum number of retries of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryLimits {
    /// The number of requests of a call, including the first one. Defaults to 4.
    pub attempts: u32,
    /// The number of retries after a 429. Defaults to 20. They are counted separately, because such requests had no effect, and
    /// the deadline bounds their waits.
    pub rate_limited: u32,
}

impl RetryLimits {
    /// Sets the maximum number of requests of a call, including retries after a 429.
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

/// When and how a request is retried.
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
#[must_use]
pub struct RetryPolicy {
    pub(crate) classifier: Arc<dyn RetryClassifier>,
    pub(crate) timing: Arc<dyn RetryTiming>,
    pub(crate) limits: RetryLimits,
    pub(crate) budget: RetryBudget,
}

impl RetryPolicy {
    /// Returns a policy without retries.
    pub fn never() -> Self {
        Self::default().limits(RetryLimits::attempts(1))
    }

    /// Sets which requests are retried. Defaults to [`SafeRetries`].
    pub fn classifier(mut self, classifier: impl RetryClassifier + 'static) -> Self {
        self.classifier = Arc::new(classifier);
        self
    }

    /// Sets the waits before retries. Defaults to [`Backoff`].
    pub fn timing(mut self, timing: impl RetryTiming + 'static) -> Self {
        self.timing = Arc::new(timing);
        self
    }

    /// Sets the maximum number of retries of a call.
    pub fn limits(mut self, limits: RetryLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the retry budget of all calls together.
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
