//! Runs the scripts that reserve requests in Redis, and tracks whether Redis is available.

use std::{
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::StreamExt;
use redis::{RedisError, Script};
use tokio::{
    task::AbortHandle,
    time::{Instant, sleep},
};

use super::Budget;
use crate::{
    Redis,
    connection::{Link, listen},
    server::Server,
};

/// The time between a failure and the next command to Redis.
const PAUSE: Duration = Duration::from_secs(1);
/// The class of endpoints without a limit of their own.
pub(super) const GENERAL: &str = "general";
/// The end of the key of a hold, and of the channel that publishes it.
const HOLD: &str = "hold";

/// Reserves requests for all machines. By default, no machine is paused, and Redis is available.
pub(super) trait Reservations: Send + Sync {
    /// Reserves requests. Returns `None` if Redis is not available.
    fn reserve(
        &self,
        class: Option<&'static str>,
        budget: Budget,
        count: u32,
        observed: Option<Observed>,
    ) -> Reserving<'_, Option<Vec<Reserved>>>;

    /// Pauses all machines for a time.
    fn hold(&self, _: Option<&'static str>, _: Duration) -> Reserving<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// Starts to report holds of all machines until the reservations are dropped. Does nothing if it has started already.
    fn watch(&self, _: &dyn Fn() -> Held) {}

    /// Returns whether Redis failed, and the next command is not due yet.
    fn is_gone(&self) -> bool {
        false
    }

    /// Returns whether calls continue without Redis.
    fn is_alone(&self) -> bool {
        false
    }
}

/// Called with a class of endpoints and its pause. The class is `general`, or the name of a limit of its own.
pub(super) type Held = Box<dyn Fn(&str, Duration) + Send + Sync>;

pub(super) type Reserving<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Reservations in Redis.
pub(super) struct Shared {
    link: Link,
    tenant: String,
    reserve: Script,
    hold: Script,
    /// When Redis is tried again, if it is not available.
    gone: Mutex<Option<Instant>>,
    listening: Mutex<Option<AbortHandle>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(listening) = lock(&self.listening).take() {
            listening.abort();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The state of a bucket before a reservation: in how many seconds it starts to count, and its level at that time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reserved {
    pub(super) from: f64,
    pub(super) level: f64,
    pub(super) per_second: f64,
}

/// The last `x-ratelimit-remaining` of the tenant, and its time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Observed {
    pub(super) remaining: f64,
    pub(super) at: Instant,
}

impl Shared {
    pub(super) fn new(redis: Redis, tenant: String) -> Self {
        Self {
            link: Link::new(redis),
            tenant,
            reserve: Script::new(include_str!("reserve.lua")),
            hold: Script::new(include_str!("hold.lua")),
            gone: Mutex::default(),
            listening: Mutex::default(),
        }
    }

    fn key(&self, class: Option<&str>, name: &str) -> String {
        self.link.redis.key(&self.tenant, &format!("{}:{name}", class.unwrap_or(GENERAL)))
    }

    async fn reserve_in_redis(
        &self,
        class: Option<&str>,
        budget: Budget,
        count: u32,
        observed: Option<Observed>,
    ) -> Option<Vec<Reserved>> {
        let mut script = self.reserve.key(self.key(class, HOLD));
        let mut buckets = vec![("bucket".to_owned(), budget.reserved_burst(), budget.per_second)];
        if budget.share < 1.0 {
            let (burst, per_second) =
                ((budget.reserved_burst() * budget.share).max(1.0), budget.per_second * budget.share);
            buckets.push((format!("share-{}", budget.share), burst, per_second));
        }
        let (left, age) = observed.map_or((-1.0, 0.0), |seen| (seen.remaining, seen.at.elapsed().as_secs_f64()));
        script.arg(count).arg(left).arg(age);
        for (name, burst, per_second) in &buckets {
            script.key(self.key(class, name)).arg(burst).arg(per_second);
        }
        let reply: Result<Vec<String>, _> = self.link.run(&script).await;
        let reply = self.heard(reply)?;
        let numbers: Vec<f64> = reply.iter().filter_map(|number| number.parse().ok()).collect();
        let rates = buckets.iter().map(|(_, _, per_second)| *per_second);
        let reserved = numbers.chunks_exact(2).zip(rates);
        Some(reserved.map(|(pair, per_second)| Reserved { from: pair[0], level: pair[1], per_second }).collect())
    }

    async fn hold_in_redis(&self, class: Option<&str>, wait: Duration) {
        let mut script = self.hold.key(self.key(class, HOLD));
        script.arg(wait.as_secs_f64());
        let reply: Result<u8, _> = self.link.run(&script).await;
        self.heard(reply);
    }

    /// Records whether Redis responded.
    fn heard<T>(&self, reply: Result<T, RedisError>) -> Option<T> {
        let mut gone = lock(&self.gone);
        match reply {
            Ok(value) => {
                if gone.take().is_some() {
                    tracing::info!("Redis is available again: the rate limit is shared");
                }
                Some(value)
            }
            Err(error) => {
                if gone.replace(Instant::now() + PAUSE).is_none() {
                    tracing::warn!(%error, "Redis is not available: this process continues with its own share of the rate limit");
                }
                None
            }
        }
    }
}

/// Listens until it is aborted, and reconnects after a failure.
async fn listen_for_holds(server: Server, before: String, held: Held) {
    let after = format!(":{HOLD}");
    loop {
        match listen(&server, &format!("{before}*{after}")).await {
            Err(error) => tracing::debug!(%error, "cannot listen for holds of other machines"),
            Ok(mut listening) => {
                let mut messages = listening.on_message();
                while let Some(message) = messages.next().await {
                    let channel = message.get_channel_name();
                    let class = channel.strip_prefix(&before).and_then(|rest| rest.strip_suffix(&after));
                    let seconds = message.get_payload::<f64>().ok();
                    let wait = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                    if let (Some(class), Some(wait)) = (class, wait) {
                        held(class, wait);
                    }
                }
            }
        }
        sleep(PAUSE).await;
    }
}

impl Reservations for Shared {
    fn reserve(
        &self,
        class: Option<&'static str>,
        budget: Budget,
        count: u32,
        observed: Option<Observed>,
    ) -> Reserving<'_, Option<Vec<Reserved>>> {
        Box::pin(self.reserve_in_redis(class, budget, count, observed))
    }

    fn hold(&self, class: Option<&'static str>, wait: Duration) -> Reserving<'_, ()> {
        Box::pin(self.hold_in_redis(class, wait))
    }

    fn watch(&self, held: &dyn Fn() -> Held) {
        let mut listening = lock(&self.listening);
        // The task also ends with the runtime that it was started on.
        if listening.as_ref().is_none_or(AbortHandle::is_finished) {
            let server = self.link.redis.server.clone();
            let listen = listen_for_holds(server, self.link.redis.key(&self.tenant, ""), held());
            *listening = Some(tokio::spawn(listen).abort_handle());
        }
    }

    fn is_gone(&self) -> bool {
        lock(&self.gone).is_some_and(|until| Instant::now() < until)
    }

    fn is_alone(&self) -> bool {
        lock(&self.gone).is_some()
    }
}
