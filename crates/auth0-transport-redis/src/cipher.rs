//! Encrypts tokens, so that a dump of Redis contains none.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Generate, Payload},
};
use secrecy::{ExposeSecret, SecretBox};

const NONCE: usize = 24;

/// The key that tokens are encrypted with: 32 random bytes, the same on all machines.
///
/// The cipher is XChaCha20-Poly1305. A ciphertext is bound to its key in Redis. `openssl rand -base64 32` prints a new key.
///
/// ```
/// use auth0_transport_redis::EncryptionKey;
///
/// assert!(EncryptionKey::from_base64("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=").is_ok());
/// assert!(EncryptionKey::from_base64("dG9vIHNob3J0").is_err());
/// ```
pub struct EncryptionKey(SecretBox<[u8; 32]>);

/// The error for a string that is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidKey;

impl EncryptionKey {
    /// Creates a key from its bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// Parses a key in Base64.
    ///
    /// # Errors
    ///
    /// Fails if the string does not contain 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, InvalidKey> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| InvalidKey)?;
        bytes.try_into().map(Self::new).map_err(|_| InvalidKey)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.0.expose_secret().into())
    }

    /// Encrypts a token. Returns `None` if the system has no source of randomness.
    pub(crate) fn encrypt(&self, place: &str, text: &[u8]) -> Option<Vec<u8>> {
        let nonce = XNonce::try_generate().ok()?;
        let sealed = self.cipher().encrypt(&nonce, Payload { msg: text, aad: place.as_bytes() }).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts a token. Returns `None` for another key or another place.
    pub(crate) fn decrypt(&self, place: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce = XNonce::try_from(nonce).ok()?;
        self.cipher().decrypt(&nonce, Payload { msg: sealed, aad: place.as_bytes() }).ok()
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey(…)")
    }
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a key: expected 32 bytes in Base64, such as `openssl rand -base64 32` prints")
    }
}

impl std::error::Error for InvalidKey {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decrypts_only_with_same_key_and_place() {
        let (key, other) = (EncryptionKey::new([1; 32]), EncryptionKey::new([2; 32]));
        let sealed = key.encrypt("a", b"token").unwrap();
        assert_eq!(key.decrypt("a", &sealed).unwrap(), b"token");
        assert!(!sealed.windows(5).any(|window| window == b"token"));
        assert_ne!(sealed, key.encrypt("a", b"token").unwrap());
        let mut damaged = sealed.clone();
        damaged[NONCE] ^= 1;
        for (key, place, bytes) in
            [(&other, "a", &sealed[..]), (&key, "b", &sealed), (&key, "a", &damaged), (&key, "a", b"")]
        {
            assert!(key.decrypt(place, bytes).is_none());
        }
    }

    #[test]
    fn debug_does_not_print_the_key() {
        assert_eq!(format!("{:?}", EncryptionKey::new([7; 32])), "EncryptionKey(…)");
    }
}
