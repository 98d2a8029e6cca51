//! The program's arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// An Auth0 tenant in a box for directory provisioning.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) serve: ServeArguments,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Replays recorded calls against a tenant that is seeded with their connections, and tells the differences.
    Replay {
        /// Recordings, one call a line as a JSON object: method, path, request, status, response.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Args)]
pub(super) struct ServeArguments {
    /// The address to listen on; port 0 is a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(super) listen: String,
    /// Response under TLS, with a certificate made at the start.
    #[arg(long)]
    pub(super) tls: bool,
    /// Where to write the certificate of the authority that clients have to trust.
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub(super) authority: Option<PathBuf>,
    /// How many requests the rate limit lets through at once; unlimited unless told.
    #[arg(long, value_name = "REQUESTS", requires = "rate")]
    pub(super) burst: Option<u32>,
    /// How many requests a second the rate limit lets through in the long run.
    #[arg(long, value_name = "REQUESTS", requires = "burst")]
    pub(super) rate: Option<u32>,
    /// Decides ids and credentials.
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    /// A JSON file to start from, if it is there, and to save the state to at the end.
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// A seed file, in JSON or YAML, in place of the usual company.
    #[arg(long, value_name = "FILE", conflicts_with = "connections")]
    pub(super) seed_file: Option<PathBuf>,
    /// Serve no control API.
    #[arg(long)]
    pub(super) no_control: bool,
    /// What callers of the control API have to send as a bearer token. Away from loopback one is made up unless told.
    #[arg(long, value_name = "KEY")]
    pub(super) control_key: Option<String>,
    /// How many configured connections to start with, in place of the usual company.
    #[arg(long, value_name = "NUMBER")]
    pub(super) connections: Option<usize>,
}
