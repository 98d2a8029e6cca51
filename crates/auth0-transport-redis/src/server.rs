//! The address of Redis: one server, a cluster, or a master that Sentinel names.

use std::{fmt, sync::Arc, time::Duration};

use redis::{
    Client, ConnectionAddr, IntoConnectionInfo, RedisError, TlsMode,
    cluster::ClusterClient,
    sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType},
};
use tokio::sync::Mutex;

/// The time limit of a command. A call that would wait longer continues without Redis.
pub(crate) const LONGEST_COMMAND: Duration = Duration::from_millis(100);

/// Redis or Valkey, which [`SharedTokens`](crate::SharedTokens) and [`SharedBudget`](crate::SharedBudget) use.
///
/// Cheap to clone. It connects at the first call, and reconnects after a failure.
#[derive(Clone)]
pub struct Redis {
    pub(crate) server: Server,
    prefix: String,
}

/// The client that opens connections.
#[derive(Clone)]
pub(crate) enum Server {
    One(Box<Client>),
    /// A cluster, and a client for each node of the URL.
    Cluster(Box<ClusterClient>, Vec<Client>),
    /// Behind a lock, because the client remembers which Sentinel responded last.
    Sentinel(Arc<Mutex<SentinelClient>>),
}

/// The error for a string that is not the URL of a server. Its `Display` gives the reason, without the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidUrl(String);

/// The certificate of an authority, in PEM.
type Authority<'a> = Option<&'a str>;

impl Redis {
    /// Parses a URL:
    ///
    /// | URL                                             | server                                                  |
    /// | ----------------------------------------------- | ------------------------------------------------------- |
    /// | `redis://HOST:PORT`                             | one server                                              |
    /// | `redis+cluster://HOST:PORT,HOST:PORT`           | a cluster, given by some of its nodes                   |
    /// | `redis+sentinel://HOST:PORT,HOST:PORT/NAME`     | the master `NAME`, given by its Sentinels               |
    ///
    /// `rediss` instead of `redis` enables TLS. User and password of an ACL come before the first host, as in
    /// `redis://USER:PASSWORD@HOST:PORT`. Percent-encode all characters of them except letters and digits. In a Sentinel
    /// URL they are for the master.
    ///
    /// # Errors
    ///
    /// Fails if the string is not such a URL.
    ///
    /// ```
    /// use auth0_transport_redis::Redis;
    ///
    /// assert!(Redis::open("redis://127.0.0.1:6379").is_ok());
    /// assert!(Redis::open("rediss+cluster://user:password@10.0.0.1:6379,10.0.0.2:6379").is_ok());
    /// assert!(Redis::open("redis+sentinel://10.0.0.1:26379,10.0.0.2:26379/main").is_ok());
    /// let error = Redis::open("http://127.0.0.1").unwrap_err();
    /// assert!(error.to_string().contains("redis://HOST:PORT"));
    /// ```
    pub fn open(url: &str) -> Result<Self, InvalidUrl> {
        Self::opened(url, None)
    }

    /// Parses a URL with TLS. `authority` is the certificate, in PEM, of the authority that signed the servers' certificates.
    ///
    /// # Errors
    ///
    /// Fails if the string is not such a URL, or if the certificate is invalid.
    #[cfg(feature = "rustls")]
    pub fn open_trusting(url: &str, authority: &str) -> Result<Self, InvalidUrl> {
        Self::opened(url, Some(authority))
    }

    fn opened(url: &str, authority: Authority<'_>) -> Result<Self, InvalidUrl> {
        prepare_tls();
        let server = match Address::read(url) {
            None => client(url, authority).map(Box::new).map(Server::One),
            Some(address) if address.kind == "cluster" => cluster(&address, authority),
            Some(address) if address.kind == "sentinel" => sentinel(&address, authority),
            Some(_) => return Err(InvalidUrl(format!("unknown scheme; {EXPECTED}"))),
        };
        let server = server.map_err(|error| invalid(&error))?;
        Ok(Self { server, prefix: "auth0".to_owned() })
    }

    /// Sets the prefix of all keys. Defaults to `auth0`, which the ACL rule `~auth0:*` covers.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Returns a key. All keys of one `tag` are on one node of a cluster.
    pub(crate) fn key(&self, tag: &str, name: &str) -> String {
        format!("{}:{{{tag}}}:{name}", self.prefix)
    }
}

