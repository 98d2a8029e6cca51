//! Arguments of the commands around files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Files {
    /// A file in JSON or YAML with the Deploy CLI's names, `-` for stdin, or a folder that the Deploy CLI exported.
    /// Can be repeated. ##NAME## and @@NAME@@ are replaced from AUTH0_KEYWORD_REPLACE_MAPPINGS or, without that
    /// variable, from the environment. `!include FILE` includes another file
    #[arg(long = "file", short, value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Delete configurations that are null in a file
    #[arg(long)]
    pub(crate) allow_delete: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) files: Files,
    /// Exit with 2 if there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) files: Files,
    /// Do not ask for confirmation
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Fail without a change if more groups than this would be removed from one connection
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max_removals: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// YAML that `plan`, `apply` and the Deploy CLI read
    DeployCli,
    /// Resources of Auth0's Terraform provider, with import blocks and without SCIM
    Terraform,
    /// The same as deploy-cli, in JSON
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The format of the file
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "deploy-cli")]
    pub(crate) format: ExportFormat,
    /// The file to write. Defaults to stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, requires = "to")]
    pub(crate) force: bool,
    /// Only these connections, by id or name
    #[arg(value_name = "CONNECTION")]
    pub(crate) connections: Vec<String>,
}
