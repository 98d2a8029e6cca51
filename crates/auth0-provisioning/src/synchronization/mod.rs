//! Running a synchronization and waiting for its end.

mod end_of_run;
mod error;
mod handle;
mod progress;
mod start;
mod wait;
mod watch;

pub(crate) use self::start::server_time;
pub use self::{
    error::{Requested, SynchronizeError},
    progress::Progress,
    wait::Wait,
};
