//! Which groups of the tenant to list.

use std::fmt::Display;

use auth0_transport::Error;

use crate::{ConnectionId, types::GetGroupsParameters};

/// Which groups of the tenant to list; all of what is set has to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct GroupFilter {
    connection: Option<ConnectionId>,
    name: Option<String>,
    external_id: Option<String>,
    search: Option<String>,
}

impl GroupFilter {
    /// Those that came through this connection.
    pub fn connection(mut self, connection: &ConnectionId) -> Self {
        self.connection = Some(connection.clone());
        self
    }

    /// Those with this name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Those with this id in the directory.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    /// Those that a search finds.
    pub fn search(mut self, search: impl Into<String>) -> Self {
        self.search = Some(search.into());
        self
    }

    /// The parameters of the call, checked as far as the contract says how.
    pub(super) fn parameters(&self) -> Result<GetGroupsParameters, Error> {
        let mut parameters = GetGroupsParameters::default();
        parameters.connection_id = self.connection.as_ref().map(|id| id.as_str().to_owned());
        parameters.name = checked("name", self.name.as_deref())?;
        parameters.external_id = checked("external id", self.external_id.as_deref())?;
        parameters.search = checked("search", self.search.as_deref())?;
        Ok(parameters)
    }
}

/// A text as the type that checks it.
pub(super) fn checked<'a, T: TryFrom<&'a str, Error: Display>>(
    what: &str,
    text: Option<&'a str>,
) -> Result<Option<T>, Error> {
    let checked = text.map(T::try_from).transpose();
    checked.map_err(|reason| Error::invalid_request(format!("the {what} {:?} is {reason}", text.unwrap_or_default())))
}
