//! `cargo xtask bench`: compares the client with programs without it, as ratios of one run.

mod builds;
mod costs;
mod document;
mod measured;
mod tasks;

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode, Output},
};

use clap::Args;
use serde::Deserialize;

use crate::{openapi::Problem, project};

/// Arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write the result to `docs/benchmarks.md`.
    #[arg(long)]
    record: bool,
    /// An official document, for the rows about generation of a large client.
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// Skip the builds of programs, which take longest.
    #[arg(long)]
    without_costs: bool,
}

/// A row: a figure of the client, and the same figure of another side.
#[derive(Debug, Deserialize)]
struct Row {
    what: String,
    beside: String,
    unit: String,
    other: f64,
    ours: f64,
}

/// Runs the command: 0 measured, 2 a measurement failed.
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
    succeed(Command::new("cargo").args(["build", "--release", "--quiet", "--workspace", "--bins"]))?;
    let mut rows = measured::rows()?;
    rows.extend(measured::fleets()?);
    rows.extend(tasks::rows(arguments.document.as_deref())?);
    if !arguments.without_costs {
        rows.extend(costs::rows()?);
        rows.extend(builds::rows()?);
    }
    let text = document::write(&rows);
    print!("{text}");
    if arguments.record {
        let file = project::workspace().join("docs").join("benchmarks.md");
        fs::write(&file, text).map_err(|error| Problem::new(error.to_string()).in_file(file))?;
    }
    Ok(())
}

/// Runs a command at the root of the workspace, and returns what it wrote. Fails if the command fails.
fn succeed(command: &mut Command) -> Result<Output, Problem> {
    eprintln!("{command:?}");
    let output = command.current_dir(project::workspace()).output();
    let output = output.map_err(|error| Problem::new(format!("cannot start {command:?}: {error}")))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(Problem::new(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr))))
}

/// Runs a command at the root of the workspace, and returns its standard output as text.
fn text_of(command: &mut Command) -> Result<String, Problem> {
    Ok(String::from_utf8_lossy(&succeed(command)?.stdout).into_owned())
}

/// Returns a command for a program of this workspace, built for release.
fn program(name: &str) -> Command {
    Command::new(project::target().join("release").join(name))
}
