//! The tenant's log, and what each run did.

mod event;
mod handle;
mod history;
mod run_report;
mod sync_event;

pub use self::{
    handle::LogsHandle,
    run_report::RunReport,
    sync_event::{DirectorySyncEvent, DirectorySyncKind, LogEventExt, SyncFailure, UserError},
};
pub(crate) use history::report_of;
