//! Requests on their way.

/// Seconds in one slot of departure times.
const SLOT: f64 = 0.5;
/// Slots that count as recent: the present one and those before it.
const RECENT_SLOTS: usize = 3;

/// A request on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flight {
    /// The first is 1; later ones have higher numbers.
    pub(super) number: u64,
    pub(super) departed_at: f64,
    /// How many requests, it included, had been spent when it departed.
    pub(super) spent: u64,
    /// How many others were on their way when it departed, the server perhaps not having seen them yet.
    pub(super) abreast: u32,
    /// It was held back until its token should have been refilled.
    pub(super) metered: bool,
    slot: u64,
}

/// How many are on their way, and how many of them departed so lately that the server may not have seen them yet.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    departed: u64,
    spent: u64,
    count: u32,
    newest_slot: u64,
    by_slot: [u32; RECENT_SLOTS],
}

impl InFlight {
    pub(super) fn departed(&self) -> u64 {
        self.departed
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// How many departed within the last second or so and are not back.
    pub(super) fn recent(&self, now: f64) -> u32 {
        let oldest = slot_of(now).saturating_sub(RECENT_SLOTS as u64 - 1);
        (oldest..=self.newest_slot).filter_map(|slot| self.index(slot)).map(|index| self.by_slot[index]).sum()
    }

    pub(super) fn depart(&mut self, metered: bool, now: f64) -> Flight {
        let slot = slot_of(now).max(self.newest_slot);
        let fresh = (slot - self.newest_slot).min(RECENT_SLOTS as u64);
        self.newest_slot = slot;
        for slot in slot + 1 - fresh..=slot {
            if let Some(index) = self.index(slot) {
                self.by_slot[index] = 0;
            }
        }
        if let Some(index) = self.index(slot) {
            self.by_slot[index] += 1;
        }
        let abreast = self.recent(now) - 1;
        self.departed += 1;
        self.spent += 1;
        self.count += 1;
        Flight { number: self.departed, departed_at: now, spent: self.spent, abreast, metered, slot }
    }

    pub(super) fn land(&mut self, flight: Flight) {
        self.count = self.count.saturating_sub(1);
        if let Some(index) = self.index(flight.slot) {
            self.by_slot[index] = self.by_slot[index].saturating_sub(1);
        }
    }

    /// One of those that departed took no token after all.
    pub(super) fn unspend(&mut self) {
        self.spent = self.spent.saturating_sub(1);
    }

    /// Where a slot is counted, unless it is too long ago.
    fn index(&self, slot: u64) -> Option<usize> {
        let age = self.newest_slot.checked_sub(slot)?;
        (age < RECENT_SLOTS as u64).then(|| usize::try_from(slot % RECENT_SLOTS as u64).unwrap_or_default())
    }
}

/// Times are seconds since the transport was built: never negative, far below 2^52.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // see above
fn slot_of(time: f64) -> u64 {
    (time / SLOT).max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_departed_long_ago_is_in_flight_but_not_recent() {
        let mut flights = InFlight::default();
        let slow = flights.depart(false, 0.1);
        let second = flights.depart(false, 0.7);
        assert_eq!((flights.count(), flights.recent(0.8)), (2, 2));
        assert_eq!((flights.count(), flights.recent(1.6)), (2, 1));
        assert_eq!((flights.count(), flights.recent(9.0)), (2, 0));
        let late = flights.depart(false, 9.0);
        assert_eq!((flights.count(), flights.recent(9.0)), (3, 1));
        flights.land(slow);
        flights.land(second);
        assert_eq!((flights.count(), flights.recent(9.1)), (1, 1));
        flights.land(late);
        assert_eq!((flights.count(), flights.recent(9.1)), (0, 0));
    }

    #[test]
    fn numbers_rise_and_refusals_are_not_spent() {
        let mut flights = InFlight::default();
        let first = flights.depart(false, 0.0);
        assert_eq!((first.number, first.spent), (1, 1));
        flights.land(first);
        flights.unspend();
        let second = flights.depart(false, 0.0);
        assert_eq!((second.number, second.spent), (2, 1));
    }
}
