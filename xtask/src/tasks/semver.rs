//! `cargo xtask semver`: checks the version against the changes of the public API since the last release.

use std::process::{Command, ExitCode};

use crate::project;

/// Runs the command: 0 the version is right, 1 it is too low, 2 the command failed.
#[must_use]
pub fn run() -> ExitCode {
    let Some(release) = last_release() else {
        println!("no release is tagged yet (`v0.1.0`), so there is nothing to compare with");
        return ExitCode::SUCCESS;
    };
    let mut cargo = Command::new("cargo");
    cargo.args(["semver-checks", "--baseline-rev", &release]).current_dir(project::workspace());
    for package in project::PUBLISHED {
        cargo.args(["--package", package]);
    }
    match cargo.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: `cargo semver-checks`: {error}; try: cargo install --locked cargo-semver-checks");
            ExitCode::from(2)
        }
    }
}

fn last_release() -> Option<String> {
    let mut git = Command::new("git");
    git.args(["describe", "--tags", "--match", "v*", "--abbrev=0"]).current_dir(project::workspace());
    let output = git.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
