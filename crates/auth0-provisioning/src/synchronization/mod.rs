//! Running a synchronization and waiting for it.

mod error;
mod progress;
mod start;
mod wait;

pub(crate) use self::progress::{until_completed, watch};
pub use self::{error::SynchronizeError, progress::Progress, wait::Wait};
