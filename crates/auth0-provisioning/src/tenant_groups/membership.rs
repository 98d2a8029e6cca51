//! Members of many groups.

use auth0_transport::Error;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, future};
use serde::{Deserialize, Serialize};

use super::GroupFilter;
use crate::{Client, types::GroupMember};

/// One member of one group: [`Client::memberships`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Membership {
    /// The group's id in the tenant.
    pub group_id: String,
    /// The group's name.
    pub group_name: Option<String>,
    /// The member.
    pub member: GroupMember,
}

impl Client {
    /// The members of all groups that a filter lets through, group by group. A group that is deleted meanwhile has none.
    ///
    /// Needs the scopes `read:groups` and `read:group_members`.
    #[must_use = "streams do nothing unless polled"]
    pub fn memberships(&self, filter: GroupFilter) -> BoxStream<'static, Result<Membership, Error>> {
        let client = self.clone();
        let groups = self.groups(filter).items();
        let members = groups.map_ok(move |group| {
            let (group_id, group_name) = (group.id.unwrap_or_default(), group.name);
            let members = client.group(&group_id).members().items();
            let members = members.filter(|member| {
                let is_gone = member.as_ref().is_err_and(Error::is_not_found);
                future::ready(!is_gone)
            });
            members.map_ok(move |member| Membership {
                group_id: group_id.clone(),
                group_name: group_name.clone(),
                member,
            })
        });
        members.try_flatten().boxed()
    }
}
