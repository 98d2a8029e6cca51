//! Profiles: named settings of tenants, with their secrets kept apart.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use auth0_provisioning::{Client, ClientBuilder, Error, SecretString};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::{Keyring, secret_file};
use crate::{context::Context, exit_code::ExitCode, failure::Failure};

/// The profiles of a folder: `profiles.json` with all but the secrets, and `secrets/NAME.json` for those that are not in the
/// system's keyring.
pub(crate) struct Profiles {
    folder: PathBuf,
    keyring: Option<Arc<dyn Keyring>>,
}

/// All profiles, as they are stored.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Stored {
    /// The profile that is used where the environment has no credentials.
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

/// The file of a secret.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretFile {
    secret: String,
}

impl Settings {
    /// Returns a client's builder with these settings and a secret: a client secret where there is a client id, and else an
    /// access token.
    pub(crate) fn builder(&self, secret: SecretString) -> Result<ClientBuilder, Error> {
        let builder = Client::builder(&self.domain).map_err(Error::invalid_request)?;
        let set = |field: &Option<String>| field.clone().filter(|value| !value.is_empty());
        let builder = match set(&self.client_id) {
            Some(id) => builder.client_credentials(id, secret),
            None => builder.bearer_token(secret),
        };
        let builder = match set(&self.audience) {
            Some(audience) => builder.audience(audience),
            None => builder,
        };
        Ok(match set(&self.base_url) {
            Some(origin) => builder.base_url(origin),
            None => builder,
        })
    }
}

impl Profiles {
    pub(crate) fn of(context: &Context) -> Result<Self, Failure> {
        let folder = context.config_dir.clone();
        let folder = folder.ok_or_else(|| {
            Failure::new(ExitCode::NotAllowed, "there are no credentials, and this system has no place for profiles")
                .remedy("set AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET")
        })?;
        Ok(Self { folder, keyring: context.keyring.clone() })
    }

    fn file(&self) -> PathBuf {
        self.folder.join("profiles.json")
    }

    fn secret(&self, name: &str) -> PathBuf {
        self.folder.join("secrets").join(format!("{name}.json"))
    }

    /// The system's keyring, if the program knows it.
    pub(crate) fn keyring(&self) -> Result<&dyn Keyring, Failure> {
        self.keyring.as_deref().ok_or_else(|| {
            Failure::new(ExitCode::NotAllowed, "this program was built without the system's keyring")
                .remedy("build it with `--features keyring`, or run `a0p login` without `--keyring`")
        })
    }

