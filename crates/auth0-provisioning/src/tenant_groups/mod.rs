//! Groups that arrived in the tenant, their members and their roles.

mod filter;
mod handle;
#[cfg(feature = "workflows")]
mod membership;

use auth0_transport::Error;

#[cfg(feature = "workflows")]
pub use self::membership::Membership;
pub use self::{filter::GroupFilter, handle::TenantGroupHandle};
use crate::{
    Client, Cursor, Page, Pages,
    types::{GetUserGroupsParameters, Group, GroupList, UserGroup, UserGroupList},
};

impl Client {
    /// One group of the tenant, by its id there, such as `grp_1a2b3c4d5e6f7g`. Nothing is sent yet.
    #[must_use]
    pub fn group(&self, group_id: impl Into<String>) -> TenantGroupHandle {
        TenantGroupHandle::new(self.api.clone(), group_id.into())
    }

    /// Lists the groups of the tenant that a filter lets through. [`GroupFilter::default`] lets all through.
    ///
    /// Needs the scope `read:groups`.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, DirectoryGroup, MockTenant, Synchronization};
    /// # let google = Connection::google_apps("con_0123456789abcdef").synchronizes_all_groups()
    /// #     .directory_group("g1", DirectoryGroup::new("Engineering"))
    /// #     .synchronization(Synchronization::completes_after(std::time::Duration::ZERO));
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(google), async |client| {
    /// # client.directory_provisioning(&"con_0123456789abcdef".parse()?).synchronize().await?;
    /// # client.directory_provisioning(&"con_0123456789abcdef".parse()?).get().await?;
    /// use auth0_provisioning::GroupFilter;
    /// use futures_util::TryStreamExt;
    ///
    /// let mut groups = client.groups(GroupFilter::default().connection(&"con_0123456789abcdef".parse()?)).items();
    /// while let Some(group) = groups.try_next().await? {
    ///     println!("{:?} is {:?} in the directory", group.name, group.external_id);
    /// }
    /// # Ok(()) });
    /// ```
    pub fn groups(&self, filter: GroupFilter) -> Pages<Group> {
        let api = self.api.clone();
        Pages::new(move |from, take| {
            let (api, filter) = (api.clone(), filter.clone());
            Box::pin(async move {
                let mut parameters = filter.parameters()?;
                parameters.from = from.map(Cursor::into_string);
                parameters.take = Some(take);
                Ok(match api.get_groups(&parameters).await?.into_inner() {
                    GroupList::GroupPage(page) => Page::new(page.groups, page.next),
                    GroupList::GroupList(groups) => Page::new(groups, None),
                    _ => return Err(Error::unexpected_response("neither a page nor a list of groups")),
                })
            })
        })
    }

    /// Lists the groups that a user is a member of, by the user's id, such as `google-apps|kim@acme.example`.
    ///
    /// Needs the scope `read:groups`.
    pub fn groups_of_user(&self, user_id: impl Into<String>) -> Pages<UserGroup> {
        let (api, user_id) = (self.api.clone(), user_id.into());
        Pages::new(move |from, take| {
            let (api, user_id) = (api.clone(), user_id.clone());
            let mut parameters = GetUserGroupsParameters::default().take(take);
            parameters.from = from.map(Cursor::into_string);
            Box::pin(async move {
                Ok(match api.get_user_groups(&user_id, &parameters).await?.into_inner() {
                    UserGroupList::UserGroupPage(page) => Page::new(page.groups, page.next),
                    UserGroupList::UserGroupList(groups) => Page::new(groups, None),
                    _ => return Err(Error::unexpected_response("neither a page nor a list of groups")),
                })
            })
        })
    }
}
