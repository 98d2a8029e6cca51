//! Clients against models of servers' limiters, in paused time.

use std::{
    cell::RefCell,
    rc::Rc,
    time::{Duration, UNIX_EPOCH},
};

use http::HeaderMap;
use tokio::{
    task::LocalSet,
    time::{Instant, sleep},
};

use super::{Lane, Limiter, Outcome, Pacing, Patience};

#[derive(Clone, Copy)]
enum Refill {
    /// Tokens a second, one by one.
    Steady(f64),
    /// The whole burst, every so many seconds.
    Window(f64),
}

#[derive(Clone, Copy)]
struct Model {
    burst: f64,
    refill: Refill,
    /// Seconds to the server and back, at least; and how much longer each way may take.
    latency: f64,
    jitter: f64,
    /// How far the server's clock is ahead.
    skew: f64,
    /// Sends `date`, as every real server does.
    date: bool,
    /// Sends `x-ratelimit-*`.
    headers: bool,
}

impl Model {
    fn steady(burst: f64, rate: f64) -> Self {
        Self { burst, refill: Refill::Steady(rate), latency: 0.04, jitter: 0.02, skew: 0.0, date: true, headers: true }
    }

    fn window(burst: f64, seconds: f64) -> Self {
        Self { refill: Refill::Window(seconds), ..Self::steady(burst, 0.0) }
    }

    /// The shortest time in which so many calls can be let through.
    fn minimum(&self, calls: u32) -> f64 {
        let beyond = (f64::from(calls) - self.burst).max(0.0);
        match self.refill {
            Refill::Steady(rate) => beyond / rate,
            Refill::Window(seconds) => (beyond / self.burst).ceil() * seconds,
        }
    }
}

struct Server {
    model: Model,
    tokens: f64,
    as_of: f64,
    began: Instant,
    began_unix: f64,
    refusals: u32,
}

impl Server {
    fn hit(&mut self) -> (u16, HeaderMap) {
        let now = self.began.elapsed().as_secs_f64() + self.began_unix + self.model.skew;
        let reset = match self.model.refill {
            Refill::Steady(rate) => {
                self.tokens = (self.tokens + (now - self.as_of) * rate).min(self.model.burst);
                let after = if self.tokens >= 1.0 { self.tokens - 1.0 } else { self.tokens };
                (now + (1.0 - after.fract()) / rate).ceil()
            }
            Refill::Window(seconds) => {
                if (now / seconds).floor() > (self.as_of / seconds).floor() {
                    self.tokens = self.model.burst;
                }
                ((now / seconds).floor() + 1.0) * seconds
            }
        };
        self.as_of = now;
        let status = if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            200
        } else {
            self.refusals += 1;
            429
        };
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: String| headers.insert(name, value.parse().unwrap());
        if self.model.headers {
            put("x-ratelimit-limit", self.model.burst.to_string());
            put("x-ratelimit-remaining", self.tokens.floor().to_string());
            put("x-ratelimit-reset", reset.to_string());
        }
        if self.model.date {
            put("date", httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs_f64(now.floor())));
        }
        (status, headers)
    }
}

#[derive(Debug)]
struct Report {
    elapsed: f64,
    ratio: f64,
    refusals: u32,
    lost: u32,
}

/// So many clients, each with a limiter of its own, making so many calls each with so many in flight.
fn simulate(model: Model, clients: u32, calls: u32, concurrency: u32, seed: u64) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    LocalSet::new().block_on(&runtime, async {
        let began = Instant::now();
        // Somewhere within a second, for resets to fall anywhere.
        let began_unix = 1_767_225_600.0 + fastrand::Rng::with_seed(seed).f64();
        let server = Rc::new(RefCell::new(Server {
            model,
            tokens: model.burst,
            as_of: began_unix + model.skew,
            began,
            began_unix,
            refusals: 0,
        }));
        let lost = Rc::new(RefCell::new(0));
        let mut tasks = Vec::new();
        for client in 0..clients {
            let limiter = Rc::new(Limiter::beginning_at(
                began_unix,
                Pacing::Adaptive,
                fastrand::Rng::with_seed(seed + u64::from(client)),
            ));
            let left = Rc::new(RefCell::new(calls));
            for task in 0..concurrency {
                let (limiter, left, server, lost) = (limiter.clone(), left.clone(), server.clone(), lost.clone());
                let mut random = fastrand::Rng::with_seed(seed * 1000 + u64::from(client * 100 + task));
                tasks.push(tokio::task::spawn_local(async move {
                    while take(&left) {
                        if !call(&limiter, &server, model, &mut random).await {
                            *lost.borrow_mut() += 1;
                        }
                    }
                }));
            }
        }
        for task in tasks {
            task.await.unwrap();
        }
        let elapsed = began.elapsed().as_secs_f64();
        let minimum = model.minimum(calls * clients);
        let (refusals, lost) = (server.borrow().refusals, *lost.borrow());
        Report { elapsed, ratio: elapsed / minimum, refusals, lost }
    })
}

