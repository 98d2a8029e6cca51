//! `export`: the tenant's configurations as a file.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use super::Outcome;
use crate::{
    arguments::{self, ExportFormat},
    context::Context,
    declaration::{self, Present},
    exit_code::ExitCode,
    failure::Failure,
};

pub(super) async fn run(arguments: &arguments::Export, context: &mut Context) -> Outcome {
    let client = context.client().await?;
    let is_terraform = arguments.format == ExportFormat::Terraform;
    let progress = context.endless_progress();
    let mut present = declaration::export_all(&client, !is_terraform, &progress).await?;
    drop(progress);
    for left_out in &present.left_out {
        context.messages.warning(&format!("left out: {}: {}", left_out.what, left_out.why.what));
        if let Some(remedy) = &left_out.why.remedy {
            context.messages.note(&format!("  try: {remedy}"));
        }
    }
    keep(&mut present, &arguments.connections)?;
    let text = match arguments.format {
        ExportFormat::Terraform => declaration::to_terraform(&present),
        ExportFormat::Json => serde_json::to_string_pretty(&declaration::to_declaration(&present))
            .map(|text| text + "\n")
            .map_err(|error| Failure::failed(error.to_string()))?,
        ExportFormat::DeployCli => serde_yaml_ng::to_string(&declaration::to_declaration(&present))
            // A program that reads YAML 1.1 takes it for a boolean.
            .map(|text| text.replace("synchronize_groups: off\n", "synchronize_groups: 'off'\n"))
            .map_err(|error| Failure::failed(error.to_string()))?,
    };
    match &arguments.to {
        None => context.results.text(&text)?,
        Some(file) => {
            write(file, &text, arguments.force)?;
            context.messages.note(&format!("Wrote {}.", file.display()));
        }
    }
    Ok(ExitCode::Done)
}

fn write(file: &Path, text: &str, replaces: bool) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    if replaces {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let written = options.open(file).and_then(|mut opened| opened.write_all(text.as_bytes()));
    written.map_err(|error| {
        let failure = Failure::of_file(file, &error);
        match error.kind() {
            io::ErrorKind::AlreadyExists => {
                Failure { exit: ExitCode::Usage, ..failure }.remedy("pass --force to replace it")
            }
            _ => failure,
        }
    })
}

/// Keeps the connections that were asked for.
fn keep(present: &mut Present, wanted: &[String]) -> Result<(), Failure> {
    if wanted.is_empty() {
        return Ok(());
    }
    let is = |given: &String, name: &str, id: &str| given == name || given == id;
    for given in wanted {
        let known = present.directories.iter().any(|(name, it)| is(given, name, &it.connection_id))
            || present.scim.iter().any(|(name, it)| is(given, name, &it.connection_id));
        if !known && !present.left_out.is_empty() {
            let what: Vec<&str> = present.left_out.iter().map(|it| it.what.as_str()).collect();
            let what = format!("it is not known whether `{given}` has a configuration, without {}", what.join(" and "));
            let remedy = present.left_out.iter().find_map(|it| it.why.remedy.clone());
            return Err(Failure { remedy, ..Failure::new(ExitCode::NotAllowed, what) });
        }
        if !known {
            return Err(Failure::new(ExitCode::NotFound, format!("`{given}` has no configuration"))
                .remedy("see with `a0p list` and `a0p scim list` what there is"));
        }
    }
    present.directories.retain(|name, it| wanted.iter().any(|given| is(given, name, &it.connection_id)));
    present.scim.retain(|name, it| wanted.iter().any(|given| is(given, name, &it.connection_id)));
    Ok(())
}
