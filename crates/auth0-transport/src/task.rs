//! Work in a task of its own.

use std::{
    panic,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument;

/// A task that makes progress whether or not it is polled, and is aborted when it is dropped.
///
/// A caller may start something and then wait for something else, as a buffered stream or `select!` does. A call that stood
/// still meanwhile would hold up all that wait for what it holds.
#[derive(Debug)]
pub struct Task<T>(JoinHandle<T>);

impl<T: Send + 'static> Task<T> {
    /// Starts a task, in the present span.
    pub fn spawn(future: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(future.in_current_span()))
    }
}

impl<T> Task<T> {
    /// The output of a task that has ended.
    ///
    /// # Panics
    ///
    /// With the panic of the task, and where its runtime was shut down.
    pub fn output(ended: Result<T, JoinError>) -> T {
        match ended.map_err(JoinError::try_into_panic) {
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
