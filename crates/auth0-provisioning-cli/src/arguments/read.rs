//! Arguments of the commands that read.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use crate::duration;

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only connections without a successful run within this time, such as 90s, 30m, 24h or 7d
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) stale: Option<Duration>,
    /// Only connections whose last run failed. With --stale: connections that match one of both
    #[arg(long)]
    pub(crate) failed: bool,
    /// Only connections of this strategy, such as google-apps
    #[arg(long, value_name = "STRATEGY")]
    pub(crate) strategy: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Events {
    /// The connection, by id or name. Defaults to all connections
    pub(crate) connection: Option<String>,
    /// Only failed ones
    #[arg(long)]
    pub(crate) failed: bool,
    /// The most results, the latest first. A search of the log finds at most 1000 events
    #[arg(long, value_name = "NUMBER", default_value = "20", value_parser = at_least_one)]
    pub(crate) limit: usize,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "give a number of 1 or more".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The file to write or replace, or `-` for stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) html: PathBuf,
    /// A connection without a successful run within this time is stale
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "24h")]
    pub(crate) stale: Duration,
}
