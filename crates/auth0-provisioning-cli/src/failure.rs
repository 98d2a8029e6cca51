//! Why a command failed: what, what to do, and the exit code.

use std::{fmt::Display, io, path::Path};

use auth0_provisioning::{Error, ErrorCode, ErrorKind, VerbError};

use crate::{duration, exit_code::ExitCode};

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: ExitCode,
    pub(crate) what: String,
    pub(crate) remedy: Option<String>,
    /// The reader of the results has closed the pipe: nothing is written about it.
    pub(crate) is_closed_pipe: bool,
}

impl Failure {
    pub(crate) fn new(exit: ExitCode, what: impl Into<String>) -> Self {
        Self { exit, what: what.into(), remedy: None, is_closed_pipe: false }
    }

    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(ExitCode::Usage, what)
    }

    pub(crate) fn failed(what: impl Into<String>) -> Self {
        Self::new(ExitCode::Failed, what)
    }

    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// A closed pipe as a failure, where the results are needed.
    pub(crate) fn heard(self) -> Self {
        if self.is_closed_pipe {
            Self::failed("the results could not be written: their reader has closed the pipe")
        } else {
            self
        }
    }

    /// Names the place that it is about.
    pub(crate) fn at(mut self, place: impl Display) -> Self {
        self.what = format!("{place}: {}", self.what);
        self
    }

    /// A file or a folder that cannot be read or written.
    pub(crate) fn of_file(path: &Path, error: &io::Error) -> Self {
        let exit = match error.kind() {
            // Exit code 3 is for what the tenant does not have.
            io::ErrorKind::NotFound | io::ErrorKind::InvalidData => ExitCode::Usage,
            _ => ExitCode::Failed,
        };
        Self::new(exit, error.to_string()).at(path.display()).remedy(remedy_of_file(error))
    }

    /// Any error of a verb of the facade.
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
        let failure = Self::new(exit, error.to_string());
        match remedy(error) {
            Some(remedy) => failure.remedy(remedy),
            None => failure,
        }
    }
}

fn remedy_of_file(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "check who may read and write there",
        io::ErrorKind::InvalidData => "save it as UTF-8",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room, or write to another place",
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
    Some(match error.kind()? {
        ErrorKind::Credentials if status(error) == Some(429) => match error.retry_after() {
            Some(wait) => format!("the quota of tokens is used up: run it again in {}", duration::exact(wait)),
            None => "the tenant limits token requests: run it again later".to_owned(),
        },
        // The application is known, and may not have a token for this audience.
        ErrorKind::Credentials if status(error) == Some(403) => {
            "check the audience (AUTH0_AUDIENCE, or `a0p login --audience`), and authorize the application for the Auth0 \
             Management API with the grant client_credentials"
                .to_owned()
        }
        ErrorKind::Credentials if status(error).is_none_or(|status| status >= 500) => {
            "check domain and network with `a0p doctor`, and run it again".to_owned()
        }
        ErrorKind::Unauthorized => {
            "check that domain, audience and credentials belong together, and run it again with --new-token".to_owned()
        }
        ErrorKind::InvalidConfiguration => {
            "set AUTH0_DOMAIN and credentials, or run `a0p login`; `a0p --demo list` needs neither".to_owned()
        }
        ErrorKind::Credentials => "check client id and secret; `a0p login` stores others".to_owned(),
        ErrorKind::Forbidden => "see with `a0p doctor` which features and scopes there are".to_owned(),
        ErrorKind::RateLimited => match error.retry_after() {
            Some(wait) => format!("run it again in {}", duration::exact(wait)),
            None => "run it again later, or find out what else uses up the tenant's rate limit".to_owned(),
        },
        ErrorKind::NotFound => {
            "see with `a0p list` and `a0p scim list` which connections have a configuration".to_owned()
        }
        ErrorKind::BadRequest if code(error) == Some("invalid_uri") => {
            "give the connection as `a0p list` shows it, by id or name".to_owned()
        }
        ErrorKind::BadRequest => "see with `a0p doctor CONNECTION` what the connection lacks".to_owned(),
        ErrorKind::Conflict => "look at the present state with `a0p get`, and run it again".to_owned(),
        ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Deadline => {
            "check the domain and the network with `a0p doctor`, and run it again".to_owned()
        }
        ErrorKind::Server => "run it again later; --verbose shows each request".to_owned(),
        _ => return None,
    })
}

/// The status of the failed call.
fn status(error: &dyn VerbError) -> Option<u16> {
    Some(error.call_error()?.status()?.as_u16())
}

/// The API's own code of the failed call.
fn code(error: &dyn VerbError) -> Option<&str> {
    error.call_error()?.code().map(ErrorCode::as_str)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::of(&error)
    }
}

/// An error of the results' stream: that of a file names its place, and is made by hand.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { is_closed_pipe: true, ..Self::new(ExitCode::Done, String::new()) };
        }
        Self::failed(format!("the results cannot be written: {error}")).remedy(remedy_of_file(&error))
    }
}
