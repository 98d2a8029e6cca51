//! Measures how fast a server refills its bucket.

use std::collections::VecDeque;

/// The shortest time between two samples in seconds, and the number of samples.
const SPACING: f64 = 0.5;
const KEPT: usize = 20;
/// The time span of samples in seconds after which the upper bound is used.
const SETTLED: f64 = 2.0;

/// Bounds of the number of tokens that the server has ever added, which is the tokens left plus the tokens taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// When the request was sent.
    pub(super) at: f64,
    pub(super) at_least: f64,
    pub(super) at_most: f64,
    /// Whether the bucket was full, so that the number is exact.
    pub(super) full: bool,
    /// Whether the bucket may have been full since the previous sample, so that its refill may not be seen.
    pub(super) may_have_overflowed: bool,
}

/// The refill rate in tokens per second. It is the lowest one that explains all responses, so that waits are never too short.
/// Tokens that other programs take look like a lower rate, which is the rate that is left for this client.
#[derive(Debug)]
pub(super) struct RefillRate {
    /// The samples since the bucket was full.
    samples: VecDeque<Sample>,
    rate: f64,
    at_most: f64,
    /// The highest rate that was measured.
    peak: f64,
    /// The time of the last sample before which the bucket may have been full.
    overflowed_at: f64,
}

impl Default for RefillRate {
    fn default() -> Self {
        Self {
            samples: VecDeque::new(),
            rate: 0.0,
            at_most: f64::INFINITY,
            peak: 0.0,
            overflowed_at: f64::NEG_INFINITY,
        }
    }
}

impl RefillRate {
    /// Returns the rate, once a refill was seen.
    pub(super) fn known(&self) -> Option<f64> {
        (self.rate > 0.0).then_some(self.rate)
    }

    /// Returns the highest rate that the responses allow.
    pub(super) fn bound(&self) -> f64 {
        self.at_most
    }

    /// Returns the highest rate that was measured.
    pub(super) fn peak(&self) -> f64 {
        self.peak
    }

    /// Returns the highest rate that may be possible if other programs stop.
    pub(super) fn at_most(&self) -> f64 {
        let span = self.samples.back().zip(self.samples.front()).map_or(0.0, |(last, first)| last.at - first.at);
        if span >= SETTLED && self.peak > 0.0 { self.at_most.max(self.peak) } else { f64::INFINITY }
    }

    /// Learns from a sample. `slack` is the number of seconds by which requests may overtake each other.
    pub(super) fn learn(&mut self, sample: Sample, slack: f64) {
        let (mut least, mut most) = (0.0_f64, f64::INFINITY);
        for earlier in &self.samples {
            let time = sample.at - earlier.at;
            if time > 0.0 {
                least = least.max((sample.at_least - earlier.at_most) / (time + slack));
            }
            if time > slack && !sample.may_have_overflowed && earlier.at >= self.overflowed_at {
                most = most.min((sample.at_most - earlier.at_least) / (time - slack));
            }
        }
        self.rate = self.rate.max(least).min(most.max(0.0));
        self.peak = self.peak.max(self.rate);
        if sample.may_have_overflowed {
            self.overflowed_at = sample.at;
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
