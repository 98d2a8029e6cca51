//! `completions`: a completion script for a shell.

use super::Outcome;
use crate::{arguments, context::Context, exit_code::ExitCode};

pub(super) fn run(arguments: &arguments::Completions, context: &mut Context) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut arguments::definition(), "a0p", &mut script);
    context.results.text(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::Done)
}
