//! The queue in front of the tenant.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::{
    sync::{Mutex as Turnstile, Notify},
    time::{Instant, timeout_at},
};

use super::{
    Pacing, Quota,
    adaptive::{Adaptive, Decision},
    fixed::FixedRate,
    headers::unix_time,
    hold::Hold,
    permit::Permit,
};

/// Timers are no finer.
const SHORTEST_WAIT: f64 = 0.001;
/// Which queue a request waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    First,
    /// It had its turn, and was refused or failed: it goes before those that did not.
    Again,
}

/// How long a request may wait for its turn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// For a time that the tenant named.
    pub(crate) longest_wait: Duration,
    /// For everything.
    pub(crate) deadline: Option<Instant>,
}

impl Patience {
    /// A wait for a time that the tenant named, unless it is too long.
    fn allow(self, wait: Duration) -> Result<Duration, Held> {
        let too_late = self.deadline.is_some_and(|deadline| Instant::now() + wait >= deadline);
        if wait > self.longest_wait || too_late { Err(Held::Refused(wait)) } else { Ok(wait) }
    }
}

/// Why a request got no turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Held {
    /// The tenant takes nothing before then, which is longer than the request may wait.
    Refused(Duration),
    /// The deadline passed in the queue.
    Deadline,
}

/// One limiter per tenant, shared by all clones of a transport.
///
/// First come, first served: the one in front holds the turnstile and waits for the tenant, all others wait for the
/// turnstile. Dropping a waiter at any time lets the next one through.
pub(crate) struct Limiter {
    began: Instant,
    pub(super) began_unix: f64,
    first: Turnstile<()>,
    again: Turnstile<()>,
    pub(super) changed: Notify,
    state: Mutex<State>,
}

pub(super) struct State {
    pub(super) pace: Pace,
    pub(super) hold: Hold,
    /// Requests in the lane that goes first.
    waiting_again: u32,
}

pub(super) enum Pace {
    Adaptive(Adaptive),
    Fixed(FixedRate),
    /// Only listens, so that the quota can be asked.
    Off(Adaptive),
}

impl Limiter {
    pub(crate) fn new(pacing: Pacing) -> Self {
        Self::beginning_at(unix_time(SystemTime::now()), pacing, fastrand::Rng::new())
    }

    pub(super) fn beginning_at(began_unix: f64, pacing: Pacing, random: fastrand::Rng) -> Self {
        let pace = match pacing {
            Pacing::Adaptive => Pace::Adaptive(Adaptive::new()),
            Pacing::Fixed { per_second, burst } => Pace::Fixed(FixedRate::new(per_second, burst)),
            Pacing::Off => Pace::Off(Adaptive::new()),
        };
        Self {
            began: Instant::now(),
            began_unix,
            first: Turnstile::new(()),
            again: Turnstile::new(()),
            changed: Notify::new(),
            state: Mutex::new(State { pace, hold: Hold::new(random), waiting_again: 0 }),
        }
    }

