//! `cargo xtask …`: see `cargo xtask --help`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{
    drift, generate,
    tasks::{bench, ci, contract, interop, operation, package, public_api, semver, words},
};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Development tasks of auth0-provisioning")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate a client crate from the contract, or from another OpenAPI document.
    Generate(generate::Arguments),
    /// Report how an official document differs from the contract, and whom each difference breaks.
    Drift(drift::DriftArguments),
    /// Compare the contract with the record of the official document, and with the merge base.
    Contract(contract::Arguments),
    /// Take an operation from an official document into contract, mock tenant, facade and program.
    Operation(operation::Arguments),
    /// Test the mock tenant with the official SDKs and schemathesis; needs npm and Python.
    Interop(interop::Arguments),
    /// Run every gate of a change.
    Ci(ci::Arguments),
    /// Measure the client, as ratios of one run.
    Bench(bench::Arguments),
    /// Compare the public API of the published crates with the reviewed lists; needs nightly and cargo-public-api.
    PublicApi(public_api::Arguments),
    /// Check that each published crate builds from its package.
    Package,
    /// Check the version against the last release; needs cargo-semver-checks.
    Semver,
    /// Find the words that CONTRIBUTING.md rejects.
    Words,
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Drift(arguments) => drift::run(&arguments),
        Command::Contract(arguments) => contract::run(&arguments),
        Command::Interop(arguments) => interop::run(&arguments),
        Command::Operation(arguments) => operation::run(&arguments),
        Command::Ci(arguments) => ci::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::PublicApi(arguments) => public_api::run(&arguments),
        Command::Package => package::run(),
        Command::Semver => semver::run(),
        Command::Words => words::run(),
    }
}
