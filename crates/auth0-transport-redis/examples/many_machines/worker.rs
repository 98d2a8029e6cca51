//! A process that sends calls, as one machine would.

use std::{
    env,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use auth0_provisioning_mock::MockTenant;
use auth0_transport::{Method, Transport};
use auth0_transport_redis::{Budget, EncryptionKey, Redis, SharedBudget, SharedTokens};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinSet,
};

use crate::{Failure, Plan, redis_server::RedisServer};

pub(crate) const ARGUMENT: &str = "worker";
const IN_FLIGHT: usize = 32;

pub(crate) struct Worker {
    process: Child,
    progress: Arc<Progress>,
}

#[derive(Default)]
struct Progress {
    done: AtomicUsize,
    failed: AtomicUsize,
    ended: AtomicBool,
}

impl Worker {
    pub(crate) fn start(tenant: &MockTenant, redis: &RedisServer, plan: &Plan) -> Result<Self, Failure> {
        let mut command = Command::new(env::current_exe()?);
        command
            .arg(ARGUMENT)
            .env("BASE_URL", tenant.base_url())
            .env("CLIENT_ID", tenant.client_id())
            .env("CLIENT_SECRET", tenant.client_secret())
            .env("AUDIENCE", tenant.audience())
            .env("REDIS", redis.url())
            .env("CALLS", plan.calls.to_string())
            .env("BURST", plan.burst.to_string())
            .env("RATE", plan.rate.to_string())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut process = command.spawn()?;
        let progress = Arc::<Progress>::default();
        if let Some(output) = process.stdout.take() {
            let progress = Arc::clone(&progress);
            tokio::spawn(async move {
                let mut lines = BufReader::new(output).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    let count = if line == "done" { &progress.done } else { &progress.failed };
                    count.fetch_add(1, Ordering::Relaxed);
                }
                progress.ended.store(true, Ordering::Relaxed);
            });
        }
        Ok(Self { process, progress })
    }

    pub(crate) fn done(&self) -> usize {
        self.progress.done.load(Ordering::Relaxed)
    }

    pub(crate) fn failed(&self) -> usize {
        self.progress.failed.load(Ordering::Relaxed)
    }

    pub(crate) fn is_running(&self) -> bool {
        !self.progress.ended.load(Ordering::Relaxed)
    }

    pub(crate) async fn kill(&mut self) -> Result<(), Failure> {
        Ok(self.process.kill().await?)
    }
}

fn variable(name: &str) -> Result<String, Failure> {
    env::var(name).map_err(|_| format!("{name} is not set").into())
}

/// Sends the calls of one process, and prints a line for each.
pub(crate) async fn run() -> Result<(), Failure> {
    let redis = Redis::open(&variable("REDIS")?)?;
    let budget = Budget::new(variable("BURST")?.parse()?, variable("RATE")?.parse()?);
    let transport = Transport::builder("tenant.example.com".parse()?)
        .base_url(variable("BASE_URL")?)
        .client_credentials(variable("CLIENT_ID")?, variable("CLIENT_SECRET")?)
        .audience(variable("AUDIENCE")?)
        .token_store(SharedTokens::new(&redis, EncryptionKey::new([7; 32])))
        .rate_limiter(SharedBudget::new(&redis, "tenant.example.com", budget))
        .build()?;
    let calls: usize = variable("CALLS")?.parse()?;
    let mut tasks = JoinSet::new();
    for _ in 0..calls {
        if tasks.len() >= IN_FLIGHT {
            print(tasks.join_next().await);
        }
        let transport = transport.clone();
        tasks.spawn(async move {
            let response = transport.request(Method::GET, "/connections-directory-provisionings").send().await;
            response.map(drop)
        });
    }
    while let Some(ended) = tasks.join_next().await {
        print(Some(ended));
    }
    Ok(())
}

fn print(ended: Option<Result<Result<(), auth0_transport::Error>, tokio::task::JoinError>>) {
    match ended {
        Some(Ok(Ok(()))) => println!("done"),
        Some(Ok(Err(error))) => println!("{error}"),
        Some(Err(error)) => println!("{error}"),
        None => {}
    }
}
