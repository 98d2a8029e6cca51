//! The groups that are selected for synchronization.

mod group_id;
mod plan;
mod reconcile;
mod selected_group;

use auth0_transport::Error;

use self::plan::{LARGEST_CALL, Selection};
pub use self::{
    group_id::{GroupId, InvalidGroupId},
    plan::{GroupChange, Metadata},
    reconcile::{Reconcile, ReconcileError, Reconciled},
    selected_group::SelectedGroup,
};
use crate::{
    Cursor, DirectoryProvisioningHandle, Page, Pages,
    types::{
        AddSynchronizedGroupsRequest, RemoveSynchronizedGroupsRequest, SynchronizedGroup, SynchronizedGroupList,
        SynchronizedGroupReference,
    },
};

/// The groups of one connection that are selected for synchronization:
/// [`DirectoryProvisioningHandle::groups`](crate::DirectoryProvisioningHandle::groups). They count where
/// `synchronize_groups` is [`Selected`](crate::SynchronizeGroups::Selected).
///
/// Every method fails with a 404 where the connection or its configuration does not exist, with 400 where its setup is
/// incomplete, and with 403 where the tenant lacks the feature.
#[derive(Clone, Debug)]
pub struct GroupsHandle {
    of: DirectoryProvisioningHandle,
}

impl GroupsHandle {
    pub(crate) fn new(of: DirectoryProvisioningHandle) -> Self {
        Self { of }
    }

    /// Lists the selected groups, in no promised order.
    ///
    /// Needs the scope `read:directory_provisionings`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let connection = Connection::google_apps("con_0123456789abcdef").synchronizes_groups(["g1", "g2"]);
    /// # let tenant = MockTenant::builder().connection(connection).start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use futures_util::TryStreamExt;
    ///
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let groups: Vec<_> = google.groups().list().items().try_collect().await?;
    /// assert_eq!(groups.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Pages<SynchronizedGroup> {
        self.pages(None)
    }

    /// Lists the selected groups whose name or email begins with something, regardless of case: `name:engineering*` or
    /// `email:eng*`. Groups of which no name or email is remembered are not found.
    ///
    /// Needs the scope `read:directory_provisionings`. A query of another form is answered with 400.
    pub fn search(&self, query: impl Into<String>) -> Pages<SynchronizedGroup> {
        self.pages(Some(query.into()))
    }

    fn pages(&self, query: Option<String>) -> Pages<SynchronizedGroup> {
        let this = self.clone();
        Pages::new(move |from, take| {
            let (this, query) = (this.clone(), query.clone());
            Box::pin(async move {
                let from = from.as_ref().map(Cursor::as_str);
                let answer = this.of.api.get_synchronized_groups(this.id(), from, query.as_deref(), Some(take)).await;
                this.of.named(answer).map(|page| Page::new(page.groups, page.next))
            })
        })
    }

    /// Selects groups along with those that are. A group that is selected already takes the metadata given here, and
    /// loses what is not.
    ///
    /// Needs the scope `update:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for more than 100 groups, and whatever else can
    /// befall a call.
    pub async fn add(&self, groups: impl IntoIterator<Item = impl Into<SelectedGroup>>) -> Result<(), Error> {
        let body = AddSynchronizedGroupsRequest::new(groups.into_iter().map(|group| group.into().into()).collect());
        self.check_number(body.groups.len())?;
        self.of.named(self.of.api.post_synchronized_groups(self.id(), &body).await)
    }

    /// Selects groups no longer. Those that are not selected are passed over.
    ///
    /// Needs the scope `update:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for more than 100 groups, and whatever else can
    /// befall a call.
    pub async fn remove(&self, groups: impl IntoIterator<Item = GroupId>) -> Result<(), Error> {
        let groups = groups.into_iter().map(|id| SynchronizedGroupReference::new(id.into()));
        let body = RemoveSynchronizedGroupsRequest::new(groups.collect());
        self.check_number(body.groups.len())?;
        self.of.named(self.of.api.delete_synchronized_groups(self.id(), &body).await)
    }

    /// Selects these groups and no others in one call, however many; none at all is allowed. Metadata of groups that
    /// were selected before becomes what is given here. [`reconcile`](Self::reconcile) changes only what differs.
    ///
    /// Needs the scope `update:directory_provisionings`.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] where somebody else changes the selection at the same time, and whatever else can befall
    /// a call.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tenant = auth0_provisioning_mock::MockTenant::start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
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
    /// # Ok(())
    /// # }
    /// ```
    pub async fn replace(&self, groups: impl IntoIterator<Item = impl Into<SelectedGroup>>) -> Result<(), Error> {
        let body = SynchronizedGroupList::new(groups.into_iter().map(|group| group.into().into()).collect());
        self.of.named(self.of.api.put_synchronized_groups(self.id(), &body).await)
    }

    /// Selects these groups and no others: reads the selection, and changes what differs in as few calls as can be.
    ///
    /// Of several wanted groups with one id the last counts. If it fails on the way, the error says what was done and
    /// what was not, and running it again finishes the job.
    ///
    /// Needs the scopes `read:directory_provisionings` and, unless it is a dry run, `update:directory_provisionings`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let connection = Connection::google_apps("con_0123456789abcdef").synchronizes_groups(["g1", "g2"]);
    /// # let tenant = MockTenant::builder().connection(connection).start().await?;
    /// # let client = auth0_provisioning::Client::builder("tenant.example.com")?
    /// #     .base_url(tenant.base_url()).bearer_token(tenant.access_token()).build()?;
    /// use auth0_provisioning::GroupId;
    ///
    /// let google = client.directory_provisioning(&"con_0123456789abcdef".parse()?);
    /// let wanted: [GroupId; 2] = ["g2".parse()?, "g3".parse()?];
    ///
    /// let plan = google.groups().reconcile(wanted.clone()).dry_run(true).await?;
    /// assert_eq!(plan.to_string(), "1 added, 0 updated, 1 removed, 1 kept");
    ///
    /// let done = google.groups().reconcile(wanted).await?;
    /// assert_eq!(done, plan);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reconcile(&self, wanted: impl IntoIterator<Item = impl Into<SelectedGroup>>) -> Reconcile {
        Reconcile::new(self.clone(), wanted.into_iter().map(Into::into))
    }

    /// The present selection, whole.
    async fn selection(&self) -> Result<Selection, Error> {
        let (mut pages, mut selection) = (self.list(), Selection::new());
        while let Some(page) = pages.next().await? {
            for group in page.items {
                let group = SelectedGroup::try_from(group).map_err(Error::unexpected_response)?;
                selection.insert(group.id().clone(), group.metadata);
            }
        }
        Ok(selection)
    }

    fn id(&self) -> &str {
        self.of.connection_id().as_str()
    }

    fn check_number(&self, groups: usize) -> Result<(), Error> {
        if groups <= LARGEST_CALL {
            return Ok(());
        }
        let error = Error::invalid_request(format!("{groups} groups in one call; {LARGEST_CALL} are the most"));
        Err(error.with_connection_id(self.id()))
    }
}
