//! The handle of the selected groups.

use auth0_transport::Error;
use futures_core::future::BoxFuture;

use super::{
    SelectedGroup,
    limits::{LARGEST_BODY, MOST_GROUPS, fits_into_a_body},
};
use crate::{
    Cursor, DirectoryProvisioningHandle, GroupId, Page, Pages,
    types::{
        AddSynchronizedGroupsRequest, RemoveSynchronizedGroupsRequest, SynchronizedGroup, SynchronizedGroupList,
        SynchronizedGroupQuery, SynchronizedGroupReference, SynchronizedGroupSelection,
    },
};

/// The groups of one connection that are selected for synchronization:
/// [`DirectoryProvisioningHandle::groups`](crate::DirectoryProvisioningHandle::groups). The selection has an effect only
/// where the configuration's `synchronize_groups` is [`Selected`](crate::SynchronizeGroups::Selected). A tenant allows
/// 10,000 groups for a connection, 10 on the Free plan.
///
/// Every method fails with 404 where the connection or its configuration does not exist, with 400 where the connection's
/// setup is incomplete, and with 403 where the tenant lacks the feature. Futures own what they need: they are `'static`
/// and `Send`.
#[derive(Clone, Debug)]
pub struct SynchronizedGroupsHandle {
    pub(super) of: DirectoryProvisioningHandle,
}

impl SynchronizedGroupsHandle {
    pub(crate) fn new(of: DirectoryProvisioningHandle) -> Self {
        Self { of }
    }

    /// Lists the selected groups, in no particular order.
    ///
    /// Needs the scope `read:directory_provisionings`.
    pub fn list(&self) -> Pages<SynchronizedGroup> {
        self.pages(None)
    }

    /// Lists the selected groups whose name or email starts with a prefix, regardless of case: `name:engineering*` or
    /// `email:eng*`, at most 515 characters. Groups without a stored name or email are not found.
    ///
    /// Needs the scope `read:directory_provisionings`. The API rejects a query of another form with 400.
    pub fn search(&self, query: impl Into<String>) -> Pages<SynchronizedGroup> {
        self.pages(Some(query.into()))
    }

    fn pages(&self, query: Option<String>) -> Pages<SynchronizedGroup> {
        let caller = self.of.caller.clone();
        Pages::new(move |from, take| {
            let (caller, query) = (caller.clone(), query.clone());
            Box::pin(async move {
                let from = from.as_ref().map(Cursor::as_str);
                let query = query.as_deref().map(SynchronizedGroupQuery::try_from).transpose();
                let query =
                    query.map_err(|reason| caller.with_id(Error::invalid_request(format!("the query is {reason}"))))?;
                let call = caller.api.get_synchronized_groups(caller.id(), from, query.as_ref(), Some(take));
                caller.call(call).await.map(|page| Page::new(page.groups, page.next))
            })
        })
    }

    /// Adds up to 100 groups to the selection. A group that is already selected takes the metadata given here; fields
    /// that are not set are cleared.
    ///
    /// Needs the scope `update:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, for more than 100 groups
    /// and for metadata that is too long; and any error of a call.
    pub fn add(
        &self,
        groups: impl IntoIterator<Item = impl Into<SelectedGroup>>,
    ) -> BoxFuture<'static, Result<(), Error>> {
        let groups: Vec<SelectedGroup> = groups.into_iter().map(Into::into).collect();
        let this = self.clone();
        Box::pin(async move {
            this.check_number(groups.len())?;
            let body = AddSynchronizedGroupsRequest::new(this.selections(groups)?);
            let caller = &this.of.caller;
            caller.call(caller.api.post_synchronized_groups(caller.id(), &body)).await
        })
    }

    /// Removes 1 to 100 groups from the selection. Groups that are not selected are ignored.
    ///
    /// Needs the scope `update:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, for more than 100
    /// groups; 403 also where the tenant does not have this operation yet; and any error of a call.
    pub fn remove(&self, groups: impl IntoIterator<Item = GroupId>) -> BoxFuture<'static, Result<(), Error>> {
        let groups: Vec<GroupId> = groups.into_iter().collect();
        let this = self.clone();
        Box::pin(async move {
            this.check_number(groups.len())?;
            let selections = this.selections(groups.into_iter().map(Into::into).collect())?;
            let references = selections.into_iter().map(|group| SynchronizedGroupReference::new(group.id));
            let body = RemoveSynchronizedGroupsRequest::new(references.collect());
            let caller = &this.of.caller;
            caller.call(caller.api.delete_synchronized_groups(caller.id(), &body)).await
        })
    }

    /// Replaces the whole selection in one call; an empty list selects no group. The metadata of groups that were
    /// selected before becomes what is given here.
    ///
    /// Needs the scope `update:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), before anything is sent, for a body of more than
    /// 1 MB and for metadata that is too long; [`Error::is_conflict`] where another writer changes the selection at the
    /// same time; and any error of a call.
    ///
    /// ```
    /// # auth0_provisioning_examples::run(async |client| {
    /// use auth0_provisioning::{GroupId, SelectedGroup};
    ///
    /// let groups = client.directory_provisioning(&"con_0123456789abcdef".parse()?).groups();
    /// let (design, engineering): (GroupId, GroupId) = ("g1".parse()?, "g2".parse()?);
    ///
    /// groups.replace([design.clone()]).await?;
    /// groups.add([SelectedGroup::new(engineering).name("Engineering")]).await?;
    /// groups.remove([design]).await?;
    ///
    /// let left = groups.search("name:eng*").next().await?.expect("one page");
    /// assert_eq!(left.items[0].id, "g2");
    /// # Ok(()) });
    /// ```
    pub fn replace(
        &self,
        groups: impl IntoIterator<Item = impl Into<SelectedGroup>>,
    ) -> BoxFuture<'static, Result<(), Error>> {
        let groups: Vec<SelectedGroup> = groups.into_iter().map(Into::into).collect();
        let this = self.clone();
        Box::pin(async move {
            if !fits_into_a_body(groups.iter()) {
                let number = groups.len();
                let error = format!("{number} groups take more than {LARGEST_BODY} bytes; `reconcile` splits them");
                return Err(this.of.caller.with_id(Error::invalid_request(error)));
            }
            let body = SynchronizedGroupList::new(this.selections(groups)?);
            let caller = &this.of.caller;
            caller.call(caller.api.put_synchronized_groups(caller.id(), &body)).await
        })
    }

    fn selections(&self, groups: Vec<SelectedGroup>) -> Result<Vec<SynchronizedGroupSelection>, Error> {
        let selections = groups.into_iter().map(SelectedGroup::into_request).collect::<Result<_, _>>();
        selections.map_err(|error| self.of.caller.with_id(error))
    }

    fn check_number(&self, groups: usize) -> Result<(), Error> {
        if groups <= MOST_GROUPS {
            return Ok(());
        }
        let error = format!("{groups} groups in one call; the maximum is {MOST_GROUPS}, `reconcile` splits them");
        Err(self.of.caller.with_id(Error::invalid_request(error)))
    }
}
