//! `cargo xtask bench`: what the client costs beside what one would write without it, as ratios of one run.

mod costs;
mod document;
mod measured;
mod workshop;

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode},
};

use clap::Args;
use serde::Deserialize;

use crate::{openapi::Problem, project};

/// What to measure, and what to do with it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write the result to `docs/benchmarks.md`.
    #[arg(long)]
    record: bool,
    /// An official document, for the rows about the client of the whole of it.
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// Leave out what the client adds to the build of a program, which takes longest.
    #[arg(long)]
    without_costs: bool,
}

/// One row: a figure, and what it is compared with.
#[derive(Debug, Deserialize)]
struct Row {
    what: String,
    beside: String,
    unit: String,
    other: f64,
    ours: f64,
}

/// Runs the command: 0 measured, 2 trouble.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    match measure(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}

fn measure(arguments: &Arguments) -> Result<(), Problem> {
    let packages =
        ["--package", "auth0-provisioning-bench", "--package", "xtask", "--package", "auth0-provisioning-mock"];
    succeed(Command::new("cargo").args(["build", "--release", "--quiet"]).args(packages))?;
    let mut rows = measured::rows()?;
    rows.extend(measured::fleets()?);
    rows.extend(workshop::rows(arguments.document.as_deref())?);
    if !arguments.without_costs {
        rows.extend(costs::rows()?);
    }
    let text = document::write(&rows);
    print!("{text}");
    if arguments.record {
        let file = project::workspace().join("docs").join("benchmarks.md");
        fs::write(&file, text).map_err(|error| Problem::new(error.to_string()).in_file(file))?;
    }
    Ok(())
}

/// The output of a command that has to succeed, run at the root of the workspace.
fn succeed(command: &mut Command) -> Result<String, Problem> {
    eprintln!("{command:?}");
    let output = command.current_dir(project::workspace()).output();
    let output = output.map_err(|error| Problem::new(format!("{command:?} could not be started: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Problem::new(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr))))
}

/// A program of this workspace, built for release.
fn program(name: &str) -> Command {
    Command::new(project::workspace().join("target").join("release").join(name))
}
