//! `profiles`: lists profiles, chooses or removes one.

use serde_json::json;

use super::cells;
use crate::{
    arguments::ProfilesCommand,
    context::Context,
    credentials::{self, Profiles, Settings},
    failure::Failure,
    output::{Column, Tone},
};

struct Listed {
    name: String,
    is_chosen: bool,
    settings: Settings,
}

type Field = Column<Listed>;

const COLUMNS: &[Field] = &[
    Field::shown("name", |it| json!(it.name)).tone(Tone::Strong),
    Field::shown("chosen", |it| json!(it.is_chosen)).cell(|it, _| cells::yes_or_no(it.is_chosen)),
    Field::shown("domain", |it| json!(it.settings.domain)),
    Field::shown("client_id", |it| json!(it.settings.client_id)),
    Field::hidden("audience", |it| json!(it.settings.audience)),
    Field::hidden("base_url", |it| json!(it.settings.base_url)),
];

pub(super) fn run(command: Option<ProfilesCommand>, context: &mut Context) -> Result<(), Failure> {
    let profiles = Profiles::new(&context.environment)?;
    match command.unwrap_or(ProfilesCommand::List) {
        ProfilesCommand::List => {
            let stored = profiles.all()?;
            let chosen = stored.chosen.as_deref();
            let listed = stored.profiles.into_iter();
            let listed: Vec<Listed> = listed
                .map(|(name, settings)| Listed { is_chosen: chosen == Some(name.as_str()), name, settings })
                .collect();
            context.list(COLUMNS, &listed)?;
            if listed.is_empty() {
                context.messages.note("There are no profiles. Store one with `a0p login`.");
            }
        }
        ProfilesCommand::Use { name } => {
            profiles.choose(&name)?;
            context.messages.note(format!("Chose `{name}`. Credentials in the environment take precedence."));
        }
        ProfilesCommand::Remove { name } => {
            profiles.remove(&name)?;
            credentials::remove_tokens(&context.environment)?;
            context.messages.note(format!("Removed `{name}`, its secret, and the stored tokens of all profiles."));
        }
    }
    Ok(())
}
