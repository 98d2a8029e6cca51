//! Bringing the configurations of many connections to a desired state: list first, then write the differences only.

use std::{collections::BTreeMap, future::IntoFuture, num::NonZeroUsize, time::Duration};

use auth0_transport::{Error, Task};
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{Ensure, EnsureError, Ensured, Present};
use crate::{Client, ConnectionId, ConnectionResult, Desired, DirectoryProvisioning, fleet};

/// How many connections are written at once by default.
const DEFAULT_CONCURRENCY: NonZeroUsize = NonZeroUsize::new(16).unwrap();

/// Brings the configurations of many connections to a desired state: [`Client::ensure_all`], [`Client::ensure_each`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until it is run"]
pub struct EnsureAll {
    client: Client,
    wanted: Wanted,
    dry_run: bool,
    at_most: Option<Duration>,
    concurrency: NonZeroUsize,
}

#[derive(Clone, Debug)]
enum Wanted {
    EveryConfigured(Desired),
    Each(BTreeMap<ConnectionId, Desired>),
}

/// A connection, its desired state, and what is known of its configuration.
type Work = (ConnectionId, Desired, Present<DirectoryProvisioning>);

impl EnsureAll {
    /// Writes nothing; the outcomes contain the changes that would be made. Defaults to `false`.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// How long each connection may take, with all its calls and waits, from its own start on. Defaults to
    /// [`Timeouts::workflow`](crate::Timeouts::workflow).
    pub fn at_most(mut self, time: Duration) -> Self {
        self.at_most = Some(time);
        self
    }

    /// How many connections are written at once. Defaults to 16; 0 is taken as 1.
    pub fn concurrency(mut self, connections: usize) -> Self {
        self.concurrency = NonZeroUsize::new(connections).unwrap_or(NonZeroUsize::MIN);
        self
    }

    /// Runs it, each connection as a Tokio task. Results come as they are ready, in any order; the failure of one connection
    /// does not affect the others. An error of the stream itself means that the list could not be read; it ends the stream.
    /// Dropping the stream aborts the tasks.
    ///
    /// # Panics
    ///
    /// The stream panics outside of a Tokio runtime, and after the runtime that it was polled in was shut down.
    #[must_use = "nothing is sent until it is polled"]
    pub fn run(self) -> BoxStream<'static, Result<ConnectionResult<Ensured, EnsureError>, Error>> {
        let Self { client, wanted, dry_run, at_most, concurrency } = self;
        let creates = matches!(wanted, Wanted::Each(_));
        let tasks = match wanted {
            Wanted::EveryConfigured(desired) => every_configured(&client, desired),
            Wanted::Each(wanted) => each(client.clone(), wanted, dry_run),
        };
        let work = tasks.map_ok(move |(connection, desired, found)| {
            let ensure = Ensure::new(client.directory_provisioning(&connection), desired).dry_run(dry_run);
            let ensure = if creates { ensure } else { ensure.of_existing() };
            let ensure = at_most.map_or(ensure.clone(), |time| ensure.at_most(time));
            let task = Task::spawn(ensure.starting_from(found).into_future());
            async move { Ok((connection, task.await)) }
        });
        work.try_buffer_unordered(concurrency.get()).map_ok(fleet::result).boxed()
    }
}

fn every_configured(client: &Client, desired: Desired) -> BoxStream<'static, Result<Work, Error>> {
    let list = client.directory_provisionings().prefetch().items();
    list.map_ok(move |found| {
        (ConnectionId::from_response(&found.connection_id), desired.clone(), Present::Read(Some(Box::new(found))))
    })
    .boxed()
}

