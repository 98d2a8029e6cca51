//! Many connections at once.

mod health;

use std::{fmt, future::Future, num::NonZeroUsize};

use auth0_transport::Error;
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};

pub use self::health::Health;
use crate::{Client, ConnectionId, DirectoryProvisioningHandle};

/// How many connections are worked on at once unless told.
const USUAL_CONCURRENCY: NonZeroUsize = NonZeroUsize::new(16).unwrap();

/// Many connections of one tenant: [`Client::fleet`], [`Client::whole_fleet`].
///
/// Their calls go out side by side, under the one pace of the client: more of them at once make nothing go wrong, and
/// above some number nothing faster. What fails for one connection does not touch the others.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use auth0_provisioning_mock::{Connection, MockTenant};
/// # let tenant = MockTenant::builder().connections(Connection::fleet(3)).start().await?;
/// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
/// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
/// use auth0_provisioning::Desired;
/// use futures_util::StreamExt;
///
/// let everywhere = Desired::default().synchronize_automatically(true);
/// let fleet = client.whole_fleet().await?;
/// let mut results = fleet.run(|connection| connection.ensure(everywhere.clone()));
/// while let Some(of) = results.next().await {
///     match of.result {
///         Ok(done) => println!("{}: {}", of.connection, done.outcome),
///         Err(error) => eprintln!("{}: {error}", of.connection),
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

/// What came of one connection of a fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OfConnection<T, E = Error> {
    /// The connection.
    pub connection: ConnectionId,
    /// What came of it.
    pub result: Result<T, E>,
}

impl Fleet {
    pub(crate) fn new(client: Client, connections: Vec<ConnectionId>) -> Self {
        Self { client, connections, concurrency: USUAL_CONCURRENCY }
    }

    /// How many connections to work on at once; 16 unless told. Zero is taken as one.
    pub fn concurrency(mut self, connections: usize) -> Self {
        self.concurrency = NonZeroUsize::new(connections).unwrap_or(NonZeroUsize::MIN);
        self
    }

    /// The connections.
    #[must_use]
    pub fn connections(&self) -> &[ConnectionId] {
        &self.connections
    }

    /// Does the same with every connection. Results come as they are ready, whatever the order.
    pub fn run<T, E, Fut>(
        self,
        work: impl FnMut(DirectoryProvisioningHandle) -> Fut,
    ) -> impl Stream<Item = OfConnection<T, E>>
    where
        Fut: IntoFuture<Output = Result<T, E>>,
    {
        let concurrency = self.concurrency.get();
        self.work(work).buffer_unordered(concurrency)
    }

    /// Does the same with every connection. Results come in the order of the connections.
    pub fn run_in_order<T, E, Fut>(
        self,
        work: impl FnMut(DirectoryProvisioningHandle) -> Fut,
    ) -> impl Stream<Item = OfConnection<T, E>>
    where
        Fut: IntoFuture<Output = Result<T, E>>,
    {
        let concurrency = self.concurrency.get();
        self.work(work).buffered(concurrency)
    }

    fn work<T, E, Fut>(
        self,
        mut work: impl FnMut(DirectoryProvisioningHandle) -> Fut,
    ) -> impl Stream<Item = impl Future<Output = OfConnection<T, E>>>
    where
        Fut: IntoFuture<Output = Result<T, E>>,
    {
        let Self { client, connections, .. } = self;
        stream::iter(connections).map(move |connection| {
            let working = work(client.directory_provisioning(&connection)).into_future();
            async move { OfConnection { connection, result: working.await } }
        })
    }

    /// How the synchronization of each connection fares, in their order; `None` where one is not configured. For all
    /// that are configured, [`Client::health`] needs fewer calls.
    pub fn health(self) -> impl Stream<Item = OfConnection<Option<Health>>> + Send {
        self.run_in_order(
            |connection| async move { Ok(connection.get_if_configured().await?.as_ref().map(Health::from)) },
        )
    }
}

impl Client {
    /// These connections, to do the same with each of them. Nothing is sent yet.
    pub fn fleet(&self, connections: impl IntoIterator<Item = ConnectionId>) -> Fleet {
        Fleet::new(self.clone(), connections.into_iter().collect())
    }

    /// Every connection of the tenant that has directory provisioning, read from the list of all configurations:
    /// a call for each 100 of them.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// The list could not be read to its end.
    pub async fn whole_fleet(&self) -> Result<Fleet, Error> {
        let ids = self.directory_provisionings().items().and_then(|configuration| {
            std::future::ready(configuration.connection_id.parse().map_err(Error::unexpected_response))
        });
        Ok(Fleet::new(self.clone(), ids.try_collect().await?))
    }

    /// How the synchronizations of the whole tenant fare, read from the list of all configurations: a call for each
    /// 100 of them. The stream ends after an error.
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
