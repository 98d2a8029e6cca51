//! The definition of the program: its arguments, with the fields of each command's results.

use clap::CommandFactory as _;

use crate::{arguments::Arguments, commands};

/// Returns the commands, arguments and help of the program.
#[must_use]
pub fn definition() -> clap::Command {
    let mut definition = Arguments::command();
    for (path, fields) in commands::fields() {
        let help = format!("Fields: {}", fields.join(", "));
        change(&mut definition, path, |command| command.after_help(help));
    }
    for name in ["add", "remove", "replace", "reconcile"] {
        let usage = format!("a0p groups {name} [OPTIONS] <CONNECTION>");
        // clap would print the group of ids and file before the connection.
        let usage = format!("{usage} <GROUP_ID>...\n       {usage} --file <FILE>");
        change(&mut definition, &format!("groups {name}"), |command| command.override_usage(usage));
    }
    definition
}

/// Changes the command at a path such as `groups add`.
fn change(definition: &mut clap::Command, path: &str, change: impl FnOnce(clap::Command) -> clap::Command) {
    let command = path.split(' ').try_fold(definition, |command, name| command.find_subcommand_mut(name));
    if let Some(command) = command {
        *command = change(std::mem::take(command));
    }
}
