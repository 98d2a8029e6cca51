//! Starts the Redis server that the processes share.

use std::{net::TcpListener, process::Stdio};

use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use crate::Failure;

pub(crate) struct RedisServer {
    process: Child,
    port: u16,
    scripts_before: f64,
}

impl RedisServer {
    pub(crate) async fn start() -> Result<Self, Failure> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self { process: spawn(port)?, port, scripts_before: 0.0 };
        server.is_up().await;
        Ok(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills the server, and starts it again without data.
    pub(crate) async fn restart(&mut self) -> Result<(), Failure> {
        self.scripts_before = self.scripts().await?;
        self.process.kill().await?;
        self.process = spawn(self.port)?;
        self.is_up().await;
        Ok(())
    }

    async fn is_up(&self) {
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    /// Returns the number of scripts that the server has run.
    pub(crate) async fn scripts(&self) -> Result<f64, Failure> {
        let client = redis::Client::open(self.url())?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        let statistics: String = redis::cmd("INFO").arg("commandstats").query_async(&mut connection).await?;
        let line = statistics.lines().find_map(|line| line.strip_prefix("cmdstat_evalsha:calls="));
        let count: f64 = line.and_then(|line| line.split(',').next()?.parse().ok()).unwrap_or_default();
        Ok(self.scripts_before + count)
    }
}

fn spawn(port: u16) -> Result<Child, Failure> {
    let port = port.to_string();
    let arguments = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port];
    let server = Command::new("redis-server").args(arguments).stdout(Stdio::null()).kill_on_drop(true).spawn();
    server.map_err(|error| format!("cannot start redis-server: {error}\ntry: apt install redis-server").into())
}
