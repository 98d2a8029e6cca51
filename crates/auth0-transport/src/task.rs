//! A call as a task of its own.

use std::{
    panic,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::task::JoinHandle;

use crate::{Error, ErrorKind};

/// A task that makes progress whether its handle is polled or not, and ends when the handle is dropped.
///
/// A caller may start a call and then wait for something else, as a buffered stream or `select!` does. Were the call to
/// stand still with it, so would every call that waits for what this one holds.
pub(crate) struct Task<T>(JoinHandle<Result<T, Error>>);

impl<T: Send + 'static> Task<T> {
    pub(crate) fn spawn(future: impl Future<Output = Result<T, Error>> + Send + 'static) -> Self {
        Self(tokio::spawn(future))
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|ended| match ended {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => panic::resume_unwind(panic),
                Err(_) => Err(Error::new(ErrorKind::Network).detail("the runtime that sent the request was shut down")),
            },
        })
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
