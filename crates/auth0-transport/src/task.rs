//! Tasks that end when they are dropped.

use std::{
    panic,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument;

/// A task that continues without polls, and is aborted when it is dropped.
///
/// A buffered stream or `select!` polls one future while another one waits. A call that does not continue meanwhile would
/// delay all calls that wait for its permit.
#[derive(Debug)]
pub struct Task<T>(JoinHandle<T>);

impl<T: Send + 'static> Task<T> {
    /// Starts a task in the current span.
    pub fn spawn(future: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(future.in_current_span()))
    }
}

impl<T> Task<T> {
    /// Returns the output of a task that has ended.
    ///
    /// # Panics
    ///
    /// Panics if the task panicked, or if its runtime was shut down.
    pub fn output(result: Result<T, JoinError>) -> T {
        match result.map_err(JoinError::try_into_panic) {
            Ok(output) => output,
            Err(Ok(panic)) => panic::resume_unwind(panic),
            Err(Err(_)) => panic!("the Tokio runtime was shut down while a task of it was awaited"),
        }
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
