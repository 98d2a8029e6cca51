//! The commands and arguments of the program, with their help.

// These docs are texts of the help, which is not Markdown.
#![allow(clippy::doc_markdown)]

mod change;
mod files;
mod global;
mod read;
mod setup;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use self::{
    change::{
        Create, GroupsCommand, GroupsReconcile, GroupsReplace, GroupsWrite, NewToken, ScimCommand, ScimTokenCommand,
        ScimTokenCreate, ScimTokenRevoke, ScimTokenRotate, Sync, Update,
    },
    files::{Apply, Export, ExportFormat, Files, Plan},
    global::{ColorChoice, Global},
    read::{Events, List, Report},
    setup::{Login, Mock, ProfilesCommand},
};
use crate::exit_code;

const EXAMPLES: &str = "\
Give a CONNECTION by its id, such as con_0123456789abcdef, or by its name.

Examples:
  a0p --demo list                 try the program without an Auth0 account
  a0p list --stale 24h --failed   list the connections that need attention
  a0p runs acme-workspace         show why the last run failed, and for which users
  a0p sync acme-workspace --wait  start a run and wait for its end
  a0p plan -f connections.yaml    show how the tenant differs from a file
  a0p apply -f connections.yaml   change the tenant to match the file

Credentials come from a profile that `a0p login` stores, or from AUTH0_DOMAIN
with AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or with AUTH0_API_TOKEN.";

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
    /// List the directory provisioning of all connections, with the results of their last runs
    List(List),
    /// Show the directory provisioning of a connection
    Get {
        /// The connection, by id or name
        connection: String,
    },
    /// List synchronization runs, with the reasons and users of failed runs
    Runs(Events),
    /// Show the mapping that a new configuration gets
    DefaultMapping {
        /// The connection, by id or name
        connection: String,
    },
    /// Check domain, token, scopes, clock and features, and what a connection lacks
    Doctor {
        /// A connection to check, by id or name
        connection: Option<String>,
    },
    /// Write an HTML page about the health of all connections
    Report(Report),
    /// Turn on directory provisioning for a connection
    Create(Create),
    /// Change the directory provisioning of a connection
    Update(Update),
    /// Turn off directory provisioning for a connection
    Delete {
        /// The connection, by id or name
        connection: String,
        /// Do not ask for confirmation
        #[arg(long, short)]
        yes: bool,
    },
    /// Start synchronization runs
    Sync(Sync),
    /// List and change the groups that are selected for synchronization
    #[command(subcommand)]
    Groups(GroupsCommand),
    /// Show SCIM configurations and requests, and manage SCIM tokens
    #[command(subcommand)]
    Scim(ScimCommand),
    /// Show how the tenant differs from files
    Plan(Plan),
    /// Change the tenant to match files
    Apply(Apply),
    /// Write the tenant's configurations to a file
    Export(Export),
    /// Print the JSON Schema of the files of `plan` and `apply`
    Schema,
    /// Store credentials in a profile. The secret is typed, or read from stdin
    Login(Login),
    /// List profiles, choose or remove one
    Profiles {
        #[command(subcommand)]
        command: Option<ProfilesCommand>,
    },
    /// Run a mock tenant for tests of other programs
    Mock(Mock),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, or write a page for each command
    Man {
        /// The folder for a page for each command
        #[arg(long, value_name = "FOLDER")]
        dir: Option<PathBuf>,
    },
}
