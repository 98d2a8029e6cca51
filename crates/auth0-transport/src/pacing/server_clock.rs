//! The clock of the server.

/// The clock of the server, as its `date` headers show it in whole seconds.
#[derive(Debug, Default)]
pub(super) struct ServerClock {
    /// The shortest and the longest time by which it is ahead of the local clock.
    ahead: Option<(f64, f64)>,
}

impl ServerClock {
    /// Learns from a `date`. The local times are those of the request and of the response.
    pub(super) fn learn(&mut self, date: f64, sent: f64, received: f64) {
        // The date is rounded down, and lies between the two times.
        let seen = (date - received, date + 1.0 - sent);
        let both = self.ahead.map(|known| (known.0.max(seen.0), known.1.min(seen.1)));
        // Without an overlap, one of the clocks was changed.
        self.ahead = Some(both.filter(|both| both.0 <= both.1).unwrap_or(seen));
    }

    /// Returns the shortest and the longest time by which the server's clock is ahead, if it is known. Clocks that may agree
    /// count as equal.
    pub(super) fn ahead(&self) -> Option<(f64, f64)> {
        self.ahead.map(|(least, most)| if least <= 0.0 && 0.0 <= most { (0.0, 0.0) } else { (least, most) })
    }
}
