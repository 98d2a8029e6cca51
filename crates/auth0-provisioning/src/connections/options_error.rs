//! The error of a change of options.

use std::fmt;

use auth0_transport::Error;

use super::{OptionsChanged, OptionsWarning};
use crate::VerbError;

/// The error of a change of options. See [`VerbError`] for the methods that all errors share.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ChangeOptionsError {
    /// A call failed. Where it was the write, it may have been processed: run it again, it starts with a read.
    Call(Error),
    /// The tenant showed no options, so that a write would lose the present ones. Nothing was written.
    ///
    /// Grant the scope `read:connections_options`.
    Hidden,
    /// The change would drop the administrator's consent, which [`keep_consent`](super::ChangeOptions::keep_consent)
    /// forbids. Nothing was written.
    DropsConsent(Vec<OptionsWarning>),
    /// The tenant accepted the write and did not apply some of it.
    ///
    /// Compare the change with what the strategy of the connection knows.
    #[non_exhaustive]
    Ignored {
        /// The options that are still not as wanted.
        ignored: Vec<String>,
        /// What was done beside that, with its warnings.
        done: Box<OptionsChanged>,
    },
}

impl VerbError for ChangeOptionsError {
    fn call_error(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }

    fn missing_scopes(&self) -> Vec<&str> {
        match self {
            Self::Hidden => vec!["read:connections_options"],
            Self::Call(error) => error.missing_scopes(),
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for ChangeOptionsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(formatter),
            Self::Hidden => formatter.write_str(
                "the token may not see the options of the connection, and a write would lose them; grant the scope \
                 read:connections_options",
            ),
            Self::DropsConsent(warnings) => {
                let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
                write!(formatter, "nothing was written: {}", warnings.join("; "))
            }
            Self::Ignored { ignored, done } => {
                write!(formatter, "the tenant accepted the change and did not apply {}", ignored.join(", "))?;
                if !done.also_changed.is_empty() {
                    write!(formatter, "; it changed {} besides", done.also_changed.join(", "))?;
                }
                done.warnings.iter().try_for_each(|warning| write!(formatter, "; {warning}"))
            }
        }
    }
}

impl std::error::Error for ChangeOptionsError {}
