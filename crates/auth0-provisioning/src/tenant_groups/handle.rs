//! One group of the tenant.

use std::{fmt::Display, future::Future};

use auth0_provisioning_api as api;
use auth0_transport::{Error, Response};
use futures_core::future::BoxFuture;

use super::filter::checked;
use crate::{
    Cursor, Page, Pages,
    missing::deleted,
    types::{AssignGroupRolesRequest, GetGroupMembersParameters, Group, GroupMember, RemoveGroupRolesRequest, Role},
};

/// One group of the tenant, from [`Client::group`](crate::Client::group). Cheap to clone. Futures own what they need: they
/// are `'static` and `Send`.
///
/// Every method fails with 404 where the group does not exist, and before anything is sent where its id cannot be one: ids
/// have 18 to 26 characters; and with any error of a call: see [`ErrorKind`](crate::ErrorKind).
#[derive(Clone, Debug)]
pub struct TenantGroupHandle {
    api: api::Client,
    id: String,
}

impl TenantGroupHandle {
    pub(super) fn new(api: api::Client, id: String) -> Self {
        Self { api, id }
    }

    /// The group's id in the tenant.
    #[must_use]
    pub fn group_id(&self) -> &str {
        &self.id
    }

    /// Reads the group.
    ///
    /// Needs the scope `read:groups`.
    pub fn get(&self) -> impl Future<Output = Result<Group, Error>> + Send + use<> {
        let this = self.clone();
        async move { this.api.get_group(&this.id()?).await.map(Response::into_inner) }
    }

    /// Deletes the group, with its memberships and roles: meant for groups that an identity provider created by SCIM. A
    /// group of a directory comes back with the next run.
    ///
    /// Needs the scope `delete:groups`.
    pub fn delete(&self) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        let this = self.clone();
        async move { deleted(this.api.delete_group(&this.id()?).await.map(Response::into_inner)) }
    }

    /// Lists the members: users, and groups.
    ///
    /// Needs the scope `read:group_members`.
    pub fn members(&self) -> Pages<GroupMember> {
        let this = self.clone();
        Pages::new(move |from, take| {
            let this = this.clone();
            let mut parameters = GetGroupMembersParameters::default().take(take);
            parameters.from = from.map(Cursor::into_string);
            Box::pin(async move {
                let page = this.api.get_group_members(&this.id()?, &parameters).await?.into_inner();
                Ok(Page::new(page.members, page.next))
            })
        })
    }

    /// Lists the roles that the group gives to its members.
    ///
    /// Needs the scope `read:group_roles`.
    pub fn roles(&self) -> Pages<Role> {
        let this = self.clone();
        Pages::new(move |from, take| {
            let this = this.clone();
            Box::pin(async move {
                let from = from.as_ref().map(Cursor::as_str);
                let page = this.api.get_group_roles(&this.id()?, from, Some(take)).await?.into_inner();
                Ok(Page::new(page.roles, page.next))
            })
        })
    }

    /// Gives roles to the members of the group, by their ids. A group has 10 roles at most.
    ///
    /// Needs the scope `create:group_roles`.
    ///
    /// # Errors
    ///
    /// 400 where a role does not exist, 403 where the group would have more than 10, and any error of a call.
    pub fn add_roles(
        &self,
        role_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> BoxFuture<'static, Result<(), Error>> {
        let this = self.clone();
        let body = AssignGroupRolesRequest::new(role_ids.into_iter().map(Into::into).collect());
        Box::pin(async move { this.api.post_group_roles(&this.id()?, &body).await.map(Response::into_inner) })
    }

    /// Takes roles from the members of the group, by their ids.
    ///
    /// Needs the scope `delete:group_roles`.
    pub fn remove_roles(
        &self,
        role_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> BoxFuture<'static, Result<(), Error>> {
        let this = self.clone();
        let body = RemoveGroupRolesRequest::new(role_ids.into_iter().map(Into::into).collect());
        Box::pin(async move { this.api.delete_group_roles(&this.id()?, &body).await.map(Response::into_inner) })
    }

    /// The id, as the type of the operation that takes it.
    fn id<'a, T: TryFrom<&'a str, Error: Display>>(&'a self) -> Result<T, Error> {
        let id = checked("group id", Some(self.id.as_str()))?;
        id.ok_or_else(|| Error::invalid_request("the group id is missing"))
    }
}
