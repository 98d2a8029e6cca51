//! Requests that were sent and may not have reached the server's bucket yet.

use std::collections::VecDeque;

/// Seconds after which a lost request is forgotten at the latest.
const LONGEST_LOST: f64 = 10.0;

/// A request that has no answer.
#[derive(Debug, Clone, Copy)]
struct Sent {
    number: u64,
    at: f64,
    /// It ended without an answer: the server may have counted it all the same.
    lost: bool,
}

/// Requests without an answer, in the order in which they were sent.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    requests: VecDeque<Sent>,
    last_number: u64,
    last_sent_at: f64,
    /// Requests that took a token, as far as is known.
    spent: u64,
}

impl InFlight {
    /// Adds a request and returns its number; the first is 1.
    pub(super) fn send(&mut self, now: f64) -> u64 {
        self.last_number += 1;
        self.last_sent_at = now;
        self.spent += 1;
        while self.requests.front().is_some_and(|request| request.lost && now - request.at > LONGEST_LOST) {
            self.requests.pop_front();
        }
        self.requests.push_back(Sent { number: self.last_number, at: now, lost: false });
        self.last_number
    }

    /// Removes a request that was answered, and returns when it was sent.
    pub(super) fn answered(&mut self, number: u64) -> Option<f64> {
        let index = self.index(number)?;
        self.requests.remove(index).map(|request| request.at)
    }

    /// Removes a request that took no token: it was never sent, or was refused.
    pub(super) fn unspent(&mut self, number: u64) -> Option<f64> {
        self.spent = self.spent.saturating_sub(1);
        self.answered(number)
    }

    /// The request ended without an answer.
    pub(super) fn lost(&mut self, number: u64) {
        if let Some(index) = self.index(number) {
            self.requests[index].lost = true;
        }
    }

    /// Forgets lost requests sent before `time`: if they were counted, then before the answer that is known.
    pub(super) fn forget_lost_before(&mut self, time: f64) {
        self.requests.retain(|request| !request.lost || request.at >= time);
    }

    /// How many were sent at `time` or later.
    pub(super) fn sent_since(&self, time: f64) -> f64 {
        count(self.times_since(time).count() as u64)
    }

    /// When those were sent that were sent at `time` or later.
    pub(super) fn times_since(&self, time: f64) -> impl Iterator<Item = f64> {
        let first = self.requests.partition_point(|request| request.at < time);
        self.requests.range(first..).map(|request| request.at)
    }

    /// Whether an answer is still to come.
    pub(super) fn is_empty(&self) -> bool {
        self.requests.iter().all(|request| request.lost)
    }

    pub(super) fn last_number(&self) -> u64 {
        self.last_number
    }

    pub(super) fn last_sent_at(&self) -> f64 {
        self.last_sent_at
    }

    pub(super) fn spent(&self) -> f64 {
        count(self.spent)
    }

    fn index(&self, number: u64) -> Option<usize> {
        self.requests.binary_search_by_key(&number, |request| request.number).ok()
    }
}

/// Counts of requests are far below 2^52.
#[allow(clippy::cast_precision_loss)] // see above
fn count(requests: u64) -> f64 {
    requests as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_requests_without_an_answer_count() {
        let mut in_flight = InFlight::default();
        let numbers: Vec<_> = [0.0, 1.0, 2.0].into_iter().map(|now| in_flight.send(now)).collect();
        assert_eq!((in_flight.sent_since(1.0), in_flight.spent()), (2.0, 3.0));
        assert_eq!(in_flight.answered(numbers[1]), Some(1.0));
        assert_eq!((in_flight.sent_since(0.0), in_flight.spent()), (2.0, 3.0));
        assert_eq!(in_flight.unspent(numbers[2]), Some(2.0));
        assert_eq!((in_flight.sent_since(0.0), in_flight.spent()), (1.0, 2.0));
    }

    #[test]
    fn a_lost_request_counts_until_a_later_one_is_answered() {
        let mut in_flight = InFlight::default();
        let lost = in_flight.send(0.0);
        in_flight.lost(lost);
        assert_eq!((in_flight.sent_since(0.0), in_flight.is_empty()), (1.0, true));
        in_flight.forget_lost_before(0.5);
        assert!(in_flight.sent_since(0.0) < 0.5);
    }
}
