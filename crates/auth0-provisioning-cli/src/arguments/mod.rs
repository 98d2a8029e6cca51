//! What the program accepts: commands, arguments, and their help.

// These docs are texts of the help, which is not Markdown.
#![allow(clippy::doc_markdown)]

mod change;
mod declare;
mod global;
mod look;
mod setup;

use clap::{CommandFactory as _, Parser, Subcommand};

pub(crate) use self::{
    change::{
        Create, Delete, Groups, GroupsCommand, GroupsReconcile, GroupsReplace, GroupsWrite, NewToken, Scim,
        ScimCommand, ScimTokenCommand, ScimTokenCreate, ScimTokenRevoke, ScimTokenRotate, Sync, Update,
    },
    declare::{Apply, Export, ExportFormat, Files, Plan},
    global::{ColorChoice, Format, Global},
    look::{Get, List, Report, Runs, ScimEvents, Search},
    setup::{Completions, Doctor, Login, Man, Mock, Profiles, ProfilesCommand},
};
use crate::{commands::fields, exit_code};

const EXAMPLES: &str = "\
A CONNECTION is given by its id, such as con_0123456789abcdef, or by its name.

Examples:
  a0p --demo list                 look around without an Auth0 account
  a0p list --stale 24h --failed   which connections need attention
  a0p runs acme-workspace         why the last run failed, and for whom
  a0p sync acme-workspace --wait  start a run and wait for its end
  a0p plan -f connections.yaml    what differs from a file
  a0p apply -f connections.yaml   make the tenant look like the file

Credentials come from a profile that `a0p login` stores, or from AUTH0_DOMAIN
with AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or AUTH0_API_TOKEN.";

/// Auth0's inbound provisioning: directory provisioning and SCIM of connections
#[derive(Debug, Parser)]
#[command(name = "a0p", version, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(after_help = format!("{EXAMPLES}\n\n{}", exit_code::HELP))]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the directory provisioning of all connections, and how their last runs ended
    List(List),
    /// Show the directory provisioning of a connection
    Get(Get),
    /// List synchronization runs, with the users for whom they failed and why
    Runs(Runs),
    /// Show the mapping that a new configuration gets
    DefaultMapping(Get),
    /// Check domain, token, scopes, clock and features; with a connection, what it lacks
    Doctor(Doctor),
    /// Write a page about the health of all connections
    Report(Report),
    /// Turn on directory provisioning for a connection
    Create(Create),
    /// Change the directory provisioning of a connection
    Update(Update),
    /// Turn off directory provisioning for a connection
    Delete(Delete),
    /// Start synchronization runs
    Sync(Sync),
    /// The groups of a connection that are selected for synchronization
    Groups(Groups),
    /// SCIM configurations and their tokens
    Scim(Scim),
    /// Show what differs between files and the tenant
    Plan(Plan),
    /// Make the tenant look like files
    Apply(Apply),
    /// Write the tenant's configurations as a file
    Export(Export),
    /// Print the JSON Schema of the files of `plan` and `apply`
    Schema,
    /// Store credentials in a profile; the secret is asked for, or read from stdin
    Login(Login),
    /// List profiles, choose or remove one
    Profiles(Profiles),
    /// Run a mock tenant
    Mock(Mock),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page, or write one for each command
    Man(Man),
}

/// The definition of the program: its commands, arguments and help.
#[must_use]
pub fn definition() -> clap::Command {
    let mut definition = Arguments::command();
    for (path, fields) in fields() {
        let help = format!("Fields: {}", fields.join(", "));
        let command = path.split(' ').try_fold(&mut definition, |command, name| command.find_subcommand_mut(name));
        if let Some(command) = command {
            *command = std::mem::take(command).after_help(help);
        }
    }
    for name in ["add", "remove", "replace", "reconcile"] {
        let groups = definition.find_subcommand_mut("groups").and_then(|groups| groups.find_subcommand_mut(name));
        if let Some(command) = groups {
            let usage = format!("a0p groups {name} [OPTIONS] <CONNECTION>");
            // clap would name the group of both before the connection.
            *command =
                std::mem::take(command).override_usage(format!("{usage} <GROUP_ID>...\n       {usage} --file <FILE>"));
        }
    }
    definition
}
