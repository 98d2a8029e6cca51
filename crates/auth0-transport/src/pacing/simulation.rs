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
        if std::env::var("TRACE").is_ok() {
            println!(
                "{:.3} {status} {} {}",
                self.began.elapsed().as_secs_f64(),
                headers["x-ratelimit-remaining"].to_str().unwrap(),
                headers["x-ratelimit-reset"].to_str().unwrap()
            );
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

#[test]
fn survey() {
    let cases: Vec<(&str, Model, u32, u32, u32)> = vec![
        ("50/16", Model::steady(50.0, 16.0), 1, 300, 32),
        ("50/16 loopback", Model { latency: 0.0005, jitter: 0.0002, ..Model::steady(50.0, 16.0) }, 1, 300, 32),
        ("50/16 far", Model { latency: 0.3, jitter: 0.1, ..Model::steady(50.0, 16.0) }, 1, 300, 32),
        ("50/16 jittery", Model { latency: 0.1, jitter: 0.2, ..Model::steady(50.0, 16.0) }, 1, 300, 32),
        ("50/16 skew+90", Model { skew: 90.0, ..Model::steady(50.0, 16.0) }, 1, 300, 32),
        ("2/2 skew", Model { skew: 90.0, ..Model::steady(2.0, 2.0) }, 1, 40, 8),
        ("10/2 skew", Model { skew: 90.0, ..Model::steady(10.0, 2.0) }, 1, 60, 8),
        ("50/16 no date", Model { date: false, ..Model::steady(50.0, 16.0) }, 1, 300, 32),
        ("50/16 x300", Model::steady(50.0, 16.0), 1, 300, 300),
        ("2/2", Model::steady(2.0, 2.0), 1, 40, 8),
        ("10/2", Model::steady(10.0, 2.0), 1, 60, 8),
        ("20/20", Model::steady(20.0, 20.0), 1, 300, 32),
        ("50/50", Model::steady(50.0, 50.0), 1, 600, 32),
        ("250/250", Model::steady(250.0, 250.0), 1, 2500, 64),
        ("60/min", Model::window(60.0, 60.0), 1, 200, 32),
        ("16/s window", Model::window(16.0, 1.0), 1, 200, 32),
        ("two 50/16", Model::steady(50.0, 16.0), 2, 300, 32),
        ("two 10/2", Model::steady(10.0, 2.0), 2, 40, 8),
        ("four 50/16", Model::steady(50.0, 16.0), 4, 150, 32),
    ];
    for (name, model, clients, calls, concurrency) in cases {
        for seed in 1..=4 {
            let report = simulate(model, clients, calls, concurrency, seed);
            println!(
                "{name:>16} seed {seed}: {:7.2} s ratio {:.3} refusals {:3} lost {}",
                report.elapsed, report.ratio, report.refusals, report.lost
            );
        }
    }
}

#[test]
fn trace_one() {
    let report = match std::env::var("TRACE").unwrap().as_str() {
        "2" => simulate(Model::steady(2.0, 2.0), 1, 12, 8, 1),
        "60" => simulate(Model::window(60.0, 60.0), 1, 200, 32, 3),
        "16" => simulate(Model::window(16.0, 1.0), 1, 100, 32, 1),
        "10" => simulate(Model::steady(10.0, 2.0), 1, 60, 8, 3),
        _ => simulate(Model::steady(50.0, 16.0), 2, 300, 32, 2),
    };
    println!("{report:?}");
}
