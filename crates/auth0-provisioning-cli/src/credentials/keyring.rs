//! The system's keyring, as a place of secrets.

use auth0_provisioning::SecretString;

/// What went wrong with a keyring.
pub type KeyringError = Box<dyn std::error::Error + Send + Sync>;

/// Keeps the secrets of profiles, by their names.
pub trait Keyring: Send + Sync {
    /// The secret of a profile; `None` where there is none.
    ///
    /// # Errors
    ///
    /// The keyring cannot be reached, or is locked.
    fn read(&self, profile: &str) -> Result<Option<SecretString>, KeyringError>;

    /// Stores the secret of a profile.
    ///
    /// # Errors
    ///
    /// As for reading.
    fn write(&self, profile: &str, secret: &SecretString) -> Result<(), KeyringError>;

    /// Removes the secret of a profile, if there is one.
    ///
    /// # Errors
    ///
    /// As for reading.
    fn remove(&self, profile: &str) -> Result<(), KeyringError>;
}

/// That of the system: Keychain, Windows Credential Manager, or the Secret Service.
#[cfg(feature = "keyring")]
#[derive(Debug)]
pub(crate) struct SystemKeyring;

#[cfg(feature = "keyring")]
impl Keyring for SystemKeyring {
    fn read(&self, profile: &str) -> Result<Option<SecretString>, KeyringError> {
        match entry(profile)?.get_password() {
            Ok(secret) => Ok(Some(secret.into())),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn write(&self, profile: &str, secret: &SecretString) -> Result<(), KeyringError> {
        use secrecy::ExposeSecret as _;

        Ok(entry(profile)?.set_password(secret.expose_secret())?)
    }

    fn remove(&self, profile: &str) -> Result<(), KeyringError> {
        match entry(profile)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// What others of the keyring's programs show it as.
#[cfg(feature = "keyring")]
const SERVICE: &str = "a0p";

#[cfg(feature = "keyring")]
fn entry(profile: &str) -> Result<keyring::Entry, KeyringError> {
    // The error of an entry does not say why there is no keyring.
    if let Err(error) = keyring::Entry::store_status() {
        return Err(error.to_string().into());
    }
    Ok(keyring::Entry::new(SERVICE, profile)?)
}
