//! A rate of one's own.

/// A bucket on the client's side.
#[derive(Debug)]
pub(super) struct FixedRate {
    per_second: f64,
    burst: f64,
    level: f64,
    as_of: f64,
}

impl FixedRate {
    pub(super) fn new(per_second: f64, burst: u32) -> Self {
        let burst = f64::from(burst);
        Self { per_second, burst, level: burst, as_of: 0.0 }
    }

    /// Takes a token, or says when there will be one.
    pub(super) fn take(&mut self, now: f64) -> Result<(), f64> {
        self.level = self.level(now);
        self.as_of = now;
        // A timer that fires on the dot may find the level a rounding error below one.
        if self.level < 1.0 - 1e-9 {
            return Err(now + (1.0 - self.level) / self.per_second);
        }
        self.level -= 1.0;
        Ok(())
    }

    /// Puts a token back that was not used.
    pub(super) fn give_back(&mut self) {
        self.level = (self.level + 1.0).min(self.burst);
    }

    pub(super) fn level(&self, now: f64) -> f64 {
        (self.level + (now - self.as_of).max(0.0) * self.per_second).min(self.burst)
    }

    pub(super) fn per_second(&self) -> f64 {
        self.per_second
    }

    pub(super) fn burst(&self) -> f64 {
        self.burst
    }
}

#[cfg(test)]
mod tests {
    use super::FixedRate;

    #[test]
    fn a_burst_then_the_rate_then_a_burst_again() {
        let mut rate = FixedRate::new(4.0, 2);
        assert_eq!(rate.take(0.0), Ok(()));
        assert_eq!(rate.take(0.0), Ok(()));
        assert_eq!(rate.take(0.0), Err(0.25));
        assert_eq!(rate.take(0.25), Ok(()));
        assert_eq!(rate.take(0.25), Err(0.5));
        rate.give_back();
        assert_eq!(rate.take(0.25), Ok(()));
        assert_eq!(rate.take(60.0), Ok(()));
        assert_eq!(rate.take(60.0), Ok(()));
        assert_eq!(rate.take(60.0), Err(60.25));
    }
}
