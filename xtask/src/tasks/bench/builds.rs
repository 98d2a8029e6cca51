//! Measures what a newcomer and a maintainer wait for, in builds from nothing, and the size of the programs.

use std::{collections::BTreeSet, ffi::OsStr, fs, path::PathBuf, process::Command, time::Instant};

use super::{Row, program, succeed};
use crate::{openapi::Problem, project};

/// Builds and tests in a target directory of their own, which is deleted at the end.
pub(super) fn rows() -> Result<Vec<Row>, Problem> {
    let target = project::target().join("bench").join("builds");
    let quickstart = Build::from_nothing(&target, &["run", "--example", "quickstart"])?;
    let clean = Build::from_nothing(&target, &["test", "--workspace"])?;
    let warm = Build::run(&target, &["test", "--workspace"])?;
    fs::remove_dir_all(&target).map_err(|error| Problem::new(error.to_string()).in_file(target))?;
    Ok(vec![
        row("`cargo run --example quickstart` from nothing", "s", 60.0, quickstart.seconds),
        row("crates that this compiles", "", 110.0, quickstart.crates),
        row("`cargo test --workspace` from nothing", "s", 360.0, clean.seconds),
        row("`cargo test --workspace` once more", "s", 100.0, warm.seconds),
        row("size of `a0p`", "MB", 12.0, megabytes("a0p")?),
        row("size of `auth0-provisioning-mock`", "MB", 9.0, megabytes("auth0-provisioning-mock")?),
    ])
}

struct Build {
    seconds: f64,
    crates: f64,
}

impl Build {
    fn from_nothing(target: &PathBuf, arguments: &[&str]) -> Result<Self, Problem> {
        match fs::remove_dir_all(target) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Problem::new(error.to_string()).in_file(target.clone()))
            }
            _ => Self::run(target, arguments),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred crates")]
    fn run(target: impl AsRef<OsStr>, arguments: &[&str]) -> Result<Self, Problem> {
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).env("CARGO_TARGET_DIR", target).env("CARGO_TERM_COLOR", "never");
        let start = Instant::now();
        let output = succeed(&mut cargo)?;
        let seconds = start.elapsed().as_secs_f64();
        let compiled = String::from_utf8_lossy(&output.stderr);
        let compiled: BTreeSet<_> =
            compiled.lines().filter_map(|line| line.trim().strip_prefix("Compiling ")).collect();
        Ok(Self { seconds, crates: compiled.len() as f64 })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
fn megabytes(name: &str) -> Result<f64, Problem> {
    let file = PathBuf::from(program(name).get_program()).with_extension(std::env::consts::EXE_EXTENSION);
    let size = fs::metadata(&file).map_err(|error| Problem::new(error.to_string()).in_file(file))?.len();
    Ok(size as f64 / 1e6)
}

fn row(what: &str, unit: &str, target: f64, ours: f64) -> Row {
    Row { what: what.into(), beside: "target".into(), unit: unit.into(), other: target, ours }
}
