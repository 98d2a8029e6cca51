//! Stops paused time while a request or response is in transit.
//!
//! Tokio advances a paused clock when all tasks wait, which may be before the kernel has delivered data. It does not advance it
//! while a blocking task runs.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use auth0_transport::{Attempt, AttemptOutcome, HeaderMap, Hook};

/// The longest real time to wait for a client that reads nothing.
const LONGEST: Duration = Duration::from_millis(200);

/// The header that identifies a request to the server.
const ID: &str = "x-transit";

#[derive(Clone, Default)]
pub(crate) struct Transit(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Requests that have not ended.
    open: HashSet<String>,
    /// The requests of them that are in transit, or whose response is.
    moving: HashSet<String>,
    /// The number of changes.
    changes: u64,
    blocking: Option<mpsc::Sender<()>>,
}

impl Transit {
    /// Records that the server received a request.
    pub(crate) fn arrived(&self, headers: &[(String, String)]) -> Option<String> {
        let id = headers.iter().find(|(name, _)| name == ID).map(|(_, id)| id.clone())?;
        self.change(|state| {
            state.moving.remove(&id);
        });
        Some(id)
    }

    /// Records that the server responds or closes the connection.
    pub(crate) fn responded(&self, id: Option<String>) {
        self.change(|state| state.moving.extend(id.filter(|id| state.open.contains(id))));
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.0.lock().unwrap();
        change(&mut state);
        state.changes += 1;
        if state.moving.is_empty() {
            state.blocking = None;
        } else if state.blocking.is_none() {
            let (sender, receiver) = mpsc::channel::<()>();
            state.blocking = Some(sender);
            let this = self.clone();
            tokio::task::spawn_blocking(move || {
                let mut changes = 0;
                while receiver.recv_timeout(LONGEST) == Err(mpsc::RecvTimeoutError::Timeout) {
                    let mut state = this.0.lock().unwrap();
                    if state.changes == changes {
                        state.moving.clear();
                        state.blocking = None;
                        return;
                    }
                    changes = state.changes;
                }
            });
        }
    }
}

impl Hook for Transit {
    fn before(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        let id = format!("{}-{}", attempt.call, attempt.number);
        headers.insert(ID, id.parse().unwrap());
        self.change(|state| {
            state.open.insert(id.clone());
            state.moving.insert(id);
        });
    }

    fn after(&self, attempt: &Attempt<'_>, _: &AttemptOutcome<'_>) {
        let id = format!("{}-{}", attempt.call, attempt.number);
        self.change(|state| {
            state.open.remove(&id);
            state.moving.remove(&id);
        });
    }
}
