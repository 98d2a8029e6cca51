//! Running a synchronization and waiting for its end.

mod end_of_run;
mod error;
mod progress;
mod start;
mod wait;
mod watch;

pub use self::{
    error::{Requested, SynchronizeError},
    progress::Progress,
    wait::Wait,
};
pub(crate) use self::{
    start::server_time,
    watch::{Mode, until_ended, watch},
};
