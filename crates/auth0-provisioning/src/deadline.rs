//! The deadline of a workflow.

use std::time::Duration;

use auth0_provisioning_api as api;
use auth0_transport::{CallOptions, Error};
use tokio::time::{Instant, sleep};

use crate::caller::Caller;

/// How long to wait after a write whose response was lost, if the server does not say.
pub(crate) const AFTER_A_LOST_RESPONSE: Duration = Duration::from_millis(500);

/// How long to wait before a read is repeated that may be older than our own write.
pub(crate) const READ_AGAIN_AFTER: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(500)];

/// The deadline of a workflow, for all its calls and waits.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// `None` beyond what the clock can represent.
    at: Option<Instant>,
    /// The longest time that the server may ask for.
    longest_wait: Duration,
}

impl Deadline {
    /// Starts the time of a workflow; without `at_most` it has [`Timeouts::workflow`](crate::Timeouts::workflow).
    pub(crate) fn start(api: &api::Client, at_most: Option<Duration>) -> Self {
        let timeouts = api.transport().timeouts();
        let at_most = at_most.unwrap_or(timeouts.workflow);
        Self { at: Instant::now().checked_add(at_most), longest_wait: timeouts.longest_wait }
    }

    /// A client whose calls end by then.
    pub(crate) fn bounds(self, api: &api::Client) -> api::Client {
        match self.at {
            Some(at) => api::Client::new(api.transport().with_options(CallOptions::new().deadline(at))),
            None => api.clone(),
        }
    }

    /// Waits, and returns `true`; where the time does not suffice, returns `false` at once.
    pub(crate) async fn wait(self, time: Duration) -> bool {
        let suffices = self.at.is_none_or(|at| time < at.saturating_duration_since(Instant::now()));
        if suffices {
            sleep(time).await;
        }
        suffices
    }

    /// Waits as [`wait`](Self::wait) does: as long as the server asks for, else `default`. A server that asks for more than
    /// [`Timeouts::longest_wait`](crate::Timeouts::longest_wait) is not waited for.
    pub(crate) async fn wait_after(self, error: &Error, default: Duration) -> bool {
        let time = error.retry_after().unwrap_or(default);
        time <= self.longest_wait && self.wait(time).await
    }
}

impl Caller {
    /// Starts a deadline, by which the calls of the returned caller end.
    pub(crate) fn starting(&self, at_most: Option<Duration>) -> (Self, Deadline) {
        let deadline = Deadline::start(&self.api, at_most);
        (Self { api: deadline.bounds(&self.api), connection: self.connection.clone() }, deadline)
    }
}
