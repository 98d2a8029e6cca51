//! Many connections at once.

mod health;

use std::num::NonZeroUsize;

use auth0_transport::{Error, Task};
use futures_core::{Stream, future::BoxFuture};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::task::JoinError;

pub use self::health::Health;
use crate::{Client, ConnectionId, DirectoryProvisioningHandle};

/// How many connections are worked on at once by default: at the slowest limit, 2 calls a second, this many calls are sent
/// in less than half of the time that a call may wait.
const DEFAULT_CONCURRENCY: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// Many connections of one tenant: [`Client::fleet`], [`Client::fleet_of_all`].
///
/// Each connection is a Tokio task, so it makes progress while the loop over the results does something else, other calls
/// included. Dropping the stream of results aborts the tasks. A panic of a task is passed on to the loop.
///
/// Calls are sent under the client's rate limit. The failure of one connection does not affect the others. To bring many
/// configurations to a desired state, [`Client::ensure_all`] needs fewer calls.
///
/// ```
/// # use auth0_provisioning_mock::{Connection, MockTenant};
/// # auth0_provisioning_examples::run_with(MockTenant::builder().connections(Connection::fleet(3)), async |client| {
/// use std::time::Duration;
/// use futures_util::StreamExt;
///
/// // All of them are requested at once and waited for together.
/// let fleet = client.fleet_of_all().await?;
/// let mut results = fleet.run(|connection| connection.synchronize_and_wait(Duration::from_secs(900)));
/// while let Some(done) = results.next().await {
///     match done.result {
///         Ok(run) => println!("{}: {run}", done.connection),
///         Err(error) => eprintln!("{}: {error}", done.connection),
///     }
/// }
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is run"]
pub struct Fleet {
    client: Client,
    connections: Vec<ConnectionId>,
    concurrency: NonZeroUsize,
}

impl Fleet {
    pub(crate) fn new(client: Client, connections: Vec<ConnectionId>) -> Self {
        Self { client, connections, concurrency: DEFAULT_CONCURRENCY }
    }

    /// How many connections are worked on at once, those included whose results are not taken yet. Defaults to 256; 0 is
    /// taken as 1.
    ///
    /// To wait for more runs than that at once, set their number: a connection that waits takes at most 40 KiB of memory.
    /// Under a slow rate limit, set a lower one: calls that cannot be sent within their
    /// [timeout](crate::CallOptions::timeout) fail. The calls in flight are limited by
    /// [`max_in_flight`](crate::transport::TransportBuilder::max_in_flight).
    pub fn concurrency(mut self, connections: usize) -> Self {
        self.concurrency = NonZeroUsize::new(connections).unwrap_or(NonZeroUsize::MIN);
        self
    }

    /// The connections.
    #[must_use]
    pub fn connections(&self) -> &[ConnectionId] {
        &self.connections
    }

    /// Does the same for every connection. Results come as they are ready, in any order.
    ///
    /// Work starts when the stream is polled. The next connection starts when a result is taken.
    ///
    /// # Panics
    ///
    /// The stream panics where the work for a connection panics, outside of a Tokio runtime, and after the runtime that it
    /// was polled in was shut down.
    pub fn run<T, E, Fut>(
        self,
        work: impl FnMut(DirectoryProvisioningHandle) -> Fut,
    ) -> impl Stream<Item = ConnectionResult<T, E>> + Unpin
    where
        T: Send + 'static,
        E: Send + 'static,
        Fut: IntoFuture<Output = Result<T, E>, IntoFuture: Send + 'static>,
    {
        let concurrency = self.concurrency.get();
        self.tasks(work).buffer_unordered(concurrency).map(result)
    }

    /// Like [`run`](Self::run), with the results in the order of the connections.
    ///
    /// # Panics
    ///
    /// Like [`run`](Self::run).
    pub fn run_in_order<T, E, Fut>(
        self,
        work: impl FnMut(DirectoryProvisioningHandle) -> Fut,
    ) -> impl Stream<Item = ConnectionResult<T, E>> + Unpin
    where
        T: Send + 'static,
        E: Send + 'static,
        Fut: IntoFuture<Output = Result<T, E>, IntoFuture: Send + 'static>,
    {
        let concurrency = self.concurrency.get();
        self.tasks(work).buffered(concurrency).map(result)
    }

    /// A task for each connection, started when it is taken from the stream.
    fn tasks<T, E, Fut>(
        self,
        mut work: impl FnMut(DirectoryProvisioningHandle) -> Fut,
    ) -> impl Stream<Item = impl Future<Output = Ended<Result<T, E>>>> + Unpin
    where
        T: Send + 'static,
        E: Send + 'static,
        Fut: IntoFuture<Output = Result<T, E>, IntoFuture: Send + 'static>,
    {
        let Self { client, connections, .. } = self;
        stream::iter(connections).map(move |connection| {
            let task = Task::spawn(work(client.directory_provisioning(&connection)).into_future());
            async move { (connection, task.await) }
        })
    }

    /// The status of each connection, in their order; `None` where one is not configured. For all configured
    /// connections of a tenant, [`Client::health`] needs fewer calls.
    pub fn health(self) -> impl Stream<Item = ConnectionResult<Option<Health>>> + Send + Unpin {
        self.run_in_order(
            |connection| async move { Ok(connection.get_if_configured().await?.as_ref().map(Health::from)) },
        )
    }
}

/// The result for one connection of several.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConnectionResult<T, E = Error> {
    /// The connection.
    pub connection: ConnectionId,
    /// Its result.
    pub result: Result<T, E>,
}

/// A connection, and how its task ended.
type Ended<T> = (ConnectionId, Result<T, JoinError>);

/// Passes a panic of the task on.
pub(crate) fn result<T, E>((connection, ended): Ended<Result<T, E>>) -> ConnectionResult<T, E> {
    ConnectionResult { connection, result: Task::output(ended) }
}

impl Client {
    /// The given connections, to do the same for each of them. Nothing is sent yet.
    pub fn fleet(&self, connections: impl IntoIterator<Item = ConnectionId>) -> Fleet {
        Fleet::new(self.clone(), connections.into_iter().collect())
    }

    /// Every connection of the tenant that has a configuration, read from the list: a call for each 100 of them.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// The list could not be read completely.
    #[must_use = "nothing is sent until it is awaited"]
    pub fn fleet_of_all(&self) -> BoxFuture<'static, Result<Fleet, Error>> {
        let this = self.clone();
        Box::pin(async move {
            let ids = this
                .directory_provisionings()
                .items()
                .map_ok(|configuration| ConnectionId::from_response(&configuration.connection_id));
            Ok(Fleet::new(this, ids.try_collect().await?))
        })
    }

    /// The status of every configured connection of the tenant, read from the list: a call for each 100 of them. The stream
    /// ends after an error.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connections(Connection::fleet(3)), async |client| {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut all = client.health();
    /// while let Some(health) = all.try_next().await? {
    ///     println!("{health}");
    /// }
    /// # Ok(()) });
    /// ```
    pub fn health(&self) -> impl Stream<Item = Result<Health, Error>> + Send + Unpin + use<> {
        self.directory_provisionings().prefetch().items().map_ok(|configuration| Health::from(&configuration))
    }
}