    /// Waits for the request's turn. Dropping the future gives the place up.
    pub(crate) async fn acquire(&self, lane: Lane, patience: Patience) -> Result<Permit<'_>, Held> {
        let turnstile = match lane {
            Lane::First => &self.first,
            Lane::Again => &self.again,
        };
        let _priority = (lane == Lane::Again).then(|| Priority::take(self));
        let _turn = match turnstile.try_lock() {
            Ok(turn) => turn,
            Err(_) => by(patience.deadline, turnstile.lock()).await?,
        };
        if let Ok(permit) = self.try_acquire(lane, patience)? {
            return Ok(permit);
        }
        loop {
            // Listening begins before looking, so that no change is missed in between.
            let changed = self.changed.notified();
            let until = match self.try_acquire(lane, patience)? {
                Ok(permit) => return Ok(permit),
                Err(until) => until,
            };
            let until = patience.deadline.map_or(until, |deadline| deadline.min(until));
            // Whether the time came or something changed: look again.
            let _ = timeout_at(until, changed).await;
            if patience.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(Held::Deadline);
            }
        }
    }

    /// A permit, or when to ask again.
    fn try_acquire(&self, lane: Lane, patience: Patience) -> Result<Result<Permit<'_>, Instant>, Held> {
        let now = self.now();
        let mut state = self.state();
        let wait = if now < state.hold.until() && !matches!(state.pace, Pace::Off(_)) {
            patience.allow(Duration::from_secs_f64(state.hold.until() - now))?
        } else if lane == Lane::First && state.waiting_again > 0 {
            // Told by `changed` when they are through; the time is for safety.
            Duration::from_secs(1)
        } else {
            let decision = match &mut state.pace {
                Pace::Adaptive(adaptive) => adaptive.decide(now),
                Pace::Fixed(fixed) => fixed.take(now).map_or_else(Decision::Wait, |()| Decision::Go),
                Pace::Off(_) => Decision::Go,
            };
            match decision {
                Decision::Go => {
                    let flight = match &mut state.pace {
                        Pace::Adaptive(adaptive) | Pace::Off(adaptive) => Some(adaptive.depart(now)),
                        Pace::Fixed(_) => None,
                    };
                    return Ok(Ok(Permit::new(self, flight, now)));
                }
                Decision::Empty(until) => patience.allow(Duration::from_secs_f64((until - now).max(SHORTEST_WAIT)))?,
                Decision::Wait(until) => Duration::from_secs_f64((until - now).clamp(SHORTEST_WAIT, 3600.0)),
            }
        };
        Ok(Err(Instant::now() + wait))
    }

    /// Whether a refusal holds every request back here.
    pub(crate) fn holds_back(&self) -> bool {
        !matches!(self.state().pace, Pace::Off(_))
    }

    /// What is left, if the server ever said.
    pub(crate) fn quota(&self) -> Option<Quota> {
        let now = self.now();
        let state = self.state();
        let held_until = (state.hold.until() > now)
            .then(|| UNIX_EPOCH + Duration::from_secs_f64(self.began_unix + state.hold.until()));
        let (limit, level, per_second) = match &state.pace {
            Pace::Adaptive(adaptive) | Pace::Off(adaptive) => {
                let estimator = adaptive.estimator();
                if !estimator.is_informed() && held_until.is_none() {
                    return None;
                }
                (estimator.limit(), estimator.level(now), estimator.rate())
            }
            Pace::Fixed(fixed) => (fixed.burst(), fixed.level(now), Some(fixed.per_second())),
        };
        let remaining = if held_until.is_some() { 0.0 } else { level };
        Some(Quota { limit: whole(limit), remaining: whole(remaining), per_second, held_until })
    }

    pub(super) fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // The state is numbers that are true or not; no panic leaves it half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the first lane waiting for as long as it lives.
struct Priority<'a>(&'a Limiter);

impl<'a> Priority<'a> {
    fn take(limiter: &'a Limiter) -> Self {
        limiter.state().waiting_again += 1;
        Self(limiter)
    }
}

impl Drop for Priority<'_> {
    fn drop(&mut self) {
        self.0.state().waiting_again -= 1;
        self.0.changed.notify_waiters();
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("quota", &self.quota()).finish_non_exhaustive()
    }
}

async fn by<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Result<T, Held> {
    match deadline {
        Some(deadline) => timeout_at(deadline, future).await.map_err(|_| Held::Deadline),
        None => Ok(future.await),
    }
}

