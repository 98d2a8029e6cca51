//! Profiles: named settings of tenants, with separate secrets.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use auth0_provisioning::{Client, ClientBuilder, Error, ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::secret_file;
use crate::{
    environment::Environment,
    exit_code::ExitCode,
    failure::Failure,
    keyring::{Keyring, KeyringError},
};

/// The profiles of a folder: `profiles.json` without secrets, and `secrets/NAME.json` for each secret that is not in the
/// system's keyring.
pub(crate) struct Profiles {
    folder: PathBuf,
    keyring: Option<Arc<dyn Keyring>>,
}

/// The content of `profiles.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Stored {
    /// The profile to use if the environment has no credentials.
    pub(crate) chosen: Option<String>,
    pub(crate) profiles: BTreeMap<String, Settings>,
}

/// A profile without its secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) domain: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) audience: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base_url: Option<String>,
    /// Whether the secret is in the system's keyring.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) keyring: bool,
}

/// The content of `secrets/NAME.json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretFile {
    secret: String,
}

impl Settings {
    /// Returns a client builder with these settings and a secret: a client secret if there is a client id, otherwise an access
    /// token.
    pub(crate) fn client_builder(&self, secret: SecretString) -> Result<ClientBuilder, Error> {
        let set = |field: &Option<String>| field.clone().filter(|value| !value.is_empty());
        let mut builder = Client::builder(&self.domain).map_err(Error::invalid_request)?;
        builder = match set(&self.client_id) {
            Some(id) => builder.client_credentials(id, secret),
            None => builder.bearer_token(secret),
        };
        if let Some(audience) = set(&self.audience) {
            builder = builder.audience(audience);
        }
        if let Some(origin) = set(&self.base_url) {
            builder = builder.base_url(origin);
        }
        Ok(builder)
    }
}

impl Profiles {
    pub(crate) fn new(environment: &Environment) -> Result<Self, Failure> {
        let folder = environment.config_dir.clone().ok_or_else(|| {
            Failure::new(ExitCode::NotAllowed, "there are no credentials, and this system has no folder for profiles")
                .remedy("set AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET")
        })?;
        Ok(Self { folder, keyring: environment.keyring.clone() })
    }

    fn file(&self) -> PathBuf {
        self.folder.join("profiles.json")
    }

    fn secret_file(&self, name: &str) -> PathBuf {
        self.folder.join("secrets").join(format!("{name}.json"))
    }

    /// Returns the system's keyring, or fails if the program is built without it.
    pub(crate) fn keyring(&self) -> Result<&dyn Keyring, Failure> {
        self.keyring.as_deref().ok_or_else(|| {
            Failure::new(ExitCode::NotAllowed, "this program was built without the system's keyring")
                .remedy("build it with `--features keyring`, or run `a0p login` without `--keyring`")
        })
    }

    pub(crate) fn all(&self) -> Result<Stored, Failure> {
        let path = self.file();
        match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                Failure::failed(format!("{}: {error}", path.display()))
                    .remedy("correct the file, or remove it and run `a0p login` again")
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Stored::default()),
            Err(error) => Err(Failure { exit: ExitCode::Failed, ..Failure::of_file(&path, &error) }),
        }
    }

    /// Returns a profile and its secret.
    pub(crate) fn read(&self, name: &str) -> Result<(Settings, SecretString), Failure> {
        let (settings, _) = self.find(name)?;
        let no_secret = |reason: String| {
            Failure::new(ExitCode::NotAllowed, reason)
                .remedy(format!("run `a0p login {name}` to store the secret again"))
        };
        if settings.keyring {
            let secret = self.keyring()?.read(name);
            let secret = secret.map_err(|error| locked_keyring(ExitCode::NotAllowed, &error))?;
            let secret = secret
                .ok_or_else(|| no_secret(format!("the system's keyring has no secret of the profile `{name}`")))?;
            return Ok((settings, secret));
        }
        let path = self.secret_file(name);
        let text = secret_file::read(&path).map_err(|error| no_secret(format!("{}: {error}", path.display())))?;
        // The error of the parser could quote the secret.
        let file: SecretFile = serde_json::from_str(&text)
            .map_err(|_| no_secret(format!("{}: it is not a file with a secret", path.display())))?;
        Ok((settings, file.secret.into()))
    }

    /// Returns the settings of a profile, and all profiles with it.
    fn find(&self, name: &str) -> Result<(Settings, Stored), Failure> {
        let stored = self.all()?;
        let settings = stored.profiles.get(name).cloned().ok_or_else(|| {
            Failure::new(ExitCode::NotFound, format!("there is no profile `{name}`"))
                .remedy(format!("list the profiles with `a0p profiles`, or run `a0p login {name}`"))
        })?;
        Ok((settings, stored))
    }

    /// Stores a profile. The first one is chosen.
    pub(crate) fn store(&self, name: &str, settings: Settings, secret: &SecretString) -> Result<(), Failure> {
        check_name(name)?;
        let mut stored = self.all()?;
        if settings.keyring {
            let written = self.keyring()?.write(name, secret);
            written.map_err(|error| locked_keyring(ExitCode::Failed, &error))?;
            self.remove_secret_file(name)?;
        } else {
            let file = SecretFile { secret: secret.expose_secret().to_owned() };
            write_json(&self.secret_file(name), &file)?;
            let was_in_keyring = stored.profiles.get(name).is_some_and(|before| before.keyring);
            if let Some(keyring) = self.keyring.as_ref().filter(|_| was_in_keyring) {
                // The old secret is not used again, even if a locked keyring keeps it.
                let _ = keyring.remove(name);
            }
        }
        stored.profiles.insert(name.to_owned(), settings);
        stored.chosen.get_or_insert_with(|| name.to_owned());
        write_json(&self.file(), &stored)
    }

    pub(crate) fn choose(&self, name: &str) -> Result<(), Failure> {
        let (_, mut stored) = self.find(name)?;
        stored.chosen = Some(name.to_owned());
        write_json(&self.file(), &stored)
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), Failure> {
        let (settings, mut stored) = self.find(name)?;
        stored.profiles.remove(name);
        stored.chosen = stored.chosen.filter(|chosen| chosen != name);
        if settings.keyring {
            let removed = self.keyring()?.remove(name);
            removed.map_err(|error| locked_keyring(ExitCode::Failed, &error))?;
        }
        self.remove_secret_file(name)?;
        write_json(&self.file(), &stored)
    }

    fn remove_secret_file(&self, name: &str) -> Result<(), Failure> {
        let path = self.secret_file(name);
        secret_file::remove(&path).map_err(|error| Failure::of_file(&path, &error))
    }
}

fn locked_keyring(exit: ExitCode, error: &KeyringError) -> Failure {
    Failure::new(exit, format!("the system's keyring: {error}"))
        .remedy("unlock the keyring, or run `a0p login` without `--keyring`")
}

fn write_json(path: &Path, content: &impl Serialize) -> Result<(), Failure> {
    let written = serde_json::to_vec_pretty(content).map_err(io::Error::from);
    written.and_then(|bytes| secret_file::write(path, &bytes)).map_err(|error| Failure::of_file(path, &error))
}

/// Fails if a name cannot be the name of a file.
fn check_name(name: &str) -> Result<(), Failure> {
    let is_usable = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    if !name.is_empty() && name.len() <= 64 && name.chars().all(is_usable) {
        return Ok(());
    }
    Err(Failure::usage(format!("`{name}` cannot be the name of a profile"))
        .remedy("use up to 64 letters, digits, `-` and `_`"))
}
