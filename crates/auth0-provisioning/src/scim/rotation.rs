//! A new token in the place of an old one.

use auth0_transport::{Error, ErrorKind, SecretString};
use chrono::{DateTime, Utc};
use futures_core::future::BoxFuture;

use super::{IssuedScimToken, NewScimToken, RotateTokenError, ScimHandle, ScimTokenTimes, token::Lifetime};
use crate::{missing::if_configured, types::ScimToken};

/// How many tokens a connection can have.
const MOST_TOKENS: usize = 2;

/// A rotation under way: both tokens are valid until it is confirmed or abandoned. Dropping it changes nothing;
/// [`ScimHandle::resume_rotation`] goes on with it. `Debug` does not print the secret.
#[derive(Debug)]
#[must_use = "both tokens stay valid until it is confirmed or abandoned"]
pub struct TokenRotation {
    handle: ScimHandle,
    old_token_id: String,
    new_token_id: String,
    valid_until: Option<DateTime<Utc>>,
    secret: Option<SecretString>,
}

impl ScimHandle {
    /// Creates a token that takes the place of another one, which stays valid until the new one is
    /// [confirmed](TokenRotation::confirm). Scopes and lifetime of the new one are those that `token` sets, and default to
    /// those of the old one.
    ///
    /// Secrets are read with [`ExposeSecret`](crate::ExposeSecret). After a crash before the secret was stored,
    /// [`tokens`](Self::tokens) shows a token whose secret is lost: [resume](Self::resume_rotation) the rotation and
    /// [abandon](TokenRotation::abandon) it.
    ///
    /// Needs the scopes `read:scim_token`, `create:scim_token` and, to confirm or abandon, `delete:scim_token`.
    ///
    /// # Errors
    ///
    /// [`RotateTokenError::NoSuchToken`], [`RotateTokenError::NoRoom`] where the connection has two tokens already,
    /// [`RotateTokenError::SecretLost`] where the response with the secret was lost, and any error of a call. The old token is
    /// valid after each of them.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let okta = Connection::with_strategy("con_0123456789abcdef", "okta").scim_configured();
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(okta), async |client| {
    /// # let store_at_the_identity_provider = |_secret: &str| true;
    /// use auth0_provisioning::{ExposeSecret, NewScimToken};
    ///
    /// let scim = client.scim(&"con_0123456789abcdef".parse()?);
    /// # scim.create_token(NewScimToken::default()).await?;
    /// let old = scim.tokens().await?.into_iter().find_map(|token| token.token_id).expect("there is one");
    ///
    /// let mut rotation = scim.rotate_token(old, NewScimToken::default()).await?;
    /// let secret = rotation.take_secret().expect("it is handed over once");
    /// if store_at_the_identity_provider(secret.expose_secret()) {
    ///     rotation.confirm().await?; // revokes the old token
    /// } else {
    ///     rotation.abandon().await?; // revokes the new one
    /// }
    /// assert_eq!(scim.tokens().await?.len(), 1);
    /// # Ok(()) });
    /// ```
    pub fn rotate_token(
        &self,
        old_token_id: impl Into<String>,
        token: NewScimToken,
    ) -> BoxFuture<'static, Result<TokenRotation, RotateTokenError>> {
        Box::pin(rotate(self.clone(), old_token_id.into(), token))
    }

    /// A rotation that was begun elsewhere, to confirm or to abandon it. Its secret is not known here.
    pub fn resume_rotation(&self, old_token_id: impl Into<String>, new_token_id: impl Into<String>) -> TokenRotation {
        TokenRotation::resumed(self.clone(), old_token_id.into(), new_token_id.into())
    }
}

async fn rotate(
    rotated: ScimHandle,
    old_token_id: String,
    mut token: NewScimToken,
) -> Result<TokenRotation, RotateTokenError> {
    let mut handle = rotated.clone();
    (handle.caller, _) = rotated.caller.starting(None);
    let before = handle.tokens().await.map_err(RotateTokenError::Call)?;
    let Some(old) = before.iter().find(|token| token.token_id.as_ref() == Some(&old_token_id)) else {
        return Err(RotateTokenError::NoSuchToken { token_id: old_token_id, token_ids: ids(&before) });
    };
    if before.len() >= MOST_TOKENS {
        let others = before.iter().filter(|token| token.token_id.as_ref() != Some(&old_token_id));
        return Err(RotateTokenError::NoRoom { tokens: others.cloned().collect() });
    }
    if token.scopes.is_none() {
        token.scopes = old.scopes.clone().filter(|scopes| !scopes.is_empty());
    }
    if token.lifetime == Lifetime::Unset {
        token.lifetime = lifetime(old).map_err(|error| RotateTokenError::Call(handle.caller.with_id(error)))?;
    }
    match handle.create_token(token).await {
        Ok(IssuedScimToken { token_id, valid_until, secret, .. }) => {
            let secret = Some(secret);
            Ok(TokenRotation { handle: rotated, old_token_id, new_token_id: token_id, valid_until, secret })
        }
        Err(source) if source.may_have_been_processed() || source.kind() == ErrorKind::UnexpectedResponse => {
            let known = ids(&before);
            let after = handle.tokens().await.ok();
            let token_ids = after.map(|after| ids(&after).into_iter().filter(|id| !known.contains(id)).collect());
            Err(RotateTokenError::SecretLost { source, token_ids })
        }
        Err(error) => Err(RotateTokenError::Call(error)),
    }
}

