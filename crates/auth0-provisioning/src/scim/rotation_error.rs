//! Why a token was not replaced.

use std::fmt;

use auth0_transport::Error;

use super::ScimTokenTimes;
use crate::{VerbError, types::ScimToken};

/// Why a SCIM token was not replaced. The old token is valid after each of them. See [`VerbError`] for what it has in common
/// with other errors.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RotateTokenError {
    /// A call failed.
    Call(Error),
    /// The connection has no token with this id.
    #[non_exhaustive]
    NoSuchToken {
        /// The id.
        token_id: String,
        /// The tokens that there are.
        token_ids: Vec<String>,
    },
    /// The connection has as many tokens as it can have, so that no new one can be created.
    ///
    /// Every token counts that [`tokens`](crate::ScimHandle::tokens) lists, valid or not. One of them may come from a rotation
    /// that was interrupted: [resume](crate::ScimHandle::resume_rotation) it, and confirm it if the identity provider uses
    /// the new token, else abandon it. Revoke only a token that the identity provider does not use.
    #[non_exhaustive]
    NoRoom {
        /// The tokens besides the one to replace, with the time of their creation and of their last use.
        tokens: Vec<ScimToken>,
    },
    /// The secret of the new token was not taken, so that nothing could use the token that is left. Both tokens are valid.
    ///
    /// Take it with [`take_secret`](crate::TokenRotation::take_secret), and confirm again.
    SecretNotTaken,
    /// The response with the secret of the new token was lost, and the tenant does not show it again.
    ///
    /// Revoke the new token unless another writer created it, and rotate again.
    #[non_exhaustive]
    SecretLost {
        /// What became of the response.
        source: Error,
        /// The tokens that have come since; none where the request was not processed. `None` where they could not be read.
        token_ids: Option<Vec<String>>,
    },
}

impl VerbError for RotateTokenError {
    fn call_error(&self) -> Option<&Error> {
        match self {
            Self::Call(source) | Self::SecretLost { source, .. } => Some(source),
            _ => None,
        }
    }

    fn is_retryable(&self) -> bool {
        match self {
            Self::Call(error) => error.is_retryable(),
            Self::SecretLost { token_ids, .. } => token_ids.as_ref().is_some_and(Vec::is_empty),
            _ => false,
        }
    }
}

impl fmt::Display for RotateTokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(formatter),
            Self::NoSuchToken { token_id, token_ids } => {
                write!(formatter, "the connection has no token {token_id}; it has {}", list(token_ids))
            }
            Self::NoRoom { tokens } => {
                formatter.write_str("the connection has as many tokens as it can have; besides this one it has ")?;
                for (number, token) in tokens.iter().enumerate() {
                    let id = token.token_id.as_deref().unwrap_or("one without an id");
                    write!(formatter, "{}{id} (", if number == 0 { "" } else { ", " })?;
                    let times = ScimTokenTimes::of(token);
                    if let Some(made) = times.created_at {
                        write!(formatter, "created at {}, ", made.format("%Y-%m-%d %H:%M:%S UTC"))?;
                    }
                    match times.last_used_at {
                        Some(used) => write!(formatter, "last used at {})", used.format("%Y-%m-%d %H:%M:%S UTC"))?,
                        None => formatter.write_str("never used)")?,
                    }
                }
                formatter.write_str(
                    "; if an interrupted rotation created it, finish that rotation; revoke only a token that the identity \
                     provider does not use",
                )
            }
            Self::SecretNotTaken => {
                formatter.write_str("the secret of the new token was not taken, so that the old token was not revoked")
            }
            Self::SecretLost { source, token_ids: None } => {
                write!(
                    formatter,
                    "a token may have been created, the secret of which is lost; list the tokens: {source}"
                )
            }
            Self::SecretLost { source, token_ids: Some(token_ids) } if token_ids.is_empty() => {
                write!(formatter, "no token was created: {source}")
            }
            Self::SecretLost { source, token_ids: Some(token_ids) } => {
                let new = list(token_ids);
                write!(formatter, "the secret of a new token was lost; revoke {new} and rotate again: {source}")
            }
        }
    }
}

fn list(token_ids: &[String]) -> String {
    if token_ids.is_empty() { "none".to_owned() } else { token_ids.join(", ") }
}

impl std::error::Error for RotateTokenError {}
