//! `cargo xtask drift`: how an official document differs from our contract, or from an older one, told in terms of
//! who breaks.
//!
//! Compared is what schemas let through, not how they are written: references are followed, `allOf` is merged, and
//! unions that a plain schema says as well are taken away. Prose is left out, and so are the names of path parameters
//! and of schemas, except where a discriminator makes a name the tag of a variant. A schema that one request or response uses in several places is reported where it is nearest to
//! the outside. Servers and schemes of authorization are told once for all operations.
//!
//! A difference *breaks* somebody who goes by the first document to the letter: readers, who decode responses, or
//! writers, who send requests. What becomes of *today's client* is another question, for its readers are tolerant: it
//! survives, or it decodes and lacks what our code reads, or it fails. What becomes of those who *compile against* the
//! client that follows is a third one, and the suggested version answers it.

mod accepted;
mod bases;
mod compare;
mod constraints;
mod coverage;
mod finding;
mod fingerprint;
mod input;
mod reads;
mod release;
mod report;
mod resolve;
mod rust_type;
mod shape;
mod shapes;
mod suggestion;
mod unions;
mod variants;

use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::ValueEnum;

pub use self::report::Format;
use self::{
    accepted::AcceptedDifferences, compare::compare, coverage::Coverage, input::Input, report::Report,
    suggestion::Suggestion,
};
use crate::{openapi::Problem, project};

/// What is compared unless told otherwise.
const CONTRACT: &str = "operations of the contract";

/// What `cargo xtask drift` is told.
#[derive(Clone, Debug, clap::Args)]
pub struct DriftArguments {
    /// The newer document: OpenAPI 3.0 or 3.1, JSON.
    pub file: PathBuf,
    /// The older document to compare it with, instead of our contract.
    #[arg(long, value_name = "OLD")]
    pub since: Option<PathBuf>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Which differences make the exit code 1. Accepted ones never do.
    #[arg(long, value_enum, default_value_t)]
    pub fail_on: FailOn,
    /// Which operations to compare. Unless told, those of the contract; with `--since`, all where neither document
    /// has any of those.
    #[arg(long, value_enum)]
    pub scope: Option<Scope>,
    /// Our contract. For another one than the project's own, no difference is accepted unless `--accepted` is given.
    #[arg(long, value_name = "FILE")]
    pub contract: Option<PathBuf>,
    /// The list of differences from the contract that are meant to be.
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    pub accepted: Option<PathBuf>,
}

/// Which differences make the exit code 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum FailOn {
    /// Any that is not accepted.
    #[default]
    Any,
    /// Those that break readers or writers.
    Breaking,
    /// None.
    Never,
}

/// Which operations are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Scope {
    /// The contract's, and whatever is under their paths.
    Contract,
    /// All that either document has; only with `--since`.
    All,
}

/// A report, and what it means for the exit code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The report in the form that was asked for.
    pub report: String,
    /// 0: nothing at or above the threshold. 1: something. 2: an accepted difference no longer exists.
    pub code: u8,
}

/// Compares, prints the report, and gives the exit code: 0 nothing at or above the threshold, 1 something, 2 trouble.
#[must_use]
pub fn run(arguments: &DriftArguments) -> ExitCode {
    match assess(arguments) {
        Ok(outcome) => {
            // A reader that has seen enough closes the pipe; the exit code still counts.
            let _ = std::io::stdout().write_all(outcome.report.as_bytes());
            ExitCode::from(outcome.code)
        }
        Err(trouble) => {
            let _ = writeln!(std::io::stderr(), "error: {trouble}");
            ExitCode::from(2)
        }
    }
}

/// Compares and reports, without printing.
///
/// # Errors
///
/// Where a file cannot be read, where a document is not OpenAPI 3.0 or 3.1 in a place that matters to the comparison,
/// and where there is nothing to compare.
pub fn assess(arguments: &DriftArguments) -> Result<Outcome, Problem> {
    let new = Input::read(&arguments.file)?;
    let report = match &arguments.since {
        Some(since) => between_documents(arguments, &Input::read(since)?, &new)?,
        None => against_contract(arguments, &new)?,
    };
    let code = match arguments.fail_on {
        _ if !report.stale.is_empty() => 2,
        FailOn::Any => u8::from(!report.findings.is_empty()),
        FailOn::Breaking => u8::from(report.findings.iter().any(finding::Finding::is_breaking)),
        FailOn::Never => 0,
    };
    Ok(Outcome { report: report.write(arguments.format), code })
}

/// The structure of the contract, a line for each thing that it says.
pub(crate) fn fingerprint(contract: &Path) -> Result<BTreeSet<String>, Problem> {
    let contract = Input::read(contract)?;
    fingerprint::fingerprint(&contract, &Coverage::of_contract(&contract)?)
}

