//! Starts a Redis server for a test, and clients of a mock tenant that share it.

#![allow(dead_code, clippy::unwrap_used)] // each test uses a part; a test fails by panicking

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use auth0_provisioning_mock::MockTenant;
use auth0_transport::{Error, Method, Transport};
use auth0_transport_redis::{Budget, EncryptionKey, Redis, Sharing};

pub(crate) struct RedisServer {
    process: Child,
    pub(crate) port: u16,
    folder: tempfile::TempDir,
    arguments: Vec<String>,
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl RedisServer {
    pub(crate) async fn start() -> Self {
        let port = free_port();
        Self::with(port, &["--port", &port.to_string()]).await
    }

    pub(crate) async fn with(port: u16, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let process = spawn(folder.path(), &arguments);
        let server = Self { process, port, folder, arguments };
        server.is_up().await;
        server
    }

    /// Starts a server with TLS only. Also returns the certificate of the authority.
    pub(crate) async fn with_tls() -> (Self, String) {
        let folder = tempfile::tempdir().unwrap();
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
        std::fs::write(&certificate, certified.cert.pem()).unwrap();
        std::fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
        let port = free_port();
        let path = |path: &Path| path.display().to_string();
        let arguments = [
            "--port".to_owned(),
            "0".to_owned(),
            "--tls-port".to_owned(),
            port.to_string(),
            "--tls-cert-file".to_owned(),
            path(&certificate),
            "--tls-key-file".to_owned(),
            path(&key),
            "--tls-auth-clients".to_owned(),
            "no".to_owned(),
        ];
        let process = spawn(folder.path(), &arguments);
        let server = Self { process, port, folder, arguments: arguments.into() };
        server.is_up().await;
        (server, certified.cert.pem())
    }

    /// Starts a Sentinel with this configuration.
    pub(crate) async fn sentinel(watches: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        // Sentinel writes its state into its configuration file.
        std::fs::write(folder.path().join("sentinel.conf"), format!("port {port}\nbind 127.0.0.1\n{watches}")).unwrap();
        let mut process = Command::new(env!("REDIS_SERVER"));
        process.current_dir(folder.path()).args(["sentinel.conf", "--sentinel"]);
        let process = process.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { process, port, folder, arguments: Vec::new() };
        server.is_up().await;
        server
    }

    async fn is_up(&self) {
        while tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts the server again, empty, on the same port.
    pub(crate) async fn restart(&mut self) {
        self.process = spawn(self.folder.path(), &self.arguments);
        self.is_up().await;
    }

    /// Returns a new client of the server, like that of another machine.
    pub(crate) fn redis(&self) -> Redis {
        Redis::open(&format!("redis://127.0.0.1:{}", self.port)).unwrap()
    }

    /// Runs a command with the server's own client, and returns its output.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let output =
            Command::new(env!("REDIS_CLI")).args(["-p", &self.port.to_string()]).args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn spawn(folder: &Path, arguments: &[String]) -> Child {
    let mut server = Command::new(env!("REDIS_SERVER"));
    server.current_dir(folder).args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]).args(arguments);
    server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn key() -> EncryptionKey {
    EncryptionKey::new([7; 32])
}

/// Returns a client with its own connection, like that of another machine.
pub(crate) fn machine(tenant: &MockTenant, redis: &Redis, budget: Budget) -> Transport {
    let builder = Transport::builder("tenant.example.com".parse().unwrap())
        .base_url(tenant.base_url())
        .client_credentials(tenant.client_id(), tenant.client_secret())
        .audience(tenant.audience());
    Sharing::new(redis.clone(), key(), budget).applied_to(builder).build().unwrap()
}

pub(crate) async fn call(transport: &Transport) -> Result<(), Error> {
    transport.request(Method::GET, "/connections-directory-provisionings").send().await.map(drop)
}

/// Sends calls from all machines at once. Returns the number of successes.
pub(crate) async fn calls(machines: &[Transport], each: usize) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    for machine in machines.iter().cloned().map(Arc::new) {
        for _ in 0..each {
            let machine = Arc::clone(&machine);
            tasks.spawn(async move { call(&machine).await });
        }
    }
    tasks
        .join_all()
        .await
        .into_iter()
        .filter(|result| result.as_ref().inspect_err(|error| println!("{error}")).is_ok())
        .count()
}

/// Returns the number of calls with this status.
pub(crate) fn calls_with_status(tenant: &MockTenant, status: u16) -> usize {
    tenant.requests().iter().filter(|request| request.status == status && request.path != "/oauth/token").count()
}

pub(crate) fn tokens(tenant: &MockTenant) -> usize {
    tenant.requests().iter().filter(|request| request.path == "/oauth/token").count()
}
