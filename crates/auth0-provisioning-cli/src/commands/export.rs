//! `export`: the tenant's configurations as a file.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use crate::{
    arguments::{self, ExportFormat},
    context::Context,
    declaration::{self, Present},
    exit_code::ExitCode,
    failure::Failure,
};

pub(super) async fn run(arguments: &arguments::Export, context: &mut Context) -> Result<(), Failure> {
    let client = context.client().await?;
    let with_scim = arguments.format != ExportFormat::Terraform;
    let progress = context.spinner("reading the configurations");
    let mut present = declaration::read_tenant(&client, with_scim, &progress).await?;
    drop(progress);
    for left_out in &present.left_out {
        context.messages.warning_of(&format!("left out: {}", left_out.what), &left_out.why);
    }
    keep(&mut present, &arguments.connections)?;
    let failed = |error: &dyn std::error::Error| Failure::failed(error.to_string());
    let text = match arguments.format {
        ExportFormat::Terraform => declaration::to_terraform(&present),
        ExportFormat::Json => serde_json::to_string_pretty(&declaration::to_declaration(&present))
            .map(|text| text + "\n")
            .map_err(|error| failed(&error))?,
        ExportFormat::DeployCli => serde_yaml_ng::to_string(&declaration::to_declaration(&present))
            // In YAML 1.1, `off` without quotes is a boolean.
            .map(|text| text.replace("synchronize_groups: off\n", "synchronize_groups: 'off'\n"))
            .map_err(|error| failed(&error))?,
    };
    let Some(file) = &arguments.to else { return context.results.text(&text) };
    write(file, &text, arguments.force)?;
    context.messages.note(format!("Wrote {}.", file.display()));
    Ok(())
}

fn write(file: &Path, text: &str, replace: bool) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(replace).truncate(replace).create_new(!replace);
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

/// Keeps only these connections, if any are given.
fn keep(present: &mut Present, given: &[String]) -> Result<(), Failure> {
    if given.is_empty() {
        return Ok(());
    }
    let ids = present.directories.iter().map(|(name, it)| (name, &it.connection_id));
    let ids: Vec<_> = ids.chain(present.scim.iter().map(|(name, it)| (name, &it.connection_id))).collect();
    if let Some(unknown) = given.iter().find(|given| !ids.iter().any(|(name, id)| given == name || given == id)) {
        if present.left_out.is_empty() {
            return Err(Failure::new(ExitCode::NotFound, format!("`{unknown}` has no configuration"))
                .remedy("list the configurations with `a0p list` and `a0p scim list`"));
        }
        let what: Vec<&str> = present.left_out.iter().map(|it| it.what.as_str()).collect();
        let what = format!("`{unknown}` may have a configuration, but this was not read: {}", what.join(", "));
        let remedy = present.left_out.iter().find_map(|it| it.why.remedy.clone());
        return Err(Failure { remedy, ..Failure::new(ExitCode::NotAllowed, what) });
    }
    let is_given = |name: &String, id: &String| given.contains(name) || given.contains(id);
    present.directories.retain(|name, it| is_given(name, &it.connection_id));
    present.scim.retain(|name, it| is_given(name, &it.connection_id));
    Ok(())
}
