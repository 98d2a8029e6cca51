//! A request as bytes, and the answer's status and body.

use std::fmt::Write as _;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends the bytes to `origin`, and reads to the end. `None` where no HTTP answer came.
pub(crate) async fn exchange(origin: &str, request: &[u8]) -> Option<(u16, Vec<u8>)> {
    let address = origin.strip_prefix("http://").expect("the tenant speaks HTTP");
    let mut stream = TcpStream::connect(address).await.expect("the tenant listens");
    // A server that refuses a request early may close before all of it was written.
    let _ = stream.write_all(request).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some((status, answer.split_off(end + 4)))
}

/// Sends what fuzzing chose, which must not be answered as a failure of the server, and then asks for `probe`, since the
/// tenant has to go on. Returns the length of the answer.
pub(crate) async fn survives(origin: &str, chosen: &[u8], probe: &[u8]) -> usize {
    let answer = exchange(origin, chosen).await;
    if let Some((status, body)) = &answer {
        assert!(*status < 500, "{status} {}", String::from_utf8_lossy(body));
    }
    assert_eq!(exchange(origin, probe).await.map(|(status, _)| status), Some(200));
    answer.map_or(0, |(_, body)| body.len())
}

/// A method and a path that the first byte chooses, more of the path and a query up to the end of the line, and a body.
pub(crate) struct Chosen<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: &'a [u8],
}

impl<'a> Chosen<'a> {
    pub(crate) fn of(data: &'a [u8], targets: &[(&'static str, &str)]) -> Self {
        let (choice, rest) = data.split_first().unwrap_or((&0, &[]));
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let (method, path) = targets[usize::from(*choice) % targets.len()];
        let path = format!("{path}{}", in_url(&rest[..end]));
        Self { method, path, body: rest.get(end + 1..).unwrap_or_default() }
    }
}

/// A request with a JSON body, whatever it holds.
pub(crate) fn request(method: &str, target: &str, authorization: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\nauthorization: Bearer {authorization}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Bytes as a part of a URL: what has a meaning there stays, and what cannot be in one is encoded.
fn in_url(bytes: &[u8]) -> String {
    encoded(bytes, |byte| matches!(byte, 0x21..=0x7e) && byte != b'#')
}

/// Bytes as a value in a URL.
pub(crate) fn as_value(bytes: &[u8]) -> String {
    encoded(bytes, |_| false)
}

fn encoded(bytes: &[u8], stays: impl Fn(u8) -> bool) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        if stays(*byte) {
            text.push(char::from(*byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}
