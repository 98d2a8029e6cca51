//! The credentials with which a client gets a token.

mod grant;
#[cfg(feature = "private-key-jwt")]
mod private_key_jwt;

use std::{fmt, sync::Arc};

use secrecy::{ExposeSecret, SecretString};

pub(crate) use self::grant::Grant;
#[cfg(feature = "private-key-jwt")]
pub use self::private_key_jwt::{PrivateKeyJwt, SigningAlgorithm};
use crate::TokenSource;

/// The credentials of a client. `Debug` shows their kind, but no secret.
#[derive(Clone)]
pub struct Credentials(pub(crate) Kind);

#[derive(Clone)]
pub(crate) enum Kind {
    Bearer(SecretString),
    Client { id: String, proof: Proof },
    Source(Arc<dyn TokenSource>),
}

/// The proof of a client's identity.
#[derive(Clone)]
pub(crate) enum Proof {
    Secret(SecretString),
    #[cfg(feature = "private-key-jwt")]
    Key(Box<PrivateKeyJwt>),
}

impl Credentials {
    /// Uses one token, which is not renewed.
    pub fn bearer(token: impl Into<SecretString>) -> Self {
        Self(Kind::Bearer(token.into()))
    }

    /// Uses the id and the secret of a machine-to-machine application.
    pub fn client_secret(client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> Self {
        Self(Kind::Client { id: client_id.into(), proof: Proof::Secret(client_secret.into()) })
    }

    /// Uses the id of a machine-to-machine application, and a private key that signs a short-lived JWT instead of a secret.
    #[cfg(feature = "private-key-jwt")]
    pub fn private_key_jwt(client_id: impl Into<String>, key: PrivateKeyJwt) -> Self {
        Self(Kind::Client { id: client_id.into(), proof: Proof::Key(Box::new(key)) })
    }

    /// Uses tokens from a source.
    pub fn source(source: impl TokenSource + 'static) -> Self {
        Self(Kind::Source(Arc::new(source)))
    }

    pub(crate) fn are_empty(&self) -> bool {
        match &self.0 {
            Kind::Bearer(token) => token.expose_secret().is_empty(),
            Kind::Client { id, proof: Proof::Secret(secret) } => id.is_empty() || secret.expose_secret().is_empty(),
            #[cfg(feature = "private-key-jwt")]
            Kind::Client { id, proof: Proof::Key(_) } => id.is_empty(),
            Kind::Source(_) => false,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, client_id) = match &self.0 {
            Kind::Bearer(_) => ("bearer token", None),
            Kind::Client { id, proof: Proof::Secret(_) } => ("client secret", Some(id)),
            #[cfg(feature = "private-key-jwt")]
            Kind::Client { id, proof: Proof::Key(_) } => ("private key JWT", Some(id)),
            Kind::Source(_) => ("own source", None),
        };
        f.debug_struct("Credentials").field("kind", &kind).field("client_id", &client_id).finish_non_exhaustive()
    }
}
