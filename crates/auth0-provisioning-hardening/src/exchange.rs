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
pub(crate) fn in_url(bytes: &[u8]) -> String {
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