fn lifetime(token: &ScimToken) -> Result<Lifetime, Error> {
    let Some(end) = &token.valid_until else { return Ok(Lifetime::Endless) };
    let times = ScimTokenTimes::of(token);
    let lifetime = times.ends_at.zip(times.created_at).and_then(|(end, created)| (end - created).to_std().ok());
    let unknown =
        || Error::invalid_request(format!("the old token ends at {end}, and its lifetime is not known; set one"));
    lifetime.map(Lifetime::Of).ok_or_else(unknown)
}

fn ids(tokens: &[ScimToken]) -> Vec<String> {
    tokens.iter().filter_map(|token| token.token_id.clone()).collect()
}

impl TokenRotation {
    fn resumed(handle: ScimHandle, old_token_id: String, new_token_id: String) -> Self {
        Self { handle, old_token_id, new_token_id, valid_until: None, secret: None }
    }

    /// The id of the token that is replaced.
    #[must_use]
    pub fn old_token_id(&self) -> &str {
        &self.old_token_id
    }

    /// The id of the new token.
    #[must_use]
    pub fn new_token_id(&self) -> &str {
        &self.new_token_id
    }

    /// When the new token ends; `None` where it does not, or the rotation was resumed.
    #[must_use]
    pub fn valid_until(&self) -> Option<DateTime<Utc>> {
        self.valid_until
    }

    /// The secret of the new token, to be stored at the identity provider. It is handed over once; `None` after that.
    pub fn take_secret(&mut self) -> Option<SecretString> {
        self.secret.take()
    }

    /// Whether the identity provider has used the new token already, as far as the tenant says.
    ///
    /// Needs the scope `read:scim_token`.
    ///
    /// # Errors
    ///
    /// Any error of a call.
    pub async fn is_used(&self) -> Result<bool, Error> {
        let tokens = self.handle.tokens().await?;
        let new = tokens.iter().find(|token| token.token_id.as_ref() == Some(&self.new_token_id));
        Ok(new.and_then(|token| ScimTokenTimes::of(token).last_used_at).is_some())
    }

    /// Revokes the old token: the identity provider uses the new one. An old token that is gone already is no error, and
    /// the old one is left alone where the new one is gone.
    ///
    /// Needs the scopes `read:scim_token` and `delete:scim_token`.
    ///
    /// # Errors
    ///
    /// [`RotateTokenError::SecretNotTaken`] before [`take_secret`](Self::take_secret), since the secret of the token that is
    /// left would be lost; [`RotateTokenError::NoSuchToken`] where the new token is gone; and any error of a call. It can be
    /// confirmed again then.
    pub async fn confirm(&self) -> Result<(), RotateTokenError> {
        if self.secret.is_some() {
            return Err(RotateTokenError::SecretNotTaken);
        }
        self.revoke_beside(&self.old_token_id, &self.new_token_id).await
    }

    /// Revokes the new token: the identity provider goes on with the old one. A new token that is gone already is no error,
    /// and the new one is left alone where the old one is gone, as it is after [`confirm`](Self::confirm).
    ///
    /// Needs the scopes `read:scim_token` and `delete:scim_token`.
    ///
    /// # Errors
    ///
    /// [`RotateTokenError::NoSuchToken`] where the old token is gone, and any error of a call; it can be abandoned again
    /// then.
    pub async fn abandon(&self) -> Result<(), RotateTokenError> {
        self.revoke_beside(&self.new_token_id, &self.old_token_id).await
    }

    /// Revokes one of the two tokens, if the other one is there.
    async fn revoke_beside(&self, token_id: &str, other: &str) -> Result<(), RotateTokenError> {
        let token_ids = ids(&self.handle.tokens().await.map_err(RotateTokenError::Call)?);
        if token_id == other || !token_ids.iter().any(|known| known == other) {
            return Err(RotateTokenError::NoSuchToken { token_id: other.to_owned(), token_ids });
        }
        if_configured(self.handle.delete_token(token_id).await).map(drop).map_err(RotateTokenError::Call)
    }
}
