//! The scripts that reserve in Redis, and whether Redis is there.

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

/// How long after a failure Redis is asked again.
const PAUSE: Duration = Duration::from_secs(1);
/// The class of endpoints without a limit of their own.
pub(super) const GENERAL: &str = "general";
/// What the key of a hold ends with, and the channel on which it is told.
const HOLD: &str = "hold";

/// Where requests are reserved for all machines.
pub(super) trait Reservations: Send + Sync {
    /// Reserves requests. `None` where nothing can be reserved.
    fn reserve(
        &self,
        class: Option<&'static str>,
        budget: Budget,
        count: u32,
        observed: Option<Observed>,
    ) -> Reserving<'_, Option<Vec<Reserved>>>;

    /// Lets no machine send for a time.
    fn hold(&self, class: Option<&'static str>, wait: Duration) -> Reserving<'_, ()>;

    /// Tells of holds that any machine reported, until the reservations are dropped, unless that is being done.
    fn watch(&self, _: &dyn Fn() -> Held) {}

    /// Whether there was no answer, and none is asked for yet.
    fn is_gone(&self) -> bool;

    /// Whether calls go on alone.
    fn is_alone(&self) -> bool;
}

/// What is to be done when a class of endpoints is held: `general`, or the name of a limit of its own.
pub(super) type Held = Box<dyn Fn(&str, Duration) + Send + Sync>;

pub(super) type Reserving<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Reserves in Redis.
pub(super) struct Shared {
    link: Link,
    tenant: String,
    reserve: Script,
    hold: Script,
    /// Since when there is no Redis, and when it is asked again.
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

/// What a bucket says to a reservation: from when on it counts, and how many there are then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reserved {
    pub(super) from: f64,
    pub(super) level: f64,
    pub(super) per_second: f64,
}

/// What the tenant said last of what is left, and how long ago.
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

    /// Notes whether Redis is there.
    fn heard<T>(&self, reply: Result<T, RedisError>) -> Option<T> {
        let mut gone = lock(&self.gone);
        match reply {
            Ok(value) => {
                if gone.take().is_some() {
                    tracing::info!("Redis is back: the rate limit is shared again");
                }
                Some(value)
            }
            Err(error) => {
                if gone.replace(Instant::now() + PAUSE).is_none() {
                    tracing::warn!(%error, "no Redis: this process goes on with its own share of the rate limit");
                }
                None
            }
        }
    }
}

/// Listens for as long as it is not aborted; a connection that breaks is made again.
async fn listen_for_holds(server: Server, before: String, held: Held) {
    let after = format!(":{HOLD}");
    loop {
        match listen(&server, &format!("{before}*{after}")).await {
            Err(error) => tracing::debug!(%error, "holds of other machines are not heard"),
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
        // It also ends with the runtime that it was started on.
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
