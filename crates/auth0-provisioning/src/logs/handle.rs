//! Log events: searched, followed, read.

use std::future::Future;

use auth0_provisioning_api as api;
use auth0_transport::{Error, Response};
use futures_core::future::BoxFuture;

use super::event;
use crate::{
    Client, Cursor, Page, Pages,
    types::{GetLogsParameters, LogEvent, LogEventList},
};

/// The most events that a search returns; the API has no further page.
const MOST_FOUND: u64 = 1000;

/// The sizes of pages that divide them, so that the last page is not beyond.
const SIZES: [u64; 10] = [100, 50, 40, 25, 20, 10, 8, 5, 4, 2];

/// The tenant's log: [`Client::logs`]. Cheap to clone.
///
/// Returns events of every type as the API sends them; [`RunReport::of`](crate::RunReport::of) reads those of
/// synchronization runs. A tenant keeps its log for some days only, and an event appears in it some seconds late.
#[derive(Clone, Debug)]
pub struct LogsHandle {
    api: api::Client,
}

impl Client {
    /// The tenant's log. Nothing is sent yet.
    #[must_use]
    pub fn logs(&self) -> LogsHandle {
        LogsHandle { api: self.api.clone() }
    }
}

impl LogsHandle {
    /// The latest 1000 events, the latest first. A size of pages that does not divide 1000 is rounded down to one that does.
    ///
    /// Needs the scope `read:logs`, or `read:logs_users`.
    pub fn latest(&self) -> Pages<LogEvent> {
        self.found(None)
    }

    /// The latest 1000 events that a search finds, the latest first. The search is a Lucene query, such as
    /// `type:directory_sync_failed AND connection_id:con_0123456789abcdef`.
    ///
    /// Where 1000 events came, there may be more. A job that runs each night keeps the id of the latest event that it saw
    /// and goes on [`after`](Self::after) it, which has no such limit; the first time, it takes the id of the first event of
    /// [`latest`](Self::latest).
    ///
    /// Needs the scope `read:logs`, or `read:logs_users`.
    ///
    /// ```
    /// # auth0_provisioning_examples::run(async |client| {
    /// use auth0_provisioning::RunReport;
    /// use futures_util::TryStreamExt;
    ///
    /// let mut failed = client.logs().search("type:directory_sync_failed").items();
    /// while let Some(event) = failed.try_next().await? {
    ///     println!("{:?}", RunReport::of(&event));
    /// }
    /// # Ok(()) });
    /// ```
    pub fn search(&self, search: impl Into<String>) -> Pages<LogEvent> {
        self.found(Some(search.into()))
    }

    /// The events after the one with this id, the oldest first, up to the present. To go on later, keep the id of the last
    /// event.
    ///
    /// Needs the scope `read:logs`, or `read:logs_users`.
    pub fn after(&self, log_id: impl Into<String>) -> Pages<LogEvent> {
        let this = self.clone();
        let pages = Pages::new(move |from, take| {
            let this = this.clone();
            let mut parameters = GetLogsParameters::default().take(signed(take.get()));
            parameters.from = from.map(Cursor::into_string);
            Box::pin(async move {
                if parameters.from.is_none() {
                    return Err(Error::invalid_request("the id of the event to begin after is empty"));
                }
                let events = this.events(&parameters).await?;
                let is_full = u64::try_from(events.len()).is_ok_and(|count| count >= take.get());
                let last = events.iter().rev().find_map(|event| event.log_id.clone());
                if is_full && last.is_none() {
                    return Err(Error::unexpected_response(
                        "a page of log events without ids, which nothing can follow",
                    ));
                }
                Ok(Page::new(events, last.filter(|_| is_full)))
            })
        });
        pages.resume_from(Cursor::from(log_id.into()))
    }

    /// Reads one event.
    ///
    /// Needs the scope `read:logs`, or `read:logs_users`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] where there is none with this id, or it is no longer kept; and any error of a call.
    pub fn get(&self, log_id: impl Into<String>) -> BoxFuture<'static, Result<LogEvent, Error>> {
        let (this, log_id) = (self.clone(), log_id.into());
        Box::pin(async move { this.api.get_logs_by_id(&log_id).await.map(Response::into_inner) })
    }

    /// Numbered pages: the cursor is the number.
    fn found(&self, search: Option<String>) -> Pages<LogEvent> {
        let this = self.clone();
        Pages::new(move |from, take| {
            let this = this.clone();
            let number = from.as_ref().map_or(Ok(0), |cursor| cursor.as_str().parse::<u64>());
            let take = SIZES.into_iter().find(|size| *size <= take.get()).unwrap_or(1);
            let mut parameters = GetLogsParameters::default().sort("date:-1").per_page(signed(take));
            parameters.search.clone_from(&search);
            Box::pin(async move {
                let number = number.map_err(|_| Error::invalid_request("the cursor is no number of a page"))?;
                parameters.page = Some(number);
                let events = this.events(&parameters).await?;
                let is_full = u64::try_from(events.len()).is_ok_and(|count| count >= take);
                let next = number.saturating_add(1);
                let goes_on = is_full && next.saturating_add(1).saturating_mul(take) <= MOST_FOUND;
                Ok(Page::new(events, goes_on.then(|| next.to_string())))
            })
        })
    }

    fn events(
        &self,
        parameters: &GetLogsParameters,
    ) -> impl Future<Output = Result<Vec<LogEvent>, Error>> + Send + use<> {
        let (this, parameters) = (self.clone(), parameters.clone());
        async move {
            match this.api.get_logs(&parameters).await?.into_inner() {
                LogEventList::LogEventList(events) => Ok(events),
                LogEventList::LogEventPage(page) => Ok(page.logs.unwrap_or_default()),
                // One event of another form would otherwise make all others unreadable.
                LogEventList::Unknown(page) => event::read_all(page)
                    .ok_or_else(|| Error::unexpected_response("neither a page nor a list of log events")),
                _ => Err(Error::unexpected_response("neither a page nor a list of log events")),
            }
        }
    }
}

/// Sizes of pages are 1 to 100.
fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
