//! Pages and items as streams.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use auth0_transport::{Error, Task};
use futures_core::{Stream, future::BoxFuture};
use futures_util::FutureExt;

use super::{Page, Pages, Position};

/// The pages of a list: [`Pages::pages`].
pub(super) struct PageStream<T> {
    state: State<T>,
    /// The position of the next page, or of the one that could not be read.
    position: Position,
}

type Fetched<T> = Result<Option<Page<T>>, Error>;

enum State<T> {
    Idle(Pages<T>),
    Reading(BoxFuture<'static, (Pages<T>, Fetched<T>)>),
    Ended,
}

async fn read<T>(mut pages: Pages<T>) -> (Pages<T>, Fetched<T>) {
    let page = pages.next().await;
    (pages, page)
}

impl<T> PageStream<T> {
    pub(super) fn new(pages: Pages<T>) -> Self {
        Self { position: pages.position().clone(), state: State::Idle(pages) }
    }
}

impl<T: Send + 'static> Stream for PageStream<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match std::mem::replace(&mut this.state, State::Ended) {
                State::Idle(pages) => this.state = State::Reading(Box::pin(read(pages))),
                State::Reading(mut reading) => match reading.as_mut().poll(context) {
                    Poll::Ready((pages, Ok(Some(page)))) => {
                        this.position = pages.position().clone();
                        this.state = if pages.prefetch && page.next.is_some() {
                            State::Reading(Box::pin(Task::spawn(read(pages)).map(Task::output)))
                        } else {
                            State::Idle(pages)
                        };
                        return Poll::Ready(Some(Ok(page)));
                    }
                    Poll::Ready((_, Ok(None))) => return Poll::Ready(None),
                    Poll::Ready((_, Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Pending => {
                        this.state = State::Reading(reading);
                        return Poll::Pending;
                    }
                },
                State::Ended => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Unpin for PageStream<T> {}

/// The items of a list: [`Pages::items`].
#[must_use = "streams do nothing unless polled"]
pub struct Items<T> {
    pages: PageStream<T>,
    rest: vec::IntoIter<T>,
    /// The position of the page that `rest` is of.
    position: Position,
}

impl<T> Items<T> {
    pub(super) fn new(pages: Pages<T>) -> Self {
        let pages = PageStream::new(pages);
        Self { position: pages.position.clone(), pages, rest: Vec::new().into_iter() }
    }

    /// Where to [resume](Pages::resume_from) without missing an item: the position of the last item's page as long as more
    /// items of it follow, then that of the next page.
    #[must_use]
    pub fn position(&self) -> &Position {
        if self.rest.as_slice().is_empty() { &self.pages.position } else { &self.position }
    }
}

impl<T: Send + 'static> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.rest.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            this.position.clone_from(&this.pages.position);
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => this.rest = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Unpin for Items<T> {}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Items").field("position", self.position()).finish_non_exhaustive()
    }
}
