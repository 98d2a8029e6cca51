//! The tenant's log, and what each run did.

mod event;
mod handle;
#[cfg(feature = "workflows")]
mod history;
#[cfg(feature = "workflows")]
mod run_report;
mod scim_event;
#[cfg(all(feature = "scim", feature = "workflows"))]
mod scim_history;
#[cfg(feature = "workflows")]
mod sync_failure;

#[cfg(feature = "workflows")]
pub(crate) use self::history::report_of;
pub use self::{handle::LogsHandle, scim_event::ScimEvent};
#[cfg(feature = "workflows")]
pub use self::{
    run_report::RunReport,
    sync_failure::{SyncFailure, UserError},
};
