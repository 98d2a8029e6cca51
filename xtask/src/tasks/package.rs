//! `cargo xtask package`: checks that each published crate builds from its package.

use std::process::{Command, ExitCode};

use crate::project;

/// Runs the command: 0 each crate builds, 1 one does not, 2 cargo did not start.
#[must_use]
pub fn run() -> ExitCode {
    // A new folder each time, because cargo would reuse unpacked sources of the same version.
    let folder = std::env::temp_dir().join(format!("auth0-provisioning-package-{}", std::process::id()));
    let mut cargo = Command::new("cargo");
    cargo.args(["package", "--quiet", "--target-dir"]).arg(&folder).current_dir(project::workspace());
    for package in project::PUBLISHED {
        cargo.args(["--package", package]);
    }
    let status = cargo.status();
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        eprintln!("cannot delete {}: {error}", folder.display());
    }
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: cannot start cargo: {error}");
            ExitCode::from(2)
        }
    }
}
