//! Arguments of the commands around credentials and the mock tenant.

use std::path::PathBuf;

use clap::{Args, Subcommand};

// The secret is no argument: other users of the machine can see arguments.
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
    /// Store an access token instead of a client secret
    #[arg(long)]
    pub(crate) api_token: bool,
    /// The audience of the token [default: https://DOMAIN/api/v2/]
    #[arg(long, value_name = "URL")]
    pub(crate) audience: Option<String>,
    /// The origin of the API [default: https://DOMAIN]
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Store the secret in the system's keyring instead of a file that only you can read
    #[arg(long)]
    pub(crate) keyring: bool,
    /// Store the credentials without a check
    #[arg(long)]
    pub(crate) no_check: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProfilesCommand {
    /// List profiles. This is the default
    List,
    /// Choose the profile to use if the environment has no credentials
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
  set -a; . ./mock.env; set +a; a0p list  use it";

#[derive(Debug, Args)]
#[command(after_help = MOCK_EXAMPLES)]
pub(crate) struct Mock {
    /// The address to listen on. Port 0 selects a free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// A seed file in JSON or YAML, instead of the sample company
    #[arg(long, value_name = "FILE")]
    pub(crate) seed_file: Option<PathBuf>,
}
