//! The connection to Redis.

use std::{fmt, time::Duration};

use redis::{
    Client, FromRedisValue, RedisError, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::time::timeout;

/// How long a command may take. Beyond it, a call does better without Redis.
const LONGEST_COMMAND: Duration = Duration::from_millis(100);

/// A server of Redis or Valkey, which [`SharedTokens`](crate::SharedTokens) and [`SharedBudget`](crate::SharedBudget) use.
///
/// Cheap to clone. Nothing is sent until the first call, and connections that break are made again.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    prefix: String,
}

/// A connection within one runtime.
#[derive(Clone)]
pub(crate) struct Connection(ConnectionManager);

/// The error for a text that is not the URL of a server. Its `Display` says why, without the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidUrl(String);

impl Redis {
    /// Takes the URL of a server: `redis://HOST:PORT`, `rediss://` with TLS, with user and password of an ACL before the host.
    ///
    /// # Errors
    ///
    /// The text is not such a URL.
    ///
    /// ```
    /// use auth0_transport_redis::Redis;
    ///
    /// assert!(Redis::open("redis://127.0.0.1:6379").is_ok());
    /// let error = Redis::open("http://127.0.0.1").unwrap_err();
    /// assert!(error.to_string().contains("redis://HOST:PORT"));
    /// ```
    pub fn open(url: &str) -> Result<Self, InvalidUrl> {
        prepare_tls();
        let client = Client::open(url).map_err(|error| invalid(&error))?;
        Ok(Self { client, prefix: "auth0".to_owned() })
    }

    /// Takes the URL of a server with TLS, `rediss://…`, whose certificate an authority of one's own has signed: its
    /// certificate in PEM.
    ///
    /// # Errors
    ///
    /// The text is not such a URL, or the certificate none.
    #[cfg(feature = "rustls")]
    pub fn open_trusting(url: &str, authority: &str) -> Result<Self, InvalidUrl> {
        prepare_tls();
        let certificates = redis::TlsCertificates { client_tls: None, root_cert: Some(authority.as_bytes().to_vec()) };
        let client = Client::build_with_tls(url, certificates).map_err(|error| invalid(&error))?;
        Ok(Self { client, prefix: "auth0".to_owned() })
    }

    /// What all keys begin with, so that they can be told from others; defaults to `auth0`. An ACL rule `~auth0:*` covers them.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// A key. All keys of one `tag` lie on one node of a cluster.
    pub(crate) fn key(&self, tag: &str, name: &str) -> String {
        format!("{}:{{{tag}}}:{name}", self.prefix)
    }

    /// A connection that is made with the first command. Has to be called within a runtime.
    pub(crate) fn connect(&self) -> Result<Connection, RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(LONGEST_COMMAND))
            .set_response_timeout(Some(LONGEST_COMMAND))
            .set_number_of_retries(0);
        ConnectionManager::new_lazy_with_config(self.client.clone(), config).map(Connection)
    }
}

impl Connection {
    /// Runs a script, in time or not at all.
    pub(crate) async fn run<T: FromRedisValue>(&mut self, script: &ScriptInvocation<'_>) -> Result<T, RedisError> {
        in_time(script.invoke_async(&mut self.0)).await
    }

    /// Runs a command, in time or not at all.
    pub(crate) async fn command<T: FromRedisValue>(&mut self, command: &redis::Cmd) -> Result<T, RedisError> {
        in_time(command.query_async(&mut self.0)).await
    }
}

/// The Redis client takes the process's cryptography, and panics where none was chosen, as reqwest never needs it.
fn prepare_tls() {
    #[cfg(feature = "rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Whoever was faster has chosen.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
}

/// Its own text may repeat what was parsed.
fn invalid(error: &RedisError) -> InvalidUrl {
    let kind = error.kind();
    InvalidUrl(format!("not the URL of a Redis server ({kind:?}); expected redis://HOST:PORT or rediss://HOST:PORT"))
}

async fn in_time<T>(command: impl Future<Output = Result<T, RedisError>>) -> Result<T, RedisError> {
    timeout(LONGEST_COMMAND, command)
        .await
        .unwrap_or_else(|_| Err(RedisError::from((redis::ErrorKind::Io, "no answer of Redis within 100 ms"))))
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        f.debug_struct("Redis").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl fmt::Display for InvalidUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidUrl {}
