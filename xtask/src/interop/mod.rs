//! `cargo xtask interop`: clients that are not ours, against the mock tenant.
//!
//! The official SDKs for Node and Python drive every operation of the contract, unmodified and over TLS, and
//! schemathesis sends what the contract allows and what it does not. Node and Python drive its control API, too. They are installed under `target/interop`, so
//! this needs `npm` and `python3`, and the network once.

mod control;
mod install;
mod schemathesis;
mod sdk;
mod tenant;
mod trouble;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

pub use trouble::Trouble;

/// What `cargo xtask interop` is told.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// How many cases schemathesis makes up for each operation.
    #[arg(long, default_value_t = 50, value_name = "CASES")]
    pub cases: u32,
    /// Where schemathesis starts, so that a run can be repeated.
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
}

/// Runs every client and stops at the first that does not get along.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    match drive(arguments) {
        Ok(()) => {
            println!("every client gets along with the mock tenant");
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            eprintln!("error: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn drive(arguments: &Arguments) -> Result<(), Trouble> {
    let place = Place::new();
    install::install(&place)?;
    sdk::drive_node(&place)?;
    sdk::drive_python(&place)?;
    control::drive_node(&place)?;
    control::drive_python(&place)?;
    schemathesis::run(&place, arguments)
}

/// Where things lie.
struct Place {
    repository: PathBuf,
    folder: PathBuf,
}

impl Place {
    fn new() -> Self {
        let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = xtask.parent().unwrap_or(xtask).to_owned();
        let folder = repository.join("target").join("interop");
        Self { repository, folder }
    }

    fn contract(&self) -> PathBuf {
        self.repository.join("openapi").join("auth0-provisioning.json")
    }

    /// A program of the Python environment.
    fn python(&self, program: &str) -> PathBuf {
        let (folder, suffix) = if cfg!(windows) { ("Scripts", ".exe") } else { ("bin", "") };
        self.folder.join("venv").join(folder).join(format!("{program}{suffix}"))
    }
}

/// Runs a command that has to succeed; what it prints is printed.
fn succeed(what: &'static str, command: &mut Command) -> Result<(), Trouble> {
    let status = command.status().map_err(|source| Trouble::Start { what, source })?;
    if status.success() { Ok(()) } else { Err(Trouble::Failed { what, status }) }
}
