//! The runs of a connection, by its log events.

use std::{collections::BTreeSet, pin::Pin, time::Duration};

use auth0_transport::{Error, ErrorKind};
use chrono::{DateTime, TimeDelta, Utc};
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, future, stream};
use tokio::time::sleep;

use super::RunReport;
use crate::{DirectoryProvisioningHandle, LastRun, RunState};

/// How long to wait before the log is read again, where the end of a run is not in it yet.
const LATE_BY: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Among how many runs one is looked for that has just ended.
const LATEST: usize = 20;

/// How far the times of the log and of the configuration may be apart.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(1);

impl DirectoryProvisioningHandle {
    /// The runs of the connection in the log, the latest first: those of the latest 1000 events, and as
    /// long ago as the tenant keeps its log. An event that names another connection, as that of a run that failed may, is
    /// not among them: such a run stays one that is running.
    ///
    /// Needs the scope `read:logs`, or `read:logs_users`.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};
    /// # let at_once = Synchronization::completes_after(std::time::Duration::ZERO);
    /// # let connection = Connection::google_apps("con_0123456789abcdef").configured().synchronization(at_once);
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(connection), async |client| {
    /// use futures_util::TryStreamExt;
    ///
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// provisioning.synchronize().await?;
    /// let mut runs = provisioning.run_history();
    /// while let Some(run) = runs.try_next().await? {
    ///     println!("{run}");
    /// }
    /// # Ok(()) });
    /// ```
    #[must_use = "streams do nothing unless polled"]
    pub fn run_history(&self) -> BoxStream<'static, Result<RunReport, Error>> {
        let connection = self.connection_id().clone();
        let search = format!("type:directory_sync_* AND connection_id:{connection}");
        // Whether a search puts a term in quotes or not, it is filtered again.
        let of_connection = move |run: &RunReport| future::ready(run.connection_id.as_ref() == Some(&connection));
        runs(self, search).try_filter(of_connection).boxed()
    }
}

/// The runs that a search finds, the latest first.
fn runs(handle: &DirectoryProvisioningHandle, search: String) -> BoxStream<'static, Result<RunReport, Error>> {
    let events = handle.caller.client().logs().search(search).items();
    let runs = events.try_filter_map(|event| future::ready(Ok(RunReport::of(&event))));
    latest_of_each(runs.boxed())
}

/// Returns each run once: from the event of its end, or of its start if it has not ended. The start comes after the end, or just before it
/// where both have the same time.
fn latest_of_each(
    events: BoxStream<'static, Result<RunReport, Error>>,
) -> BoxStream<'static, Result<RunReport, Error>> {
    let state = (events.peekable(), BTreeSet::new());
    let runs = stream::try_unfold(state, |(mut events, mut seen)| async move {
        while let Some(run) = events.try_next().await? {
            let ends_next = |next: &RunReport| next.synchronization_id == run.synchronization_id;
            let is_start = run.state == RunState::Running
                && matches!(Pin::new(&mut events).peek().await, Some(Ok(next)) if ends_next(next));
            if !is_start && seen.insert(run.synchronization_id.clone()) {
                return Ok(Some((run, (events, seen))));
            }
        }
        Ok(None)
    });
    runs.boxed()
}

/// Returns the log's report of a run that has ended, as the configuration reports it: the one with this id, or the one that ended
/// last, after `since`. `None` where the token may not read the log, or the end does not appear in it. No pause is longer
/// than `longest_pause`.
pub(crate) async fn report_of(
    handle: &DirectoryProvisioningHandle,
    synchronization_id: Option<&str>,
    since: Option<DateTime<Utc>>,
    run: &LastRun,
    longest_pause: Duration,
) -> Option<RunReport> {
    let mut pauses = LATE_BY.into_iter();
    loop {
        let found = match synchronization_id {
            Some(id) => with_id(handle, id).await,
            None => ended(handle.run_history(), |report| is_of(report, run, since)).await,
        };
        if let Some(report) = found.ok()? {
            return Some(report);
        }
        sleep(pauses.next()?.min(longest_pause)).await;
    }
}

/// The run with this id, if it has ended. The event of a run that failed may name no connection, or another one, so that it
/// is searched by the id first, which not every tenant may take.
async fn with_id(handle: &DirectoryProvisioningHandle, id: &str) -> Result<Option<RunReport>, Error> {
    let is_meant = |report: &RunReport| report.synchronization_id == id;
    let by_id = format!("type:directory_sync_* AND details.synchronization_id:{}", quoted(id));
    match ended(runs(handle, by_id), is_meant).await {
        Ok(None) => {}
        Err(error) if error.kind() == ErrorKind::BadRequest => {}
        found => return found,
    }
    ended(handle.run_history(), is_meant).await
}

/// The first run that has ended and is meant. It has just ended, so it is among the latest.
async fn ended(
    runs: BoxStream<'static, Result<RunReport, Error>>,
    is_meant: impl Fn(&RunReport) -> bool,
) -> Result<Option<RunReport>, Error> {
    let mut runs = runs.take(LATEST);
    while let Some(report) = runs.try_next().await? {
        if report.state != RunState::Running && is_meant(&report) {
            return Ok(Some(report));
        }
    }
    Ok(None)
}

/// The log has times of its own, so that the run before may seem to have ended after `since`. What the two disagree about
/// is the same run if it went on at the time that the configuration names.
fn is_of(report: &RunReport, run: &LastRun, since: Option<DateTime<Utc>>) -> bool {
    let Some(end) = report.ended_at else { return false };
    let begin = report.requested_at.or(report.started_at).unwrap_or(end);
    let (is_same_state, at) = ((run.state == RunState::Failed) == (report.state == RunState::Failed), run.at);
    let goes_on = |at: DateTime<Utc>| {
        at.signed_duration_since(begin) >= -CLOCKS_APART && at.signed_duration_since(end) <= CLOCKS_APART
    };
    since.is_none_or(|since| end > since) && (is_same_state || at.is_some_and(goes_on))
}

/// A phrase of a search, in which the id of a run, whatever it is made of, changes nothing else.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
