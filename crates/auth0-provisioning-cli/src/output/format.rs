//! The formats of results.

use clap::ValueEnum;

/// A format of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    // Aligned columns, for people. A doc comment would become a part of the help.
    Table,
    // One JSON document.
    Json,
    // A JSON object in each line.
    Ndjson,
    // Comma-separated values with a header.
    Csv,
}
