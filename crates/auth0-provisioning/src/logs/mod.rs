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
mod sync_event;

#[cfg(feature = "workflows")]
pub(crate) use self::history::report_of;
#[cfg(feature = "workflows")]
pub use self::run_report::RunReport;
pub use self::{
    handle::LogsHandle,
    scim_event::ScimEvent,
    sync_event::{DirectorySyncEvent, DirectorySyncKind, LogEventExt, SyncFailure, UserError},
};
