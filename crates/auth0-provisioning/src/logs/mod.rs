//! The tenant's log, and what each run did.

mod event;
mod handle;
mod history;
mod run_report;
mod scim_event;
#[cfg(feature = "scim")]
mod scim_history;
mod sync_event;

pub use self::{
    handle::LogsHandle,
    run_report::RunReport,
    scim_event::ScimEvent,
    sync_event::{DirectorySyncEvent, DirectorySyncKind, LogEventExt, SyncFailure, UserError},
};
pub(crate) use history::report_of;
