//! Keeps paused time from running while something is on its way between client and server.
//!
//! Tokio moves a paused clock on as soon as nothing is left to do, which may be before the kernel has handed over what was
//! sent. While a blocking task runs, it does not.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use auth0_transport::{Attempt, AttemptOutcome, HeaderMap, Hook};

/// A client that takes nothing for this time of the real clock is not waited for.
const LONGEST: Duration = Duration::from_millis(200);

/// The header by which the server knows a request.
const ID: &str = "x-transit";

#[derive(Clone, Default)]
pub(crate) struct Transit(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Requests that were begun and have not ended.
    open: HashSet<String>,
    /// Those of them that are on their way, there or back.
    moving: HashSet<String>,
    /// How often anything has changed.
    changes: u64,
    blocking: Option<mpsc::Sender<()>>,
}

impl Transit {
    /// The server has the request.
    pub(crate) fn arrived(&self, headers: &[(String, String)]) -> Option<String> {
        let id = headers.iter().find(|(name, _)| name == ID).map(|(_, id)| id.clone())?;
        self.change(|state| {
            state.moving.remove(&id);
        });
        Some(id)
    }

    /// The server responds, or closes the connection.
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
