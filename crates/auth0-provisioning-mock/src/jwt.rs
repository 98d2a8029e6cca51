//! The tenant's JSON Web Tokens, signed with HMAC and SHA-256 (`HS256`).
//!
//! A library for JWTs contains the cryptography of all algorithms, which takes long to build. Only the feature
//! `private-key-jwt` needs it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;

use crate::cause::Cause;

/// A key that signs and verifies.
pub(crate) struct Key(Hmac<Sha256>);

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
}

impl Key {
    pub(crate) fn new(key: &[u8]) -> Self {
        // HMAC accepts keys of any length.
        #[allow(clippy::expect_used)]
        Self(Hmac::new_from_slice(key).expect("HMAC accepts keys of any length"))
    }

    pub(crate) fn sign(&self, claims: &impl Serialize) -> String {
        let header = Header { alg: "HS256".to_owned(), typ: "JWT".to_owned() };
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.0.clone().chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Returns the claims of a token that this key signed.
    pub(crate) fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<T, Cause> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Cause::InvalidToken)?;
        let (header, claims) = signed.split_once('.').ok_or(Cause::InvalidToken)?;
        let header: Header = decode(header)?;
        if header.alg != "HS256" {
            return Err(Cause::InvalidToken);
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Cause::InvalidToken)?;
        let verified = self.0.clone().chain_update(signed).verify_slice(&signature);
        verified.map_err(|_| Cause::InvalidSignature)?;
        decode(claims)
    }
}

fn encode(part: &impl Serialize) -> String {
    // Strings and numbers can always be written as JSON.
    #[allow(clippy::expect_used)]
    let json = serde_json::to_vec(part).expect("strings and numbers are JSON");
    URL_SAFE_NO_PAD.encode(json)
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, Cause> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| Cause::InvalidToken)?;
    serde_json::from_slice(&json).map_err(|_| Cause::InvalidToken)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn token_follows_rfc_7515() {
        // The key and the claims of the RFC's example, in a header of our own.
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let key = Key::new(&URL_SAFE_NO_PAD.decode(key).unwrap());
        let claims = json!({ "iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true });
        let token = key.sign(&claims);
        assert_eq!(key.verify::<Value>(&token).unwrap(), claims);
        assert!(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."), "{token}");
    }

    #[test]
    fn changed_and_foreign_tokens_are_rejected() {
        let (ours, theirs) = (Key::new(b"ours"), Key::new(b"theirs"));
        let token = theirs.sign(&json!({}));
        assert!(matches!(ours.verify::<Value>(&token), Err(Cause::InvalidSignature)));
        let (_, signature) = token.rsplit_once('.').unwrap();
        let unsigned =
            format!("{}.{}.{signature}", encode(&json!({ "alg": "none", "typ": "JWT" })), encode(&json!({})));
        for nonsense in ["", ".", "..", "a.b.c", "e30.e30.", &unsigned] {
            assert!(matches!(theirs.verify::<Value>(nonsense), Err(Cause::InvalidToken)), "{nonsense}");
        }
    }
}
