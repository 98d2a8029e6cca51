//! Measures the time of development tasks: generation, drift, and checking generated code.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use super::{Row, program, succeed};
use crate::{openapi::Problem, project};

/// Compares each task with its target, in seconds.
pub(super) fn rows(document: Option<&Path>) -> Result<Vec<Row>, Problem> {
    let mut rows =
        vec![row("`generate --check` of the contract", 4.0, timed(program("xtask").args(["generate", "--check"]))?)];
    let Some(document) = document else { return Ok(rows) };
    let drift = timed(program("xtask").args(["drift", "--fail-on", "never"]).arg(document))?;
    rows.push(row("`drift` of an official document", 4.0, drift));
    let out = project::target().join("bench").join("whole");
    let mut generate = program("xtask");
    generate.args(["generate", "--all", "--allow-skips", "--spec"]).arg(document).arg("--out").arg(&out);
    rows.push(row("`generate --all` of an official document", 4.0, timed(&mut generate)?));
    let check = || {
        let mut check = Command::new("cargo");
        check.args(["check", "--quiet", "--manifest-path"]).arg(out.join("Cargo.toml"));
        check
    };
    // Dependencies are checked first, and not counted.
    succeed(&mut check())?;
    succeed(Command::new("touch").arg(out.join("src").join("lib.rs")))?;
    rows.push(row("`cargo check` of the whole client", 62.0, timed(&mut check())?));
    Ok(rows)
}

fn row(what: &str, target: f64, took: Duration) -> Row {
    Row { what: what.into(), beside: "target".into(), unit: "s".into(), other: target, ours: took.as_secs_f64() }
}

fn timed(command: &mut Command) -> Result<Duration, Problem> {
    let start = Instant::now();
    succeed(command)?;
    Ok(start.elapsed())
}
