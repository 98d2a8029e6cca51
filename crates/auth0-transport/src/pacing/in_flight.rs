//! Requests that the server may not have counted yet.

use std::collections::VecDeque;

/// The number of seconds after which a lost request is removed.
const LONGEST_LOST: f64 = 10.0;

/// A request without a response.
#[derive(Debug, Clone, Copy)]
struct Sent {
    number: u64,
    at: f64,
    /// Whether it ended without a response. The server may have counted it.
    lost: bool,
}

/// Requests without a response, in the order in which they were sent.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    requests: VecDeque<Sent>,
    last_number: u64,
    last_sent_at: f64,
    /// The number of requests that took a token, as far as it is known.
    spent: u64,
}

impl InFlight {
    /// Adds a request. Returns its number, starting at 1.
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

    /// Removes a request with a response. Returns when it was sent.
    pub(super) fn responded(&mut self, number: u64) -> Option<f64> {
        let index = self.index(number)?;
        self.requests.remove(index).map(|request| request.at)
    }

    /// Removes a request that took no token, because it was not sent or got a 429.
    pub(super) fn unspent(&mut self, number: u64) -> Option<f64> {
        self.spent = self.spent.saturating_sub(1);
        self.responded(number)
    }

    /// Records that a request ended without a response.
    pub(super) fn lost(&mut self, number: u64) {
        if let Some(index) = self.index(number) {
            self.requests[index].lost = true;
        }
    }

    /// Removes lost requests from before a time. If the server counted them, it did so before the known response.
    pub(super) fn forget_lost_before(&mut self, time: f64) {
        self.requests.retain(|request| !request.lost || request.at >= time);
    }

    /// Returns the number of requests since a time.
    pub(super) fn sent_since(&self, time: f64) -> f64 {
        count(self.times_since(time).count() as u64)
    }

    /// Returns the times of the requests since a time.
    pub(super) fn times_since(&self, time: f64) -> impl Iterator<Item = f64> {
        let first = self.requests.partition_point(|request| request.at < time);
        self.requests.range(first..).map(|request| request.at)
    }

    /// Returns whether no response is expected.
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
