//! The commands, a file for each.

mod apply;
mod cells;
mod create;
mod delete;
mod doctor;
mod export;
mod get;
mod group_file;
mod group_input;
mod groups;
mod list;
mod login;
mod mock;
mod plan;
mod profiles;
mod report;
mod runs;
mod scim;
mod scim_events;
mod scim_token;
mod shell;
mod sync;
mod update;
mod written;

use crate::{arguments::Command, context::Context, declaration, exit_code::ExitCode, failure::Failure, output::names};

/// Returns the fields of each command's results, for its help.
pub(crate) fn fields() -> [(&'static str, Vec<&'static str>); 23] {
    [
        ("list", names(list::COLUMNS)),
        ("get", names(list::COLUMNS)),
        ("runs", names(runs::COLUMNS)),
        ("default-mapping", names(get::MAPPING)),
        ("doctor", names(doctor::COLUMNS)),
        ("create", names(list::COLUMNS)),
        ("update", names(list::COLUMNS)),
        ("delete", names(written::COLUMNS)),
        ("sync", names(sync::COLUMNS)),
        ("groups list", names(groups::COLUMNS)),
        ("groups add", names(groups::CHANGES)),
        ("groups remove", names(groups::CHANGES)),
        ("groups replace", names(groups::CHANGES)),
        ("groups reconcile", names(groups::CHANGES)),
        ("scim list", names(scim::COLUMNS)),
        ("scim get", names(scim::COLUMNS)),
        ("scim events", names(scim_events::COLUMNS)),
        ("scim token list", names(scim_token::COLUMNS)),
        ("scim token create", names(scim_token::ISSUED)),
        ("scim token rotate", names(scim_token::ISSUED)),
        ("scim token revoke", names(written::COLUMNS)),
        ("plan", names(plan::COLUMNS)),
        ("apply", names(apply::COLUMNS)),
    ]
}

/// Runs a command. Completions and manual pages are generated from the definition.
pub(crate) async fn run(
    command: Command,
    definition: fn() -> clap::Command,
    context: &mut Context,
) -> Result<ExitCode, Failure> {
    match command {
        Command::List(arguments) => list::run(&arguments, context).await?,
        Command::Get { connection } => get::run(&connection, context).await?,
        Command::Runs(arguments) => runs::run(&arguments, context).await?,
        Command::DefaultMapping { connection } => get::default_mapping(&connection, context).await?,
        Command::Doctor { connection } => return doctor::run(connection.as_deref(), context).await,
        Command::Report(arguments) => report::run(&arguments, context).await?,
        Command::Create(arguments) => create::run(&arguments, context).await?,
        Command::Update(arguments) => update::run(&arguments, context).await?,
        Command::Delete { connection, yes } => delete::run(&connection, yes, context).await?,
        Command::Sync(arguments) => sync::run(&arguments, context).await?,
        Command::Groups(command) => groups::run(command, context).await?,
        Command::Scim(command) => scim::run(command, context).await?,
        Command::Plan(arguments) => return plan::run(&arguments, context).await,
        Command::Apply(arguments) => return apply::run(&arguments, context).await,
        Command::Export(arguments) => export::run(&arguments, context).await?,
        Command::Schema => context.results.text(&format!("{:#}\n", declaration::schema()))?,
        Command::Login(arguments) => login::run(&arguments, context).await?,
        Command::Profiles { command } => profiles::run(command, context)?,
        Command::Mock(arguments) => mock::run(&arguments, context).await?,
        Command::Completions { shell } => shell::completions(shell, definition(), context)?,
        Command::Man { dir } => shell::manual(dir.as_deref(), definition(), context)?,
    }
    Ok(ExitCode::Done)
}
