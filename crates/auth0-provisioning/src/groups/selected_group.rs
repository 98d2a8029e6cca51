//! A group to select, with its metadata.

use std::fmt;

use auth0_transport::Error;
use serde::{Deserialize, Serialize};

use crate::{
    GroupId,
    types::{SynchronizedGroup, SynchronizedGroupSelection},
};

/// A group to select for synchronization, with the metadata that the tenant stores for it: name, email, number of
/// members.
///
/// The tenant returns the metadata when groups are listed; a synchronization does not need it. The id alone is enough:
/// wherever a `SelectedGroup` is expected, a [`GroupId`] converts.
///
/// ```
/// use auth0_provisioning::{GroupId, SelectedGroup};
///
/// let id: GroupId = "01abcde23f4g5h6".parse()?;
/// let group = SelectedGroup::new(id).name("Engineering").email("engineering@example.com");
/// assert_eq!(group.to_string(), "01abcde23f4g5h6 (Engineering)");
/// # Ok::<(), auth0_provisioning::InvalidValue>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SelectedGroup {
    /// The group's id.
    pub id: GroupId,
    /// The name to store, at most 150 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The email address to store, at most 254 characters. The API rejects the empty string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The number of direct members to store, at most 2,147,483,647.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direct_members_count: Option<u32>,
}

impl SelectedGroup {
    /// The group with this id, without metadata.
    #[must_use]
    pub fn new(id: GroupId) -> Self {
        Self { id, name: None, email: None, direct_members_count: None }
    }

    /// Stores a name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Stores an email address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Stores the number of direct members.
    #[must_use]
    pub fn direct_members_count(mut self, members: u32) -> Self {
        self.direct_members_count = Some(members);
        self
    }

    /// The group as a request contains it.
    pub(super) fn into_request(self) -> Result<SynchronizedGroupSelection, Error> {
        let id = self.id;
        let invalid = |field: &str, reason: &dyn fmt::Display| {
            Error::invalid_request(format!("the {field} of group {id} is {reason}"))
        };
        let group_id = id.as_str().parse().map_err(|reason| invalid("id", &reason))?;
        let mut selection = SynchronizedGroupSelection::new(group_id);
        let name = self.name.map(TryInto::try_into).transpose();
        selection.name = name.map_err(|reason| invalid("name", &reason))?;
        let email = self.email.map(TryInto::try_into).transpose();
        selection.email = email.map_err(|reason| invalid("email", &reason))?;
        if self.direct_members_count.is_some_and(|members| i32::try_from(members).is_err()) {
            return Err(invalid("direct_members_count", &format_args!("larger than {}", i32::MAX)));
        }
        selection.direct_members_count = self.direct_members_count.map(Into::into);
        Ok(selection)
    }
}

impl fmt::Display for SelectedGroup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_ref().or(self.email.as_ref()) {
            Some(name) => write!(formatter, "{} ({name})", self.id),
            None => self.id.fmt(formatter),
        }
    }
}

impl From<GroupId> for SelectedGroup {
    fn from(id: GroupId) -> Self {
        Self::new(id)
    }
}

/// A group as it was listed.
impl From<SynchronizedGroup> for SelectedGroup {
    fn from(group: SynchronizedGroup) -> Self {
        let id = GroupId::from_response(&group.id);
        let direct_members_count = group.direct_members_count.and_then(|members| members.try_into().ok());
        Self { id, name: group.name, email: group.email, direct_members_count }
    }
}
