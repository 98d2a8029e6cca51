//! The exit codes of the program.

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
    /// A connection, configuration, token or profile does not exist.
    NotFound = 3,
    /// Not authenticated, or not allowed.
    NotAllowed = 4,
    /// The tenant limits the rate of requests.
    RateLimited = 5,
    /// A synchronization run failed.
    RunFailed = 6,
    /// Arguments or an input file are wrong.
    Usage = 64,
}

/// The section about exit codes in the help.
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
