//! The operating system's keyring as a store of secrets.

use auth0_provisioning::SecretString;

/// Why a keyring cannot be used.
pub type KeyringError = Box<dyn std::error::Error + Send + Sync>;

/// A store of the secrets of profiles, by the names of the profiles.
pub trait Keyring: Send + Sync {
    /// Returns the secret of a profile, or `None` if the keyring has none.
    ///
    /// # Errors
    ///
    /// The keyring cannot be reached, or is locked.
    fn read(&self, profile: &str) -> Result<Option<SecretString>, KeyringError>;

    /// Stores the secret of a profile.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    fn write(&self, profile: &str, secret: &SecretString) -> Result<(), KeyringError>;

    /// Removes the secret of a profile, if there is one.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    fn remove(&self, profile: &str) -> Result<(), KeyringError>;
}

/// Keychain, Windows Credential Manager, or the Secret Service.
#[cfg(feature = "keyring")]
#[derive(Debug)]
pub(crate) struct SystemKeyring;

#[cfg(feature = "keyring")]
impl SystemKeyring {
    fn entry(profile: &str) -> Result<keyring::Entry, KeyringError> {
        // The error of `Entry::new` does not give the reason.
        if let Err(error) = keyring::Entry::store_status() {
            return Err(error.to_string().into());
        }
        Ok(keyring::Entry::new("a0p", profile)?)
    }
}

#[cfg(feature = "keyring")]
impl Keyring for SystemKeyring {
    fn read(&self, profile: &str) -> Result<Option<SecretString>, KeyringError> {
        match Self::entry(profile)?.get_password() {
            Ok(secret) => Ok(Some(secret.into())),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn write(&self, profile: &str, secret: &SecretString) -> Result<(), KeyringError> {
        use auth0_provisioning::ExposeSecret as _;

        Ok(Self::entry(profile)?.set_password(secret.expose_secret())?)
    }

    fn remove(&self, profile: &str) -> Result<(), KeyringError> {
        match Self::entry(profile)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