/// The structure of the contract and that of an official document from which it differs in nothing but what is
/// accepted.
pub(crate) fn fingerprints(
    contract: &Path,
    official: &Path,
    accepted: &Path,
) -> Result<(BTreeSet<String>, BTreeSet<String>), Problem> {
    let (ours, theirs) = (Input::read(contract)?, Input::read(official)?);
    let coverage = Coverage::of_contract(&ours)?;
    let report = report(&ours, &theirs, &coverage, CONTRACT, AcceptedDifferences::read(accepted)?)?;
    if !report.findings.is_empty() || !report.stale.is_empty() {
        let what = "differs from the contract in what is not accepted; see `cargo xtask drift`";
        return Err(Problem::new(what).in_file(official));
    }
    Ok((fingerprint::fingerprint(&ours, &coverage)?, fingerprint::fingerprint(&theirs, &coverage)?))
}

/// What a document has that the contract does not, but for what is accepted: operations, parameters, statuses, fields and
/// values of enumerations, a line for each. What the document lacks is no matter.
pub(crate) fn additions(contract: &Path, name: &str, text: &str, accepted: &Path) -> Result<Vec<String>, Problem> {
    let (ours, theirs) = (Input::read(contract)?, Input::parse(name, text)?);
    let comparison = compare(&ours, &theirs, &Coverage::of_contract(&ours)?)?;
    let open = AcceptedDifferences::read(accepted)?.sort(&comparison).open;
    Ok(open.iter().filter(|finding| finding.kind.is_addition()).map(ToString::to_string).collect())
}

/// How a contract differs from an older one, if it does.
pub(crate) fn moved(old: &str, contract: &Path) -> Result<Option<String>, Problem> {
    let (old, new) = (Input::parse("the merge base", old)?, Input::read(contract)?);
    let report = report(&old, &new, &Coverage::All, "all operations", AcceptedDifferences::default())?;
    Ok((!report.findings.is_empty()).then(|| report.write(Format::Text)))
}

fn against_contract(arguments: &DriftArguments, new: &Input) -> Result<Report, Problem> {
    if arguments.scope == Some(Scope::All) {
        return Err(Problem::new("`--scope all` is for two documents: give the older one with `--since`"));
    }
    let contract = contract(arguments)?;
    let coverage = Coverage::of_contract(&contract)?;
    if !coverage.finds_any(new)? {
        return Err(nothing_covered(&[&arguments.file]));
    }
    let accepted = match (&arguments.accepted, &arguments.contract) {
        (Some(file), _) => AcceptedDifferences::read(file)?,
        (None, None) => AcceptedDifferences::read(&project::accepted_differences())?,
        (None, Some(_)) => AcceptedDifferences::default(),
    };
    report(&contract, new, &coverage, CONTRACT, accepted)
}

fn between_documents(arguments: &DriftArguments, old: &Input, new: &Input) -> Result<Report, Problem> {
    let (coverage, scope) = if arguments.scope == Some(Scope::All) {
        (Coverage::All, "all operations")
    } else {
        let coverage = Coverage::of_contract(&contract(arguments)?)?;
        if coverage.finds_any(old)? || coverage.finds_any(new)? {
            (coverage, CONTRACT)
        } else if arguments.scope.is_none() {
            (Coverage::All, "all operations, for none of the contract's is in either document")
        } else {
            let files = arguments.since.iter().chain([&arguments.file]);
            return Err(nothing_covered(&files.collect::<Vec<_>>()));
        }
    };
    report(old, new, &coverage, scope, AcceptedDifferences::default())
}

fn contract(arguments: &DriftArguments) -> Result<Input, Problem> {
    match &arguments.contract {
        Some(file) => Input::read(file),
        None => Input::read(&project::contract()),
    }
}

fn nothing_covered(files: &[&PathBuf]) -> Problem {
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    Problem::new(format!(
        "none of the contract's operations, nor any under their paths, is in {}; to compare two documents in whole, use \
         `--since OLD --scope all`",
        files.join(" or "),
    ))
}

fn report(
    old: &Input,
    new: &Input,
    coverage: &Coverage,
    scope: &'static str,
    accepted: AcceptedDifferences,
) -> Result<Report, Problem> {
    let comparison = compare(old, new, coverage)?;
    let sorted = accepted.sort(&comparison);
    Ok(Report {
        old: old.name(),
        new: new.name(),
        scope,
        common: comparison.common.len(),
        suggestion: Suggestion::new(&sorted.open, env!("CARGO_PKG_VERSION")),
        findings: sorted.open,
        accepted: sorted.accepted,
        stale: sorted.stale,
    })
}
