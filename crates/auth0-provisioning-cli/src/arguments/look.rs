//! Arguments of the commands that read.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use crate::duration;

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only connections without a successful run within this time, such as 90s, 30m, 24h or 7d
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) stale: Option<Duration>,
    /// Only connections whose last run failed; with --stale, either
    #[arg(long)]
    pub(crate) failed: bool,
    /// Only connections of this strategy
    #[arg(long, value_name = "STRATEGY")]
    pub(crate) strategy: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// The connection, by id or name
    pub(crate) connection: String,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// The connection, by id or name
    pub(crate) connection: String,
    /// Only groups whose name starts with this
    #[arg(long, value_name = "PREFIX")]
    pub(crate) search: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Runs {
    /// The connection, by id or name; all connections if left out
    pub(crate) connection: Option<String>,
    /// Only runs that failed
    #[arg(long)]
    pub(crate) failed: bool,
    /// The most runs to list, the latest first; a search of the log finds 1000 events, of which a run has two
    #[arg(long, value_name = "NUMBER", default_value = "20", value_parser = one_or_more)]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
pub(crate) struct ScimEvents {
    /// The connection, by id or name; all connections if left out
    pub(crate) connection: Option<String>,
    /// Only requests that failed
    #[arg(long)]
    pub(crate) failed: bool,
    /// The most requests to list, the latest first; a search of the log finds 1000
    #[arg(long, value_name = "NUMBER", default_value = "20", value_parser = one_or_more)]
    pub(crate) limit: usize,
}

fn one_or_more(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "give a number of 1 or more".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The file to write, or to replace; `-` for stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) html: PathBuf,
    /// A connection without a successful run within this time is stale
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "24h")]
    pub(crate) stale: Duration,
}
