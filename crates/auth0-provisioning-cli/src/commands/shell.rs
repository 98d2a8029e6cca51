//! `completions` and `man`: what shells and systems install beside the program.

use std::{fs, path::Path};

use clap_complete::Shell;
use clap_mangen::Man;

use crate::{context::Context, failure::Failure};

pub(super) fn completions(shell: Shell, mut definition: clap::Command, context: &mut Context) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition, "a0p", &mut script);
    context.results.text(&String::from_utf8_lossy(&script))
}

pub(super) fn manual(folder: Option<&Path>, definition: clap::Command, context: &mut Context) -> Result<(), Failure> {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        Man::new(definition).render(&mut page)?;
        return context.results.text(&String::from_utf8_lossy(&page));
    };
    let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(definition, folder));
    written.map_err(|error| Failure::of_file(folder, &error))?;
    context.messages.note(format!("Wrote the manual pages to {}.", folder.display()));
    Ok(())
}