fn take(left: &RefCell<u32>) -> bool {
    let mut left = left.borrow_mut();
    *left > 0 && {
        *left -= 1;
        true
    }
}

async fn call(limiter: &Limiter, server: &RefCell<Server>, model: Model, random: &mut fastrand::Rng) -> bool {
    let patience =
        Patience { longest_wait: Duration::from_secs(120), deadline: Some(Instant::now() + Duration::from_secs(600)) };
    let mut lane = Lane::First;
    for _ in 0..12 {
        let Ok(mut permit) = limiter.acquire(lane, patience).await else { return false };
        permit.sent();
        let mut way = || Duration::from_secs_f64(model.latency / 2.0 + model.jitter * random.f64());
        let (there, back) = (way(), way());
        sleep(there).await;
        let (status, headers) = server.borrow_mut().hit();
        sleep(back).await;
        let outcome = if status == 429 { Outcome::Refused(None) } else { Outcome::Answered };
        permit.answered(outcome, &headers);
        if status == 200 {
            return true;
        }
        lane = Lane::Again;
    }
    false
}

/// Runs a model with several seeds; each has to lose nothing and stay within the ratio and the refusals.
fn holds(model: Model, (clients, calls, concurrency): (u32, u32, u32), ratio: f64, refusals: u32) {
    for seed in 1..=6 {
        let report = simulate(model, clients, calls, concurrency, seed);
        assert_eq!(report.lost, 0, "seed {seed}: {report:?}");
        assert!(report.ratio <= ratio, "seed {seed}: {report:?}");
        assert!(report.refusals <= refusals, "seed {seed}: {report:?}");
    }
}

#[test]
fn the_enterprise_limit_is_used_to_the_full_without_a_refusal() {
    holds(Model::steady(50.0, 16.0), (1, 300, 32), 1.03, 0);
}

#[test]
fn so_it_is_over_loopback() {
    holds(Model { latency: 0.0005, jitter: 0.0002, ..Model::steady(50.0, 16.0) }, (1, 300, 32), 1.03, 0);
}

#[test]
fn so_it_is_with_all_calls_at_once() {
    holds(Model::steady(50.0, 16.0), (1, 300, 300), 1.03, 0);
}

#[test]
fn clocks_need_not_agree_nor_be_told() {
    holds(Model { skew: 90.0, ..Model::steady(50.0, 16.0) }, (1, 300, 32), 1.03, 0);
    holds(Model { skew: -3600.0, ..Model::steady(50.0, 16.0) }, (1, 300, 32), 1.03, 0);
    holds(Model { date: false, ..Model::steady(50.0, 16.0) }, (1, 300, 32), 1.03, 0);
}

#[test]
fn requests_may_overtake_each_other() {
    holds(Model { latency: 0.1, jitter: 0.2, ..Model::steady(50.0, 16.0) }, (1, 300, 32), 1.12, 4);
    holds(Model { latency: 0.3, jitter: 0.1, ..Model::steady(50.0, 16.0) }, (1, 300, 32), 1.12, 4);
}

#[test]
fn the_other_plans() {
    holds(Model::steady(20.0, 20.0), (1, 300, 32), 1.03, 0);
    holds(Model::steady(50.0, 50.0), (1, 600, 32), 1.03, 0);
    holds(Model::steady(250.0, 250.0), (1, 2500, 64), 1.03, 0);
    holds(Model::steady(10.0, 2.0), (1, 60, 8), 1.06, 1);
}

#[test]
fn a_bucket_too_small_for_looks_is_emptied_at_each_reset() {
    holds(Model::steady(2.0, 2.0), (1, 40, 8), 1.35, 0);
}

#[test]
fn windows_are_spent_and_waited_for() {
    holds(Model::window(60.0, 60.0), (1, 200, 32), 1.01, 0);
    holds(Model::window(16.0, 1.0), (1, 200, 32), 1.03, 0);
}

#[test]
fn a_server_without_headers_is_not_held_back_from() {
    let model = Model { headers: false, ..Model::steady(1e6, 1e6) };
    for seed in 1..=3 {
        let report = simulate(model, 1, 320, 32, seed);
        assert!(report.elapsed < 0.1 + 11.0 * 0.08, "{report:?}");
    }
}

#[test]
fn clients_that_do_not_know_of_each_other_lose_nothing() {
    holds(Model::steady(50.0, 16.0), (2, 300, 32), 1.1, 60);
    holds(Model::steady(50.0, 16.0), (4, 150, 32), 1.05, 300);
    holds(Model::steady(10.0, 2.0), (2, 40, 8), 1.08, 40);
}
