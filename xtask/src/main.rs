//! `cargo xtask …`: see `cargo xtask --help`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::generate;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The workshop of auth0-provisioning")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Turn the contract, or another OpenAPI document, into a client crate.
    Generate(generate::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
    }
}
