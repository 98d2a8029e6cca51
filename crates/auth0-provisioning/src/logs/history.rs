//! The runs of a connection, by its log events.

use std::{collections::BTreeSet, pin::Pin, time::Duration};

use auth0_transport::Error;
use chrono::{DateTime, Utc};
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, future, stream};
use tokio::time::sleep;

use super::{LogEventExt, RunReport};
use crate::{DirectoryProvisioningHandle, RunState};

/// How long to wait before the log is read again, where the end of a run is not in it yet.
const LATE_BY: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Among how many runs one is looked for that has just ended.
const LATEST: usize = 20;

impl DirectoryProvisioningHandle {
    /// The runs of the connection as the log tells them, the latest first: as many as the latest 1000 events tell, and as
    /// long ago as the tenant keeps its log.
    ///
    /// Needs the scope `read:logs`, or `read:logs_users`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};
    /// # let at_once = Synchronization::completes_after(std::time::Duration::ZERO);
    /// # let connection = Connection::google_apps("con_0123456789abcdef").configured().synchronization(at_once);
    /// # let tenant = MockTenant::builder().connection(connection).start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use futures_util::TryStreamExt;
    ///
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// google.synchronize().await?;
    /// let mut runs = google.run_history();
    /// while let Some(run) = runs.try_next().await? {
    ///     println!("{run}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "streams do nothing unless polled"]
    pub fn run_history(&self) -> BoxStream<'static, Result<RunReport, Error>> {
        let id = self.connection_id().as_str();
        // Whether a search puts a term in quotes or not, it is filtered again below.
        let search = format!("type:directory_sync_* AND connection_id:{id}");
        let connection = self.connection_id().clone();
        let events = self.client().logs().search(search).items();
        let runs = events.try_filter_map(move |event| {
            let run = event.directory_sync().map(RunReport::from);
            future::ready(Ok(run.filter(|run| run.connection_id.as_ref() == Some(&connection))))
        });
        latest_of_each(runs.boxed())
    }
}

/// Each run once, as its end tells it, or its start where it has not ended. The start comes after the end, or just before it
/// where both have the same time.
fn latest_of_each(
    events: BoxStream<'static, Result<RunReport, Error>>,
) -> BoxStream<'static, Result<RunReport, Error>> {
    let state = (events.peekable(), BTreeSet::new());
    let runs = stream::try_unfold(state, |(mut events, mut told)| async move {
        while let Some(run) = events.try_next().await? {
            let ends_next = |next: &RunReport| next.synchronization_id == run.synchronization_id;
            let is_start = run.state == RunState::Running
                && matches!(Pin::new(&mut events).peek().await, Some(Ok(next)) if ends_next(next));
            if !is_start && told.insert(run.synchronization_id.clone()) {
                return Ok(Some((run, (events, told))));
            }
        }
        Ok(None)
    });
    runs.boxed()
}

/// What the log tells of a run that has ended, failed or not: the one with this id, or the one that ended last, after
/// `since`. `None` where the token may not read the log, or the end does not appear in it. No pause is longer than
/// `longest_pause`.
pub(crate) async fn report_of(
    handle: &DirectoryProvisioningHandle,
    synchronization_id: Option<&str>,
    since: Option<DateTime<Utc>>,
    has_failed: bool,
    longest_pause: Duration,
) -> Option<Box<RunReport>> {
    let mut pauses = LATE_BY.into_iter();
    loop {
        // It has just ended, so it is among the latest.
        let mut runs = handle.run_history().take(LATEST);
        while let Some(run) = runs.try_next().await.ok()? {
            let is_meant = match synchronization_id {
                Some(id) => run.synchronization_id == id,
                // The log has times of its own, so that the run before may seem to have ended after `since`.
                None => {
                    has_failed == (run.state == RunState::Failed)
                        && run.ended_at.is_some_and(|end| since.is_none_or(|since| end > since))
                }
            };
            if is_meant && run.state != RunState::Running {
                return Some(Box::new(run));
            }
        }
        sleep(pauses.next()?.min(longest_pause)).await;
    }
}
