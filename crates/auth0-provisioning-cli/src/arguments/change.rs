//! Arguments of the commands that change one thing.

use std::{path::PathBuf, time::Duration};

use auth0_provisioning::{Desired, MappingItem};
use clap::{Args, Subcommand};

use super::Events;
use crate::{duration, failure::Failure, groups_mode::GroupsMode};

/// The settings of a configuration.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Which groups are synchronized
    #[arg(long, value_enum, value_name = "WHICH")]
    groups: Option<GroupsMode>,
    /// Whether runs start automatically
    #[arg(long, value_name = "BOOL")]
    automatic: Option<bool>,
    /// A row of the mapping, such as email=primaryEmail. Can be repeated: the rows replace the whole mapping
    #[arg(long = "map", value_name = "AUTH0=IDP", value_parser = mapping_item)]
    mapping: Vec<MappingItem>,
}

impl Settings {
    pub(crate) fn desired(&self) -> Result<Desired, Failure> {
        let mut desired = Desired::default();
        desired.synchronize_automatically = self.automatic;
        desired.synchronize_groups = self.groups.map(Into::into);
        desired.mapping = Some(self.mapping.clone()).filter(|rows| !rows.is_empty());
        let validated = desired.validate();
        validated.map_err(|error| Failure::usage(error.to_string()).remedy("correct the rows of --map"))?;
        Ok(desired)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.groups.is_none() && self.automatic.is_none() && self.mapping.is_empty()
    }
}

fn mapping_item(text: &str) -> Result<MappingItem, String> {
    match text.split_once('=') {
        Some((auth0, idp)) if !auth0.is_empty() && !idp.is_empty() => Ok(MappingItem::new(auth0, idp)),
        _ => Err("give a user field and an attribute of the directory, such as email=primaryEmail".to_owned()),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The connection, by id or name
    pub(crate) connection: String,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The connection, by id or name
    pub(crate) connection: String,
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Show the changes without making them
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// The connections, by id or name
    #[arg(required = true, value_name = "CONNECTION")]
    pub(crate) connections: Vec<String>,
    /// Wait for the end of the runs. Exit with 6 if one fails
    #[arg(long)]
    pub(crate) wait: bool,
    /// How long to wait at most
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "15m", requires = "wait")]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GroupsCommand {
    /// List the selected groups
    List {
        /// The connection, by id or name
        connection: String,
        /// Only groups whose name starts with this
        #[arg(long, value_name = "PREFIX")]
        search: Option<String>,
    },
    /// Add groups to the selection
    Add(GroupsWrite),
    /// Remove groups from the selection
    Remove(GroupsWrite),
    /// Replace the whole selection in one call
    Replace(GroupsReplace),
    /// Select exactly these groups, by the fewest additions and removals
    Reconcile(GroupsReconcile),
}

#[derive(Debug, Args)]
pub(crate) struct GroupsWrite {
    /// The connection, by id or name
    pub(crate) connection: String,
    #[command(flatten)]
    pub(crate) source: GroupsSource,
}

/// Either ids or a file.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct GroupsSource {
    /// Ids of groups in the directory
    #[arg(value_name = "GROUP_ID")]
    pub(crate) ids: Vec<String>,
    /// A file with groups, or `-` for stdin: one id in each line, a CSV file with the column id (optional: name, email,
    /// direct_members_count), or the JSON file that Auth0's dashboard accepts
    #[arg(long, short, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct GroupsReplace {
    #[command(flatten)]
    pub(crate) groups: GroupsWrite,
    /// Do not ask for confirmation
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Allow an empty selection
    #[arg(long)]
    pub(crate) allow_empty: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GroupsReconcile {
    #[command(flatten)]
    pub(crate) groups: GroupsWrite,
    /// Show the changes without making them
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask for confirmation before groups are removed
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Fail without a change if more groups than this would be removed. Up to this many are removed without confirmation
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max_removals: Option<usize>,
    /// Allow an empty selection
    #[arg(long)]
    pub(crate) allow_empty: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ScimCommand {
    /// List the SCIM configurations of all connections
    List,
    /// Show the SCIM configuration of a connection, with the URL to enter at the identity provider
    Get {
        /// The connection, by id or name
        connection: String,
    },
    /// List the SCIM requests of identity providers in the log, with the reasons of failures
    Events(Events),
    /// List, create, rotate and revoke the tokens of a SCIM configuration
    #[command(subcommand)]
    Token(ScimTokenCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ScimTokenCommand {
    /// List the tokens of a connection
    List {
        /// The connection, by id or name
        connection: String,
    },
    /// Create a token, and show its secret once
    Create(ScimTokenCreate),
    /// Replace a token: create a new one, and revoke the old one after confirmation
    Rotate(ScimTokenRotate),
    /// Revoke a token
    Revoke(ScimTokenRevoke),
}

/// A new token, and the place for its secret.
#[derive(Debug, Args)]
pub(crate) struct NewToken {
    /// How long the new token is valid, more than 15m. Defaults to no end
    #[arg(long, value_name = "TIME", value_parser = lifetime)]
    pub(crate) lifetime: Option<Duration>,
    /// Write the secret to this new file, which only you can read, instead of showing it
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

// The API rejects a shorter one.
fn lifetime(text: &str) -> Result<Duration, String> {
    let lifetime = duration::parse(text)?;
    if lifetime <= Duration::from_secs(900) { Err("give a time of more than 15m".to_owned()) } else { Ok(lifetime) }
}

#[derive(Debug, Args)]
pub(crate) struct ScimTokenCreate {
    /// The connection, by id or name
    pub(crate) connection: String,
    #[command(flatten)]
    pub(crate) new: NewToken,
    /// A scope of the token, such as get:users. Can be repeated. Defaults to all scopes
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ScimTokenRevoke {
    /// The connection, by id or name
    pub(crate) connection: String,
    /// The id of the token, as `a0p scim token list` shows it
    pub(crate) token_id: String,
    /// Do not ask for confirmation
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ScimTokenRotate {
    /// The connection, by id or name
    pub(crate) connection: String,
    /// The id of the token to replace, as `a0p scim token list` shows it. Optional if there is only one
    pub(crate) token_id: Option<String>,
    #[command(flatten)]
    pub(crate) new: NewToken,
    /// Revoke the old token without asking for confirmation
    #[arg(long, short, conflicts_with = "keep_old")]
    pub(crate) yes: bool,
    /// Do not revoke the old token
    #[arg(long)]
    pub(crate) keep_old: bool,
}
