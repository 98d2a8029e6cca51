//! Simulates clients and the rate limits of servers in paused time, for the table in `docs/pacing.md`.

use std::{
    cell::RefCell,
    fmt::Write,
    rc::Rc,
    time::{Duration, UNIX_EPOCH},
};

use http::HeaderMap;
use tokio::{
    task::LocalSet,
    time::{Instant, sleep},
};

use http::Method;

use super::{Completion, Limiter, Pacing, PermitRequest, RateLimiter, clock::Clock, endpoint::Endpoint};

#[derive(Clone, Copy)]
enum Refill {
    /// Tokens per second, one at a time.
    Steady(f64),
    /// The whole burst, each time after this number of seconds.
    Window(f64),
}

#[derive(Clone, Copy)]
struct Model {
    burst: f64,
    refill: Refill,
    /// The shortest round trip in seconds, and by how much each way may be longer.
    latency: f64,
    jitter: f64,
    /// The number of seconds by which the server's clock is ahead.
    skew: f64,
    /// Whether it sends `date`.
    date: bool,
    /// Whether it sends `x-ratelimit-*`.
    headers: bool,
    /// The number of seconds by which the announced reset is wrong.
    reset_error: f64,
}

impl Model {
    fn steady(burst: f64, rate: f64) -> Self {
        Self {
            burst,
            refill: Refill::Steady(rate),
            latency: 0.04,
            jitter: 0.02,
            skew: 0.0,
            date: true,
            headers: true,
            reset_error: 0.0,
        }
    }

    fn window(burst: f64, seconds: f64) -> Self {
        Self { refill: Refill::Window(seconds), ..Self::steady(burst, 0.0) }
    }

    /// Returns the shortest time in which the server accepts this number of calls.
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
    rate_limited: u32,
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
            self.rate_limited += 1;
            429
        };
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: String| headers.insert(name, value.parse().unwrap());
        if self.model.headers {
            put("x-ratelimit-limit", self.model.burst.to_string());
            put("x-ratelimit-remaining", self.tokens.floor().to_string());
            put("x-ratelimit-reset", (reset + self.model.reset_error).to_string());
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
    rate_limited: u32,
    lost: u32,
}

