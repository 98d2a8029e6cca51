//! Arguments of the commands around credentials, the mock tenant and the shell.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// A connection to look at, by id or name
    pub(crate) connection: Option<String>,
}

/// Without the secret: arguments can be seen by others.
#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The name of the profile
    #[arg(default_value = "default", value_name = "NAME")]
    pub(crate) name: String,
    /// The tenant's domain, such as acme.eu.auth0.com
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) domain: Option<String>,
    /// The client id of a machine-to-machine application
    #[arg(long, value_name = "ID", conflicts_with = "api_token")]
    pub(crate) client_id: Option<String>,
    /// Store an access token in place of a client secret
    #[arg(long)]
    pub(crate) api_token: bool,
    /// The audience of the token [default: https://DOMAIN/api/v2/]
    #[arg(long, value_name = "URL")]
    pub(crate) audience: Option<String>,
    /// The origin of the API [default: https://DOMAIN]
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Keep the secret in the system's keyring instead of a file that only you can read
    #[arg(long)]
    pub(crate) keyring: bool,
    /// Do not try the credentials before they are stored
    #[arg(long)]
    pub(crate) no_check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Profiles {
    #[command(subcommand)]
    pub(crate) command: Option<ProfilesCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProfilesCommand {
    /// List profiles (the default)
    List,
    /// Choose the profile that is used where the environment has no credentials
    Use {
        /// The name of the profile
        name: String,
    },
    /// Remove a profile with its secret
    Remove {
        /// The name of the profile
        name: String,
    },
}

const MOCK_EXAMPLES: &str = "\
Example, in two terminals:
  a0p mock > mock.env                     start it; Ctrl-C stops it
  set -a; . ./mock.env; set +a; a0p list  look at it";

#[derive(Debug, Args)]
#[command(after_help = MOCK_EXAMPLES)]
pub(crate) struct Mock {
    /// The address to listen on; port 0 is a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// A seed file in JSON or YAML, in place of the demonstration company
    #[arg(long, value_name = "FILE")]
    pub(crate) seed_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// A folder to write a page for each command to
    #[arg(long, value_name = "FOLDER")]
    pub(crate) dir: Option<PathBuf>,
}
