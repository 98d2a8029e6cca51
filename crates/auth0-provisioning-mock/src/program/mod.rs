//! The commands of the program.

mod arguments;
mod replay;
mod serve;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    // One thread: passing a request to another thread takes longer than most responses.
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
