//! Arguments of the commands around files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The files that say how the tenant shall be.
#[derive(Debug, Args)]
pub(crate) struct Files {
    /// A file in JSON or YAML with the Deploy CLI's names, `-` for stdin, or a folder that the Deploy CLI exported;
    /// may be given several times. ##NAME## and @@NAME@@ are replaced by AUTH0_KEYWORD_REPLACE_MAPPINGS, or else by the
    /// environment; `!include FILE` is read
    #[arg(long = "file", short, value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Delete configurations that a file sets to null
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
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Fail, and change nothing, if more groups than this would be removed from one connection
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max_removals: Option<usize>,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// YAML that `plan`, `apply` and the Deploy CLI read
    DeployCli,
    /// Resources of Auth0's Terraform provider, with import blocks; without SCIM
    Terraform,
    /// The same as deploy-cli, in JSON
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What to write
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "deploy-cli")]
    pub(crate) format: ExportFormat,
    /// The file to write; stdout if left out
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Replace the file if there is one
    #[arg(long, requires = "to")]
    pub(crate) force: bool,
    /// Only these connections, by id or name
    #[arg(value_name = "CONNECTION")]
    pub(crate) connections: Vec<String>,
}
