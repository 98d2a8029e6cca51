//! Access tokens that are stored between calls of the program.

use std::{
    ffi::OsStr,
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use auth0_provisioning::{
    ExposeSecret as _, SecretString,
    transport::{FileTokenStore, Lease, StoreFuture, StoredToken, TokenStore},
};

use super::secret_file;
use crate::output::Messages;

/// Stores tokens in files, in a folder for each secret: a token does not show whether another secret is right. If that
/// fails, it warns once.
pub(super) struct StoredTokens {
    files: FileTokenStore,
    folder: PathBuf,
    messages: Messages,
    has_warned: AtomicBool,
}

impl StoredTokens {
    pub(super) fn new(folder: &Path, secret: &SecretString, messages: Messages) -> Self {
        let mut hasher = DefaultHasher::new();
        secret.expose_secret().hash(&mut hasher);
        // 24 bits distinguish the secrets of a user, and do not reveal one.
        let folder = folder.join(format!("{:06x}", hasher.finish() & 0xff_ffff));
        Self { files: FileTokenStore::new(&folder), folder, messages, has_warned: AtomicBool::new(false) }
    }

    async fn or_warn<T>(&self, access: StoreFuture<'_, T>) -> Result<T, Box<dyn std::error::Error + Send + Sync>> {
        let result = access.await;
        if let Err(error) = &result
            && !self.has_warned.swap(true, Ordering::Relaxed)
        {
            let folder = self.folder.display();
            self.messages.warning(format!("cannot store the token for the next call: {folder}: {error}"));
        }
        result
    }
}

impl TokenStore for StoredTokens {
    fn load<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<StoredToken>> {
        Box::pin(self.or_warn(self.files.load(key)))
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        Box::pin(self.or_warn(self.files.save(key, token)))
    }

    fn lease<'a>(&'a self, key: &'a str, time: Duration) -> StoreFuture<'a, Option<Lease>> {
        Box::pin(self.or_warn(self.files.lease(key, time)))
    }
}

/// Removes the tokens in a folder. The locks stay, because another process can hold one.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            remove(&path)?;
        } else if path.extension() != Some(OsStr::new("lock")) {
            secret_file::remove(&path)?;
        }
    }
    Ok(())
}
