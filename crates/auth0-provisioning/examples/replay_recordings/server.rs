//! A server of one response.

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use super::exchange::{Arrived, Exchange};

/// Takes one request and sends the recorded response.
pub(crate) async fn serve_one(listener: &TcpListener, exchange: &Exchange) -> std::io::Result<Arrived> {
    let (stream, _) = listener.accept().await?;
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut length = 0;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await?;
        match header.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap_or_default();
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let (status, response) = (exchange.status, &exchange.response);
    let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", response.len()) };
    let kind = "content-type: application/json; charset=utf-8";
    let outcome = format!("HTTP/1.1 {status} Recorded\r\n{kind}\r\n{length}connection: close\r\n\r\n{response}");
    stream.write_all(outcome.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(Arrived { method, target, body: String::from_utf8_lossy(&body).into_owned() })
}
