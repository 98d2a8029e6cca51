//! A connection by its id or its name.

use auth0_provisioning::{Client, ConnectionId};

use crate::{exit_code::ExitCode, failure::Failure};

/// Returns the name of a connection, if it is given by its name.
pub(crate) fn name(given: &str) -> Option<&str> {
    (!given.starts_with("con_")).then_some(given)
}

/// Returns the id of a connection that is given by its id or its name. A name costs a request.
pub(crate) async fn connection(client: &Client, given: &str) -> Result<ConnectionId, Failure> {
    if name(given).is_none() {
        return given.parse().map_err(|error| {
            Failure::usage(format!("{error}")).remedy("give the id or the name of a connection, as `a0p list` shows it")
        });
    }
    let found = client.find_connection(given).await?;
    found.and_then(|connection| connection.id.as_deref().map(ConnectionId::from_response)).ok_or_else(|| {
        Failure::new(ExitCode::NotFound, format!("there is no connection with the name `{given}`"))
            .remedy("list the connections with `a0p list`")
    })
}
