//! Tokens that several processes share through files.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::{Lease, StoreFuture, StoredToken, TokenStore};
use crate::concurrency::run_blocking;

/// The number of bytes that are read of a file. No token is longer.
const LONGEST_FILE: u64 = 1 << 20;
/// A temporary file that is older belongs to a process that has ended.
const LONGEST_WRITE: Duration = Duration::from_secs(60);

/// Stores tokens in files of one directory, one file for each tenant, client and audience. Only the owner can read them.
///
/// A temporary file replaces the old file in one step, so that other processes read the old token or the new one. On Unix, a
/// file that other users can read is an error.
#[derive(Debug, Clone)]
pub struct FileTokenStore {
    directory: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Content {
    /// The key of the token, which can be too long for a file name.
    key: String,
    access_token: String,
    /// The UNIX time in seconds.
    expires_at: u64,
    lifetime: u64,
    #[serde(default)]
    scopes: Option<String>,
}

impl FileTokenStore {
    /// Stores tokens in `directory`, which is created when the first token is saved.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// Returns the file of a key. Its name is a hash, which is short and the same in every process and version.
    fn path(&self, key: &str) -> PathBuf {
        self.directory.join(format!("{:032x}.json", fnv1a(key.as_bytes())))
    }

    fn read(&self, key: &str) -> io::Result<Option<StoredToken>> {
        let path = self.path(key);
        let file = match fs::File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        // Another file may have replaced the path, so the open file is checked.
        check_permissions(&file.metadata()?, &path)?;
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(file, LONGEST_FILE), &mut bytes)?;
        // A file that contains no token counts as absent, and the next token replaces it.
        let Ok(content) = serde_json::from_slice::<Content>(&bytes) else { return Ok(None) };
        if content.key != key {
            return Ok(None);
        }
        let expires_at = UNIX_EPOCH.checked_add(Duration::from_secs(content.expires_at));
        Ok(expires_at.map(|expires_at| StoredToken {
            scopes: content.scopes,
            ..StoredToken::expiring_at(content.access_token, expires_at, Duration::from_secs(content.lifetime))
        }))
    }

    fn write(&self, key: &str, token: &StoredToken) -> io::Result<()> {
        let content = Content {
            key: key.to_owned(),
            access_token: token.secret.expose_secret().to_owned(),
            expires_at: token.expires_at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            lifetime: token.lifetime.as_secs(),
            scopes: token.scopes.clone(),
        };
        fs::create_dir_all(&self.directory)?;
        let path = self.path(key);
        let beside = path.with_extension(format!("{}-{:016x}", std::process::id(), fastrand::u64(..)));
        let written = create_private(&beside)
            .and_then(|mut file| {
                io::Write::write_all(&mut file, serde_json::to_string(&content)?.as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            // The first error is reported. The file may not exist.
            let _ = fs::remove_file(&beside);
        }
        self.remove_left_over(&path);
        written
    }

    /// Removes temporary files of processes that ended while they wrote a token.
    fn remove_left_over(&self, path: &Path) {
        let Ok(entries) = fs::read_dir(&self.directory) else { return };
        for beside in entries.flatten().map(|entry| entry.path()) {
            let is_of_it = beside.file_stem() == path.file_stem();
            let is_temporary = beside.extension().is_some_and(|it| it.to_string_lossy().contains('-'));
            let written = fs::metadata(&beside).and_then(|metadata| metadata.modified());
            let is_old = written.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LONGEST_WRITE));
            if is_of_it && is_temporary && is_old {
                // Another process may have removed it.
                let _ = fs::remove_file(&beside);
            }
        }
    }
}

impl FileTokenStore {
    /// Takes a lock of the operating system, which ends with the process.
    fn lock(&self, key: &str) -> io::Result<Option<Lease>> {
        fs::create_dir_all(&self.directory)?;
        let path = self.path(key).with_extension("lock");
        let file = match create_private(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                fs::File::options().write(true).open(&path)?
            }
            file => file?,
        };
        match file.try_lock() {
            Ok(()) => Ok(Some(Lease::new(move || drop(file)))),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Runs an access on a thread that may block.
    fn run<T: Send + 'static>(
        &self,
        key: &str,
        access: impl FnOnce(&Self, &str) -> io::Result<T> + Send + 'static,
    ) -> StoreFuture<'static, T> {
        let (store, key) = (self.clone(), key.to_owned());
        Box::pin(async move { Ok(run_blocking(move || access(&store, &key)).await??) })
    }
}

impl TokenStore for FileTokenStore {
    fn load<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<StoredToken>> {
        self.run(key, Self::read)
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        let token = token.clone();
        self.run(key, move |store, key| store.write(key, &token))
    }

    /// The lease has no time limit, because it ends with the process.
    fn lease<'a>(&'a self, key: &'a str, _: Duration) -> StoreFuture<'a, Option<Lease>> {
        self.run(key, Self::lock)
    }
}

/// Returns the 128-bit FNV-1a hash. A collision is harmless, because each file contains its key.
fn fnv1a(bytes: &[u8]) -> u128 {
    const OFFSET_BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET_BASIS, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(unix)]
fn check_permissions(metadata: &fs::Metadata, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let others = metadata.permissions().mode() & 0o077;
    if others == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("other users can read or write {path}; remove it, or run `chmod 600` on it"),
    ))
}

#[cfg(not(unix))]
fn check_permissions(_: &fs::Metadata, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(secret: &str) -> StoredToken {
        StoredToken::new(secret, Duration::from_secs(60))
    }

    #[tokio::test]
    async fn stores_tokens_of_any_keys() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileTokenStore::new(directory.path());
        let keys = ["/".repeat(2000), format!("{}x", "/".repeat(1999)), "../k".to_owned(), String::new()];
        for key in &keys {
            store.save(key, &token(key)).await.unwrap();
        }
        for key in &keys {
            assert_eq!(store.load(key).await.unwrap().unwrap().secret.expose_secret(), key);
        }
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), keys.len());
    }

    #[tokio::test]
    async fn file_of_another_key_counts_as_absent() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileTokenStore::new(directory.path());
        store.save("one", &token("secret")).await.unwrap();
        fs::rename(store.path("one"), store.path("other")).unwrap();
        assert!(store.load("other").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn old_temporary_files_are_removed() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileTokenStore::new(directory.path());
        let [old, young, other] = ["1-00", "2-00", "lock"].map(|extension| store.path("key").with_extension(extension));
        for path in [&old, &young, &other] {
            fs::write(path, "half a token").unwrap();
        }
        let long_ago = std::time::SystemTime::now() - 2 * LONGEST_WRITE;
        for path in [&old, &other] {
            fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
        store.save("key", &token("new")).await.unwrap();
        assert_eq!([old, young, other].map(|path| path.exists()), [false, true, true]);
    }

    #[test]
    fn file_names_are_stable() {
        assert_eq!(FileTokenStore::new("").path("a"), Path::new("d228cb696f1a8caf78912b704e4a8964.json"));
    }
}
