//! A server that runs the script of a test, including cut connections.

#![allow(dead_code, clippy::unwrap_used)]

mod transit;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use auth0_transport::{Transport, TransportBuilder};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};
use transit::Transit;

/// A request as it arrived. Header names are in lower case, in the order of their arrival.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Respond {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// Responds with 200 in pieces, without a length.
    Chunked {
        pieces: Vec<Vec<u8>>,
    },
    /// Reads the request, and closes the connection without a response.
    CutBefore,
    /// Sends half of the body, and closes the connection.
    CutWithin {
        body: Vec<u8>,
    },
    /// Responds, and closes the connection without announcing it.
    CutAfter {
        body: Vec<u8>,
    },
    /// Waits before another act.
    Late(Duration, Box<Act>),
    /// Never responds.
    Hang,
}

impl Act {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::Respond { status, headers: vec![("content-type".into(), "application/json".into())], body: body.into() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::Respond { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Self::Respond { headers, .. } = &mut self {
            headers.push((name.into(), value.into()));
        }
        self
    }
}

/// Returns a script with a token bucket by Tokio's clock. It responds with the tenant's headers.
pub(crate) fn bucket(burst: f64, rate: f64) -> impl FnMut(&Received) -> Act + Send {
    // The server's clock is an hour ahead. Otherwise real time that passes while Tokio's clock is paused would make it look slow.
    let began_unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + Duration::from_secs(3600);
    let (began, mut tokens, mut as_of) = (Instant::now(), burst, Instant::now());
    move |_| {
        tokens = (tokens + as_of.elapsed().as_secs_f64() * rate).min(burst);
        as_of = Instant::now();
        let status = if tokens >= 1.0 { 200 } else { 429 };
        if status == 200 {
            tokens -= 1.0;
        }
        let unix = began_unix + began.elapsed();
        let reset = (unix.as_secs_f64() + (1.0 - tokens.fract()) / rate).ceil();
        Act::json(status, "{}")
            .with_header("x-ratelimit-limit", &burst.to_string())
            .with_header("x-ratelimit-remaining", &tokens.floor().to_string())
            .with_header("x-ratelimit-reset", &reset.to_string())
            .with_header("date", &httpdate::fmt_http_date(UNIX_EPOCH + unix))
    }
}

type Script = Box<dyn FnMut(&Received) -> Act + Send>;

/// A server on a free loopback port. It ends when it is dropped.
pub(crate) struct Scripted {
    origin: String,
    received: Arc<Mutex<Vec<Received>>>,
    transit: Transit,
    accepting: tokio::task::JoinHandle<()>,
}

impl Scripted {
    /// Starts a server that responds to each request with the result of `script`.
    pub(crate) async fn by(script: impl FnMut(&Received) -> Act + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(script)));
        let log = Arc::clone(&received);
        let transit = Transit::default();
        let of_connections = transit.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&log), of_connections.clone()));
            }
        });
        Self { origin, received, transit, accepting }
    }

    /// Starts a server that performs one act for each request, and then repeats the last one.
    pub(crate) async fn acts(acts: impl IntoIterator<Item = Act>) -> Self {
        let mut acts: VecDeque<_> = acts.into_iter().collect();
        Self::by(move |_| if acts.len() > 1 { acts.pop_front().unwrap() } else { acts[0].clone() }).await
    }

    /// Returns a builder of a transport to this server, which also works in paused time.
    pub(crate) fn transport(&self) -> TransportBuilder {
        Transport::builder("acme.eu.auth0.com".parse().unwrap()).base_url(&self.origin).hook(self.transit.clone())
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Returns the number of requests to a path.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.received.lock().unwrap().iter().filter(|received| received.path == path).count()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>, log: Arc<Mutex<Vec<Received>>>, transit: Transit) {
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer).await {
        let id = transit.arrived(&request.headers);
        let mut act = (script.lock().unwrap())(&request);
        log.lock().unwrap().push(request);
        while let Act::Late(wait, then) = act {
            tokio::time::sleep(wait).await;
            act = *then;
        }
        if !matches!(act, Act::Hang) {
            transit.responded(id);
        }
        match act {
            Act::Respond { status, headers, body } => {
                if stream.write_all(&rendered(status, &headers, &body, body.len())).await.is_err() {
                    return;
                }
            }
            Act::Chunked { pieces } => {
                let mut bytes = b"HTTP/1.1 200 Scripted\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
                for piece in pieces {
                    bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
                    bytes.extend_from_slice(&piece);
                    bytes.extend_from_slice(b"\r\n");
                }
                bytes.extend_from_slice(b"0\r\n\r\n");
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Act::CutBefore => return,
            Act::CutWithin { body } => {
                let half = &body[..body.len() / 2];
                drop(stream.write_all(&rendered(200, &[], half, body.len())).await);
                return;
            }
            Act::CutAfter { body } => {
                drop(stream.write_all(&rendered(200, &[], &body, body.len())).await);
                return;
            }
            Act::Hang | Act::Late(..) => std::future::pending().await,
        }
    }
}

fn rendered(status: u16, headers: &[(String, String)], body: &[u8], length: usize) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Scripted\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    if status != 204 && status != 304 {
        text.extend(["content-length: ", &length.to_string(), "\r\n"]);
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    let head_end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        read_more(stream, buffer).await?;
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut start = lines.next()?.split(' ');
    let (method, path) = (start.next()?.to_owned(), start.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, v)| v.parse().unwrap());
    let body_start = head_end + 4;
    while buffer.len() < body_start + length {
        read_more(stream, buffer).await?;
    }
    let body = String::from_utf8_lossy(&buffer[body_start..body_start + length]).into_owned();
    buffer.drain(..body_start + length);
    Some(Received { method, path, headers, body })
}

async fn read_more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 8192];
    match stream.read(&mut chunk).await {
        Ok(0) | Err(_) => None,
        Ok(read) => {
            buffer.extend_from_slice(&chunk[..read]);
            Some(())
        }
    }
}
