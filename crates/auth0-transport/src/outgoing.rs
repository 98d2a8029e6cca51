//! The request of a call, which can be sent several times.

use bytes::Bytes;
use http::{
    HeaderValue, Method,
    header::{ACCEPT, CONTENT_TYPE},
};
use http_body_util::Full;
use reqwest::{Body, Request, Url};
use secrecy::{ExposeSecret, SecretString};

/// The request of a call. Each attempt sends a clone of it.
pub(crate) struct Outgoing {
    /// The request, with its body only if that is [`OutgoingBody::Repeatable`].
    pub(crate) request: Request,
    pub(crate) body: OutgoingBody,
}

pub(crate) enum OutgoingBody {
    Repeatable,
    /// A stream, which is taken when it is sent.
    Streamed(Option<Body>),
    /// The body of a token request, and the secret in it, which no error may repeat.
    Secret(Bytes, SecretString),
}

impl Outgoing {
    pub(crate) fn api(mut request: Request) -> Self {
        let body = if request.body().is_some_and(|body| body.as_bytes().is_none()) {
            OutgoingBody::Streamed(request.body_mut().take())
        } else {
            OutgoingBody::Repeatable
        };
        Self { request, body }
    }

    pub(crate) fn token(url: Url, body: Bytes, secret: SecretString) -> Self {
        let mut request = Request::new(Method::POST, url);
        for name in [ACCEPT, CONTENT_TYPE] {
            request.headers_mut().insert(name, HeaderValue::from_static("application/json"));
        }
        Self { request, body: OutgoingBody::Secret(body, secret) }
    }
}

impl OutgoingBody {
    pub(crate) fn secret(&self) -> Option<&str> {
        match self {
            Self::Repeatable | Self::Streamed(_) => None,
            Self::Secret(_, secret) => Some(secret.expose_secret()),
        }
    }

    /// Returns the next request to send, or `None` if the body was sent and cannot be repeated.
    pub(crate) fn next(&mut self, template: &Request) -> Option<Request> {
        let mut request = template.try_clone()?;
        match self {
            Self::Repeatable => {}
            Self::Streamed(body) => *request.body_mut() = Some(body.take()?),
            // A client that follows redirects repeats a body that it can clone. It cannot clone this one, so only the token
            // endpoint receives the secret.
            Self::Secret(body, _) => *request.body_mut() = Some(Body::wrap(Full::new(body.clone()))),
        }
        Some(request)
    }

    pub(crate) fn can_repeat(&self) -> bool {
        !matches!(self, Self::Streamed(_))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Version;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// Responds to one request with this head, and returns the request.
    async fn respond(listener: TcpListener, head: String) -> String {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut received = Vec::new();
        while !String::from_utf8_lossy(&received).contains("s3cret") {
            if stream.read_buf(&mut received).await.unwrap() == 0 {
                break;
            }
        }
        stream.write_all(format!("{head}\r\ncontent-length: 0\r\n\r\n").as_bytes()).await.unwrap();
        String::from_utf8_lossy(&received).into_owned()
    }

    #[test]
    fn retry_sends_the_same_request() {
        let client = reqwest::Client::new();
        let request = client.patch("https://tenant.example.com/api/v2/connections/con_1?fields=name").body("{}");
        let request = request.header("x-of-the-call", "kept").timeout(Duration::from_secs(7)).version(Version::HTTP_2);
        let mut outgoing = Outgoing::api(request.build().unwrap());
        let mut parts = || {
            let request = outgoing.body.next(&outgoing.request).unwrap();
            let body = request.body().and_then(Body::as_bytes).map(ToOwned::to_owned);
            let head = (request.method().clone(), request.url().clone(), request.headers().clone());
            (head, body, request.timeout().copied(), request.version())
        };
        let first = parts();
        assert_eq!(
            (first.1.as_deref(), first.2, first.3),
            (Some(&b"{}"[..]), Some(Duration::from_secs(7)), Version::HTTP_2)
        );
        assert_eq!(first.0.2["x-of-the-call"], "kept");
        assert_eq!(parts(), first);
        assert_eq!(parts(), first);
    }

    #[test]
    fn streamed_body_is_sent_once() {
        let streamed = Body::wrap(Full::new(Bytes::from_static(b"{}")));
        let request = reqwest::Client::new().post("https://tenant.example.com/api/v2/connections").body(streamed);
        let Outgoing { request, mut body } = Outgoing::api(request.build().unwrap());
        assert!(!body.can_repeat() && body.next(&request).is_some_and(|first| first.body().is_some()));
        assert!(body.next(&request).is_none());
    }

    #[tokio::test]
    async fn redirect_never_receives_the_client_secret() {
        for status in [301, 302, 303, 307, 308] {
            let (asked, elsewhere) =
                (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
            let url = format!("http://{}/oauth/token", asked.local_addr().unwrap()).parse().unwrap();
            let location = format!("http://{}/", elsewhere.local_addr().unwrap());
            let mut outgoing = Outgoing::token(url, "client_secret=s3cret".into(), "s3cret".into());
            let following = reqwest::Client::builder().no_proxy().build().unwrap();
            let first = tokio::spawn(respond(asked, format!("HTTP/1.1 {status} Moved\r\nlocation: {location}")));
            let second = tokio::spawn(respond(elsewhere, "HTTP/1.1 400 Bad".to_owned()));
            let request = following.execute(outgoing.body.next(&outgoing.request).unwrap());
            let _ = tokio::time::timeout(Duration::from_millis(500), request).await;
            assert!(first.await.unwrap().contains("content-length: 20"), "the first server receives the body");
            second.abort();
            let leaked = second.await.unwrap_or_default();
            assert!(!leaked.contains("s3cret"), "{status}: {leaked}");
        }
    }
}
