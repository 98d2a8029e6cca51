//! Lists that are read page by page.

mod cursor;
mod stream;
mod traversal;

use std::{fmt, future::Future, num::NonZeroU64, pin::Pin, sync::Arc};

use auth0_transport::Error;
use futures_core::Stream;
use serde::{Deserialize, Serialize};

pub use self::{
    cursor::{Cursor, Position},
    stream::Items,
};
use self::{stream::PageStream, traversal::Traversal};

/// The most items that the API puts on one page.
pub(crate) const LARGEST_PAGE: u8 = 100;

type Fetched<T> = Pin<Box<dyn Future<Output = Result<Page<T>, Error>> + Send>>;
type Fetch<T> = Arc<dyn Fn(Option<Cursor>, NonZeroU64) -> Fetched<T> + Send + Sync>;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items on the page. May be empty although another page follows.
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last page.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    pub(crate) fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self { items, next: Cursor::of_next(next) }
    }
}

/// A list that is read page by page: one at a time with [`next`](Self::next), or as a stream of [`pages`](Self::pages)
/// or [`items`](Self::items). Nothing is sent before that.
///
/// One page is kept in memory, two with [`prefetch`](Self::prefetch). A list that changes while it is read may show an
/// item twice or not at all: the API has no snapshots.
///
/// ```
/// # use auth0_provisioning_mock::{Connection, MockTenant};
/// # auth0_provisioning_examples::run_with(MockTenant::builder().connections(Connection::fleet(5)), async |client| {
/// let mut pages = client.directory_provisionings().page_size(2);
/// let first = pages.next().await?.expect("there is always a first page");
/// assert_eq!(first.items.len(), 2);
///
/// // Days later, in another process:
/// let kept = first.next.expect("three more follow");
/// let mut rest = client.directory_provisionings().resume_from(kept);
/// assert_eq!(rest.next().await?.expect("the rest").items.len(), 3);
/// assert!(rest.next().await?.is_none());
/// # Ok(()) });
/// ```
#[derive(Clone)]
#[must_use = "nothing is read until `next`, `pages` or `items` is used"]
pub struct Pages<T> {
    fetch: Fetch<T>,
    page_size: NonZeroU64,
    traversal: Traversal,
    prefetch: bool,
}

impl<T> Pages<T> {
    pub(crate) fn new(fetch: impl Fn(Option<Cursor>, NonZeroU64) -> Fetched<T> + Send + Sync + 'static) -> Self {
        Self {
            fetch: Arc::new(fetch),
            page_size: size(LARGEST_PAGE),
            traversal: Traversal::from(Position::Beginning),
            prefetch: false,
        }
    }

    /// The number of items on a page, clamped to 1 to 100. Defaults to 100.
    pub fn page_size(mut self, items: u8) -> Self {
        self.page_size = size(items);
        self
    }

    /// Continues at a position or at a cursor. The empty cursor is the beginning.
    pub fn resume_from(mut self, position: impl Into<Position>) -> Self {
        self.traversal = Traversal::from(position.into());
        self
    }

    /// Lets [`pages`](Self::pages) and [`items`](Self::items) read the next page while the present one is used, in a Tokio
    /// task. Off by default.
    pub fn prefetch(mut self) -> Self {
        self.prefetch = true;
        self
    }

    /// The position of the page that [`next`](Self::next) reads.
    #[must_use]
    pub fn position(&self) -> &Position {
        self.traversal.position()
    }

    /// Reads the next page; `None` after the last. After an error, or where the future was dropped, it reads the same page
    /// again.
    ///
    /// # Errors
    ///
    /// Any error of a call, see [`ErrorKind`](crate::ErrorKind); and
    /// [`ErrorKind::UnexpectedResponse`](crate::ErrorKind::UnexpectedResponse) for a list whose pages form a loop.
    pub async fn next(&mut self) -> Result<Option<Page<T>>, Error> {
        if let Some(repeated) = self.traversal.repeated() {
            let reason = format!("the cursor {:?} came again: the pages form a loop", repeated.as_str());
            return Err(Error::unexpected_response(reason));
        }
        let cursor = match self.traversal.position() {
            Position::End => return Ok(None),
            position => position.cursor().cloned(),
        };
        let page = (self.fetch)(cursor, self.page_size).await?;
        self.traversal.step(page.next.as_ref());
        Ok(Some(page))
    }

    /// The pages as a stream, which ends after the last page or an error.
    pub fn pages(self) -> impl Stream<Item = Result<Page<T>, Error>> + Send + Unpin
    where
        T: Send + 'static,
    {
        PageStream::new(self)
    }

    /// The items as a stream, which ends after the last item or an error.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connections(Connection::fleet(5)), async |client| {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut all = client.directory_provisionings().prefetch().items();
    /// while let Some(configuration) = all.try_next().await? {
    ///     println!("{}: {} rows", configuration.connection_name, configuration.mapping.len());
    /// }
    /// # Ok(()) });
    /// ```
    pub fn items(self) -> Items<T> {
        Items::new(self)
    }
}

fn size(items: u8) -> NonZeroU64 {
    NonZeroU64::new(items.min(LARGEST_PAGE).into()).unwrap_or(NonZeroU64::MIN)
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pages")
            .field("position", &self.position())
            .field("page_size", &self.page_size)
            .field("prefetch", &self.prefetch)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use futures_util::TryStreamExt;

    use super::*;

    /// An item that is counted while it is held.
    struct Held(Arc<AtomicUsize>);

    impl Held {
        fn new(count: &Arc<AtomicUsize>) -> Self {
            count.fetch_add(1, Relaxed);
            Self(Arc::clone(count))
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Relaxed);
        }
    }

    fn list(pages: u32, held: &Arc<AtomicUsize>) -> Pages<Held> {
        let held = Arc::clone(held);
        Pages::new(move |from, take| {
            let number: u32 = from.map_or(0, |cursor| cursor.as_str().parse().unwrap());
            let items = (0..take.get()).map(|_| Held::new(&held)).collect();
            let next = (number + 1 < pages).then(|| (number + 1).to_string());
            Box::pin(std::future::ready(Ok(Page::new(items, next))))
        })
    }

    #[tokio::test]
    async fn of_100_000_items_one_page_is_kept_in_memory() {
        for (prefetch, most) in [(false, 100), (true, 200)] {
            let held = Arc::new(AtomicUsize::new(0));
            let pages = list(1000, &held);
            let mut items = if prefetch { pages.prefetch() } else { pages }.items();
            let mut count = 0;
            while let Some(item) = items.try_next().await.unwrap() {
                let now = held.load(Relaxed);
                assert!(now <= most, "{now} items are held");
                count += 1;
                drop(item);
            }
            assert_eq!((count, held.load(Relaxed)), (100_000, 0));
        }
    }
}
