//! The groups that are selected for synchronization.

#[cfg(all(feature = "groups", feature = "workflows"))]
mod arrival;
#[cfg(feature = "workflows")]
mod change;
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
    reconcile::Reconcile,
    reconciled::{ReconcileError, Reconciled},
};
pub use self::{handle::SynchronizedGroupsHandle, selected_group::SelectedGroup};
