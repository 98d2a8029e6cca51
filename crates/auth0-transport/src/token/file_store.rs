//! Tokens shared between processes.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use super::{Lease, StoreFuture, StoredToken, TokenStore};
use crate::concurrency::run_blocking;

/// Bytes of a file that are read: no token is longer.
const LONGEST_FILE: u64 = 1 << 20;
/// A file that was not moved to its place within this time belongs to a process that has ended.
const LONGEST_WRITE: Duration = Duration::from_secs(60);

/// Keeps tokens in files below a directory, one for each tenant, client and audience, readable by their owner alone.
///
/// Files are written beside their place and then moved there, so that other processes see the old token or the new one,
/// never half of one. A file that others than its owner can read is refused, on systems that know such permissions.
#[derive(Debug, Clone)]
pub struct FileTokenStore {
    directory: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Content {
    /// What the token is for: file names are not long enough to say it.
    key: String,
    access_token: String,
    /// UNIX time in seconds.
    expires_at: u64,
    lifetime: u64,
    #[serde(default)]
    scopes: Option<String>,
}

impl FileTokenStore {
    /// Keeps tokens below `directory`, which is made when the first token is saved.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The file of a key, named by its hash: short, and the same for every process and version.
    fn path(&self, key: &str) -> PathBuf {
        self.directory.join(format!("{:032x}.json", fnv1a(key.as_bytes())))
    }

    fn read(&self, key: &str) -> io::Result<Option<StoredToken>> {
        let path = self.path(key);
        let file = match fs::File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        // Asked of the open file, not of the path, which may be another file by then.
        refuse_if_shared(&file.metadata()?, &path)?;
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(file, LONGEST_FILE), &mut bytes)?;
        // What cannot be read as a token is as good as none: the next one takes its place.
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
            // The first error is reported; a file that was never made cannot be removed either.
            let _ = fs::remove_file(&beside);
        }
        self.remove_left_over(&path);
        written
    }

    /// Removes files that processes left beside a token: those that were killed while they wrote it.
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
    /// A lock of the operating system, which ends with the process that holds it however that ends.
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

    /// The lease has no need of a time limit: it ends with the process that holds it.
    fn lease<'a>(&'a self, key: &'a str, _: Duration) -> StoreFuture<'a, Option<Lease>> {
        self.run(key, Self::lock)
    }
}

/// The 128-bit FNV-1a hash. It need not be more: files say themselves which key they belong to.
fn fnv1a(bytes: &[u8]) -> u128 {
    const OFFSET_BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET_BASIS, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(unix)]
fn refuse_if_shared(metadata: &fs::Metadata, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let others = metadata.permissions().mode() & 0o077;
    if others == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("{path} can be read or written by others than its owner; remove it, or run `chmod 600` on it"),
    ))
}

#[cfg(not(unix))]
fn refuse_if_shared(_: &fs::Metadata, _: &Path) -> io::Result<()> {
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
    async fn keys_may_be_long_and_hold_anything() {
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
    async fn a_file_of_another_key_holds_no_token_for_this_one() {
        let directory = tempfile::tempdir().unwrap();
        let store = FileTokenStore::new(directory.path());
        store.save("one", &token("of one")).await.unwrap();
        fs::rename(store.path("one"), store.path("other")).unwrap();
        assert!(store.load("other").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_a_killed_process_left_is_removed() {
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
    fn names_stay_what_they_are() {
        assert_eq!(FileTokenStore::new("").path("a"), Path::new("d228cb696f1a8caf78912b704e4a8964.json"));
    }
}
