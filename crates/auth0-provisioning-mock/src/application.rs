//! Applications that request tokens.

use std::collections::HashMap;
use std::fmt;

#[cfg(feature = "private-key-jwt")]
use jsonwebtoken::{AlgorithmFamily, DecodingKey};

use crate::scopes;

/// A machine-to-machine application.
///
/// Every tenant has one, with a secret and every scope; see [`MockTenant::client_id`](crate::MockTenant::client_id).
#[derive(Clone)]
#[must_use = "pass it to `MockTenantBuilder::application`"]
pub struct Application {
    pub(crate) client_id: String,
    pub(crate) secret: Option<String>,
    #[cfg(feature = "private-key-jwt")]
    pub(crate) keys: Vec<DecodingKey>,
    pub(crate) scopes: Vec<String>,
    pub(crate) may_use_grant: bool,
    pub(crate) is_global: bool,
    /// Tokens per hour.
    pub(crate) token_quota: Option<u32>,
}

/// A text is not a public key.
#[cfg(feature = "private-key-jwt")]
#[derive(Debug, thiserror::Error)]
#[error("not a public key in PEM that assertions can be verified with")]
pub struct InvalidPublicKey(());

impl Application {
    /// Creates an application with all scopes and without credentials.
    pub fn new(client_id: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            secret: None,
            #[cfg(feature = "private-key-jwt")]
            keys: Vec::new(),
            scopes: scopes::all().to_vec(),
            may_use_grant: true,
            is_global: true,
            token_quota: None,
        }
    }

    /// Authenticates with this secret.
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Authenticates with a JWT that this public key verifies: RSA, elliptic curve or Ed25519, in PEM.
    ///
    /// An application can have several keys, for example while it replaces one.
    ///
    /// # Errors
    ///
    /// The text is not such a key.
    #[cfg(feature = "private-key-jwt")]
    pub fn public_key_pem(mut self, pem: &str) -> Result<Self, InvalidPublicKey> {
        let pem = pem.as_bytes();
        let key = DecodingKey::from_rsa_pem(pem)
            .or_else(|_| DecodingKey::from_ec_pem(pem))
            .or_else(|_| DecodingKey::from_ed_pem(pem))
            .map_err(|_| InvalidPublicKey(()))?;
        self.keys.push(key);
        Ok(self)
    }

    /// Restricts the application to these scopes.
    pub fn scopes(mut self, scopes: &[&str]) -> Self {
        self.scopes = scopes.iter().copied().map(String::from).collect();
        self
    }

    /// Forbids the client credentials grant.
    pub fn without_grant(mut self) -> Self {
        self.may_use_grant = false;
        self
    }

    /// Makes the application not global: it gets tokens, but the Management API rejects them.
    pub fn not_global(mut self) -> Self {
        self.is_global = false;
        self
    }

    /// Limits the tokens of an hour. Each response of the token endpoint reports the rest.
    pub fn token_quota(mut self, tokens_an_hour: u32) -> Self {
        self.token_quota = Some(tokens_an_hour);
        self
    }

    #[cfg(feature = "private-key-jwt")]
    pub(crate) fn keys_of(&self, family: AlgorithmFamily) -> impl Iterator<Item = &DecodingKey> {
        self.keys.iter().filter(move |key| key.family() == family)
    }
}

/// The applications of a tenant, by client id.
#[derive(Clone, Debug)]
pub(crate) struct Applications(HashMap<String, Application>);

impl Applications {
    /// Returns these applications and the one that every tenant has.
    pub(crate) fn new(applications: Vec<Application>, own: Application) -> Self {
        let all = applications.into_iter().chain([own]);
        Self(all.map(|application| (application.client_id.clone(), application)).collect())
    }

    pub(crate) fn get(&self, client_id: &str) -> Option<&Application> {
        self.0.get(client_id)
    }
}

/// Omits the secret.
impl fmt::Debug for Application {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Application")
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
