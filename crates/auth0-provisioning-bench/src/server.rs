//! A fast server, so that the time of a measurement is the time of the client.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime,
};

/// A configuration as the API sends it.
pub const CONFIGURATION: &str = r#"{"connection_id":"con_0123456789abcdef","connection_name":"acme-workspace","strategy":"google-apps","mapping":[{"auth0":"email","idp":"primaryEmail"},{"auth0":"given_name","idp":"name.givenName"},{"auth0":"blocked","idp":"suspended"}],"synchronize_automatically":true,"synchronize_groups":"off","created_at":"2026-05-04T08:15:30.250Z","updated_at":"2026-08-19T16:42:07.001Z"}"#;
/// The number of configurations on a page.
pub const PAGE: usize = 100;
const TOKEN: &str = r#"{"access_token":"a-token","token_type":"Bearer","expires_in":86400}"#;

/// A running server.
#[derive(Clone, Debug)]
pub struct Server {
    /// The origin of its URLs.
    pub origin: String,
    tokens: Arc<AtomicUsize>,
}

impl Server {
    /// Returns the number of token requests.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.tokens.load(Ordering::Relaxed)
    }

    /// Starts a server whose list has this many pages.
    ///
    /// # Errors
    ///
    /// Fails if no port is free.
    pub fn start(pages: usize) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let origin = format!("http://{}", listener.local_addr()?);
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let tokens = Arc::<AtomicUsize>::default();
        let responses = Arc::new(Responses {
            configuration: response(CONFIGURATION),
            token: response(TOKEN),
            tokens: tokens.clone(),
            page: vec![CONFIGURATION; PAGE].join(","),
            pages,
        });
        thread::spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, responses.clone()));
                }
            });
        });
        Ok(Self { origin, tokens })
    }
}

struct Responses {
    configuration: Vec<u8>,
    token: Vec<u8>,
    tokens: Arc<AtomicUsize>,
    page: String,
    pages: usize,
}

impl Responses {
    fn page(&self, request: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(request);
        let from = text.split_once("from=").and_then(|(_, rest)| rest.split(['&', ' ']).next()?.parse::<usize>().ok());
        let next = from.unwrap_or(0) + 1;
        let next = if next < self.pages { format!(r#","next":"{next}""#) } else { String::new() };
        response(&format!(r#"{{"directory_provisionings":[{}]{next}}}"#, self.page))
    }
}

async fn serve(mut stream: TcpStream, responses: Arc<Responses>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::with_capacity(4_096);
    loop {
        let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else {
            if stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
            continue;
        };
        if received.starts_with(b"POST") {
            if received.len() == end + 4 {
                stream.read_buf(&mut received).await?;
            }
            responses.tokens.fetch_add(1, Ordering::Relaxed);
            stream.write_all(&responses.token).await?;
        } else if received.starts_with(b"GET /api/v2/connections-directory-provisionings") {
            stream.write_all(&responses.page(&received)).await?;
        } else {
            stream.write_all(&responses.configuration).await?;
        }
        received.clear();
    }
}

fn response(body: &str) -> Vec<u8> {
    let reset = SystemTime::now() + Duration::from_secs(1);
    let reset = reset.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nx-ratelimit-limit: 1000000\r\n\
         x-ratelimit-remaining: 999999\r\nx-ratelimit-reset: {reset}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
