//! A body that is sent at once, in pieces, with pauses, or in part.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Sleep;

pub(crate) enum Step {
    Send(Bytes),
    Pause(Duration),
    /// Notifies the waiting task; sends nothing.
    Notify(Arc<Notify>),
    /// Flushes the bytes so far to the client.
    Flush,
    /// Cuts the connection.
    Cut,
}

/// A body with an announced length, of which a cut may send only a part.
pub(crate) struct ResponseBody {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
    length: u64,
}

impl ResponseBody {
    pub(crate) fn whole(body: Bytes) -> Self {
        let length = body.len() as u64;
        let steps = if body.is_empty() { VecDeque::new() } else { VecDeque::from([Step::Send(body)]) };
        Self { steps, pause: None, length }
    }

    pub(crate) fn scripted(steps: impl IntoIterator<Item = Step>, length: usize) -> Self {
        Self { steps: steps.into_iter().collect(), pause: None, length: length as u64 }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                match pause.as_mut().poll(context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(()) => self.pause = None,
                }
            }
            match self.steps.pop_front() {
                Some(Step::Send(data)) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Some(Step::Pause(time)) => self.pause = Some(Box::pin(tokio::time::sleep(time))),
                Some(Step::Notify(waiting)) => waiting.notify_one(),
                Some(Step::Flush) => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Some(Step::Cut) => return Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty() && self.pause.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
