//! What each command does, a file for each.

mod apply;
mod completions;
mod create;
mod default_mapping;
mod delete;
mod doctor;
mod export;
mod get;
mod group_file;
mod group_input;
mod groups;
mod list;
mod login;
mod man;
mod mock;
mod plan;
mod profiles;
mod report;
mod runs;
mod schema;
mod scim;
mod scim_events;
mod scim_token;
mod shown;
mod sync;
mod update;
mod written;

use crate::{arguments::Command, context::Context, exit_code::ExitCode, failure::Failure, output::names};

/// The names of the fields of each command that has any, for its help.
pub(crate) fn fields() -> [(&'static str, Vec<&'static str>); 16] {
    [
        ("list", names(list::COLUMNS)),
        ("get", names(list::COLUMNS)),
        ("runs", names(runs::COLUMNS)),
        ("sync", names(sync::COLUMNS)),
        ("apply", names(apply::COLUMNS)),
        ("groups list", names(groups::COLUMNS)),
        ("plan", names(plan::COLUMNS)),
        ("delete", names(written::COLUMNS)),
        ("groups add", names(groups::CHANGES)),
        ("groups remove", names(groups::CHANGES)),
        ("groups replace", names(groups::CHANGES)),
        ("groups reconcile", names(groups::CHANGES)),
        ("scim list", names(scim::COLUMNS)),
        ("scim get", names(scim::ONE)),
        ("scim events", names(scim_events::COLUMNS)),
        ("scim token list", names(scim_token::COLUMNS)),
    ]
}

/// How a command ends.
type Outcome = Result<ExitCode, Failure>;

/// Runs a command.
pub(crate) async fn run(command: Command, context: &mut Context) -> Outcome {
    match command {
        Command::List(arguments) => list::run(&arguments, context).await,
        Command::Get(arguments) => get::run(&arguments, context).await,
        Command::Runs(arguments) => runs::run(&arguments, context).await,
        Command::DefaultMapping(arguments) => default_mapping::run(&arguments, context).await,
        Command::Doctor(arguments) => doctor::run(&arguments, context).await,
        Command::Report(arguments) => report::run(&arguments, context).await,
        Command::Create(arguments) => create::run(&arguments, context).await,
        Command::Update(arguments) => update::run(&arguments, context).await,
        Command::Delete(arguments) => delete::run(&arguments, context).await,
        Command::Sync(arguments) => sync::run(&arguments, context).await,
        Command::Groups(arguments) => groups::run(arguments.command, context).await,
        Command::Scim(arguments) => scim::run(arguments.command, context).await,
        Command::Plan(arguments) => plan::run(&arguments, context).await,
        Command::Apply(arguments) => apply::run(&arguments, context).await,
        Command::Export(arguments) => export::run(&arguments, context).await,
        Command::Schema => schema::run(context),
        Command::Login(arguments) => login::run(&arguments, context).await,
        Command::Profiles(arguments) => profiles::run(arguments.command, context),
        Command::Mock(arguments) => mock::run(&arguments, context).await,
        Command::Completions(arguments) => completions::run(&arguments, context),
        Command::Man(arguments) => man::run(&arguments, context),
    }
}
