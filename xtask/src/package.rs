//! `cargo xtask package`: whether each published crate builds from what its package holds.

use std::process::{Command, ExitCode};

use crate::project;

/// Runs the command: 0 each of them builds, 1 one does not, 2 trouble.
#[must_use]
pub fn run() -> ExitCode {
    // A folder of its own each time: cargo keeps what it unpacked of a version, and would build the others with that.
    let folder = std::env::temp_dir().join(format!("auth0-provisioning-package-{}", std::process::id()));
    let mut cargo = Command::new("cargo");
    cargo.args(["package", "--quiet", "--target-dir"]).arg(&folder).current_dir(project::workspace());
    for package in project::PUBLISHED {
        cargo.args(["--package", package]);
    }
    let status = cargo.status();
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        eprintln!("{} was left behind: {error}", folder.display());
    }
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: cargo could not be started: {error}");
            ExitCode::from(2)
        }
    }
}
