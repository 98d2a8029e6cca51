//! Arguments of the commands that change one thing.

use std::{path::PathBuf, time::Duration};

use auth0_provisioning::{Desired, MappingItem, SynchronizeGroups};
use clap::{Args, Subcommand, ValueEnum};

use super::{Get, ScimEvents, Search};
use crate::duration;

/// Which groups are synchronized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupsMode {
    /// All groups of the directory
    All,
    /// No groups
    Off,
    /// Selected groups: see `a0p groups`
    Selected,
}

/// The settings of a configuration.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Which groups are synchronized
    #[arg(long, value_enum, value_name = "WHICH")]
    groups: Option<GroupsMode>,
    /// Whether runs start automatically
    #[arg(long, value_name = "BOOL")]
    automatic: Option<bool>,
    /// A row of the mapping, such as email=primaryEmail; all rows together replace the mapping
    #[arg(long = "map", value_name = "AUTH0=IDP", value_parser = mapping_item)]
    mapping: Vec<(String, String)>,
}

impl Settings {
    pub(crate) fn desired(&self) -> Desired {
        let mut desired = Desired::default();
        desired.synchronize_automatically = self.automatic;
        desired.synchronize_groups = self.groups.map(|mode| match mode {
            GroupsMode::All => SynchronizeGroups::All,
            GroupsMode::Off => SynchronizeGroups::Off,
            GroupsMode::Selected => SynchronizeGroups::Selected,
        });
        let rows = self.mapping.iter().map(|(auth0, idp)| MappingItem::new(auth0, idp));
        if self.mapping.is_empty() { desired } else { desired.mapping(rows) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.groups.is_none() && self.automatic.is_none() && self.mapping.is_empty()
    }
}

fn mapping_item(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((auth0, idp)) if !auth0.is_empty() && !idp.is_empty() => Ok((auth0.to_owned(), idp.to_owned())),
        _ => Err("write the user field and the directory's attribute, such as email=primaryEmail".to_owned()),
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
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// The connection, by id or name
    pub(crate) connection: String,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// The connections, by id or name
    #[arg(required = true, value_name = "CONNECTION")]
    pub(crate) connections: Vec<String>,
    /// Wait for the end of the runs; exit with 6 if one fails
    #[arg(long)]
    pub(crate) wait: bool,
    /// How long to wait at most
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "15m", requires = "wait")]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct Groups {
    #[command(subcommand)]
    pub(crate) command: GroupsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GroupsCommand {
    /// List the selected groups
    List(Search),
    /// Add groups to the selection
    Add(GroupsWrite),
    /// Remove groups from the selection
    Remove(GroupsWrite),
    /// Replace the whole selection in one call
    Replace(GroupsReplace),
    /// Select exactly these groups, by the fewest additions and removals
    Reconcile(GroupsReconcile),
}

/// Where groups come from.
#[derive(Debug, Args)]
pub(crate) struct GroupsWrite {
    /// The connection, by id or name
    pub(crate) connection: String,
    #[command(flatten)]
    pub(crate) source: GroupsSource,
}

/// One of both has to be given.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct GroupsSource {
    /// Ids of groups in the directory
    #[arg(value_name = "GROUP_ID")]
    pub(crate) ids: Vec<String>,
    /// A file with groups, `-` for stdin: one id in each line, a CSV file with the column id (and name, email,
    /// direct_members_count), or the JSON file that Auth0's dashboard takes
    #[arg(long, short, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct GroupsReplace {
    #[command(flatten)]
    pub(crate) groups: GroupsWrite,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Accept that no group is left
    #[arg(long)]
    pub(crate) allow_empty: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GroupsReconcile {
    #[command(flatten)]
    pub(crate) groups: GroupsWrite,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask before groups are removed
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Fail, and change nothing, if more groups than this would be removed; up to this many are removed without asking
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max_removals: Option<usize>,
    /// Accept that no group is left
    #[arg(long)]
    pub(crate) allow_empty: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Scim {
    #[command(subcommand)]
    pub(crate) command: ScimCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ScimCommand {
    /// List the SCIM configurations of all connections
    List,
    /// Show the SCIM configuration of a connection, with the URL to enter at the identity provider
    Get(Get),
    /// Show which SCIM requests of identity providers succeeded or failed, as the log tells it
    Events(ScimEvents),
    /// Tokens of a SCIM configuration
    Token(ScimToken),
}

#[derive(Debug, Args)]
pub(crate) struct ScimToken {
    #[command(subcommand)]
    pub(crate) command: ScimTokenCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ScimTokenCommand {
    /// List the tokens of a connection
    List(Get),
    /// Create a token, and show its secret once
    Create(ScimTokenCreate),
    /// Replace a token: creates a new one, and revokes the old one once you confirm
    Rotate(ScimTokenRotate),
    /// Revoke a token
    Revoke(ScimTokenRevoke),
}

/// The API takes no shorter one.
fn lifetime(text: &str) -> Result<Duration, String> {
    let lifetime = duration::parse(text)?;
    if lifetime <= Duration::from_secs(900) { Err("a token lives longer than 15m".to_owned()) } else { Ok(lifetime) }
}

/// What a new token is to be, and where its secret goes.
#[derive(Debug, Args)]
pub(crate) struct NewToken {
    /// How long the new token is valid, more than 15m; without an end if left out
    #[arg(long, value_name = "TIME", value_parser = lifetime)]
    pub(crate) lifetime: Option<Duration>,
    /// Write the secret to this file, which only you can read, instead of showing it
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ScimTokenCreate {
    /// The connection, by id or name
    pub(crate) connection: String,
    #[command(flatten)]
    pub(crate) new: NewToken,
    /// What the token allows, such as get:users; everything if left out; may be given several times
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ScimTokenRevoke {
    /// The connection, by id or name
    pub(crate) connection: String,
    /// The id of the token: see `a0p scim token list`
    pub(crate) token_id: String,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ScimTokenRotate {
    /// The connection, by id or name
    pub(crate) connection: String,
    /// The id of the token to replace: see `a0p scim token list`; may be left out where there is only one
    pub(crate) token_id: Option<String>,
    #[command(flatten)]
    pub(crate) new: NewToken,
    /// Revoke the old token at once, without asking
    #[arg(long, short, conflicts_with = "keep_old")]
    pub(crate) yes: bool,
    /// Do not revoke the old token
    #[arg(long)]
    pub(crate) keep_old: bool,
}
