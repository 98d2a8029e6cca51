//! The failure of a command: reason, remedy and exit code.

use std::{fmt::Display, io, path::Path};

use auth0_provisioning::{Error, ErrorCode, ErrorKind, VerbError};

use crate::{duration, exit_code::ExitCode};

/// Why a command failed, and what the user can do about it.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) exit: ExitCode,
    pub(crate) reason: String,
    pub(crate) remedy: Option<String>,
    /// The reader of the results closed the pipe, which is no error of the program.
    pub(crate) is_closed_pipe: bool,
}

impl Failure {
    pub(crate) fn new(exit: ExitCode, reason: impl Into<String>) -> Self {
        Self { exit, reason: reason.into(), remedy: None, is_closed_pipe: false }
    }

    pub(crate) fn usage(reason: impl Into<String>) -> Self {
        Self::new(ExitCode::Usage, reason)
    }

    pub(crate) fn failed(reason: impl Into<String>) -> Self {
        Self::new(ExitCode::Failed, reason)
    }

    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Turns a closed pipe into an error, for a command whose results must not be lost.
    pub(crate) fn closed_pipe_is_error(self) -> Self {
        if self.is_closed_pipe {
            Self::failed("the results cannot be written: their reader closed the pipe")
        } else {
            self
        }
    }

    /// Names the place of the failure.
    pub(crate) fn at(mut self, place: impl Display) -> Self {
        self.reason = format!("{place}: {}", self.reason);
        self
    }

    /// The failure of reading or writing a file or a folder.
    pub(crate) fn of_file(path: &Path, error: &io::Error) -> Self {
        let exit = match error.kind() {
            // Exit code 3 is for objects of the tenant.
            io::ErrorKind::NotFound | io::ErrorKind::InvalidData => ExitCode::Usage,
            _ => ExitCode::Failed,
        };
        Self::new(exit, error.to_string()).at(path.display()).remedy(remedy_of_io(error))
    }

    pub(crate) fn of_stdin(error: &io::Error) -> Self {
        Self::failed(format!("the input cannot be read: {error}"))
    }

    /// The failure of a call or a workflow.
    pub(crate) fn of(error: &dyn VerbError) -> Self {
        let exit = match error.kind() {
            _ if error.call_error().is_some_and(Error::is_rate_limited) || status(error) == Some(429) => {
                ExitCode::RateLimited
            }
            Some(ErrorKind::NotFound) => ExitCode::NotFound,
            Some(
                ErrorKind::Credentials
                | ErrorKind::Unauthorized
                | ErrorKind::Forbidden
                | ErrorKind::InvalidConfiguration,
            ) => ExitCode::NotAllowed,
            Some(ErrorKind::InvalidRequest) => ExitCode::Usage,
            _ => ExitCode::Failed,
        };
        Self { remedy: remedy(error), ..Self::new(exit, error.to_string()) }
    }
}

fn remedy_of_io(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "check the permissions of file and folder"
        }
        io::ErrorKind::InvalidData => "save it as UTF-8",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space, or write to another place",
        _ => "check the path",
    }
}

fn remedy(error: &dyn VerbError) -> Option<String> {
    let scopes = error.missing_scopes();
    if !scopes.is_empty() {
        let scopes = scopes.join(" ");
        return Some(format!(
            "grant the application {scopes} for the Auth0 Management API, and run it again with --new-token"
        ));
    }
    let status = status(error);
    let code = error.call_error().and_then(Error::code).map(ErrorCode::as_str);
    let wait = error.retry_after().map(duration::exact);
    let remedy = match error.kind()? {
        ErrorKind::Credentials if status == Some(429) => match wait {
            Some(wait) => return Some(format!("the quota of tokens is used up: run it again in {wait}")),
            None => "the tenant limits token requests: run it again later",
        },
        // The application is known, and may not have a token for this audience.
        ErrorKind::Credentials if status == Some(403) => {
            "check the audience (AUTH0_AUDIENCE, or `a0p login --audience`), and authorize the application for the Auth0 \
             Management API with the grant client_credentials"
        }
        ErrorKind::Credentials if status.is_none_or(|status| status >= 500) => {
            "check domain and network with `a0p doctor`, and run it again"
        }
        ErrorKind::Unauthorized => {
            "check that domain, audience and credentials belong together, and run it again with --new-token"
        }
        ErrorKind::InvalidConfiguration => {
            "set AUTH0_DOMAIN and credentials, or run `a0p login`; `a0p --demo list` needs neither"
        }
        ErrorKind::Credentials => "check client id and secret, or store others with `a0p login`",
        ErrorKind::Forbidden => "check features and scopes with `a0p doctor`",
        ErrorKind::RateLimited => match wait {
            Some(wait) => return Some(format!("run it again in {wait}")),
            None => "run it again later, or find out what else uses up the tenant's rate limit",
        },
        ErrorKind::NotFound => "list the connections that have a configuration: `a0p list` and `a0p scim list`",
        ErrorKind::BadRequest if code == Some("invalid_uri") => {
            "give the id or the name of a connection, as `a0p list` shows it"
        }
        ErrorKind::BadRequest => "check what the connection lacks with `a0p doctor CONNECTION`",
        ErrorKind::Conflict => "check the present state with `a0p get`, and run it again",
        ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Deadline => {
            "check the domain and the network with `a0p doctor`, and run it again"
        }
        ErrorKind::Server => "run it again later; --verbose shows each request",
        _ => return None,
    };
    Some(remedy.to_owned())
}

fn status(error: &dyn VerbError) -> Option<u16> {
    Some(error.call_error()?.status()?.as_u16())
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::of(&error)
    }
}

/// The failure of writing results. For a file, use [`Failure::of_file`], which names the file.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { is_closed_pipe: true, ..Self::new(ExitCode::Done, String::new()) };
        }
        Self::failed(format!("the results cannot be written: {error}")).remedy(remedy_of_io(&error))
    }
}
