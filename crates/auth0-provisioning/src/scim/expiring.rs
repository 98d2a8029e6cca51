//! The tokens of a tenant that end soon.

use std::{future::Future, time::Duration};

use auth0_transport::Error;
use chrono::{DateTime, Utc};
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use super::{ScimHandle, ScimTokenTimes};
use crate::{Client, ConnectionId, types::ScimToken};

/// A SCIM token that ends soon: [`Client::scim_tokens_ending_within`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExpiringScimToken {
    /// The connection.
    pub connection_id: ConnectionId,
    /// Its name.
    pub connection_name: String,
    /// When the token ends.
    pub ends_at: DateTime<Utc>,
    /// The token, without its secret.
    pub token: ScimToken,
}

impl Client {
    /// The SCIM tokens of all connections that end within this time from `now` on, those that have ended included: one
    /// call for each connection with a SCIM configuration.
    ///
    /// Needs the scopes `read:scim_config` and `read:scim_token`.
    ///
    /// ```
    /// # use auth0_provisioning_mock::{Connection, MockTenant};
    /// # let okta = Connection::with_strategy("con_0123456789abcdef", "okta").name("acme-okta").scim_configured();
    /// # auth0_provisioning_examples::run_with(MockTenant::builder().connection(okta), async |client| {
    /// # let scim = client.scim(&"con_0123456789abcdef".parse()?);
    /// # scim.create_token(auth0_provisioning::NewScimToken::default().lifetime(Duration::from_secs(3600))).await?;
    /// use std::{future::Future, time::Duration};
    /// use auth0_provisioning::chrono::Utc;
    /// use futures_util::TryStreamExt;
    ///
    /// let month = Duration::from_secs(30 * 86_400);
    /// let mut ending = client.scim_tokens_ending_within(month, Utc::now());
    /// while let Some(token) = ending.try_next().await? {
    ///     println!("{}: a token ends at {}", token.connection_name, token.ends_at);
    /// }
    /// # Ok(()) });
    /// ```
    #[must_use = "streams do nothing unless polled"]
    pub fn scim_tokens_ending_within(
        &self,
        time: Duration,
        now: DateTime<Utc>,
    ) -> BoxStream<'static, Result<ExpiringScimToken, Error>> {
        let client = self.clone();
        let ending = self.scim_configurations().items().and_then(move |configuration| {
            let connection_id = ConnectionId::from_response(&configuration.connection_id);
            let tokens = Box::pin(client.scim(&connection_id).tokens_ending_within(time, now));
            async move {
                let tokens = match tokens.await {
                    // The connection, or its configuration, was deleted since it was listed.
                    Err(error) if error.is_not_found() => Vec::new(),
                    tokens => tokens?,
                };
                let ending = tokens.into_iter().filter_map(move |token| {
                    Some(Ok(ExpiringScimToken {
                        connection_id: connection_id.clone(),
                        connection_name: configuration.connection_name.clone(),
                        ends_at: ScimTokenTimes::of(&token).ends_at?,
                        token,
                    }))
                });
                Ok(stream::iter(ending))
            }
        });
        ending.try_flatten().boxed()
    }
}

impl ScimHandle {
    /// Lists the tokens that end within this time from `now` on, those that have ended included.
    ///
    /// Needs the scope `read:scim_token`.
    pub fn tokens_ending_within(
        &self,
        time: Duration,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<ScimToken>, Error>> + Send + use<> {
        let tokens = self.tokens();
        async move {
            let mut tokens = tokens.await?;
            tokens.retain(|token| ScimTokenTimes::of(token).ends_within(time, now));
            Ok(tokens)
        }
    }
}
