//! Sends a request as bytes, and returns status and body of the response.

use std::fmt::Write as _;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends the bytes to `origin` and reads to the end. Returns `None` if the response is not HTTP.
pub(crate) async fn exchange(origin: &str, request: &[u8]) -> Option<(u16, Vec<u8>)> {
    let address = origin.strip_prefix("http://").expect("the tenant speaks HTTP");
    let mut stream = TcpStream::connect(address).await.expect("the tenant listens");
    // A server that rejects a request early may close the connection before all of it is written.
    let _ = stream.write_all(request).await;
    let _ = stream.shutdown().await;
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response).await;
    let end = response.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&response[..end]).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some((status, response.split_off(end + 4)))
}

/// Sends the chosen request, which must not get a 5xx, and then `probe`, which must succeed. Returns the length of the
/// first response.
pub(crate) async fn survives(origin: &str, chosen: &[u8], probe: &[u8]) -> usize {
    let response = exchange(origin, chosen).await;
    if let Some((status, body)) = &response {
        assert!(*status < 500, "{status} {}", String::from_utf8_lossy(body));
    }
    assert_eq!(exchange(origin, probe).await.map(|(status, _)| status), Some(200));
    response.map_or(0, |(_, body)| body.len())
}

/// A request from bytes: the first byte selects method and path, the rest of the line extends the path, then comes the body.
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

/// Returns a request with this JSON body, valid or not.
pub(crate) fn request(method: &str, target: &str, authorization: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\nauthorization: Bearer {authorization}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Encodes the bytes that cannot be in a URL.
fn in_url(bytes: &[u8]) -> String {
    encoded(bytes, |byte| matches!(byte, 0x21..=0x7e) && byte != b'#')
}

/// Encodes all bytes, as a value in a URL.
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
