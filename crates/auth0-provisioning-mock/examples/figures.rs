//! Measures the time to seed 100,000 connections, and the time of a response.
//!
//! The client is a blocking socket on a thread of its own. It sends a window of requests at once and reads their responses,
//! so that a window of 1 is a round trip, and in a window of 32 the tenant is busy all the time. The best of several
//! rounds counts, because other programs on the machine slow down some rounds.
//!
//! `cargo run --release -p auth0-provisioning-mock --example figures`

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use auth0_provisioning_mock::{Connection, MockTenant};

const CONNECTIONS: usize = 100_000;
const RESPONSES: usize = 9_600;
const ROUNDS: usize = 15;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    // One thread, as in the program: a hand-over between threads takes longer than most responses do.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // The contract is read once for the whole process, and here not counted.
        MockTenant::start().await?.shutdown().await;
        let mut seeding = Duration::MAX;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let tenant = MockTenant::builder().connections(Connection::fleet(CONNECTIONS)).start().await?;
            seeding = seeding.min(start.elapsed());
            tenant.shutdown().await;
        }
        println!("seeding {CONNECTIONS} connections: {} ms", seeding.as_millis());
        let seed = seed_file();
        let mut seeding = Duration::MAX;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let tenant = MockTenant::builder().seed_file(&seed)?.start().await?;
            seeding = seeding.min(start.elapsed());
            tenant.shutdown().await;
        }
        println!("the same from a seed file of {} MB: {} ms", seed.len() / 1_000_000, seeding.as_millis());

        let tenant = MockTenant::builder().connections(Connection::fleet(CONNECTIONS)).start().await?;
        let (address, token) = (tenant.base_url().replace("http://", ""), tenant.access_token().to_owned());
        let measured = tokio::task::spawn_blocking(move || measure(&address, &token));
        measured.await??;
        Ok(())
    })
}

/// The same connections as a seed file in JSON.
fn seed_file() -> String {
    let connections = (1..=CONNECTIONS).map(|number| {
        let (id, name) = (format!("con_{number:016}"), format!("workspace-{number}"));
        format!(r#"{{"id":"{id}","name":"{name}","strategy":"google-apps","directory_provisioning":{{}}}}"#)
    });
    format!(r#"{{"connections":[{}]}}"#, connections.collect::<Vec<_>>().join(","))
}

/// Prints the time of a response for each kind of request and window.
fn measure(address: &str, token: &str) -> Result<(), Failure> {
    println!("{:<30} {:>10} {:>12}", "a response", "in flight 1", "in flight 32");
    for (what, path) in [
        ("a connection", "/connections/{id}"),
        ("a configuration, 51 rows", "/connections/{id}/directory-provisioning"),
        ("its status", "/connections/{id}/status"),
    ] {
        let one = best(address, token, path, 1)?;
        let many = best(address, token, path, 32)?;
        println!("{what:<30} {one:>8.1} µs {many:>9.1} µs");
    }
    Ok(())
}

/// Microseconds a response in the best round.
fn best(address: &str, token: &str, path: &str, window: usize) -> Result<f64, Failure> {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        best = best.min(round(address, token, path, window)?);
    }
    Ok(best.as_secs_f64() * 1e6 / f64::from(u32::try_from(RESPONSES)?))
}

fn round(address: &str, token: &str, path: &str, window: usize) -> Result<Duration, Failure> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    let mut responses = BufReader::with_capacity(1 << 16, socket.try_clone()?);
    let request = |number: usize| {
        let path = path.replace("{id}", &format!("con_{:016}", number * 4_999 % CONNECTIONS + 1));
        format!("GET /api/v2{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\r\n")
    };
    let requests: Vec<String> =
        (0..RESPONSES).step_by(window).map(|first| (first..first + window).map(request).collect()).collect();
    thread::yield_now();
    let start = Instant::now();
    for requests in requests {
        socket.write_all(requests.as_bytes())?;
        for _ in 0..window {
            read_response(&mut responses)?;
        }
    }
    Ok(start.elapsed())
}

/// Reads one response to its end; it must be a 200.
fn read_response(responses: &mut impl BufRead) -> Result<(), Failure> {
    let (mut line, mut length) = (String::new(), 0);
    responses.read_line(&mut line)?;
    if !line.starts_with("HTTP/1.1 200") {
        return Err(format!("received {line}").into());
    }
    loop {
        line.clear();
        responses.read_line(&mut line)?;
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    responses.read_exact(&mut body)?;
    Ok(())
}
