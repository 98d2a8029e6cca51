//! `cargo xtask interop`: runs clients of other authors against the mock tenant.
//!
//! The official SDKs for Node and Python call every operation of the contract, unmodified and over TLS. The official Deploy
//! CLI imports connections and exports them again. Node and Python use the control API, a browser uses the page, and
//! schemathesis sends valid and invalid requests. All but the browser are installed under `target/interop` in pinned versions, so
//! this needs `npm`, `python3`, Chromium, and the network for the first run.

mod control;
mod deploy_cli;
mod install;
mod page;
mod schemathesis;
mod sdk;
mod tenant;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::{openapi::Problem, project};

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// The number of cases that schemathesis generates for each operation.
    #[arg(long, default_value_t = 50, value_name = "CASES")]
    pub cases: u32,
    /// The seed of schemathesis, which makes a run repeatable.
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
}

/// Runs every client and stops at the first that fails.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    match drive(arguments) {
        Ok(()) => {
            println!("every client works with the mock tenant");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn drive(arguments: &Arguments) -> Result<(), Problem> {
    let place = Place::new();
    install::install(&place)?;
    sdk::compare(&place)?;
    sdk::drive_node(&place)?;
    sdk::drive_python(&place)?;
    control::drive_node(&place)?;
    control::drive_python(&place)?;
    deploy_cli::run(&place)?;
    page::run(&place)?;
    schemathesis::run(&place, arguments)
}

/// The folder in which the clients are installed.
struct Place {
    folder: PathBuf,
}

impl Place {
    fn new() -> Self {
        Self { folder: project::target().join("interop") }
    }

    fn write(&self, name: &str, text: &str) -> Result<PathBuf, Problem> {
        let file = self.folder.join(name);
        let written = fs::write(&file, text).map_err(|error| Problem::new(error.to_string()).in_file(&file));
        written.map(|()| file)
    }

    /// A program of the Python environment.
    fn python(&self, program: &str) -> PathBuf {
        let (folder, suffix) = if cfg!(windows) { ("Scripts", ".exe") } else { ("bin", "") };
        self.folder.join("venv").join(folder).join(format!("{program}{suffix}"))
    }
}

/// Runs a command, and fails if it fails. Its output is shown.
fn succeed(what: &str, command: &mut Command) -> Result<(), Problem> {
    let status = command.status().map_err(|error| Problem::new(format!("cannot start {what}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Problem::new(format!("{what} failed: {status}"))) }
}
