//! Measures a call that shares its rate limit through Redis, compared with one that does not.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
};

use auth0_provisioning::{
    ConnectionId,
    redis::{Budget, EncryptionKey, Redis, Sharing},
};

use crate::{
    Failure,
    call::compare,
    row::Row,
    server::Server,
    side::{Side, client},
};

/// Large enough that no call waits, and that each reservation has its maximum size.
const BUDGET: u32 = 1_000_000;

/// Measures a call, if `redis-server` is installed.
///
/// # Errors
///
/// Fails if a call fails.
pub async fn measure() -> Result<(), Failure> {
    let Some(redis) = RedisServer::start()? else { return Ok(()) };
    let server = Server::start(1)?;
    let id: ConnectionId = "con_0123456789abcdef".parse()?;
    let sharing = Sharing::new(
        Redis::open(&format!("redis://127.0.0.1:{}", redis.port))?,
        EncryptionKey::new([7; 32]),
        Budget::new(BUDGET, f64::from(BUDGET)),
    );
    let alone = Side::Client(client(&server.origin)?.build()?, id.clone());
    let sides = [alone, Side::Client(client(&server.origin)?.shared(sharing).build()?, id)];
    for in_flight in [1, 32] {
        let [alone, shared] = compare(&sides, in_flight).await?;
        Row::new(
            format!("a call that shares its rate limit, {in_flight} in flight"),
            "one that does not",
            "µs",
            alone,
            shared,
        )
        .print()?;
    }
    Ok(())
}

/// A Redis server that stops when it is dropped.
struct RedisServer {
    process: Child,
    port: u16,
}

impl RedisServer {
    /// Starts the server. Returns `None` if it is not installed.
    fn start() -> Result<Option<Self>, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = Command::new("redis-server");
        server
            .args(["--bind", "127.0.0.1", "--save", "", "--port", &port.to_string()])
            .current_dir(std::env::temp_dir());
        let process = match server.stdout(Stdio::null()).spawn() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            process => process?,
        };
        let server = Self { process, port };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::yield_now();
        }
        Ok(Some(server))
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
