//! Tokens that identity providers send.

use std::time::Duration;

use auth0_transport::{Error, SecretString};
use chrono::{DateTime, Utc};

use crate::types::{CreateScimTokenRequest, CreatedScimToken, ScimTokenScope};

/// What a new SCIM token allows, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct NewScimToken {
    pub(super) scopes: Option<Vec<ScimTokenScope>>,
    pub(super) lifetime: Lifetime,
}

/// How long a new token is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// It has no end, or that of the token that it replaces.
    #[default]
    Unset,
    Endless,
    Of(Duration),
}

/// A token that was created. The tenant shows its secret only in this response.
///
/// `Debug` does not print the secret.
#[derive(Debug)]
#[non_exhaustive]
pub struct IssuedScimToken {
    /// The id of the token.
    pub token_id: String,
    /// What it allows, such as `get:users`.
    pub scopes: Vec<ScimTokenScope>,
    /// When it ends; `None` where it does not.
    pub valid_until: Option<DateTime<Utc>>,
    /// The secret that the identity provider sends as its bearer token.
    pub secret: SecretString,
}

impl NewScimToken {
    /// What it should allow, such as `get:users` or [`ScimTokenScope::GetUsers`]. Defaults to everything.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<ScimTokenScope>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// How long it is valid, more than 900 s; parts of a second are dropped. Defaults to no end, and in a rotation to the
    /// lifetime of the old token.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Lifetime::Of(lifetime);
        self
    }

    /// The token has no end.
    pub fn endless(mut self) -> Self {
        self.lifetime = Lifetime::Endless;
        self
    }

    pub(super) fn request(&self) -> CreateScimTokenRequest {
        let mut request = CreateScimTokenRequest::default();
        request.scopes.clone_from(&self.scopes);
        if let Lifetime::Of(lifetime) = self.lifetime {
            request.token_lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX).into();
        }
        request
    }
}

impl IssuedScimToken {
    /// A token without an id or a secret is of no use.
    pub(super) fn of(created: CreatedScimToken) -> Result<Self, Error> {
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let (Some(token_id), Some(secret)) = (filled(created.token_id), filled(created.token)) else {
            return Err(Error::unexpected_response("the response has no id or no secret of the new token"));
        };
        Ok(Self {
            token_id,
            scopes: created.scopes.unwrap_or_default(),
            valid_until: created.valid_until.and_then(|text| text.parse().ok()),
            secret: secret.into(),
        })
    }
}
