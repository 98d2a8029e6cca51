//! A private key instead of a client secret.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::SecretString;
use serde::Serialize;

use crate::{Error, ErrorKind};

/// The lifetime of an assertion in seconds.
const LIFETIME: u64 = 120;
/// How long it may be retried. The rest of the lifetime is for slow requests and clocks that differ.
pub(super) const USABLE: Duration = Duration::from_secs(LIFETIME - 20);

/// The algorithm that an assertion is signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// RSA PKCS #1 v1.5 with SHA-256.
    #[default]
    Rs256,
    /// RSA PKCS #1 v1.5 with SHA-384.
    Rs384,
    /// RSA PKCS #1 v1.5 with SHA-512.
    Rs512,
    /// RSA PSS with SHA-256.
    Ps256,
    /// RSA PSS with SHA-384.
    Ps384,
    /// RSA PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
}

impl SigningAlgorithm {
    const ALL: [(&'static str, Self, Algorithm); 8] = [
        ("RS256", Self::Rs256, Algorithm::RS256),
        ("RS384", Self::Rs384, Algorithm::RS384),
        ("RS512", Self::Rs512, Algorithm::RS512),
        ("PS256", Self::Ps256, Algorithm::PS256),
        ("PS384", Self::Ps384, Algorithm::PS384),
        ("PS512", Self::Ps512, Algorithm::PS512),
        ("ES256", Self::Es256, Algorithm::ES256),
        ("ES384", Self::Es384, Algorithm::ES384),
    ];
}

impl FromStr for SigningAlgorithm {
    type Err = Error;

    /// Parses the name in JWTs, such as `RS256`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|(known, ..)| *known == name);
        known.map(|(_, algorithm, _)| algorithm).ok_or_else(|| {
            let names = Self::ALL.map(|(known, ..)| known).join(", ");
            Error::invalid_configuration(format!("{name:?} is not a signing algorithm (expected one of {names})"))
        })
    }
}

/// A private key that signs assertions. `Debug` does not show it.
#[derive(Clone)]
#[must_use]
pub struct PrivateKeyJwt {
    key: EncodingKey,
    header: Header,
}

impl PrivateKeyJwt {
    /// Reads a key in PEM form: RSA as PKCS #1 or PKCS #8, EC as PKCS #8.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidConfiguration`] for another key, or one that cannot sign with the algorithm.
    pub fn from_pem(pem: impl AsRef<[u8]>, algorithm: SigningAlgorithm) -> Result<Self, Error> {
        let pem = pem.as_ref();
        let key = match algorithm {
            SigningAlgorithm::Es256 | SigningAlgorithm::Es384 => EncodingKey::from_ec_pem(pem),
            _ => EncodingKey::from_rsa_pem(pem),
        };
        let key = key
            .map_err(|_| Error::invalid_configuration(format!("the private key is not a PEM key for {algorithm:?}")))?;
        let this = Self { key, header: Header::new(SigningAlgorithm::ALL[algorithm as usize].2) };
        // Only signing shows a key of the wrong kind or curve.
        this.assertion("", "")
            .map_err(|_| Error::invalid_configuration(format!("the private key cannot sign with {algorithm:?}")))?;
        Ok(this)
    }

    /// Sets the id of the key, if the application has several keys.
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.header.kid = Some(key_id.into());
        self
    }

    pub(crate) fn assertion(&self, client_id: &str, audience: &str) -> Result<SecretString, Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let claims = Claims {
            iss: client_id,
            sub: client_id,
            aud: audience,
            jti: format!("{:032x}", fastrand::u128(..)),
            iat: now,
            exp: now + LIFETIME,
        };
        let signed = jsonwebtoken::encode(&self.header, &claims, &self.key);
        signed
            .map(SecretString::from)
            .map_err(|error| Error::new(ErrorKind::Credentials).detail("cannot sign the assertion").caused_by(error))
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: u64,
    exp: u64,
}

impl fmt::Debug for PrivateKeyJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKeyJwt")
            .field("algorithm", &self.header.alg)
            .field("key_id", &self.header.kid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        encoding::{AsDer, PublicKeyX509Der},
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
    };
    use base64::{Engine, engine::general_purpose::STANDARD};
    use jsonwebtoken::{DecodingKey, Validation};
    use secrecy::ExposeSecret;

    use super::*;

    fn pem(label: &str, der: &[u8]) -> String {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
    }

    fn key_pair() -> (String, String) {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        (pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref()), pem("PUBLIC KEY", public.as_ref()))
    }

    #[test]
    fn assertion_has_issuer_audience_and_lifetime() {
        let (private, public) = key_pair();
        let key = PrivateKeyJwt::from_pem(private, SigningAlgorithm::Es256).unwrap().key_id("k1");
        let assertion = key.assertion("client-1", "https://acme.eu.auth0.com/").unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&["https://acme.eu.auth0.com/"]);
        let public = DecodingKey::from_ec_pem(public.as_bytes()).unwrap();
        let read = jsonwebtoken::decode::<serde_json::Value>(assertion.expose_secret(), &public, &validation).unwrap();
        let claims = read.claims;
        assert_eq!((&claims["iss"], &claims["sub"]), (&"client-1".into(), &"client-1".into()));
        assert_eq!(claims["aud"], "https://acme.eu.auth0.com/", "a string, not a list");
        assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 120);
        assert_eq!(claims["jti"].as_str().unwrap().len(), 32);
        assert_eq!(read.header.kid.as_deref(), Some("k1"));
        let next = key.assertion("client-1", "https://acme.eu.auth0.com/").unwrap();
        assert_ne!(assertion.expose_secret(), next.expose_secret(), "each assertion has its own id");
    }

    #[test]
    fn unsuitable_key_is_an_error_without_the_key() {
        let (private, public) = key_pair();
        for (key, algorithm) in [
            (private.as_str(), SigningAlgorithm::Rs256),
            (private.as_str(), SigningAlgorithm::Es384),
            (public.as_str(), SigningAlgorithm::Es256),
            ("", SigningAlgorithm::Es256),
        ] {
            let error = PrivateKeyJwt::from_pem(key, algorithm).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidConfiguration);
        }
        let shown = format!("{:?}", PrivateKeyJwt::from_pem(&private, SigningAlgorithm::Es256).unwrap());
        assert!(!shown.contains(&private[40..60]), "{shown}");
    }

    #[test]
    fn parses_jwt_names_of_algorithms() {
        for (at, (name, algorithm, _)) in SigningAlgorithm::ALL.into_iter().enumerate() {
            assert_eq!(name.parse::<SigningAlgorithm>().unwrap(), algorithm);
            assert_eq!(algorithm as usize, at, "the table has the order of the variants");
        }
        let message = "HS256".parse::<SigningAlgorithm>().unwrap_err().to_string();
        assert!(message.contains("RS256"), "{message}");
    }
}
