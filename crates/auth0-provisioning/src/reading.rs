//! What people ask of a configuration.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::{DirectoryProvisioning, LastRun, MappingDifference, RunState};

/// What people ask of a configuration.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
/// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
/// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
/// use std::time::Duration;
/// use auth0_provisioning::DirectoryProvisioningExt;
///
/// let configuration = client.directory_provisioning(&"con_0123456789abcdef".parse()?).get().await?;
///
/// match configuration.last_run() {
///     None => println!("never ran"),
///     Some(run) => println!("{run}"),
/// }
/// assert!(configuration.is_stale(Duration::from_secs(86_400), chrono::Utc::now()));
/// assert_eq!(configuration.sources_of("email").collect::<Vec<_>>(), ["primaryEmail"]);
/// assert!(configuration.fed_by("suspended").any(|field| field == "blocked"));
/// # Ok(())
/// # }
/// ```
pub trait DirectoryProvisioningExt: sealed::Sealed {
    /// When it last ran, and how that ended; `None` before the first run.
    fn last_run(&self) -> Option<LastRun>;

    /// How long ago the last run took place; `None` before the first. Zero where `now` is before it.
    fn age(&self, now: DateTime<Utc>) -> Option<Duration>;

    /// Whether the last completed run is older than this, or cannot be told: because there was none, or because the
    /// last one has not ended well.
    fn is_stale(&self, age: Duration, now: DateTime<Utc>) -> bool;

    /// The directory attributes that feed a user field such as `email`.
    fn sources_of<'a>(&'a self, auth0: &'a str) -> impl Iterator<Item = &'a str>;

    /// The user fields that a directory attribute such as `primaryEmail` feeds.
    fn fed_by<'a>(&'a self, idp: &'a str) -> impl Iterator<Item = &'a str>;

    /// What has to change in the mapping to make it that of another configuration.
    fn mapping_difference(&self, other: &DirectoryProvisioning) -> MappingDifference;
}

impl DirectoryProvisioningExt for DirectoryProvisioning {
    fn last_run(&self) -> Option<LastRun> {
        LastRun::of(self)
    }

    fn age(&self, now: DateTime<Utc>) -> Option<Duration> {
        let at = self.last_synchronization_at?;
        Some((now - at).to_std().unwrap_or_default())
    }

    fn is_stale(&self, age: Duration, now: DateTime<Utc>) -> bool {
        let completed = self.last_run().is_some_and(|run| run.state == RunState::Completed);
        !completed || self.age(now).is_none_or(|present| present > age)
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
