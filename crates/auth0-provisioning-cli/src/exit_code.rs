//! What the program's exit codes mean.

/// The exit codes of the program. They are part of its interface: scripts depend on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[non_exhaustive]
pub enum ExitCode {
    /// Done.
    Done = 0,
    /// Failed, for a reason without a code of its own; or interrupted.
    Failed = 1,
    /// `plan --detailed-exitcode` found changes.
    Changes = 2,
    /// What was asked for does not exist.
    NotFound = 3,
    /// Not authenticated, or not allowed.
    NotAllowed = 4,
    /// The tenant's rate limit stands in the way.
    RateLimited = 5,
    /// A synchronization run failed.
    RunFailed = 6,
    /// The program was called in a way that it does not understand.
    Usage = 64,
}

/// The part of the help that tells the exit codes.
pub(crate) const HELP: &str = "\
Exit codes:
  0   done
  1   failed, or interrupted
  2   `plan --detailed-exitcode` found changes
  3   not found
  4   not authenticated, or not allowed
  5   rate limited
  6   a synchronization run failed
  64  wrong usage";
