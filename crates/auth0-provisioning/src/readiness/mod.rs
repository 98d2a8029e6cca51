//! Whether a connection can be provisioned, and what is missing.

mod look;
mod requirement;

use std::fmt;

use auth0_transport::Error;
use futures_core::future::BoxFuture;
use serde::{Deserialize, Serialize};

pub use self::requirement::{Requirement, RequirementStatus};
use crate::{Advice, ConnectionHandle, ConnectionId};

/// Whether a connection can be provisioned from its directory: [`ConnectionHandle::readiness`]. Its `Display` has a line for
/// each requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Readiness {
    /// The connection.
    pub connection_id: ConnectionId,
    /// What is required, and whether it is so, in the order in which to fix it.
    pub requirements: Vec<(Requirement, RequirementStatus)>,
    /// What is worth changing although nothing requires it.
    #[serde(default)]
    pub advice: Vec<Advice>,
}

impl Readiness {
    /// Whether the connection can be provisioned now: everything required is known to be so, its configuration of directory
    /// provisioning included, which comes last. A consent of the administrator that is too narrow does not show here:
    /// [`change_options`](crate::ConnectionHandle::change_options) warns of it.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let settled = |fulfilment: &RequirementStatus| {
            matches!(fulfilment, RequirementStatus::Met | RequirementStatus::NotNeeded)
        };
        self.requirements.iter().all(|(_, fulfilment)| settled(fulfilment))
    }

    /// What is missing, and what to do about each.
    pub fn missing(&self) -> impl Iterator<Item = (Requirement, &str)> {
        self.requirements.iter().filter_map(|(requirement, fulfilment)| match fulfilment {
            RequirementStatus::Missing { remedy, .. } => Some((*requirement, remedy.as_str())),
            _ => None,
        })
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.connection_id, if self.is_ready() { "ready" } else { "not ready" })?;
        for (requirement, fulfilment) in &self.requirements {
            write!(formatter, "\n{requirement:<17} {fulfilment}")?;
        }
        for advice in &self.advice {
            write!(formatter, "\nadvice            {advice}")?;
        }
        Ok(())
    }
}

impl ConnectionHandle {
    /// Says whether the connection can be provisioned from its directory, and what is missing, each with what to do:
    /// strategy, Users API, Groups API, consent and setup, feature of the tenant, scopes, configuration. Beside that it gives
    /// [advice](Readiness::advice), which nothing requires.
    ///
    /// Three calls, none of which changes anything. What groups need is required only where the configuration
    /// synchronizes them: [`readiness_with_groups`](Self::readiness_with_groups) requires it before there is one.
    /// [`Client::diagnose`](crate::Client::diagnose) checks the scopes for writing.
    ///
    /// Needs the scopes `read:connections`, `read:connections_options` and `read:directory_provisionings`; one that the
    /// token lacks is reported as missing.
    ///
    /// # Errors
    ///
    /// A call that says nothing of the connection: no network, no token, a rate limit, a failure of the server.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let google = Connection::google_apps("con_0123456789abcdef").without_users_api();
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(google), async |client| {
    /// use auth0_provisioning::Requirement;
    ///
    /// let readiness = client.connection(&"con_0123456789abcdef".parse()?).readiness().await?;
    /// let missing: Vec<_> = readiness.missing().map(|(requirement, _)| requirement).collect();
    /// assert_eq!(missing, [Requirement::UsersApi, Requirement::Configuration]);
    /// println!("{readiness}");
    /// # Ok(()) });
    /// ```
    #[must_use = "nothing is sent until it is awaited"]
    pub fn readiness(&self) -> BoxFuture<'static, Result<Readiness, Error>> {
        Box::pin(look::look(self.clone(), false))
    }

    /// Says whether the connection can be provisioned with groups: [`readiness`](Self::readiness), and what groups need.
    ///
    /// Needs the scopes `read:connections`, `read:connections_options` and `read:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// Those of [`readiness`](Self::readiness).
    #[must_use = "nothing is sent until it is awaited"]
    pub fn readiness_with_groups(&self) -> BoxFuture<'static, Result<Readiness, Error>> {
        Box::pin(look::look(self.clone(), true))
    }
}
