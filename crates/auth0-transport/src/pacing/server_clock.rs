//! What time it is at the server.

/// The server's clock, as far as the whole seconds of its `date` headers tell.
#[derive(Debug, Default)]
pub(super) struct ServerClock {
    /// How far it is ahead of ours: at least, and at most.
    ahead: Option<(f64, f64)>,
}

impl ServerClock {
    /// Takes note of a `date` in the answer to a request that was sent and answered at these times of our clock.
    pub(super) fn note(&mut self, date: f64, sent: f64, answered: f64) {
        // The date is rounded down, and was written somewhen in between.
        let seen = (date - answered, date + 1.0 - sent);
        let both = self.ahead.map(|known| (known.0.max(seen.0), known.1.min(seen.1)));
        // No overlap means that one of the clocks was set anew.
        self.ahead = Some(both.filter(|both| both.0 <= both.1).unwrap_or(seen));
    }

    /// Seconds by which the server's clock is ahead, at least and at most, if it ever told its time. Where ours may be
    /// right, it is taken to be.
    pub(super) fn ahead(&self) -> Option<(f64, f64)> {
        self.ahead.map(|(least, most)| if least <= 0.0 && 0.0 <= most { (0.0, 0.0) } else { (least, most) })
    }
}

#[cfg(test)]
mod tests {
    use super::ServerClock;

    #[test]
    fn the_range_narrows_to_the_truth() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.ahead(), None);
        // The server is 90.3 s ahead.
        for now in [0.0_f64, 0.2, 0.45, 0.69, 0.71, 1.4] {
            clock.note((now + 90.3).floor(), now, now);
        }
        let (least, most) = clock.ahead().unwrap();
        assert!((90.28..=90.3).contains(&least) && (90.3..90.32).contains(&most), "{least} {most}");
    }

    #[test]
    fn clocks_that_may_agree_agree() {
        let mut clock = ServerClock::default();
        clock.note(100.0, 100.9, 100.95);
        assert_eq!(clock.ahead(), Some((0.0, 0.0)));
    }

    #[test]
    fn a_clock_that_was_set_anew_is_followed() {
        let mut clock = ServerClock::default();
        clock.note(100.0, 100.9, 100.95);
        clock.note(50.0, 101.0, 101.0);
        assert_eq!(clock.ahead(), Some((-51.0, -50.0)));
    }
}
