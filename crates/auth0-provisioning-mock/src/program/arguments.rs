//! The program's arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A mock of an Auth0 tenant for directory provisioning.
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
    /// Repeats recorded calls with a tenant that is seeded with their connections, and prints the differences.
    Replay {
        /// Recordings: a JSON object a line, with method, path, request, status and response.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Args)]
pub(super) struct ServeArguments {
    /// The address to listen on. Port 0 selects a free port.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(super) listen: String,
    /// Serve HTTPS, with a certificate that is created at the start.
    #[arg(long)]
    pub(super) tls: bool,
    /// The file for the certificate of the authority that clients must trust.
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub(super) authority: Option<PathBuf>,
    /// The number of requests that the rate limit allows at once. Defaults to no limit.
    #[arg(long, value_name = "REQUESTS", requires = "rate")]
    pub(super) burst: Option<u32>,
    /// The number of requests that the rate limit adds each second.
    #[arg(long, value_name = "REQUESTS", requires = "burst")]
    pub(super) rate: Option<u32>,
    /// The seed of ids and credentials.
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    /// A JSON file with the state: read at the start if it exists, written at the end.
    #[arg(long, value_name = "FILE")]
    pub(super) state: Option<PathBuf>,
    /// A seed file in JSON or YAML. Defaults to a small company.
    #[arg(long, value_name = "FILE", conflicts_with = "connections")]
    pub(super) seed_file: Option<PathBuf>,
    /// Do not serve the control API.
    #[arg(long)]
    pub(super) no_control: bool,
    /// The bearer token of the control API. Defaults to a generated token if the address is not loopback.
    #[arg(long, value_name = "KEY")]
    pub(super) control_key: Option<String>,
    /// The number of configured connections, instead of the small company.
    #[arg(long, value_name = "NUMBER")]
    pub(super) connections: Option<usize>,
}