/// Reads the list until every wanted connection was found, with at most one call for each connection.
fn each(
    client: Client,
    mut wanted: BTreeMap<ConnectionId, Desired>,
    dry_run: bool,
) -> BoxStream<'static, Result<Work, Error>> {
    let tasks = async move {
        let (mut list, mut most, mut tasks) = (client.directory_provisionings(), wanted.len(), Vec::new());
        let mut whole = false;
        while most > 0 && !wanted.is_empty() {
            most -= 1;
            let Some(page) = list.next().await? else {
                whole = true;
                break;
            };
            for found in page.items {
                if let Some((connection, desired)) =
                    wanted.remove_entry(&ConnectionId::from_response(&found.connection_id))
                {
                    tasks.push((connection, desired, Present::Read(Some(Box::new(found)))));
                }
            }
            whole = page.next.is_none();
        }
        // Connections that are missing from the whole list are created. A dry run reads each one, which may not exist.
        let present = if whole && !dry_run { Present::Read(None) } else { Present::Unread };
        tasks.extend(wanted.into_iter().map(|(connection, desired)| (connection, desired, present.clone())));
        Ok(stream::iter(tasks.into_iter().map(Ok)))
    };
    stream::once(tasks).try_flatten().boxed()
}

impl Client {
    /// Brings every existing configuration of the tenant to a desired state: reads the list, a call for each 100
    /// connections, and writes the differences only, one call for each connection that differs. Connections without a
    /// configuration are not touched; where one is deleted after the list was read, the result is
    /// [`EnsureError::Deleted`].
    ///
    /// Unlike [`ensure`](crate::DirectoryProvisioningHandle::ensure) it does not read again after a write; the response to
    /// the write is compared with the desired state.
    ///
    /// Needs the scopes `read:directory_provisionings` and, unless it is a dry run, `update:directory_provisionings`.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connections(Connection::fleet(3)), async |client| {
    /// use auth0_provisioning::Desired;
    /// use futures_util::TryStreamExt;
    ///
    /// let mut results = client.ensure_all(Desired::default().synchronize_automatically(true)).run();
    /// while let Some(done) = results.try_next().await? {
    ///     match done.result {
    ///         Ok(ensured) => println!("{}: {}", done.connection, ensured.outcome),
    ///         Err(error) => eprintln!("{}: {error}", done.connection),
    ///     }
    /// }
    /// # Ok(()) });
    /// ```
    pub fn ensure_all(&self, desired: Desired) -> EnsureAll {
        self.ensure_wanted(Wanted::EveryConfigured(desired))
    }

    /// Like [`ensure_all`](Self::ensure_all), with a desired state for each of the given connections; those without a
    /// configuration get one. Of several states for one connection the last counts.
    ///
    /// The list is read until all of them were seen, and in no more calls than there are connections.
    ///
    /// Needs the scopes `read:directory_provisionings` and, unless it is a dry run, `create:…` and `update:…`.
    ///
    /// All connections to Google Workspace, configured or not, with the feature `connections`:
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let connections = ["con_000000000000000a", "con_000000000000000b"].map(Connection::google_apps);
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connections(connections), async |client| {
    /// # #[cfg(feature = "connections")]
    /// # {
    /// use auth0_provisioning::{ConnectionId, Desired, types::ConnectionStrategy};
    /// use futures_util::TryStreamExt;
    ///
    /// let desired = Desired::default().synchronize_automatically(true);
    /// let connections = client.connections_by_strategy([ConnectionStrategy::GoogleApps]).items();
    /// let mut wanted = Vec::new();
    /// for connection in connections.try_collect::<Vec<_>>().await? {
    ///     wanted.push((connection.id.expect("it has an id").parse::<ConnectionId>()?, desired.clone()));
    /// }
    ///
    /// let results = client.ensure_each(wanted).concurrency(4).run();
    /// let done: Vec<_> = results.try_collect().await?;
    /// assert!(done.iter().all(|done| done.result.is_ok()));
    /// # assert_eq!(done.len(), 2);
    /// # }
    /// # Ok(()) });
    /// ```
    pub fn ensure_each(&self, wanted: impl IntoIterator<Item = (ConnectionId, Desired)>) -> EnsureAll {
        self.ensure_wanted(Wanted::Each(wanted.into_iter().collect()))
    }

    fn ensure_wanted(&self, wanted: Wanted) -> EnsureAll {
        EnsureAll { client: self.clone(), wanted, dry_run: false, at_most: None, concurrency: DEFAULT_CONCURRENCY }
    }
}
