//! `schema`: the JSON Schema of the files of `plan` and `apply`.

use super::Outcome;
use crate::{context::Context, declaration, exit_code::ExitCode};

pub(super) fn run(context: &mut Context) -> Outcome {
    let schema = format!("{:#}\n", declaration::schema());
    context.results.text(&schema)?;
    Ok(ExitCode::Done)
}