/// Rounded down, and never below zero.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates, which is what is wanted
fn whole(tokens: f64) -> u32 {
    tokens.max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use http::HeaderMap;
    use tokio::{task::LocalSet, time::sleep};

    use super::*;
    use crate::pacing::Outcome;

    const PATIENT: Patience = Patience { longest_wait: Duration::from_secs(120), deadline: None };

    fn limiter(pacing: Pacing) -> Limiter {
        Limiter::beginning_at(1_767_225_600.0, pacing, fastrand::Rng::with_seed(7))
    }

    fn headers(remaining: u32) -> HeaderMap {
        resetting(remaining, 1)
    }

    fn resetting(remaining: u32, reset: u32) -> HeaderMap {
        let pairs = [("x-ratelimit-limit", 10), ("x-ratelimit-remaining", remaining), ("x-ratelimit-reset", reset)];
        pairs.into_iter().map(|(name, value)| (name.parse().unwrap(), value.into())).collect()
    }

    async fn acquire(limiter: &Limiter) -> Permit<'_> {
        let mut permit = limiter.acquire(Lane::First, PATIENT).await.ok().unwrap();
        permit.sent();
        permit
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_goes_alone_and_the_others_by_what_it_learned() {
        let limiter = limiter(Pacing::Adaptive);
        let first = acquire(&limiter).await;
        let second = tokio::time::timeout(Duration::from_millis(900), limiter.acquire(Lane::First, PATIENT)).await;
        assert!(second.is_err(), "nothing else goes before the answer");
        first.answered(Outcome::Answered, &headers(9));
        assert_eq!(limiter.quota().unwrap().remaining, 9);
        let began = Instant::now();
        let _second = acquire(&limiter).await;
        let _third = acquire(&limiter).await;
        assert_eq!(began.elapsed(), Duration::ZERO);
        assert_eq!(limiter.quota().unwrap().remaining, 7, "what is on its way is spent");
    }

    #[tokio::test(start_paused = true)]
    async fn a_first_request_that_hangs_does_not_hold_up_the_others_for_long() {
        let limiter = limiter(Pacing::Adaptive);
        let _first = acquire(&limiter).await;
        let began = Instant::now();
        let _second = acquire(&limiter).await;
        assert_eq!(began.elapsed().as_secs(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_permit_that_is_dropped_unsent_costs_nothing() {
        let limiter = limiter(Pacing::Adaptive);
        acquire(&limiter).await.answered(Outcome::Answered, &headers(9));
        for _ in 0..100 {
            drop(limiter.acquire(Lane::First, PATIENT).await.ok().unwrap());
        }
        assert_eq!(limiter.quota().unwrap().remaining, 9);
        drop(acquire(&limiter).await);
        assert_eq!(limiter.quota().unwrap().remaining, 8, "what was sent may have been counted");
    }

    #[tokio::test(start_paused = true)]
    async fn waiters_are_served_in_order_and_dropping_some_loses_nothing() {
        let order = Rc::new(RefCell::new(Vec::new()));
        let limiter = Rc::new(limiter(Pacing::Fixed { per_second: 10.0, burst: 1 }));
        let tasks = LocalSet::new();
        let waiters: Vec<_> = (0..20)
            .map(|number| {
                let (limiter, order) = (Rc::clone(&limiter), Rc::clone(&order));
                tasks.spawn_local(async move {
                    let permit = acquire(&limiter).await;
                    order.borrow_mut().push(number);
                    permit.answered(Outcome::Answered, &HeaderMap::new());
                })
            })
            .collect();
        let began = Instant::now();
        tasks
            .run_until(async {
                sleep(Duration::from_millis(150)).await;
                for waiter in &waiters[5..10] {
                    waiter.abort();
                }
                for waiter in waiters {
                    let _ = waiter.await;
                }
            })
            .await;
        assert_eq!(*order.borrow(), [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
        assert_eq!(began.elapsed().as_millis() / 100, 14, "no turn was lost with those who left");
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_wins_over_the_reset_and_one_goes_first_then() {
        let limiter = limiter(Pacing::Adaptive);
        acquire(&limiter).await.answered(Outcome::Answered, &headers(9));
        let refused = acquire(&limiter).await;
        let held = refused.answered(Outcome::Refused(Some(Duration::from_secs(30))), &headers(0)).unwrap();
        assert!((30..31).contains(&held.as_secs()), "{held:?}");
        let began = Instant::now();
        let _look = acquire(&limiter).await;
        assert!((30..31).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
        let second = tokio::time::timeout(Duration::from_millis(900), limiter.acquire(Lane::First, PATIENT)).await;
        assert!(second.is_err(), "no herd");
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_that_is_too_long_is_told_at_once() {
        let limiter = limiter(Pacing::Adaptive);
        acquire(&limiter).await.answered(Outcome::Refused(Some(Duration::from_secs(3600))), &HeaderMap::new());
        let began = Instant::now();
        let held = limiter.acquire(Lane::First, PATIENT).await.err().unwrap();
        assert!(matches!(held, Held::Refused(wait) if wait.as_secs() >= 3600), "{held:?}");
        let soon = Patience { deadline: Some(Instant::now() + Duration::from_secs(9)), longest_wait: Duration::MAX };
        assert!(matches!(limiter.acquire(Lane::Again, soon).await.err().unwrap(), Held::Refused(_)));
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn so_is_a_reset_that_is_too_far_off_while_nothing_is_left() {
        let limiter = limiter(Pacing::Adaptive);
        acquire(&limiter).await.answered(Outcome::Answered, &resetting(0, 3600));
        let began = Instant::now();
        let held = limiter.acquire(Lane::First, PATIENT).await.err().unwrap();
        assert!(matches!(held, Held::Refused(wait) if (3600..3601).contains(&wait.as_secs())), "{held:?}");
        assert_eq!(began.elapsed(), Duration::ZERO);

        sleep(Duration::from_secs(4)).await;
        acquire(&limiter).await.answered(Outcome::Answered, &resetting(0, 60));
        let hasty = Patience { deadline: Some(Instant::now() + Duration::from_secs(9)), ..PATIENT };
        assert!(matches!(limiter.acquire(Lane::First, hasty).await.err().unwrap(), Held::Refused(_)));
        let began = Instant::now();
        let _next = acquire(&limiter).await;
        assert_eq!(began.elapsed().as_secs(), 60, "what is not too far off is waited for");
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_without_a_word_are_waited_out_longer_and_longer() {
        let limiter = limiter(Pacing::Adaptive);
        let mut waits = Vec::new();
        for _ in 0..8 {
            let refused = limiter.acquire(Lane::Again, PATIENT).await.ok().unwrap();
            waits.push(refused.answered(Outcome::Refused(None), &HeaderMap::new()).unwrap().as_secs_f64());
        }
        assert!((0.75..=1.25).contains(&waits[0]), "{waits:?}");
        assert!(waits[3] > 5.0 && waits.iter().all(|wait| *wait <= 38.0), "{waits:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_refused_goes_before_who_was_not_yet_sent() {
        let limiter = limiter(Pacing::Fixed { per_second: 1.0, burst: 1 });
        let order = RefCell::new(Vec::new());
        let wait = |lane: Lane, name: &'static str| {
            let (limiter, order) = (&limiter, &order);
            async move {
                let _permit = limiter.acquire(lane, PATIENT).await.ok().unwrap();
                order.borrow_mut().push(name);
            }
        };
        acquire(&limiter).await.answered(Outcome::Answered, &HeaderMap::new());
        let again = async {
            sleep(Duration::from_millis(500)).await;
            wait(Lane::Again, "again").await;
        };
        tokio::join!(wait(Lane::First, "first"), wait(Lane::First, "second"), again);
        assert_eq!(order.borrow()[0], "again");
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_ends_the_wait_in_the_queue_and_at_its_head() {
        let limiter = limiter(Pacing::Fixed { per_second: 0.01, burst: 1 });
        let _gone = acquire(&limiter).await;
        let hasty = || {
            let deadline = Some(Instant::now() + Duration::from_secs(3));
            limiter.acquire(Lane::First, Patience { deadline, ..PATIENT })
        };
        let began = Instant::now();
        let (head, behind) = tokio::join!(hasty(), hasty());
        assert_eq!((head.err().unwrap(), behind.err().unwrap()), (Held::Deadline, Held::Deadline));
        assert_eq!(began.elapsed().as_secs(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn turned_off_it_holds_nothing_back_but_still_listens() {
        let limiter = limiter(Pacing::Off);
        let permits = futures_util::future::join_all((0..50).map(|_| acquire(&limiter))).await;
        for permit in permits {
            permit.answered(Outcome::Answered, &headers(3));
        }
        assert_eq!(limiter.quota().unwrap().limit, 10);
        let held = acquire(&limiter).await.answered(Outcome::Refused(Some(Duration::from_secs(9))), &headers(0));
        assert!(held.unwrap().as_secs() >= 9);
        let began = Instant::now();
        let _next = acquire(&limiter).await;
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
