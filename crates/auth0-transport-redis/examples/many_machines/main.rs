//! Runs processes that share a token and a rate limit through Redis.
//!
//! `cargo run --release --example many_machines -- [MACHINES CALLS BURST RATE] [--kill | --restart-redis]`
//!
//! Starts Redis, a mock tenant with a rate limit, and a process for each machine. Prints the progress of each process, and
//! compares the time with the least time that the limit allows. `--kill` kills one of the processes halfway.
//! `--restart-redis` kills Redis halfway and starts it again, empty.

#![expect(clippy::cast_precision_loss, reason = "some thousand calls")]

mod redis_server;
mod table;
mod worker;

use std::{
    error::Error,
    io::IsTerminal,
    time::{Duration, Instant},
};

use auth0_provisioning_mock::{MockTenant, RateLimit, RecordedRequest};

use redis_server::RedisServer;
use table::Table;
use worker::Worker;

type Failure = Box<dyn Error + Send + Sync>;

struct Plan {
    machines: usize,
    calls: usize,
    burst: u32,
    rate: u32,
    kill: bool,
    restart_redis: bool,
}

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == worker::ARGUMENT) {
        return runtime.block_on(worker::run());
    }
    let mut flag = |name: &str| {
        let before = arguments.len();
        arguments.retain(|argument| argument != name);
        arguments.len() < before
    };
    let (kill, restart_redis) = (flag("--kill"), flag("--restart-redis"));
    let numbers = arguments.iter().map(|text| text.parse()).collect::<Result<Vec<u32>, _>>();
    let numbers = numbers.map_err(|_| "expected MACHINES CALLS BURST RATE, such as 8 300 50 16")?;
    let number = |index: usize, default: u32| numbers.get(index).copied().unwrap_or(default).max(1);
    let plan = Plan {
        machines: number(0, 8) as usize,
        calls: number(1, 300) as usize,
        burst: number(2, 50),
        rate: number(3, 16),
        kill,
        restart_redis,
    };
    runtime.block_on(run(&plan))
}

async fn run(plan: &Plan) -> Result<(), Failure> {
    let mut redis = RedisServer::start().await?;
    let limit = RateLimit::new(plan.burst, plan.rate);
    let tenant = MockTenant::builder().rate_limit(limit).request_log(1 << 20).check_responses(false).start().await?;
    let start = Instant::now();
    let mut workers = Vec::new();
    for _ in 0..plan.machines {
        workers.push(Worker::start(&tenant, &redis, plan)?);
    }
    let mut table = Table::new(std::io::stdout().is_terminal());
    let half = plan.machines * plan.calls / 2;
    let mut disturbed = !(plan.kill || plan.restart_redis);
    while workers.iter().any(Worker::is_running) {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let done: usize = workers.iter().map(Worker::done).sum();
        if !disturbed && done >= half {
            disturbed = true;
            if plan.kill {
                workers[0].kill().await?;
            }
            if plan.restart_redis {
                redis.restart().await?;
            }
        }
        table.show(&workers, refused(&tenant), start.elapsed());
    }
    let elapsed = start.elapsed().as_secs_f64();
    let done: usize = workers.iter().map(Worker::done).sum();
    let failed: usize = workers.iter().map(Worker::failed).sum();
    let requests = tenant.requests().into_iter().filter(|request| is_call(request) && request.status == 200).count();
    let least = requests.saturating_sub(plan.burst as usize) as f64 / f64::from(plan.rate);
    println!("elapsed              {elapsed:.2} s");
    println!("least time           {least:.2} s");
    println!("ratio                {:.3}", elapsed / least);
    println!("calls                {done} done, {failed} failed");
    println!("rate limited (429)   {}", refused(&tenant));
    println!("token requests       {}", tenant.requests().iter().filter(|request| !is_call(request)).count());
    println!("scripts per call     {:.3}", redis.scripts().await? / done.max(1) as f64);
    Ok(())
}

fn is_call(request: &RecordedRequest) -> bool {
    request.path != "/oauth/token"
}

fn refused(tenant: &MockTenant) -> usize {
    tenant.requests().iter().filter(|request| request.status == 429).count()
}
