//! A group to select, and what is to be remembered of it.

use crate::{
    GroupId, InvalidGroupId,
    types::{SynchronizedGroup, SynchronizedGroupSelection},
};

/// A group to select for synchronization, with what the tenant is to remember of it: name, email, number of members.
///
/// The tenant hands these back when groups are listed; a synchronization does not need them. The id alone does:
/// wherever a `SelectedGroup` is asked for, a [`GroupId`] will do.
///
/// ```
/// use auth0_provisioning::{GroupId, SelectedGroup};
///
/// let id: GroupId = "01abcde23f4g5h6".parse()?;
/// let group = SelectedGroup::new(id).name("Engineering").email("engineering@example.com");
/// assert_eq!(group.id().as_str(), "01abcde23f4g5h6");
/// # Ok::<(), auth0_provisioning::InvalidGroupId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedGroup {
    id: GroupId,
    pub(super) metadata: GroupMetadata,
}

/// What the tenant remembers of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GroupMetadata {
    name: Option<String>,
    email: Option<String>,
    direct_members_count: Option<i64>,
}

impl SelectedGroup {
    /// The group with this id, of which nothing else is remembered.
    #[must_use]
    pub fn new(id: GroupId) -> Self {
        Self { id, metadata: GroupMetadata::default() }
    }

    /// Remembers a name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.metadata.name = Some(name.into());
        self
    }

    /// Remembers an email address. The empty text, which the API refuses, remembers none.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.metadata.email = Some(email.into()).filter(|email| !email.is_empty());
        self
    }

    /// Remembers how many members the group has directly.
    #[must_use]
    pub fn direct_members_count(mut self, members: u32) -> Self {
        self.metadata.direct_members_count = Some(members.into());
        self
    }

    /// The group's id.
    #[must_use]
    pub fn id(&self) -> &GroupId {
        &self.id
    }
}

impl From<GroupId> for SelectedGroup {
    fn from(id: GroupId) -> Self {
        Self::new(id)
    }
}

impl From<&GroupId> for SelectedGroup {
    fn from(id: &GroupId) -> Self {
        Self::new(id.clone())
    }
}

/// A group as it was listed can be selected again.
impl TryFrom<SynchronizedGroup> for SelectedGroup {
    type Error = InvalidGroupId;

    fn try_from(group: SynchronizedGroup) -> Result<Self, Self::Error> {
        let SynchronizedGroup { id, name, email, direct_members_count, .. } = group;
        Ok(Self { id: id.try_into()?, metadata: GroupMetadata { name, email, direct_members_count } })
    }
}

impl From<SelectedGroup> for SynchronizedGroupSelection {
    fn from(group: SelectedGroup) -> Self {
        let mut selection = Self::new(group.id.into());
        selection.name = group.metadata.name;
        selection.email = group.metadata.email.and_then(|email| email.try_into().ok());
        selection.direct_members_count = group.metadata.direct_members_count;
        selection
    }
}
