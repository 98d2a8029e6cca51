//! The part of a bucket that this client uses.

/// Limits of Auth0's plans with their lowest refill rates: Free, non-production, private developer, production, 500 RPS.
const PLANS: [(f64, f64); 5] = [(2.0, 2.0), (10.0, 2.0), (20.0, 20.0), (50.0, 16.0), (250.0, 250.0)];

/// A token bucket as large as the client's share of the tenant's bucket.
#[derive(Debug)]
pub(super) struct Share {
    /// The part of the limit and of the refill rate, at most 1.
    part: f64,
    tokens: f64,
    as_of: f64,
}

impl Share {
    pub(super) fn new(part: f64) -> Self {
        Self { part, tokens: 0.0, as_of: 0.0 }
    }

    pub(super) fn part(&self) -> f64 {
        self.part
    }

    pub(super) fn spend(&mut self) {
        self.tokens -= 1.0;
    }

    pub(super) fn give_back(&mut self) {
        self.tokens += 1.0;
    }

    /// Sets the limit of the tenant's bucket. This client has taken `spent` tokens of it.
    pub(super) fn resize(&mut self, limit: f64, spent: f64, now: f64) {
        self.tokens = (limit * self.part).max(1.0) - spent.min(limit);
        self.as_of = now;
    }

    /// Returns until when it is used up. `rate` is the tenant's refill rate, or 0 if it is not known. One request may then be
    /// sent after `trial`, to measure the rate. Later requests wait longer for it.
    pub(super) fn used_up_until(&mut self, now: f64, limit: f64, rate: f64, trial: f64) -> Option<f64> {
        if self.part >= 1.0 {
            return None;
        }
        let rate = rate * self.part;
        let refilled = rate * (now - self.as_of).max(0.0);
        self.tokens = (self.tokens + refilled).min((limit * self.part).max(1.0));
        self.as_of = now;
        if self.tokens >= 1.0 - 1e-6 {
            return None;
        }
        if rate > 0.0 {
            return Some(now + (1.0 - self.tokens) / rate);
        }
        (now < trial).then_some(trial)
    }
}

/// Returns the refill rate of the plan with this limit, or 0. A client that uses a small share sees a full bucket, and cannot
/// measure the rate.
pub(super) fn rate_of_plan(limit: f64) -> f64 {
    PLANS.iter().find(|plan| (limit - plan.0).abs() < 0.5).map_or(0.0, |plan| plan.1)
}
