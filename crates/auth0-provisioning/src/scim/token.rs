//! Tokens that identity providers send.

use std::{fmt, time::Duration};

use auth0_transport::{Error, SecretString};
use chrono::{DateTime, TimeDelta, Utc};

use crate::types::{CreateScimTokenRequest, CreatedScimToken, ScimToken, ScimTokenScope};

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

/// Questions about a SCIM token.
pub trait ScimTokenExt: sealed::Sealed {
    /// When it ends; `None` where it does not.
    fn ends_at(&self) -> Option<DateTime<Utc>>;

    /// Whether it ends within this time from `now` on, or has ended.
    fn ends_within(&self, time: Duration, now: DateTime<Utc>) -> bool;

    /// When it was created; `None` where the tenant does not say.
    fn made_at(&self) -> Option<DateTime<Utc>>;

    /// When it was last used; `None` where it never was, or the tenant does not say.
    fn used_at(&self) -> Option<DateTime<Utc>>;
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

impl TryFrom<CreatedScimToken> for IssuedScimToken {
    type Error = Error;

    /// A token without an id or a secret is of no use, whoever stores it.
    fn try_from(created: CreatedScimToken) -> Result<Self, Error> {
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let (Some(token_id), Some(secret)) = (filled(created.token_id), filled(created.token)) else {
            return Err(Error::unexpected_response("the response has no id or no secret of the new token"));
        };
        Ok(Self {
            token_id,
            scopes: created.scopes.unwrap_or_default(),
            valid_until: created.valid_until.as_deref().and_then(instant),
            secret: secret.into(),
        })
    }
}

impl ScimTokenExt for ScimToken {
    fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.valid_until.as_deref().and_then(instant)
    }

    fn ends_within(&self, time: Duration, now: DateTime<Utc>) -> bool {
        let horizon = TimeDelta::from_std(time).ok().and_then(|time| now.checked_add_signed(time));
        self.ends_at().is_some_and(|end| horizon.is_none_or(|horizon| end <= horizon))
    }

    fn made_at(&self) -> Option<DateTime<Utc>> {
        self.created_at.as_deref().and_then(instant)
    }

    fn used_at(&self) -> Option<DateTime<Utc>> {
        self.last_used_at.as_deref().and_then(instant)
    }
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    text.parse().ok()
}

impl fmt::Debug for IssuedScimToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IssuedScimToken")
            .field("token_id", &self.token_id)
            .field("scopes", &self.scopes)
            .field("valid_until", &self.valid_until)
            .finish_non_exhaustive()
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for crate::types::ScimToken {}
}
