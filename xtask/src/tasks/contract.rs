//! `cargo xtask contract`: compares the contract with the record of the official document and with the merge base, or with the
//! newest SDK.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use clap::Args;

use super::operation;
use crate::{drift, openapi::Problem, project};

/// Arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Record the structure of this official document, and which of it the contract has. Fails while a difference is not
    /// accepted.
    #[arg(long, value_name = "OFFICIAL")]
    record: Option<PathBuf>,
    /// Compare the contract with an SDK: the folder in which the npm packages `auth0` and `typescript` 5 are installed.
    #[arg(long, value_name = "FOLDER", conflicts_with = "record")]
    sdk: Option<PathBuf>,
    /// The branch that a change will be merged into.
    #[arg(long, value_name = "BRANCH", default_value = "origin/main")]
    base: String,
}

/// Runs the command: 0 no deviation, 1 a deviation, 2 a document could not be read.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    let outcome = match (&arguments.record, &arguments.sdk) {
        (None, Some(folder)) => beyond(folder),
        (Some(official), _) => {
            record(&project::contract(), official, &project::accepted_differences()).and_then(|text| {
                let file = project::fingerprint();
                fs::write(&file, text)
                    .map_err(|error| Problem::new(error.to_string()).in_file(file))
                    .map(|()| Vec::new())
            })
        }
        (None, None) => check(&arguments.base),
    };
    match outcome {
        Ok(deviations) if deviations.is_empty() => ExitCode::SUCCESS,
        Ok(deviations) => {
            eprintln!("{}", deviations.join("\n"));
            ExitCode::FAILURE
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}

/// Returns what the npm package `auth0` in a folder has and the contract lacks, except accepted differences.
///
/// # Errors
///
/// Node does not start, or the packages are not in the folder.
pub(crate) fn beyond(folder: &Path) -> Result<Vec<String>, Problem> {
    let script = project::workspace().join("xtask").join("src").join("tasks").join("interop").join("sdk-document.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg(folder).arg(project::contract()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| Problem::new(format!("cannot start node: {error}")))?;
    if !output.status.success() {
        let what = "cannot be read: install `auth0` and `typescript@5` in it with npm";
        return Err(Problem::new(what).in_file(folder));
    }
    let document = String::from_utf8_lossy(&output.stdout);
    additions(&project::contract(), &document, &project::accepted_differences())
}

/// Returns what a document has and a contract lacks, except accepted differences.
///
/// # Errors
///
/// One of them cannot be read.
pub fn additions(contract: &Path, document: &str, accepted: &Path) -> Result<Vec<String>, Problem> {
    drift::additions(contract, "the SDK", document, accepted)
}

fn check(base: &str) -> Result<Vec<String>, Problem> {
    let mut deviations = deviations(&project::contract(), &project::fingerprint())?;
    match since(&project::workspace(), base)? {
        Moved::Unknown => println!("there is no merge base with {base}, so the contract is not compared with one"),
        Moved::Not => println!("the contract is the same as at the merge base with {base}"),
        Moved::InChangelog(report) => println!("{report}"),
        Moved::NotInChangelog(report) => {
            println!("{report}");
            deviations.push("the contract changed and CHANGELOG.md did not: describe the changes above".to_owned());
        }
    }
    Ok(deviations)
}

/// Writes the record of an official document, a line for each fact: `=` is in both documents, `-` only in the official document,
/// `+` only in the contract.
///
/// # Errors
///
/// A document cannot be read, or a difference is not accepted.
pub fn record(contract: &Path, official: &Path, accepted: &Path) -> Result<String, Problem> {
    let (ours, theirs) = drift::fingerprints(contract, official, accepted)?;
    let name = official.file_name().unwrap_or_default().to_string_lossy();
    let mut text =
        format!("# What {name} says of the contract's operations; `cargo xtask contract --record` writes it.\n");
    for line in ours.union(&theirs) {
        let mark = match (ours.contains(line), theirs.contains(line)) {
            (true, true) => '=',
            (true, false) => '+',
            _ => '-',
        };
        text.extend([mark.encode_utf8(&mut [0; 4]) as &str, " ", line, "\n"]);
    }
    Ok(text)
}

/// Returns where the contract deviates from the record.
///
/// # Errors
///
/// A file cannot be read.
pub fn deviations(contract: &Path, recorded: &Path) -> Result<Vec<String>, Problem> {
    let text = fs::read_to_string(recorded).map_err(|error| Problem::new(error.to_string()).in_file(recorded))?;
    let marked = |marks: &[char]| -> BTreeSet<String> {
        text.lines().filter_map(|line| Some(line.strip_prefix(marks)?.trim_start().to_owned())).collect()
    };
    let (both, official) = (marked(&['=']), marked(&['=', '-']));
    let (then, now) = (marked(&['=', '+']), drift::fingerprint(contract)?);
    let gone = then.difference(&now).map(|line| {
        let who = if both.contains(line) { "the official document has" } else { "the record has" };
        format!("the contract no longer has, and {who}: {line}")
    });
    let new = now.difference(&then).map(|line| {
        let who = if official.contains(line) { "as the official document has" } else { "unlike the official document" };
        format!("the contract now has, {who}: {line}")
    });
    let mut deviations: Vec<String> = gone.chain(new).collect();
    let read = fs::read_to_string(contract).map_err(|error| Problem::new(error.to_string()).in_file(contract))?;
    let unwritten = read.matches(&format!("{:?}", operation::TODO)).count();
    if unwritten > 0 {
        deviations.push(format!("the contract has {unwritten} × {:?} where a text is missing", operation::TODO));
    }
    if !deviations.is_empty() {
        deviations.push("fix the contract, or record again: `cargo xtask contract --record OFFICIAL`".to_owned());
    }
    Ok(deviations)
}

/// How the contract changed since the merge base.
#[derive(Debug, PartialEq, Eq)]
pub enum Moved {
    /// There is no merge base.
    Unknown,
    /// It did not change.
    Not,
    /// It changed, and so did the changelog. Contains the report of drift.
    InChangelog(String),
    /// It changed, and the changelog did not. Contains the report of drift.
    NotInChangelog(String),
}

/// Compares the contract of a work tree with that of the merge base of `HEAD` and a branch.
///
/// # Errors
///
/// A contract cannot be read.
pub fn since(root: &Path, branch: &str) -> Result<Moved, Problem> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let at_base = |file: &str| git(&["show", &format!("{}:{file}", git(&["merge-base", "HEAD", branch])?.trim())]);
    let contract = "openapi/auth0-provisioning.json";
    let Some(old) = at_base(contract) else { return Ok(Moved::Unknown) };
    let Some(report) = drift::moved(&old, &root.join(contract))? else { return Ok(Moved::Not) };
    let changelog = fs::read_to_string(root.join("CHANGELOG.md")).ok();
    Ok(if at_base("CHANGELOG.md") == changelog { Moved::NotInChangelog(report) } else { Moved::InChangelog(report) })
}
