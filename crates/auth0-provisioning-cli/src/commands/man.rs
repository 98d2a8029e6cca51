//! `man`: the manual page, or one for each command.

use std::fs;

use clap_mangen::Man;

use super::Outcome;
use crate::{arguments, context::Context, exit_code::ExitCode, failure::Failure};

pub(super) fn run(arguments: &arguments::Man, context: &mut Context) -> Outcome {
    if let Some(folder) = &arguments.dir {
        let written =
            fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(arguments::definition(), folder));
        written.map_err(|error| Failure::of_file(folder, &error))?;
        context.messages.note(&format!("Wrote the manual pages to {}.", folder.display()));
        return Ok(ExitCode::Done);
    }
    let mut page = Vec::new();
    Man::new(arguments::definition()).render(&mut page)?;
    context.results.text(&String::from_utf8_lossy(&page))?;
    Ok(ExitCode::Done)
}
