//! Simulates many machines in paused time, for the table in `docs/many-machines.md`.

use std::{
    fmt::Write,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{
    Budget,
    reservations::queue,
    shared::{Observed, Reservations, Reserved, Reserving},
};

/// The round trip to Redis.
const TO_REDIS: Duration = Duration::from_millis(20);

/// A token bucket like that of the script and of the tenant.
struct Bucket {
    burst: f64,
    rate: f64,
    level: f64,
    at: Instant,
}

impl Bucket {
    fn full(burst: f64, rate: f64) -> Self {
        Self { burst, rate, level: burst, at: Instant::now() }
    }

    fn level_now(&mut self) -> f64 {
        let now = Instant::now();
        self.level = (self.level + (now - self.at).as_secs_f64() * self.rate).min(self.burst);
        self.at = now;
        self.level
    }
}

struct InMemory {
    bucket: Mutex<Bucket>,
    commands: AtomicUsize,
}

impl Reservations for InMemory {
    fn reserve(
        &self,
        _: Option<&'static str>,
        budget: Budget,
        count: u32,
        _: Option<Observed>,
    ) -> Reserving<'_, Option<Vec<Reserved>>> {
        Box::pin(async move {
            self.commands.fetch_add(1, Ordering::Relaxed);
            sleep(TO_REDIS / 2).await;
            let level = {
                let mut bucket = self.bucket.lock().unwrap();
                let level = bucket.level_now();
                bucket.level -= f64::from(count);
                level
            };
            sleep(TO_REDIS / 2).await;
            Some(vec![Reserved { from: 0.0, level, per_second: budget.per_second }])
        })
    }
}

/// Returns a row of the table. Each machine sends each call as soon as it is allowed.
async fn simulated(machines: u32, calls_each: u32, burst: u32, rate: u32) -> String {
    let budget = Budget::new(burst, f64::from(rate));
    let redis = Arc::new(InMemory {
        bucket: Mutex::new(Bucket::full(budget.reserved_burst(), budget.per_second)),
        commands: AtomicUsize::new(0),
    });
    let tenant = Arc::new(Mutex::new(Bucket::full(budget.burst, budget.per_second)));
    let (start, refused) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let mut calls = JoinSet::new();
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..machines {
        let queue = queue(Arc::<InMemory>::clone(&redis), budget, None);
        for _ in 0..calls_each {
            let (queue, tenant, refused) = (Arc::clone(&queue), Arc::clone(&tenant), Arc::clone(&refused));
            let on_the_way = Duration::from_millis(random.u64(10..50));
            calls.spawn(async move {
                queue.acquire(false, None, Duration::MAX).await.unwrap();
                sleep(on_the_way).await;
                let mut tenant = tenant.lock().unwrap();
                if tenant.level_now() < 1.0 {
                    refused.fetch_add(1, Ordering::Relaxed);
                } else {
                    tenant.level -= 1.0;
                }
            });
        }
    }
    let all = calls.join_all().await.len();
    let least = f64::from(machines * calls_each - burst) / f64::from(rate);
    let ratio = start.elapsed().as_secs_f64() / least;
    let commands = redis.commands.load(Ordering::Relaxed);
    let a_call = f64::from(u32::try_from(commands).unwrap()) / f64::from(u32::try_from(all).unwrap());
    format!("| {machines} | {all} | {burst}, {rate} | {} | {ratio:.3} | {a_call:.3} |", refused.load(Ordering::Relaxed))
}

#[tokio::test(start_paused = true)]
async fn docs_show_the_simulation() {
    let mut table = String::new();
    for (machines, calls, burst, rate) in [(8, 300, 50, 16), (100, 100, 500, 500), (1_000, 20, 500, 500)] {
        writeln!(table, "{}", simulated(machines, calls, burst, rate).await).unwrap();
    }
    let docs = include_str!("../../../../docs/many-machines.md");
    assert!(docs.contains(&table), "docs/many-machines.md does not have:\n{table}");
}
