//! The methods that run a synchronization and wait for its end.

use auth0_transport::Task;
use futures_core::{future::BoxFuture, stream::BoxStream};
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use super::{
    Progress, SynchronizeError, Wait,
    watch::{Mode, until_ended, watch},
};
use crate::{DirectoryProvisioningHandle, LastRun};

impl DirectoryProvisioningHandle {
    /// Requests a synchronization run, or joins the one that is running, and waits until it has ended.
    ///
    /// The configuration is read every few seconds, under the same rate limit as all calls; [`Wait`] says how often. A run
    /// has ended once `last_synchronization_at` has moved on and the status is not one that means "running".
    /// [`synchronize_and_watch`](Self::synchronize_and_watch) is a stream of the states on the way.
    ///
    /// With the feature `logs`, and a token with the scope `read:logs`, the result has a
    #[cfg_attr(feature = "logs", doc = "[`report`](LastRun::report),")]
    #[cfg_attr(not(feature = "logs"), doc = "`report`,")]
    /// also in [`SynchronizeError::Failed`]: when the run started and ended, and for which users it failed.
    ///
    /// Needs the scopes `create:directory_provisionings` and `read:directory_provisionings`. Dropping the future stops
    /// the waiting, not the run.
    ///
    /// # Errors
    ///
    /// [`SynchronizeError::Failed`] with the run's error, [`SynchronizeError::TimedOut`] with what was seen last,
    /// [`SynchronizeError::TooSoon`] with the earliest next time within 30 minutes of the last completed run, and any error
    /// of a call.
    ///
    /// [`LastRun::origin`] says whether the run that ended is the requested one. A run is known by its id in the log, and by
    /// the time of the request. Without the log, a run that failed in the seconds of the request may be another one: it is
    /// reported after 30 s without a further run, as [undecided](crate::RunOrigin::Undecided).
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};
    /// # let at_once = Synchronization::completes_after(std::time::Duration::ZERO);
    /// # let connection = Connection::google_apps("con_0123456789abcdef").configured().synchronization(at_once);
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(connection), async |client| {
    /// use std::time::Duration;
    /// use auth0_provisioning::SynchronizeError;
    ///
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let run = provisioning.synchronize_and_wait(Duration::from_secs(900)).await?;
    /// println!("{run}");
    ///
    /// match provisioning.synchronize_and_wait(Duration::from_secs(900)).await {
    ///     Err(SynchronizeError::TooSoon { earliest, .. }) => println!("not before {earliest}"),
    ///     other => panic!("{other:?}"),
    /// }
    /// # Ok(()) });
    /// ```
    pub fn synchronize_and_wait(&self, wait: impl Into<Wait>) -> BoxFuture<'static, Result<LastRun, SynchronizeError>> {
        Box::pin(until_ended(self.synchronize_and_watch(wait)))
    }

    /// Like [`synchronize_and_wait`](Self::synchronize_and_wait), as a stream of the states that it sees.
    ///
    /// The stream ends after [`Progress::Ended`] or an error. From its first poll, when the time of [`Wait`] starts, until it
    /// is dropped, a Tokio task watches the run, however often the stream is polled.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};
    /// # let at_once = Synchronization::completes_after(std::time::Duration::ZERO);
    /// # let connection = Connection::google_apps("con_0123456789abcdef").configured().synchronization(at_once);
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(connection), async |client| {
    /// use std::time::Duration;
    /// use futures_util::TryStreamExt;
    ///
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let mut states = provisioning.synchronize_and_watch(Duration::from_secs(900));
    /// while let Some(state) = states.try_next().await? {
    ///     println!("{state}");
    /// }
    /// # Ok(()) });
    /// ```
    pub fn synchronize_and_watch(
        &self,
        wait: impl Into<Wait>,
    ) -> BoxStream<'static, Result<Progress, SynchronizeError>> {
        driven(watch(self.clone(), wait.into(), Mode::Start))
    }

    /// Waits for the end of the next run without requesting one: the run that is running, an automatic one, or with
    /// [`Wait::ended_after`] one that has ended since. For a run of your own use
    /// [`synchronize_and_wait`](Self::synchronize_and_wait), which distinguishes it from others.
    ///
    /// Needs the scope `read:directory_provisionings`. Errors are those of
    /// [`synchronize_and_wait`](Self::synchronize_and_wait), without [`SynchronizeError::TooSoon`].
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant, Synchronization};
    /// # let at_once = Synchronization::completes_after(std::time::Duration::ZERO);
    /// # let connection = Connection::google_apps("con_0123456789abcdef").configured().synchronization(at_once);
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(connection), async |client| {
    /// use std::time::Duration;
    /// use auth0_provisioning::Wait;
    ///
    /// let provisioning = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let known = provisioning.get().await?.last_synchronization_at.unwrap_or_default();
    /// # provisioning.synchronize().await?;
    /// // Waits for the next run, and finds it also where it has ended by now.
    /// let run = provisioning.wait_for_run(Wait::at_most(Duration::from_secs(900)).ended_after(known)).await?;
    /// println!("{run}");
    /// # Ok(()) });
    /// ```
    pub fn wait_for_run(&self, wait: impl Into<Wait>) -> BoxFuture<'static, Result<LastRun, SynchronizeError>> {
        Box::pin(until_ended(self.watch_run(wait)))
    }

    /// Like [`wait_for_run`](Self::wait_for_run), as a stream of the states that it sees, which ends after
    /// [`Progress::Ended`] or an error.
    pub fn watch_run(&self, wait: impl Into<Wait>) -> BoxStream<'static, Result<Progress, SynchronizeError>> {
        driven(watch(self.clone(), wait.into(), Mode::Next))
    }
}

/// The items of a stream that a task drives from the first poll on. Items that are not taken yet are kept.
fn driven<T: Send + 'static>(mut items: BoxStream<'static, T>) -> BoxStream<'static, T> {
    let driven = async move {
        let (sender, receiver) = mpsc::unbounded_channel();
        let task = Task::spawn(async move {
            while let Some(item) = items.next().await {
                // The receiver is dropped together with the task.
                let _ = sender.send(item);
            }
        });
        stream::unfold((receiver, task), |(mut receiver, task)| async move {
            let Some(item) = receiver.recv().await else {
                Task::output(task.await);
                return None;
            };
            Some((item, (receiver, task)))
        })
    };
    stream::once(driven).flatten().boxed()
}
