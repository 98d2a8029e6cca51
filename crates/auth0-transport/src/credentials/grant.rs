//! The client credentials grant, which exchanges a secret or a signed assertion for a token.

use std::{sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::Proof;
use crate::{
    AccessToken, CallOptions, Error, ErrorKind, Idempotency, Operation, TokenFuture, TokenSource, attempt::Sender,
    call::Call, outgoing::Outgoing,
};

/// The timeout of one token request is shorter than that of other requests, because all calls wait for it.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(10);
/// A retry is safe, because it leaves at most one token unused.
const OBTAIN_TOKEN: Operation = Operation::new("obtain_token", Idempotency::Idempotent, &[]);

/// Requests tokens from the tenant's token endpoint.
pub(crate) struct Grant {
    pub(crate) sender: Arc<Sender>,
    pub(crate) client_id: String,
    pub(crate) proof: Proof,
    pub(crate) audience: String,
    /// The audience of an assertion: the URL of the tenant, with a slash at the end.
    #[cfg_attr(not(feature = "private-key-jwt"), allow(dead_code))] // only assertions have an audience
    pub(crate) issuer: String,
}

impl Grant {
    async fn obtain(&self) -> Result<AccessToken, Error> {
        let mut body = json!({
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "audience": self.audience,
        });
        let (secret, usable) = match &self.proof {
            Proof::Secret(secret) => {
                body["client_secret"] = secret.expose_secret().into();
                (secret.clone(), Duration::MAX)
            }
            #[cfg(feature = "private-key-jwt")]
            Proof::Key(key) => {
                let assertion = key.assertion(&self.client_id, &self.issuer)?;
                body["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".into();
                body["client_assertion"] = assertion.expose_secret().into();
                (assertion, super::private_key_jwt::USABLE)
            }
        };
        let outgoing = Outgoing::token(self.sender.base.token_endpoint().clone(), body.to_string().into(), secret);
        // Retries send the same body. The next token request signs a new assertion.
        let timeouts = &self.sender.timeouts;
        let options = CallOptions::new()
            .timeout(timeouts.overall.min(usable))
            .attempt_timeout(timeouts.attempt.min(LONGEST_ATTEMPT));
        let call = Call { sender: &self.sender, operation: &OBTAIN_TOKEN, options: Some(&options), access: None };
        let response = call.run(outgoing).await?;
        let grant: Granted = serde_json::from_slice(response.body()).map_err(|_| {
            // Without serde's own text, which may quote the token.
            unusable("it is not an OAuth token response").with_status(response.status()).transient()
        })?;
        grant.into_token()
    }
}

impl TokenSource for Grant {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async { Ok(self.obtain().await?) })
    }

    fn identity(&self) -> Option<&str> {
        Some(&self.client_id)
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    token_type: Option<String>,
    expires_in: Option<f64>,
    scope: Option<String>,
}

impl Granted {
    fn into_token(self) -> Result<AccessToken, Error> {
        if self.access_token.expose_secret().is_empty() {
            return Err(unusable("its token is empty"));
        }
        if self.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(unusable("its token is not a bearer token"));
        }
        let token = AccessToken { scopes: self.scope, ..AccessToken::new(self.access_token) };
        match self.expires_in.map(Duration::try_from_secs_f64) {
            None => Ok(token),
            Some(Ok(lifetime)) => Ok(token.expires_in(lifetime)),
            Some(Err(_)) => Err(unusable("the lifetime of its token is invalid")),
        }
    }
}

fn unusable(why: &str) -> Error {
    Error::new(ErrorKind::Credentials).detail(format!("cannot use the response of the token endpoint: {why}"))
}