const EXPECTED: &str = "expected redis://HOST:PORT, redis+cluster://HOST:PORT,HOST:PORT or \
                        redis+sentinel://HOST:PORT,HOST:PORT/NAME, with rediss for TLS";

/// The parts of a URL of several servers.
struct Address<'a> {
    scheme: &'a str,
    kind: &'a str,
    /// User and password with the `@`, or an empty string.
    user: &'a str,
    hosts: Vec<&'a str>,
    path: &'a str,
}

impl<'a> Address<'a> {
    fn read(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (scheme, kind) = scheme.split_once('+')?;
        let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
        let at = hosts.rfind('@').map_or(0, |at| at + 1);
        let (user, hosts) = hosts.split_at(at);
        Some(Self { scheme, kind, user, hosts: hosts.split(',').collect(), path })
    }

    fn node(&self, host: &str) -> String {
        format!("{}://{}{host}", self.scheme, self.user)
    }

    fn has_tls(&self) -> bool {
        self.scheme == "rediss"
    }
}

fn client(url: &str, authority: Authority<'_>) -> Result<Client, RedisError> {
    match authority {
        #[cfg(feature = "rustls")]
        Some(authority) => Client::build_with_tls(url, certificates(authority)),
        _ => Client::open(url),
    }
}

fn cluster(address: &Address<'_>, authority: Authority<'_>) -> Result<Server, RedisError> {
    let nodes: Vec<String> = address.hosts.iter().map(|host| address.node(host)).collect();
    let builder = ClusterClient::builder(nodes.clone())
        .connection_timeout(LONGEST_COMMAND)
        .response_timeout(LONGEST_COMMAND)
        // One retry, because a node may have moved.
        .retries(1);
    #[cfg(feature = "rustls")]
    let builder = if address.has_tls() { builder.tls(TlsMode::Secure) } else { builder };
    #[cfg(feature = "rustls")]
    let builder = match authority {
        Some(authority) => builder.certs(certificates(authority)),
        None => builder,
    };
    let nodes = nodes.iter().map(|node| client(node, authority)).collect::<Result<_, _>>()?;
    Ok(Server::Cluster(Box::new(builder.build()?), nodes))
}

fn sentinel(address: &Address<'_>, authority: Authority<'_>) -> Result<Server, RedisError> {
    if address.path.is_empty() {
        return Err((redis::ErrorKind::InvalidClientConfig, "the name of the master is missing after the hosts").into());
    }
    let mut sentinels: Vec<ConnectionAddr> = Vec::new();
    for host in &address.hosts {
        sentinels.push(format!("{}://{host}", address.scheme).into_connection_info()?.addr().clone());
    }
    let mut builder = SentinelClientBuilder::new(sentinels, address.path, SentinelServerType::Master)?;
    // The parser for one server reads user and password.
    let of_master = address.node(address.hosts[0]).into_connection_info()?;
    if let Some(user) = of_master.redis_settings().username() {
        builder = builder.set_client_to_redis_username(user);
    }
    if let Some(password) = of_master.redis_settings().password() {
        builder = builder.set_client_to_redis_password(password);
    }
    if address.has_tls() {
        builder =
            builder.set_client_to_redis_tls_mode(TlsMode::Secure).set_client_to_sentinel_tls_mode(TlsMode::Secure);
    }
    #[cfg(feature = "rustls")]
    if let Some(authority) = authority {
        builder = builder
            .set_client_to_redis_certificates(certificates(authority))
            .set_client_to_sentinel_certificates(certificates(authority));
    }
    #[cfg(not(feature = "rustls"))]
    let _ = authority;
    Ok(Server::Sentinel(Arc::new(Mutex::new(builder.build()?))))
}

#[cfg(feature = "rustls")]
fn certificates(authority: &str) -> redis::TlsCertificates {
    redis::TlsCertificates { client_tls: None, root_cert: Some(authority.as_bytes().to_vec()) }
}

/// Selects the cryptography of the process. The Redis client panics without one, and reqwest does not select one.
fn prepare_tls() {
    #[cfg(feature = "rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may have selected one meanwhile.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
}

/// Omits the error's own text, which may repeat the URL.
fn invalid(error: &RedisError) -> InvalidUrl {
    InvalidUrl(format!("not the URL of a Redis ({:?}); {EXPECTED}", error.kind()))
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may contain a password.
        f.debug_struct("Redis").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl fmt::Display for InvalidUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidUrl {}
