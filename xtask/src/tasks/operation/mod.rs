//! `cargo xtask operation`: takes the next operation from an official document into the project.
//!
//! It writes what an official document decides, and marks what a person has to write, so that neither the contract nor a crate is
//! accepted before that is done.

mod entry;
mod stubs;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use serde_json::Value;

use crate::{openapi::Problem, project};

pub use entry::{Entry, TODO};

/// Arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Method and path, as in 'DELETE /groups/{id}'.
    operation: String,
    /// An official OpenAPI document, as JSON.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
}

/// Runs the command: 0 the operation was taken, 2 it could not be taken.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    match take(arguments) {
        Ok(left) => {
            println!("{left}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}

fn take(arguments: &Arguments) -> Result<String, Problem> {
    let root = project::workspace();
    let official = read(&arguments.from)?;
    let mut contract = read(&project::contract())?;
    let entry = Entry::add(&arguments.operation, &official, &mut contract)?;
    write(&project::contract(), &contract)?;
    let mut accepted = read(&project::accepted_differences())?;
    if let Some(differences) = accepted.get_mut("accepted").and_then(Value::as_array_mut) {
        differences.retain(|difference| difference["operation"] != arguments.operation.as_str());
    }
    write(&project::accepted_differences(), &accepted)?;
    stubs::write(&root, &entry)
}

fn read(file: &Path) -> Result<Value, Problem> {
    let text = fs::read_to_string(file).map_err(|error| Problem::new(error.to_string()).in_file(file))?;
    serde_json::from_str(&text).map_err(|error| Problem::new(error.to_string()).in_file(file))
}

fn write(file: &Path, value: &Value) -> Result<(), Problem> {
    fs::write(file, format!("{value:#}\n")).map_err(|error| Problem::new(error.to_string()).in_file(file))
}
