//! What the client costs on top of bare reqwest: one call, at 1 and at 32 in flight.
//!
//! Both sides fetch and decode the same configuration from the same server in rounds that alternate, so that the load
//! of the machine affects both. The median rounds are compared. The facade runs with everything enabled: a
//! fetched token, pacing by the server's headers, retries and tracing, first without and then with a subscriber.

use std::{
    error::Error,
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

use auth0_provisioning::{Client, ConnectionId, DirectoryProvisioning};
use futures_util::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime,
};

const ROUNDS: usize = 41;
const CALLS: usize = 1_000;

const CONFIGURATION: &str = r#"{"connection_id":"con_0123456789abcdef","connection_name":"acme-workspace","strategy":"google-apps","mapping":[{"auth0":"email","idp":"primaryEmail"},{"auth0":"given_name","idp":"name.givenName"},{"auth0":"blocked","idp":"suspended"}],"synchronize_automatically":true,"synchronize_groups":"off","created_at":"2026-05-04T08:15:30.250Z","updated_at":"2026-08-19T16:42:07.001Z"}"#;
const TOKEN: &str = r#"{"access_token":"a-token","token_type":"Bearer","expires_in":86400}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let origin = serve()?;
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        println!("in flight   subscriber   bare reqwest      facade   ratio");
        for in_flight in [1, 32] {
            compare(&origin, in_flight, "off").await?;
        }
        tracing::subscriber::set_global_default(tracing_subscriber::fmt().with_writer(std::io::sink).finish())?;
        for in_flight in [1, 32] {
            compare(&origin, in_flight, "on").await?;
        }
        Ok(())
    })
}

async fn compare(origin: &str, in_flight: usize, subscriber: &str) -> Result<(), Box<dyn Error>> {
    let bare = Bare::new(origin)?;
    let facade = Facade::new(origin)?;
    let (mut of_bare, mut of_facade) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (one, two) = if round % 2 == 0 {
            let one = round_of(in_flight, || bare.call()).await?;
            (one, round_of(in_flight, || facade.call()).await?)
        } else {
            let two = round_of(in_flight, || facade.call()).await?;
            (round_of(in_flight, || bare.call()).await?, two)
        };
        // The first round opens connections and fetches the token.
        if round > 0 {
            of_bare.push(one);
            of_facade.push(two);
        }
    }
    let (bare, facade) = (median(of_bare), median(of_facade));
    let ratio = facade / bare;
    println!("{in_flight:>9}   {subscriber:>10}   {bare:>9.2} µs   {facade:>6.2} µs   {ratio:>5.3}");
    Ok(())
}

/// Microseconds a call.
async fn round_of<F, Fut>(in_flight: usize, call: F) -> Result<f64, Box<dyn Error>>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<DirectoryProvisioning, Box<dyn Error>>>,
{
    let start = Instant::now();
    let mut answers = stream::iter(0..CALLS).map(|_| call()).buffer_unordered(in_flight);
    while let Some(answer) = answers.next().await {
        black_box(answer?);
    }
    #[expect(clippy::cast_precision_loss, reason = "a thousand calls")]
    let calls = CALLS as f64;
    Ok(start.elapsed().as_secs_f64() * 1e6 / calls)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

struct Bare {
    client: reqwest::Client,
    url: String,
}

impl Bare {
    fn new(origin: &str) -> Result<Self, Box<dyn Error>> {
        let client = reqwest::Client::builder().build()?;
        let url = format!("{origin}/api/v2/connections/con_0123456789abcdef/directory-provisioning");
        Ok(Self { client, url })
    }

    async fn call(&self) -> Result<DirectoryProvisioning, Box<dyn Error>> {
        let request = self.client.get(&self.url).bearer_auth("a-token").header("accept", "application/json");
        let response = request.send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }
}

struct Facade {
    client: Client,
    connection: ConnectionId,
}

impl Facade {
    fn new(origin: &str) -> Result<Self, Box<dyn Error>> {
        let client =
            Client::builder("tenant.example.com")?.base_url(origin).client_credentials("id", "secret").build()?;
        Ok(Self { client, connection: "con_0123456789abcdef".parse()? })
    }

    async fn call(&self) -> Result<DirectoryProvisioning, Box<dyn Error>> {
        Ok(self.client.directory_provisioning(&self.connection).get().await?)
    }
}

/// A server on a thread of its own that answers as fast as it can: as little as possible of what is measured is its.
fn serve() -> Result<String, Box<dyn Error>> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let origin = format!("http://{}", listener.local_addr()?);
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || {
        runtime.block_on(async {
            let Ok(listener) = TcpListener::from_std(listener) else { return };
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream));
            }
        });
    });
    Ok(origin)
}

async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let configuration = response(CONFIGURATION);
    let token = response(TOKEN);
    let mut received = Vec::with_capacity(4_096);
    loop {
        let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else {
            if stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
            continue;
        };
        let is_token = received.starts_with(b"POST");
        if is_token && received.len() == end + 4 {
            stream.read_buf(&mut received).await?;
        }
        received.clear();
        stream.write_all(if is_token { &token } else { &configuration }).await?;
    }
}

fn response(body: &str) -> Vec<u8> {
    let reset = std::time::SystemTime::now() + Duration::from_secs(1);
    let reset = reset.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nx-ratelimit-limit: 1000000\r\n\
         x-ratelimit-remaining: 999999\r\nx-ratelimit-reset: {reset}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
