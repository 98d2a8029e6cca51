//! `cargo xtask generate`: writes a client from the model of an API.
//!
//! | concern | file |
//! | --- | --- |
//! | what of an operation a client can express | `expressible` |
//! | the Rust types of values, decided by progenitor | `plain_document`, `rust_types` |
//! | types as code, one function for each kind | `items`, and `structs` |
//! | methods and constants as code | `methods` |
//! | modules and files | `modules` |
//! | the crate around them | `write` |

// Code is text here: a line for each line of the file.
#![allow(clippy::format_push_string, clippy::format_collect)]

mod docs;
mod expressible;
mod items;
mod methods;
pub mod mock_contract;
pub mod modules;
pub mod noted;
mod patterns;
mod plain_document;
mod rust_types;
pub mod select;
mod structs;
pub mod write;

use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use crate::{
    model::{Api, Kind, Member, Options, Type, lower},
    openapi::{Document, Problem},
    project,
};

pub(crate) use methods::MOST_ARGUMENTS;
use modules::Client;
use noted::{Noted, Skipped};
use rust_types::RustTypes;
use select::Selection;
use write::{files::Files, package, standalone::Standalone};

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
    /// An older document; what both require is a field and no option in what is read.
    #[arg(long, value_name = "FILE", requires = "spec")]
    since: Option<PathBuf>,
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
    if arguments.spec.is_none() && !mock_contract::carry_out(arguments.check)? {
        return Ok(ExitCode::FAILURE);
    }
    let (root, generated, remedy) = if let (Some(spec), Some(out)) = (&arguments.spec, &arguments.out) {
        (out.clone(), standalone_crate(arguments, spec, out)?, "run the same command without --check")
    } else {
        let generated = contract_client().map_err(|problem| problem.to_string())?;
        (package::contract_crate(), generated, "run `cargo xtask generate`")
    };
    let at = |error: io::Error| format!("{}: {error}", root.display());
    let Noted { skipped, warnings, renamed } = &generated.noted;
    for sentence in renamed {
        println!("renamed: {sentence}");
    }
    for sentence in warnings {
        eprintln!("warning: {sentence}");
    }
    for Skipped { operation, reason } in skipped {
        eprintln!("skipped {operation}: {reason}");
    }
    if !skipped.is_empty() && !arguments.allow_skips {
        eprintln!("{} operations would be left out, so nothing is written; --allow-skips accepts that", skipped.len());
        return Ok(ExitCode::FAILURE);
    }
    if arguments.check {
        if let Some(report) = generated.files.differences(&root).map_err(at)? {
            eprint!("{report}");
            eprintln!("{} is not what the document says; {remedy}", root.display());
            return Ok(ExitCode::FAILURE);
        }
        println!("{} is up to date", root.display());
    } else {
        let touched = generated.files.write(&root).map_err(at)?;
        for file in &touched {
            println!("{file} in {}", root.display());
        }
        println!("{} operations, {} files changed", generated.client.operations, touched.len());
    }
    Ok(ExitCode::SUCCESS)
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
    let older = arguments.since.as_deref().map(Document::read).transpose().map_err(|problem| problem.to_string())?;
    let readers = older.map_or(Readers::Tolerant, Readers::Since);
    let mut generated = generate(spec, &selection, &readers).map_err(|problem| problem.to_string())?;
    standalone.add_to(&mut generated.files, &generated.client, &generated.noted);
    Ok(generated)
}

/// The files of a client, and what was done to get them.
#[derive(Debug)]
pub struct Generated {
    /// The files, by path from the root of the crate.
    pub files: Files,
    /// The client behind them.
    pub client: Client,
    /// The operations that could not be expressed, and the names that were changed.
    pub noted: Noted,
}

/// Which members the types of responses require.
#[derive(Debug)]
pub enum Readers {
    /// What the document requires, with points in time and numbers as Rust has them: for a document of our own.
    Insisting,
    /// What an older document requires too; values stay as they came.
    Since(Document),
    /// Nothing; values stay as they came.
    Tolerant,
}

/// The client of the contract, as it is checked in.
///
/// # Errors
///
/// The contract cannot be turned into a client.
pub fn contract_client() -> Result<Generated, Problem> {
    let mut generated = generate(&project::contract(), &Selection::All, &Readers::Insisting)?;
    let program = package::round_trip_program(&generated.client, "auth0-provisioning-api", false);
    generated.files.add("examples/round_trip.rs", program);
    let constructs = project::workspace().join("xtask").join("tests").join("constructs.json");
    let constructs = generate(&constructs, &Selection::All, &Readers::Tolerant)?;
    generated.files.add_moved(&constructs.files, "tests/constructs");
    Ok(generated)
}

/// The client of a part of a document.
///
/// # Errors
///
/// The document cannot be read, or none of its operations can be expressed.
pub fn generate(spec: &Path, selection: &Selection, readers: &Readers) -> Result<Generated, Problem> {
    let in_file = |problem: Problem| problem.in_file(spec);
    let document = Document::read(spec)?;
    let (client, noted) = client(&document, selection, readers).map_err(in_file)?;
    Ok(Generated { files: package::generated_files(&client, spec), client, noted })
}

fn client(document: &Document, selection: &Selection, readers: &Readers) -> Result<(Client, Noted), Problem> {
    selection.check(document)?;
    let is_own = matches!(readers, Readers::Insisting);
    let (api, mut diagnostics) = lower(document, &selection.options(!is_own));
    let calls = expressible::calls(&api, &mut diagnostics);
    let noted = Noted::of(&api, &diagnostics);
    if calls.is_empty() {
        let reason = noted
            .skipped
            .first()
            .map(|Skipped { operation, reason }| format!("no operation can be expressed; {operation}: {reason}"));
        return Err(Problem::new(reason.unwrap_or_else(|| "has no operations".to_owned())));
    }
    let older = match readers {
        Readers::Since(older) => Some(lower(older, &Options::default()).0),
        Readers::Insisting | Readers::Tolerant => None,
    };
    let insists = |ty: &Type, member: &Member| match &older {
        Some(older) => is_required_in(older, ty, member),
        None => is_own,
    };
    let rust = RustTypes::of(&api, &|id| !is_own && api[id].direction.received)?;
    Ok((modules::write(&api, &rust, &calls, &insists), noted))
}

/// Whether another document requires a member of the type of the same name.
fn is_required_in(other: &Api, ty: &Type, member: &Member) -> bool {
    let same = other.types.iter().find(|other| other.rust.is_some() && other.rust == ty.rust);
    same.is_some_and(|same| match &same.kind {
        Kind::Struct { members, .. } => members.iter().any(|other| other.wire == member.wire && other.required),
        _ => false,
    })
}
