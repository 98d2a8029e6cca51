//! Why a comparison could not be made.

use std::path::PathBuf;

/// What keeps `drift` from an answer; the program then ends with exit code 2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// A file could not be read.
    #[error("{}: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not JSON.
    #[error("{file}: not a JSON document: {source}")]
    Json {
        /// The file.
        file: String,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A place in a document is not what OpenAPI says it should be, or is something that cannot be compared.
    #[error("{file}#{pointer}: {what}")]
    Document {
        /// The file.
        file: String,
        /// The JSON pointer of the place.
        pointer: String,
        /// What is wrong with it.
        what: String,
    },
    /// None of the operations to compare is there.
    #[error(
        "none of the contract's operations, nor any under their paths, is in {files}; \
         to compare two documents in whole, use `--since OLD --scope all`"
    )]
    NothingCovered {
        /// The files that were searched.
        files: String,
    },
    /// Arguments that contradict each other.
    #[error("{0}")]
    Arguments(&'static str),
    /// The list of accepted differences has an entry that says nothing.
    #[error("{file}: entry {index} (counted from 0): {what}")]
    Accepted {
        /// The list.
        file: String,
        /// Which entry.
        index: usize,
        /// What is wrong with it.
        what: &'static str,
    },
}
