//! Questions about a configuration.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::{Advice, ConnectionId, DirectoryProvisioning, LastRun, MappingDifference};

/// Questions about a configuration: its connection, its last run, its mapping.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
/// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
/// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
/// use std::time::Duration;
/// use auth0_provisioning::{DirectoryProvisioningExt, chrono::Utc};
///
/// let configuration = client.directory_provisioning(&"con_0123456789abcdef".parse()?).get().await?;
///
/// match configuration.last_run() {
///     None => println!("{} has never run", configuration.id()),
///     Some(run) => println!("{run}"),
/// }
/// assert!(configuration.is_stale(Duration::from_secs(86_400), Utc::now()));
/// assert_eq!(configuration.sources_of("email").collect::<Vec<_>>(), ["primaryEmail"]);
/// assert!(configuration.fed_by("suspended").any(|field| field == "blocked"));
/// # Ok(())
/// # }
/// ```
pub trait DirectoryProvisioningExt: sealed::Sealed {
    /// The connection's id, to make calls with.
    fn id(&self) -> ConnectionId;

    /// The last run; `None` before the first.
    fn last_run(&self) -> Option<LastRun>;

    /// How long ago the last run took place; `None` before the first. Zero where `now` is earlier.
    fn age(&self, now: DateTime<Utc>) -> Option<Duration>;

    /// Whether no run has ended without an error within this time: see [`LastRun::is_stale`]. True before the first run.
    fn is_stale(&self, age: Duration, now: DateTime<Utc>) -> bool;

    /// Returns advice about automatic runs and about deletions that no run has noticed.
    fn advice(&self, now: DateTime<Utc>) -> Vec<Advice>;

    /// The directory attributes that feed a user field such as `email`.
    fn sources_of<'a>(&'a self, auth0: &'a str) -> impl Iterator<Item = &'a str>;

    /// The user fields that a directory attribute such as `primaryEmail` feeds.
    fn fed_by<'a>(&'a self, idp: &'a str) -> impl Iterator<Item = &'a str>;

    /// Returns the differences from this mapping to that of another configuration.
    fn mapping_difference(&self, other: &DirectoryProvisioning) -> MappingDifference;
}

impl DirectoryProvisioningExt for DirectoryProvisioning {
    fn id(&self) -> ConnectionId {
        ConnectionId::of_response(&self.connection_id)
    }

    fn last_run(&self) -> Option<LastRun> {
        LastRun::of(self)
    }

    fn age(&self, now: DateTime<Utc>) -> Option<Duration> {
        self.last_run()?.age(now)
    }

    fn is_stale(&self, age: Duration, now: DateTime<Utc>) -> bool {
        self.last_run().is_none_or(|run| run.is_stale(age, now))
    }

    fn advice(&self, now: DateTime<Utc>) -> Vec<Advice> {
        Advice::of_runs(self.synchronize_automatically, self.last_run().as_ref(), now)
    }

    fn sources_of<'a>(&'a self, auth0: &'a str) -> impl Iterator<Item = &'a str> {
        self.mapping.iter().filter(move |row| row.auth0 == auth0).map(|row| row.idp.as_str())
    }

    fn fed_by<'a>(&'a self, idp: &'a str) -> impl Iterator<Item = &'a str> {
        self.mapping.iter().filter(move |row| row.idp == idp).map(|row| row.auth0.as_str())
    }

    fn mapping_difference(&self, other: &DirectoryProvisioning) -> MappingDifference {
        MappingDifference::between(&self.mapping, &other.mapping)
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for crate::DirectoryProvisioning {}
}