    pub(crate) fn all(&self) -> Result<Stored, Failure> {
        let path = self.file();
        let wrong = |what: String| Failure::failed(format!("{}: {what}", path.display()));
        match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                wrong(error.to_string()).remedy("correct the file, or remove it and run `a0p login` again")
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Stored::default()),
            Err(error) => Err(wrong(error.to_string())),
        }
    }

    /// The name of the profile that is used unless another is asked for.
    pub(crate) fn chosen(&self) -> Result<Option<String>, Failure> {
        Ok(self.all()?.chosen)
    }

    /// A profile and its secret.
    pub(crate) fn read(&self, name: &str) -> Result<(Settings, SecretString), Failure> {
        let settings = self.find(name)?;
        let secret = if settings.keyring { self.read_keyring(name) } else { self.read_file(name) }?;
        Ok((settings, secret))
    }

    fn read_keyring(&self, name: &str) -> Result<SecretString, Failure> {
        let secret = self.keyring()?.read(name).map_err(|error| {
            Failure::new(ExitCode::NotAllowed, format!("the system's keyring: {error}"))
                .remedy("unlock the keyring, or run `a0p login` without `--keyring`")
        })?;
        secret.ok_or_else(|| {
            Failure::new(ExitCode::NotAllowed, format!("the system's keyring has no secret of the profile `{name}`"))
                .remedy(format!("run `a0p login {name}` to store the secret again"))
        })
    }

    fn read_file(&self, name: &str) -> Result<SecretString, Failure> {
        let path = self.secret(name);
        let text = secret_file::read(&path).map_err(|error| {
            Failure::new(ExitCode::NotAllowed, format!("{}: {error}", path.display()))
                .remedy(format!("run `a0p login {name}` to store the secret again"))
        })?;
        // The error of the parser could quote the secret.
        let file: SecretFile = serde_json::from_str(&text).map_err(|_| {
            Failure::new(ExitCode::NotAllowed, format!("{}: not a file of a secret", path.display()))
                .remedy(format!("run `a0p login {name}` to store the secret again"))
        })?;
        Ok(file.secret.into())
    }

    fn find(&self, name: &str) -> Result<Settings, Failure> {
        self.all()?.profiles.remove(name).ok_or_else(|| {
            Failure::new(ExitCode::NotFound, format!("there is no profile `{name}`"))
                .remedy(format!("see `a0p profiles`, or run `a0p login {name}`"))
        })
    }

    /// Stores a profile. The first one is chosen.
    pub(crate) fn store(&self, name: &str, settings: Settings, secret: &SecretString) -> Result<(), Failure> {
        check_name(name)?;
        let mut stored = self.all()?;
        if settings.keyring {
            self.keyring()?.write(name, secret).map_err(|error| {
                Failure::failed(format!("the system's keyring: {error}"))
                    .remedy("unlock the keyring, or run `a0p login` without `--keyring`")
            })?;
            self.remove_file(name)?;
        } else {
            let file = SecretFile { secret: secret.expose_secret().to_owned() };
            write_json(&self.secret(name), &file)?;
        }
        let in_keyring = settings.keyring;
        let before = stored.profiles.insert(name.to_owned(), settings);
        if !in_keyring && before.is_some_and(|before| before.keyring) {
            self.forget_in_keyring(name);
        }
        stored.chosen.get_or_insert_with(|| name.to_owned());
        write_json(&self.file(), &stored)
    }

    pub(crate) fn choose(&self, name: &str) -> Result<(), Failure> {
        self.find(name)?;
        let mut stored = self.all()?;
        stored.chosen = Some(name.to_owned());
        write_json(&self.file(), &stored)
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), Failure> {
        self.find(name)?;
        let mut stored = self.all()?;
        let settings = stored.profiles.remove(name);
        stored.chosen = stored.chosen.filter(|chosen| chosen != name);
        if settings.is_some_and(|settings| settings.keyring) {
            let removed = self.keyring()?.remove(name);
            removed.map_err(|error| Failure::failed(format!("the system's keyring: {error}")))?;
        }
        self.remove_file(name)?;
        write_json(&self.file(), &stored)
    }

    fn remove_file(&self, name: &str) -> Result<(), Failure> {
        let secret = self.secret(name);
        match std::fs::remove_file(&secret) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::of_file(&secret, &error)),
            _ => Ok(()),
        }
    }

    /// A secret that has moved into a file is of no use in the keyring; one that cannot be reached harms nobody there.
    fn forget_in_keyring(&self, name: &str) {
        if let Some(keyring) = &self.keyring {
            let _ = keyring.remove(name);
        }
    }
}

fn write_json(path: &Path, content: &impl Serialize) -> Result<(), Failure> {
    let written = serde_json::to_vec_pretty(content).map_err(io::Error::from);
    written.and_then(|bytes| secret_file::write(path, &bytes)).map_err(|error| Failure::of_file(path, &error))
}

/// The name becomes that of a file.
fn check_name(name: &str) -> Result<(), Failure> {
    let usable = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    if !name.is_empty() && name.len() <= 64 && name.chars().all(usable) {
        return Ok(());
    }
    Err(Failure::usage(format!("`{name}` cannot be the name of a profile"))
        .remedy("use up to 64 letters, digits, `-` and `_`"))
}
