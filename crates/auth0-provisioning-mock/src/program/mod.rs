//! The program's arguments, and what each way to call it does.

mod replay;
mod serve;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// An Auth0 tenant in a box for directory provisioning.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArguments,
}

#[derive(Subcommand)]
enum Command {
    /// Replays recorded calls against a tenant that is seeded with their connections, and tells the differences.
    Replay {
        /// Recordings, one call a line as a JSON object: method, path, request, status, response.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Args)]
struct ServeArguments {
    /// The address to listen on; port 0 is a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Answer under TLS, with a certificate made at the start.
    #[arg(long)]
    tls: bool,
    /// Where to write the certificate of the authority that clients have to trust.
    #[arg(long, value_name = "FILE", requires = "tls")]
    authority: Option<PathBuf>,
    /// How many requests the rate limit lets through at once; unlimited unless told.
    #[arg(long, value_name = "REQUESTS", requires = "rate")]
    burst: Option<u32>,
    /// How many requests a second the rate limit lets through in the long run.
    #[arg(long, value_name = "REQUESTS", requires = "burst")]
    rate: Option<u32>,
    /// Decides ids and credentials.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// A JSON file to start from, if it is there, and to save the state to at the end.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// How many configured connections to start with, in place of the usual one.
    #[arg(long, value_name = "NUMBER")]
    connections: Option<usize>,
}

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    // One thread: a hand-over between threads takes longer than most answers do.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let outcome = runtime.block_on(async {
        match arguments.command {
            Some(Command::Replay { files }) => replay::run(&files).await,
            None => serve::run(arguments.serve).await.map(|()| ExitCode::SUCCESS),
        }
    });
    outcome.unwrap_or_else(|error| fail(error.as_ref()))
}

fn fail(error: &dyn Error) -> ExitCode {
    eprint!("error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprint!(": {cause}");
        source = cause.source();
    }
    eprintln!();
    ExitCode::from(2)
}
