//! The scripts that reserve in Redis, and whether Redis is there.

use std::{
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use redis::{RedisError, Script};
use tokio::time::Instant;

use super::Budget;
use crate::{Redis, connection::Connection};

/// How long after a failure Redis is asked again.
const PAUSE: Duration = Duration::from_secs(1);

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

    /// Whether there was no answer, and none is asked for yet.
    fn is_gone(&self) -> bool;

    /// Whether calls go on alone.
    fn is_alone(&self) -> bool;
}

pub(super) type Reserving<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Reserves in Redis.
pub(super) struct Shared {
    redis: Redis,
    tenant: String,
    reserve: Script,
    hold: Script,
    connection: tokio::sync::Mutex<Option<Connection>>,
    /// Since when there is no Redis, and when it is asked again.
    gone: Mutex<Option<Instant>>,
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
            redis,
            tenant,
            reserve: Script::new(include_str!("reserve.lua")),
            hold: Script::new(include_str!("hold.lua")),
            connection: tokio::sync::Mutex::default(),
            gone: Mutex::default(),
        }
    }

    async fn connection(&self) -> Result<Connection, RedisError> {
        let mut connection = self.connection.lock().await;
        match &*connection {
            Some(connection) => Ok(connection.clone()),
            None => Ok(connection.insert(self.redis.connect()?).clone()),
        }
    }

    fn key(&self, class: Option<&str>, name: &str) -> String {
        self.redis.key(&self.tenant, &format!("{}:{name}", class.unwrap_or("general")))
    }

    async fn reserve_in_redis(
        &self,
        class: Option<&str>,
        budget: Budget,
        count: u32,
        observed: Option<Observed>,
    ) -> Option<Vec<Reserved>> {
        let mut script = self.reserve.key(self.key(class, "hold"));
        let mut buckets = vec![("bucket".to_owned(), budget.burst, budget.per_second)];
        if budget.share < 1.0 {
            let (burst, per_second) = ((budget.burst * budget.share).max(1.0), budget.per_second * budget.share);
            buckets.push((format!("share-{}", budget.share), burst, per_second));
        }
        let (left, age) = observed.map_or((-1.0, 0.0), |seen| (seen.remaining, seen.at.elapsed().as_secs_f64()));
        script.arg(count).arg(left).arg(age);
        for (name, burst, per_second) in &buckets {
            script.key(self.key(class, name)).arg(burst).arg(per_second);
        }
        let reply: Result<Vec<String>, _> = match self.connection().await {
            Ok(mut connection) => connection.run(&script).await,
            Err(error) => Err(error),
        };
        let reply = self.heard(reply)?;
        let numbers: Vec<f64> = reply.iter().filter_map(|number| number.parse().ok()).collect();
        let rates = buckets.iter().map(|(_, _, per_second)| *per_second);
        let reserved = numbers.chunks_exact(2).zip(rates);
        Some(reserved.map(|(pair, per_second)| Reserved { from: pair[0], level: pair[1], per_second }).collect())
    }

    async fn hold_in_redis(&self, class: Option<&str>, wait: Duration) {
        let mut script = self.hold.key(self.key(class, "hold"));
        script.arg(wait.as_secs_f64());
        let reply: Result<u8, _> = match self.connection().await {
            Ok(mut connection) => connection.run(&script).await,
            Err(error) => Err(error),
        };
        self.heard(reply);
    }

    /// Notes whether Redis is there.
    fn heard<T>(&self, reply: Result<T, RedisError>) -> Option<T> {
        let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
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

    fn is_gone(&self) -> bool {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() < until)
    }

    fn is_alone(&self) -> bool {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}
