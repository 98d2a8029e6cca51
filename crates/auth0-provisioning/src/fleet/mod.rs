//! Many connections at once.

mod connection_result;
mod health;
mod run;

use std::{fmt, num::NonZeroUsize};

use auth0_transport::Error;
use futures_core::{Stream, future::BoxFuture};
use futures_util::TryStreamExt;

pub use self::{connection_result::ConnectionResult, health::Health};
use crate::{Client, ConnectionId, DirectoryProvisioningExt, DirectoryProvisioningHandle, call_limit::CallLimit};

/// How many calls are in flight at once by default.
pub(crate) const DEFAULT_CONCURRENCY: NonZeroUsize = NonZeroUsize::new(16).unwrap();

/// Many connections of one tenant: [`Client::fleet`], [`Client::whole_fleet`].
///
/// Calls are sent concurrently, under the client's rate limit. The failure of one connection does not affect the others.
/// To bring many configurations to a desired state, [`Client::ensure_all`] needs fewer calls.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use auth0_provisioning_mock::{Connection, MockTenant};
/// # let tenant = MockTenant::builder().connections(Connection::fleet(3)).start().await?;
/// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
/// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
/// use std::time::Duration;
/// use futures_util::StreamExt;
///
/// // All of them are requested at once and waited for together.
/// let fleet = client.whole_fleet().await?;
/// let mut results = fleet.run(|connection| connection.synchronize_and_wait(Duration::from_secs(900)));
/// while let Some(done) = results.next().await {
///     match done.result {
///         Ok(run) => println!("{}: {run}", done.connection),
///         Err(error) => eprintln!("{}: {error}", done.connection),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
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

    /// How many calls of the handles are in flight at once. Connections that wait between two calls, for example for the
    /// end of a run, do not count. Defaults to 16; 0 is taken as 1.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = NonZeroUsize::new(calls).unwrap_or(NonZeroUsize::MIN);
        self
    }

    /// The connections.
    #[must_use]
    pub fn connections(&self) -> &[ConnectionId] {
        &self.connections
    }

    /// Does the same for every connection. Results come as they are ready, in any order.
    pub fn run<T, E, Fut>(
        self,
        work: impl FnMut(DirectoryProvisioningHandle) -> Fut,
    ) -> impl Stream<Item = ConnectionResult<T, E>> + Unpin
    where
        Fut: IntoFuture<Output = Result<T, E>>,
    {
        self.work(work, false)
    }

    /// Does the same for every connection. Results come in the order of the connections.
    pub fn run_in_order<T, E, Fut>(
        self,
        work: impl FnMut(DirectoryProvisioningHandle) -> Fut,
    ) -> impl Stream<Item = ConnectionResult<T, E>> + Unpin
    where
        Fut: IntoFuture<Output = Result<T, E>>,
    {
        self.work(work, true)
    }

    fn work<T, E, Fut>(
        self,
        mut work: impl FnMut(DirectoryProvisioningHandle) -> Fut,
        in_order: bool,
    ) -> impl Stream<Item = ConnectionResult<T, E>> + Unpin
    where
        Fut: IntoFuture<Output = Result<T, E>>,
    {
        let calls = CallLimit::new(self.concurrency);
        let (client, limit) = (self.client, calls.clone());
        let futures = self.connections.into_iter().map(move |connection| {
            let client = client.with_call_limit(limit.start());
            let working = work(client.directory_provisioning(&connection)).into_future();
            async move { ConnectionResult { connection, result: working.await } }
        });
        run::run(futures, calls, in_order)
    }

    /// The status of each connection, in their order; `None` where one is not configured. For all configured
    /// connections of a tenant, [`Client::health`] needs fewer calls.
    pub fn health(self) -> impl Stream<Item = ConnectionResult<Option<Health>>> + Send + Unpin {
        self.run_in_order(
            |connection| async move { Ok(connection.get_if_configured().await?.as_ref().map(Health::from)) },
        )
    }
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
    pub fn whole_fleet(&self) -> BoxFuture<'static, Result<Fleet, Error>> {
        let this = self.clone();
        Box::pin(async move {
            let ids = this.directory_provisionings().items().map_ok(|configuration| configuration.id());
            Ok(Fleet::new(this, ids.try_collect().await?))
        })
    }

    /// The status of every configured connection of the tenant, read from the list: a call for each 100 of them. The stream
    /// ends after an error.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let tenant = MockTenant::builder().connections(Connection::fleet(3)).start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use futures_util::TryStreamExt;
    ///
    /// let mut all = client.health();
    /// while let Some(health) = all.try_next().await? {
    ///     println!("{health}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn health(&self) -> impl Stream<Item = Result<Health, Error>> + Send + Unpin + use<> {
        self.directory_provisionings().prefetch().items().map_ok(|configuration| Health::from(&configuration))
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Fleet")
            .field("connections", &self.connections.len())
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
