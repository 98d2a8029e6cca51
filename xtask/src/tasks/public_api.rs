//! `cargo xtask public-api`: compares the public API of the published crates with the reviewed lists.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
};

use clap::Args;
use similar::TextDiff;

use crate::{openapi::Problem, project};

/// Arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write the present public API, to be reviewed and committed.
    #[arg(long)]
    record: bool,
}

/// Runs the command: 0 the same as recorded, 1 different, 2 the command failed.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    let mut differs = false;
    for package in project::PUBLISHED {
        match compare(package, arguments.record) {
            Ok(None) => {}
            Ok(Some(difference)) => {
                eprintln!("{difference}");
                differs = true;
            }
            Err(problem) => {
                eprintln!("error: {problem}");
                return ExitCode::from(2);
            }
        }
    }
    if differs { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn compare(package: &str, record: bool) -> Result<Option<String>, Problem> {
    let offered = offered(package)?;
    let file = recorded_in(package);
    let problem = |error: std::io::Error| Problem::new(error.to_string()).in_file(file.clone());
    if record {
        return fs::write(&file, offered).map(|()| None).map_err(problem);
    }
    let recorded = fs::read_to_string(&file).map_err(problem)?;
    let header = format!("{package}, recorded");
    Ok((recorded != offered).then(|| {
        TextDiff::from_lines(&recorded, &offered).unified_diff().context_radius(0).header(&header, "now").to_string()
    }))
}

/// Returns a line for each public item, without derived traits, which `cargo xtask semver` checks.
fn offered(package: &str) -> Result<String, Problem> {
    let mut cargo = Command::new("cargo");
    cargo
        .args([
            "public-api",
            "--package",
            package,
            "--all-features",
            "--omit",
            "blanket-impls,auto-trait-impls,auto-derived-impls",
        ])
        .current_dir(project::workspace())
        .env_remove("RUSTUP_TOOLCHAIN")
        .stderr(Stdio::inherit());
    let output = cargo.output().map_err(|error| Problem::new(format!("`cargo public-api`: {error}")))?;
    if !output.status.success() {
        return Err(Problem::new(format!("`cargo public-api` failed for {package}")));
    }
    let listed = String::from_utf8(output.stdout);
    listed.map(|listed| each_once(&listed)).map_err(|error| Problem::new(format!("`cargo public-api`: {error}")))
}

/// A trait and a type of one crate both list the `impl` of one for the other.
fn each_once(listed: &str) -> String {
    let mut seen = BTreeSet::new();
    listed.split_inclusive('\n').filter(|line| seen.insert(*line)).collect()
}

fn recorded_in(package: &str) -> PathBuf {
    project::workspace().join("crates").join(package).join("public-api.txt")
}
