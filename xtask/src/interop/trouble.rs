//! What can go wrong between the mock tenant and its clients.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use thiserror::Error;

/// Why `cargo xtask interop` did not come to a good end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Trouble {
    /// A tool is not on this machine.
    #[error("`{tool}` is missing or does not run; it is needed to {purpose}")]
    MissingTool {
        /// The tool.
        tool: &'static str,
        /// What for.
        purpose: &'static str,
    },
    /// A command could not be started.
    #[error("{what} could not be started: {source}")]
    Start {
        /// The command.
        what: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// A command failed; it has said why.
    #[error("{what} failed: {status}")]
    Failed {
        /// The command.
        what: &'static str,
        /// How it ended.
        status: ExitStatus,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The mock tenant ended before it had told what a client needs.
    #[error("the mock tenant did not tell its {0}")]
    Silent(&'static str),
    /// A client did not get through every operation.
    #[error("{client} did not get through {}", operations.join(", "))]
    Operations {
        /// The client.
        client: &'static str,
        /// The operations that it did not get through.
        operations: Vec<String>,
    },
}
