//! `profiles`: lists profiles, chooses or removes one.

use serde_json::json;

use super::{Outcome, shown};
use crate::{
    arguments::ProfilesCommand,
    context::Context,
    credentials::{self, Profiles, Settings},
    exit_code::ExitCode,
    output::{Cell, Column, Tone},
};

/// A profile as it is listed.
struct Listed {
    name: String,
    chosen: bool,
    settings: Settings,
}

const COLUMNS: &[Column<Listed>] = &[
    Column::shown("name", |it| json!(it.name), "NAME", |it, _| Cell::new(&it.name, Tone::Strong)),
    Column::shown("chosen", |it| json!(it.chosen), "CHOSEN", |it, _| shown::yes_or_no(it.chosen)),
    Column::shown("domain", |it| json!(it.settings.domain), "DOMAIN", |it, _| Cell::plain(&it.settings.domain)),
    Column::shown(
        "client_id",
        |it| json!(it.settings.client_id),
        "CLIENT ID",
        |it, _| Cell::optional(it.settings.client_id.clone()),
    ),
    Column::field("audience", |it| json!(it.settings.audience)),
    Column::field("base_url", |it| json!(it.settings.base_url)),
];

pub(super) fn run(command: Option<ProfilesCommand>, context: &mut Context) -> Outcome {
    let profiles = Profiles::of(context)?;
    match command.unwrap_or(ProfilesCommand::List) {
        ProfilesCommand::List => list(&profiles, context)?,
        ProfilesCommand::Use { name } => {
            profiles.choose(&name)?;
            context.messages.note(&format!("`{name}` is used where the environment has no credentials."));
        }
        ProfilesCommand::Remove { name } => {
            profiles.remove(&name)?;
            credentials::forget_tokens(context)?;
            context.messages.note(&format!("Removed `{name}`, its secret, and the tokens that were kept."));
        }
    }
    Ok(ExitCode::Done)
}

fn list(profiles: &Profiles, context: &mut Context) -> Result<(), crate::failure::Failure> {
    let stored = profiles.all()?;
    let chosen = stored.chosen.as_deref();
    let listed: Vec<Listed> = stored
        .profiles
        .into_iter()
        .map(|(name, settings)| Listed { chosen: chosen == Some(name.as_str()), name, settings })
        .collect();
    let now = context.now();
    context.results.list(COLUMNS, &listed, now)?;
    if listed.is_empty() {
        context.messages.note("There are no profiles. Store one with `a0p login`.");
    }
    Ok(())
}
