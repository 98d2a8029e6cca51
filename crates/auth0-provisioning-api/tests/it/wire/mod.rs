//! Makes a call against a server that sends one response.

use auth0_provisioning_api::Client;
use auth0_transport::{Error, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Makes one call against a server that sends this response. Returns the received request.
pub(crate) async fn exchange<T>(
    status: u16,
    body: &str,
    call: impl AsyncFnOnce(Client) -> Result<T, Error>,
) -> (String, Result<T, Error>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let transport = Transport::builder("tenant.example.com".parse().unwrap())
        .base_url(format!("http://{address}"))
        .bearer_token("secret-token")
        .build()
        .unwrap();
    let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
    let response = format!("HTTP/1.1 {status} Response\r\n{kind}{length}connection: close\r\n\r\n{body}");
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read_request(&mut stream).await;
        stream.write_all(response.as_bytes()).await.unwrap();
        request
    };
    let (request, result) = tokio::join!(server, call(Client::new(transport)));
    (request.replace(&address.to_string(), "HOST").replace(env!("CARGO_PKG_VERSION"), "VERSION"), result)
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return format!("{}\n\n{body}", sorted(head)).trim_end().to_owned();
            }
        }
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the request ends too early: {text}");
    }
}

/// Sorts the headers, which have no order. The token and the description of the client are replaced by `…`, because the first
/// is secret and the second contains a version.
fn sorted(head: &str) -> String {
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let mut headers: Vec<String> = lines
        .map(|line| match line.split_once(": ") {
            Some(("auth0-client", _)) => "auth0-client: …".to_owned(),
            Some(("authorization", "Bearer secret-token")) => "authorization: Bearer …".to_owned(),
            _ => line.to_owned(),
        })
        .collect();
    headers.sort();
    format!("{first}\n{}", headers.join("\n"))
}
