//! How fast, and in which manner, a server refills its bucket.

/// How long one measurement of the rate goes on before the next begins, in seconds.
const SPAN: f64 = 2.0;

/// One answer, seen as a point on the line "tokens ever given": left in the bucket plus spent by us.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) number: u64,
    /// When its request departed.
    pub(super) at: f64,
    pub(super) total: f64,
    /// By how much the total may be too high: requests sent before, which the server may have counted after.
    pub(super) excess: f64,
    /// By how much it may be too low: requests sent after, which the server may have counted before.
    pub(super) deficit: f64,
    pub(super) window: Option<f64>,
    /// The bucket was full, so that what came in before was spilt.
    pub(super) full: bool,
    /// The request had been held back for this rate.
    pub(super) metered: bool,
}

/// The line's slope, and whether it is a line at all.
#[derive(Debug, Default)]
pub(super) struct RateEstimate {
    manner: Manner,
    rate: Option<f64>,
    /// The best of the past: others' spending makes our share smaller, not the server slower.
    peak: f64,
    /// Whether a whole span was measured; before that the cautious end of the first span's estimate is taken.
    settled: bool,
    anchor: Option<Sample>,
    /// Samples up to this request are spoilt: what was spent before it is uncertain.
    spoilt: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum Manner {
    #[default]
    Unknown,
    /// Token by token.
    Steady,
    /// All at once, at the reset.
    Windows,
}

impl RateEstimate {
    /// Tokens a second, if the server refills token by token. Never less than a quarter of the best seen: were our own
    /// share to shrink to nothing, we would never notice the others leaving.
    pub(super) fn steady(&self) -> Option<f64> {
        (self.manner == Manner::Steady).then_some(self.rate?.max(self.peak / 4.0)).filter(|rate| *rate > 0.0)
    }

    pub(super) fn in_windows(&self) -> bool {
        self.manner == Manner::Windows
    }

    pub(super) fn mark_windowed(&mut self) {
        if self.manner == Manner::Unknown {
            self.manner = Manner::Windows;
        }
    }

    /// What was spent so far is uncertain.
    pub(super) fn forget_samples(&mut self, departed: u64) {
        self.anchor = None;
        self.spoilt = departed;
    }

    /// A refusal where tokens were expected.
    pub(super) fn slow_down(&mut self) {
        self.rate = self.rate.map(|rate| rate * 0.85);
    }

    pub(super) fn sample(&mut self, sample: Sample) {
        if sample.number <= self.spoilt {
            return;
        }
        if sample.full && sample.metered {
            // Held back, and the bucket ran over meanwhile.
            self.rate = self.rate.map(|rate| rate * 1.25);
        }
        let Some(anchor) = self.anchor else {
            self.anchor = Some(sample);
            return;
        };
        let span = sample.at - anchor.at;
        let given = sample.total - anchor.total;
        if sample.full {
            self.anchor = Some(sample);
            return;
        }
        let doubt = sample.excess + anchor.deficit;
        if span <= 0.0 {
            return;
        }
        // Tokens came in although the announced reset had not come.
        if anchor.window == sample.window && given >= 1.0 + doubt {
            self.manner = Manner::Steady;
        }
        if self.manner != Manner::Steady {
            if anchor.window != sample.window {
                self.anchor = Some(sample);
            }
            return;
        }
        let over = span >= SPAN && (given >= 8.0 || span >= 2.0 * SPAN);
        if over {
            let measured = (given / span).max(0.0);
            self.rate = Some(match self.rate {
                Some(rate) if self.settled => 0.5 * (rate + measured),
                _ => measured,
            });
            self.settled = true;
            self.anchor = Some(sample);
        } else if !self.settled && given >= 2.0 * (1.0 + doubt) {
            // `remaining` is rounded down, so that one of the tokens may have been there before.
            self.rate = Some((given - 1.0 - doubt) / span);
        }
        self.peak = (self.peak * 0.999).max(self.rate.unwrap_or(0.0));
    }
}
