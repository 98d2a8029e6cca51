//! The groups that are selected for synchronization.

#[cfg(all(feature = "groups", feature = "workflows"))]
mod arrival;
#[cfg(feature = "workflows")]
mod change;
mod group_file;
mod group_id;
mod handle;
mod limits;
#[cfg(feature = "workflows")]
mod plan;
#[cfg(feature = "workflows")]
mod reconcile;
#[cfg(feature = "workflows")]
mod reconciled;
mod selected_group;

#[cfg(all(feature = "groups", feature = "workflows"))]
pub use self::arrival::Arrival;
#[cfg(feature = "workflows")]
pub use self::{
    change::GroupChange,
    plan::Metadata,
    reconcile::Reconcile,
    reconciled::{ReconcileError, Reconciled},
};
pub use self::{
    group_file::GroupFile,
    group_id::{GroupId, InvalidGroupId},
    handle::SynchronizedGroupsHandle,
    selected_group::{SelectedGroup, SynchronizedGroupExt},
};
