//! The operations that the tenant answers, by name.

/// One operation of the tenant: the 11 of the contract, the token endpoint, and two to look connections up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Operation {
    /// `GET /connections/{id}/directory-provisioning`
    GetConfiguration,
    /// `POST /connections/{id}/directory-provisioning`
    CreateConfiguration,
    /// `PATCH /connections/{id}/directory-provisioning`
    UpdateConfiguration,
    /// `DELETE /connections/{id}/directory-provisioning`
    DeleteConfiguration,
    /// `GET /connections/{id}/directory-provisioning/default-mapping`
    GetDefaultMapping,
    /// `POST /connections/{id}/directory-provisioning/synchronizations`
    Synchronize,
    /// `GET /connections/{id}/directory-provisioning/synchronized-groups`
    ListSynchronizedGroups,
    /// `PUT /connections/{id}/directory-provisioning/synchronized-groups`
    ReplaceSynchronizedGroups,
    /// `POST /connections/{id}/directory-provisioning/synchronized-groups`
    AddSynchronizedGroups,
    /// `DELETE /connections/{id}/directory-provisioning/synchronized-groups`
    RemoveSynchronizedGroups,
    /// `GET /connections-directory-provisionings`
    ListConfigurations,
    /// `POST /oauth/token`
    IssueToken,
    /// `GET /connections`
    ListConnections,
    /// `GET /connections/{id}`
    GetConnection,
}

impl Operation {
    /// The operations that the contract describes, in its order.
    pub const OF_CONTRACT: [Self; 11] = [
        Self::GetConfiguration,
        Self::CreateConfiguration,
        Self::UpdateConfiguration,
        Self::DeleteConfiguration,
        Self::GetDefaultMapping,
        Self::Synchronize,
        Self::ListSynchronizedGroups,
        Self::ReplaceSynchronizedGroups,
        Self::AddSynchronizedGroups,
        Self::RemoveSynchronizedGroups,
        Self::ListConfigurations,
    ];

    /// The operation id: that of the contract for its 11 operations, one of our own for the others.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::GetConfiguration => "get_directory-provisioning",
            Self::CreateConfiguration => "post_directory-provisioning",
            Self::UpdateConfiguration => "patch_directory-provisioning",
            Self::DeleteConfiguration => "delete_directory-provisioning",
            Self::GetDefaultMapping => "get_directory_provisioning_default_mapping",
            Self::Synchronize => "post_synchronizations",
            Self::ListSynchronizedGroups => "get_synchronized-groups",
            Self::ReplaceSynchronizedGroups => "put_synchronized-groups",
            Self::AddSynchronizedGroups => "post_synchronized-groups",
            Self::RemoveSynchronizedGroups => "delete_synchronized-groups",
            Self::ListConfigurations => "get_connections-directory-provisionings",
            Self::IssueToken => "post_oauth-token",
            Self::ListConnections => "get_connections",
            Self::GetConnection => "get_connections_by_id",
        }
    }
}
