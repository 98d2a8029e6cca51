//! `cargo xtask generate`: document → selection → normalized document → progenitor → rewritten syntax tree → files.

pub mod client;
pub mod files;
pub mod normalize;
pub mod package;
pub mod rewrite;
pub mod selection;
pub mod standalone;

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use client::Skipped;
use files::Files;
use normalize::Applied;
use rewrite::Client;
use selection::Selection;
use standalone::Standalone;

use crate::{
    openapi::{Document, Problem},
    project,
};

/// What to generate, and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Compare with what is checked in instead of writing; exit with 1 where it differs.
    #[arg(long)]
    check: bool,
    /// Another OpenAPI 3.0 or 3.1 document, as JSON; the contract unless given.
    #[arg(long, value_name = "FILE", requires = "out")]
    spec: Option<PathBuf>,
    /// Take the operation with this id; may be given again.
    #[arg(long = "operation", value_name = "ID", requires = "spec")]
    operations: Vec<String>,
    /// Take the operations with this tag; may be given again.
    #[arg(long = "tag", value_name = "TAG", requires = "spec")]
    tags: Vec<String>,
    /// Take every operation.
    #[arg(long, requires = "spec", conflicts_with_all = ["operations", "tags"])]
    all: bool,
    /// The folder of the crate to write.
    #[arg(long, value_name = "DIR", requires = "spec")]
    out: Option<PathBuf>,
    /// Succeed although some operations could not be expressed.
    #[arg(long, requires = "spec")]
    allow_skips: bool,
    /// The name of that crate; the folder's unless given.
    #[arg(long, value_name = "NAME", requires = "out")]
    name: Option<String>,
}

/// Runs the command.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    match carry_out(arguments) {
        Ok(code) => code,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::from(2)
        }
    }
}

fn carry_out(arguments: &Arguments) -> Result<ExitCode, String> {
    let (root, generated, remedy) = if let (Some(spec), Some(out)) = (&arguments.spec, &arguments.out) {
        (out.clone(), standalone_crate(arguments, spec, out)?, "run the same command without --check")
    } else {
        let generated = contract_client().map_err(|problem| problem.to_string())?;
        (package::contract_crate(), generated, "run `cargo xtask generate`")
    };
    let at = |error: io::Error| format!("{}: {error}", root.display());
    if arguments.check {
        if let Some(report) = generated.files.differences(&root).map_err(at)? {
            eprint!("{report}");
            eprintln!("{} is not what the document says; {remedy}", root.display());
            return Ok(ExitCode::FAILURE);
        }
        println!("{} is up to date", root.display());
    } else {
        for Applied { transform, places } in generated.applied.iter().filter(|applied| applied.places > 0) {
            println!("{places:>6} × {transform}");
        }
        let touched = generated.files.write(&root).map_err(at)?;
        for file in &touched {
            println!("{file} in {}", root.display());
        }
        println!("{} operations, {} files changed", generated.client.operations, touched.len());
    }
    for Skipped { operation, reason } in &generated.skipped {
        eprintln!("skipped {operation}: {reason}");
    }
    if generated.skipped.is_empty() || arguments.allow_skips {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{} operations are left out; --allow-skips accepts that", generated.skipped.len());
    Ok(ExitCode::FAILURE)
}

fn standalone_crate(arguments: &Arguments, spec: &Path, out: &Path) -> Result<Generated, String> {
    let selection = if arguments.all {
        Selection::All
    } else {
        Selection::Some { operations: arguments.operations.clone(), tags: arguments.tags.clone() }
    };
    if selection == (Selection::Some { operations: Vec::new(), tags: Vec::new() }) {
        return Err("say which operations: --operation ID, --tag TAG or --all".to_owned());
    }
    let standalone = Standalone::new(out, arguments.name.as_deref(), spec)?;
    let mut generated = generate(spec, &selection).map_err(|problem| problem.to_string())?;
    standalone.add_to(&mut generated.files, &generated.client, &generated.skipped);
    Ok(generated)
}

/// The files of a client, and what was done to get them.
#[derive(Debug)]
pub struct Generated {
    /// The files, by path from the root of the crate.
    pub files: Files,
    /// The client behind them.
    pub client: Client,
    /// The steps, in order.
    pub applied: Vec<Applied>,
    /// The operations that could not be expressed.
    pub skipped: Vec<Skipped>,
}

/// The client of the contract, as it should be checked in.
///
/// # Errors
///
/// The contract cannot be turned into a client.
pub fn contract_client() -> Result<Generated, Problem> {
    generate(&project::contract(), &Selection::All)
}

/// The client of a part of a document.
///
/// # Errors
///
/// The document cannot be read or holds something that cannot be expressed.
pub fn generate(spec: &Path, selection: &Selection) -> Result<Generated, Problem> {
    let in_file = |problem: Problem| problem.in_file(spec);
    let mut document = Document::read(spec)?;
    document.check_references().map_err(in_file)?;
    let mut applied = normalize::apply(normalize::OUTLINE, &mut document).map_err(in_file)?;
    let mut document = selection.apply(&document).map_err(in_file)?;
    applied.extend(normalize::apply(normalize::SHAPES, &mut document).map_err(in_file)?);
    let (tree, skipped) = client::generate(&mut document).map_err(in_file)?;
    let mut client = rewrite::rewrite(tree, &document).map_err(in_file)?;
    applied.append(&mut client.applied);
    Ok(Generated { files: package::generated_files(&client, spec), client, applied, skipped })
}