/// Runs clients with a limiter each, which make a number of calls with a number of calls in flight.
fn simulate(model: Model, clients: u32, calls: u32, concurrency: u32, seed: u64) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    LocalSet::new().block_on(&runtime, async {
        let began = Instant::now();
        // A random part of a second, so that resets have any distance.
        let began_unix = 1_767_225_600.0 + fastrand::Rng::with_seed(seed).f64();
        let server = Rc::new(RefCell::new(Server {
            model,
            tokens: model.burst,
            as_of: began_unix + model.skew,
            began,
            began_unix,
            rate_limited: 0,
        }));
        let lost = Rc::new(RefCell::new(0));
        let mut tasks = Vec::new();
        for client in 0..clients {
            let limiter = Rc::new(Limiter::with_clock(
                Clock::starting_at(began_unix),
                Pacing::Adaptive,
                1.0,
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
        let (rate_limited, lost) = (server.borrow().rate_limited, *lost.borrow());
        Report { elapsed, ratio: elapsed / minimum, rate_limited, lost }
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
    let mut request = PermitRequest {
        method: &Method::GET,
        path: "/things",
        query: None,
        retry: false,
        deadline: Some(Instant::now() + Duration::from_secs(600)),
        longest_wait: Duration::from_secs(120),
        endpoint: Endpoint::of(&Method::GET, "/things", None),
    };
    for _ in 0..12 {
        let Ok(permit) = limiter.acquire(&request).await else { return false };
        let mut way = || Duration::from_secs_f64(model.latency / 2.0 + model.jitter * random.f64());
        let (there, back) = (way(), way());
        sleep(there).await;
        let (status, headers) = server.borrow_mut().hit();
        sleep(back).await;
        let completion = if status == 429 {
            Completion::RateLimited { headers: &headers, retry_after: None }
        } else {
            Completion::Responded { headers: &headers, success: true }
        };
        limiter.complete(&request, permit, &completion);
        if status == 200 {
            return true;
        }
        request.retry = true;
    }
    false
}

/// A row of the table, with its bounds for each seed.
struct Row {
    name: &'static str,
    model: Model,
    /// The number of clients, of calls of each client, and of calls in flight.
    load: (u32, u32, u32),
    ratio: f64,
    rate_limited: u32,
}

fn row(name: &'static str, model: Model, load: (u32, u32, u32), ratio: f64, rate_limited: u32) -> Row {
    Row { name, model, load, ratio, rate_limited }
}

fn rows() -> Vec<Row> {
    let steady = Model::steady;
    let enterprise = steady(50.0, 16.0);
    let loopback = |model| Model { latency: 0.0005, jitter: 0.0002, ..model };
    vec![
        row("Enterprise: 50 and 16/s", enterprise, (1, 300, 32), 1.011, 0),
        row("the same over loopback", loopback(enterprise), (1, 300, 32), 1.01, 0),
        row("the same, all calls at once", enterprise, (1, 300, 300), 1.011, 0),
        row("the same, 100 to 500 ms away", Model { latency: 0.1, jitter: 0.2, ..enterprise }, (1, 300, 32), 1.07, 0),
        row("the same, two clients", enterprise, (2, 300, 32), 1.03, 60),
        row("the same, four clients", enterprise, (4, 150, 32), 1.03, 300),
        row("Free: 2 and 2/s", steady(2.0, 2.0), (1, 60, 8), 1.05, 0),
        row("the same over loopback", loopback(steady(2.0, 2.0)), (1, 60, 8), 1.05, 0),
        row("non-production: 10 and 2/s", steady(10.0, 2.0), (1, 60, 8), 1.03, 0),
        row("the same, two clients", steady(10.0, 2.0), (2, 40, 8), 1.05, 12),
        row("private developer: 20 and 20/s", steady(20.0, 20.0), (1, 300, 32), 1.02, 0),
        row("100 RPS: 50 and 50/s", steady(50.0, 50.0), (1, 600, 32), 1.02, 0),
        row("500 RPS: 250 and 250/s", steady(250.0, 250.0), (1, 2500, 64), 1.02, 0),
        row("small and fast: 2 and 10/s", steady(2.0, 10.0), (1, 60, 8), 1.4, 0),
        row("5 and 10/s", steady(5.0, 10.0), (1, 100, 8), 1.06, 0),
        row("10 and 20/s", steady(10.0, 20.0), (1, 300, 32), 1.02, 0),
        row("10 and 50/s", steady(10.0, 50.0), (1, 300, 32), 1.04, 0),
        row("60 a minute, all at the full minute", Model::window(60.0, 60.0), (1, 200, 32), 1.01, 0),
        row("16 a second, all at the full second", Model::window(16.0, 1.0), (1, 200, 32), 1.03, 30),
        row("clock an hour ahead", Model { skew: 3600.0, ..enterprise }, (1, 300, 32), 1.011, 0),
        row(
            "clock an hour behind, no date",
            Model { skew: -3600.0, date: false, ..enterprise },
            (1, 300, 32),
            1.011,
            0,
        ),
        row("reset an hour too late", Model { reset_error: 3600.0, ..enterprise }, (1, 300, 32), 1.05, 2),
        row("reset 50 s too late", Model { reset_error: 50.0, ..enterprise }, (1, 300, 32), 1.05, 2),
        row("reset an hour too early", Model { reset_error: -3600.0, ..enterprise }, (1, 300, 32), 1.05, 2),
    ]
}

const SEEDS: u32 = 10;

#[test]
fn docs_show_the_simulation() {
    let mut table = String::from(
        "| tenant and load | calls | least time | mean ratio | worst ratio | refused, most | lost |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for Row { name, model, load: (clients, calls, concurrency), ratio, rate_limited } in rows() {
        let reports: Vec<_> =
            (1..=SEEDS).map(|seed| simulate(model, clients, calls, concurrency, seed.into())).collect();
        let mean = reports.iter().map(|report| report.ratio).sum::<f64>() / f64::from(SEEDS);
        let worst = reports.iter().map(|report| report.ratio).fold(0.0, f64::max);
        let limited = reports.iter().map(|report| report.rate_limited).max().unwrap_or_default();
        let lost: u32 = reports.iter().map(|report| report.lost).sum();
        let least = model.minimum(calls * clients);
        println!("{name}: mean {mean:.3}, worst {worst:.3}, limited {limited}, lost {lost}");
        assert_eq!(lost, 0, "{name}");
        assert!(worst <= ratio, "{name}: {worst}");
        assert!(limited <= rate_limited, "{name}: {limited}");
        let each = if clients == 1 { String::new() } else { format!("{clients} × ") };
        writeln!(table, "| {name} | {each}{calls} | {least:.1} s | {mean:.3} | {worst:.3} | {limited} | {lost} |")
            .unwrap();
    }
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/pacing.md");
    let text = std::fs::read_to_string(docs).unwrap();
    let (before, rest) = text.split_once("<!-- simulation -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end of simulation -->").unwrap();
    let updated = format!("{before}<!-- simulation -->\n{table}<!-- end of simulation -->{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(docs, &updated).unwrap();
    }
    let hint = "docs/pacing.md is out of date; run `UPDATE_DOCS=1 cargo test -p auth0-transport simulation`";
    assert!(text == updated || std::env::var_os("UPDATE_DOCS").is_some(), "{hint}");
}

#[test]
fn server_without_headers_is_not_paced() {
    let model = Model { headers: false, ..Model::steady(1e6, 1e6) };
    for seed in 1..=3 {
        let report = simulate(model, 1, 320, 32, seed);
        assert!(report.elapsed < 0.1 + 11.0 * 0.08, "{report:?}");
    }
}
