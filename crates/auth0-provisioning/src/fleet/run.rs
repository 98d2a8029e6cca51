//! Running the same for many connections, with a limit of calls in flight.

use std::{
    future::Future,
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::{
    StreamExt,
    stream::{self, FuturesOrdered, FuturesUnordered},
};

use crate::call_limit::CallLimit;

/// The futures that were started.
enum Started<F: Future> {
    AsReady(FuturesUnordered<F>),
    InOrder(FuturesOrdered<F>),
}

impl<F: Future> Started<F> {
    fn push(&mut self, future: F) {
        match self {
            Self::AsReady(futures) => futures.push(future),
            Self::InOrder(futures) => futures.push_back(future),
        }
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<F::Output>> {
        match self {
            Self::AsReady(futures) => futures.poll_next_unpin(context),
            Self::InOrder(futures) => futures.poll_next_unpin(context),
        }
    }
}

/// The outputs of futures, in the order of the futures or as they are ready.
///
/// The next future is started when another one has got its first call in, so that the calls in flight are limited, and
/// futures that wait between their calls do not hold up others.
pub(super) fn run<F: Future>(
    futures: impl Iterator<Item = F>,
    calls: CallLimit,
    in_order: bool,
) -> impl Stream<Item = F::Output> {
    let mut futures = futures.fuse();
    let mut started =
        if in_order { Started::InOrder(FuturesOrdered::new()) } else { Started::AsReady(FuturesUnordered::new()) };
    stream::poll_fn(move |context| {
        loop {
            let next = if calls.may_start(context.waker()) { futures.next() } else { None };
            let is_last = next.is_none();
            if let Some(future) = next {
                started.push(future);
            }
            match started.poll_next(context) {
                Poll::Ready(None) | Poll::Pending if !is_last => {}
                polled => return polled,
            }
        }
    })
}
