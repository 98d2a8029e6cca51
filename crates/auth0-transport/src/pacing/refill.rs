//! How fast a server refills its bucket, measured by what its answers say.

use std::collections::VecDeque;

/// Seconds between two samples that are kept, and how many are kept.
const SPACING: f64 = 0.5;
const KEPT: usize = 20;
/// Seconds of samples after which the upper bound is relied on.
const SETTLED: f64 = 2.0;

/// The tokens that the server has ever put into the bucket (what is left plus what was spent), as one answer bounds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// When its request was sent.
    pub(super) at: f64,
    pub(super) at_least: f64,
    pub(super) at_most: f64,
    /// The bucket was full, so that the number is exact.
    pub(super) full: bool,
    /// The bucket may have been full since the sample before: what came in may not be seen.
    pub(super) may_have_spilt: bool,
}

/// The refill rate in tokens a second: the lowest one that explains every answer, so that waiting by it is never too
/// short. Tokens that somebody else spends look like a lower rate, which is the rate that is left for this client.
#[derive(Debug)]
pub(super) struct RefillRate {
    /// Since the bucket was last full.
    samples: VecDeque<Sample>,
    rate: f64,
    at_most: f64,
    /// The highest rate that was measured.
    peak: f64,
    /// The last sample before which the bucket may have run over.
    spilt_at: f64,
}

impl Default for RefillRate {
    fn default() -> Self {
        Self { samples: VecDeque::new(), rate: 0.0, at_most: f64::INFINITY, peak: 0.0, spilt_at: f64::NEG_INFINITY }
    }
}

impl RefillRate {
    /// The rate, once tokens were seen coming in.
    pub(super) fn known(&self) -> Option<f64> {
        (self.rate > 0.0).then_some(self.rate)
    }

    /// The highest rate that the answers leave possible.
    pub(super) fn bound(&self) -> f64 {
        self.at_most
    }

    /// The highest rate that was ever measured.
    pub(super) fn peak(&self) -> f64 {
        self.peak
    }

    /// The highest rate that can be hoped for: others may stop spending.
    pub(super) fn at_most(&self) -> f64 {
        let span = self.samples.back().zip(self.samples.front()).map_or(0.0, |(last, first)| last.at - first.at);
        if span >= SETTLED && self.peak > 0.0 { self.at_most.max(self.peak) } else { f64::INFINITY }
    }

    /// Takes a sample in. `slack` is by how many seconds requests may have overtaken each other.
    pub(super) fn learn(&mut self, sample: Sample, slack: f64) {
        let (mut least, mut most) = (0.0_f64, f64::INFINITY);
        for earlier in &self.samples {
            let time = sample.at - earlier.at;
            if time > 0.0 {
                least = least.max((sample.at_least - earlier.at_most) / (time + slack));
            }
            if time > slack && !sample.may_have_spilt && earlier.at >= self.spilt_at {
                most = most.min((sample.at_most - earlier.at_least) / (time - slack));
            }
        }
        self.rate = self.rate.max(least).min(most.max(0.0));
        self.peak = self.peak.max(self.rate);
        if sample.may_have_spilt {
            self.spilt_at = sample.at;
        }
        if sample.full {
            self.samples.clear();
            self.at_most = f64::INFINITY;
        } else {
            self.at_most = most.max(0.0);
        }
        if self.samples.back().is_none_or(|last| sample.at - last.at >= SPACING) {
            if self.samples.len() == KEPT {
                self.samples.pop_front();
            }
            self.samples.push_back(sample);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample of a bucket that gets `rate` tokens a second, with what rounding down hides.
    fn sample(at: f64, rate: f64) -> Sample {
        let total = (at * rate).floor();
        Sample { at, at_least: total, at_most: total + 1.0, full: false, may_have_spilt: false }
    }

    #[test]
    fn the_rate_closes_in_from_below() {
        let mut refill = RefillRate::default();
        let mut last = 0.0;
        for step in 0..100 {
            refill.learn(sample(f64::from(step) * 0.13, 16.0), 0.01);
            let rate = refill.known().unwrap_or(0.0);
            assert!(rate >= last && rate <= 16.0, "{rate} after {last}");
            assert!(refill.at_most() >= 16.0, "{}", refill.at_most());
            last = rate;
        }
        assert!(last > 15.5, "{last}");
    }

    #[test]
    fn a_full_bucket_says_nothing_against_the_rate() {
        let mut refill = RefillRate::default();
        (0..50).for_each(|step| refill.learn(sample(f64::from(step) * 0.1, 10.0), 0.01));
        let before = refill.known();
        for step in 50..100 {
            refill.learn(
                Sample { full: true, may_have_spilt: true, at_most: 50.0, at_least: 50.0, at: f64::from(step) * 0.1 },
                0.01,
            );
        }
        assert!(refill.known() >= before, "{refill:?}");
    }

    #[test]
    fn others_who_spend_make_it_lower() {
        let mut refill = RefillRate::default();
        (0..50).for_each(|step| refill.learn(sample(f64::from(step) * 0.1, 10.0), 0.01));
        for step in 0..100 {
            let at = 5.0 + f64::from(step) * 0.1;
            let total = (50.0 + (at - 5.0) * 4.0).floor();
            refill
                .learn(Sample { at, at_least: total, at_most: total + 1.0, full: false, may_have_spilt: false }, 0.01);
        }
        assert!(refill.known().unwrap() < 5.0, "{refill:?}");
    }
}
