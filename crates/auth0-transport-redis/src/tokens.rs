//! One token for all machines.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use auth0_transport::{ExposeSecret, Lease, StoreFuture, StoredToken, TokenStore};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use redis::Script;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{EncryptionKey, Redis, connection::Link};

/// Takes the lease. The fence is the server's time, so that it grows even if Redis has lost its data.
const TAKE: &str = r"
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
    return false
end
local time = redis.call('TIME')
local fence = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
fence = math.max(fence, tonumber(redis.call('HGET', KEYS[2], 'fence') or 0) + 1)
return fence
";
/// Gives the lease back, unless another owner holds it by now.
const GIVE_BACK: &str = r"
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0
";
/// Stores a token, unless an owner of a later lease has stored one.
const KEEP: &str = r"
if tonumber(ARGV[3]) < tonumber(redis.call('HGET', KEYS[1], 'fence') or 0) then
    return 0
end
redis.call('HSET', KEYS[1], 'fence', ARGV[3], 'token', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
";

/// Stores encrypted tokens in Redis. All machines send one token request for each tenant, identity of the credentials and
/// audience.
///
/// One machine at a time holds the lease to request a token. A machine whose lease has ended does not overwrite the token of
/// the next one. Redis deletes a token when it expires.
pub struct SharedTokens {
    inner: Arc<Inner>,
}

struct Inner {
    link: Link,
    key: EncryptionKey,
    /// The fence of the latest lease, by the key of the token.
    fences: Mutex<HashMap<String, u64>>,
}

#[derive(Serialize, Deserialize)]
struct Content {
    access_token: String,
    expires_at: u64,
    lifetime: u64,
    scopes: Option<String>,
}

/// The keys in Redis of one token.
struct Keys {
    token: String,
    lease: String,
}

impl SharedTokens {
    /// Stores tokens in this Redis, encrypted with this key.
    #[must_use]
    pub fn new(redis: &Redis, key: EncryptionKey) -> Self {
        Self { inner: Arc::new(Inner { link: Link::new(redis.clone()), key, fences: Mutex::default() }) }
    }
}

impl Inner {
    fn keys(&self, key: &str) -> Keys {
        // The key names a tenant and an application, so it is hashed.
        let tag = URL_SAFE_NO_PAD.encode(&Sha256::digest(key)[..18]);
        let place = |name: &str| self.link.redis.key(&tag, name);
        Keys { token: place("token"), lease: place("token-lease") }
    }

    fn fence(&self, key: &str) -> u64 {
        self.fences.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied().unwrap_or_default()
    }

    fn read(&self, place: &str, sealed: &[u8]) -> Option<StoredToken> {
        // A token that cannot be read counts as absent, and the next one replaces it.
        let content: Content = serde_json::from_slice(&self.key.decrypt(place, sealed)?).ok()?;
        let expires_at = UNIX_EPOCH.checked_add(Duration::from_secs(content.expires_at))?;
        let lifetime = Duration::from_secs(content.lifetime);
        let mut token = StoredToken::expiring_at(content.access_token, expires_at, lifetime);
        token.scopes = content.scopes;
        Some(token)
    }
}

impl TokenStore for SharedTokens {
    fn load<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<StoredToken>> {
        Box::pin(async move {
            let keys = self.inner.keys(key);
            let command = redis::cmd("HGET").arg(&keys.token).arg("token").clone();
            let sealed: Option<Vec<u8>> = self.inner.link.command(&command).await?;
            Ok(sealed.and_then(|sealed| self.inner.read(&keys.token, &sealed)))
        })
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let keys = self.inner.keys(key);
            let left = token.expires_at.duration_since(SystemTime::now()).unwrap_or_default();
            let content = Content {
                access_token: token.secret.expose_secret().to_owned(),
                expires_at: token.expires_at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
                lifetime: token.lifetime.as_secs(),
                scopes: token.scopes.clone(),
            };
            let sealed = self.inner.key.encrypt(&keys.token, &serde_json::to_vec(&content)?);
            let sealed = sealed.ok_or("cannot encrypt the token: the system has no source of randomness")?;
            let milliseconds = u64::try_from(left.as_millis()).unwrap_or(u64::MAX).clamp(1, 90 * 86_400_000);
            let script = Script::new(KEEP);
            let mut script = script.key(&keys.token);
            script.arg(sealed).arg(milliseconds).arg(self.inner.fence(key));
            let kept: u8 = self.inner.link.run(&script).await?;
            if kept == 0 {
                tracing::debug!("a token was not stored: another machine stored a newer one");
            }
            Ok(())
        })
    }

    fn lease<'a>(&'a self, key: &'a str, time: Duration) -> StoreFuture<'a, Option<Lease>> {
        Box::pin(async move {
            let keys = self.inner.keys(key);
            let owner = format!("{:032x}", u128::from(fastrand::u64(..)) << 64 | u128::from(fastrand::u64(..)));
            let script = Script::new(TAKE);
            let mut script = script.key(&keys.lease);
            script.key(&keys.token).arg(&owner).arg(u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1));
            let fence: Option<u64> = self.inner.link.run(&script).await?;
            let Some(fence) = fence else { return Ok(None) };
            self.inner.fences.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), fence);
            let inner = Arc::clone(&self.inner);
            Ok(Some(Lease::new(move || give_back(inner, keys.lease, owner))))
        })
    }
}

/// Gives the lease back in a task. Without a runtime or without Redis, the lease expires.
fn give_back(inner: Arc<Inner>, lease: String, owner: String) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    runtime.spawn(async move {
        let script = Script::new(GIVE_BACK);
        let mut script = script.key(lease);
        script.arg(owner);
        let given_back: Result<u8, _> = inner.link.run(&script).await;
        if let Err(error) = given_back {
            tracing::debug!(%error, "cannot give back the lease to request a token; it expires");
        }
    });
}

impl fmt::Debug for SharedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedTokens").field("redis", &self.inner.link.redis).finish_non_exhaustive()
    }
}
