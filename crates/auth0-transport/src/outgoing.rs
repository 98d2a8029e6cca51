//! What a call sends, as often as it is sent.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Version};
use http_body_util::Full;
use reqwest::{Body, Request, Url};
use secrecy::{ExposeSecret, SecretString};

use crate::{Operation, base_url::path_below_api, pacing::Endpoint};

/// A request that may be sent several times.
pub(crate) enum Outgoing {
    Api {
        /// Taken out when it is sent.
        first: Option<Request>,
        /// What it takes to send it again; `None` before it was sent, and where it cannot be repeated.
        again: Option<Again>,
    },
    Token {
        url: Url,
        headers: HeaderMap,
        body: Bytes,
        /// What the body proves the client's identity with: no message may repeat it.
        secret: SecretString,
    },
}

/// What a request holds besides its method and URL.
pub(crate) struct Again {
    headers: HeaderMap,
    body: Option<Bytes>,
    timeout: Option<Duration>,
    version: Version,
}

impl Again {
    /// `None` for a body that is not in memory.
    fn of(request: &Request) -> Option<Self> {
        let body = match request.body() {
            Some(body) => Some(Bytes::copy_from_slice(body.as_bytes()?)),
            None => None,
        };
        let (timeout, version) = (request.timeout().copied(), request.version());
        Some(Self { headers: request.headers().clone(), body, timeout, version })
    }

    fn request(&self, target: &Target) -> Request {
        let mut request = Request::new(target.method.clone(), target.url.clone());
        *request.headers_mut() = self.headers.clone();
        *request.version_mut() = self.version;
        *request.body_mut() = self.body.clone().map(Body::from);
        if self.timeout.is_some() {
            *request.timeout_mut() = self.timeout;
        }
        request
    }
}

/// Where it goes.
pub(crate) struct Target {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) endpoint: Endpoint,
}

impl Outgoing {
    pub(crate) fn api(request: Request) -> Self {
        Self::Api { first: Some(request), again: None }
    }

    pub(crate) fn target(&self, operation: &Operation) -> Option<Target> {
        let (method, url) = match self {
            Self::Api { first, .. } => first.as_ref().map(|request| (request.method(), request.url()))?,
            Self::Token { url, .. } => (&Method::POST, url),
        };
        let path = operation.route.map_or_else(|| path_below_api(url), |route| route.path);
        let endpoint = Endpoint::of(method, path, url.query());
        Some(Target { method: method.clone(), url: url.clone(), endpoint })
    }

    pub(crate) fn secret(&self) -> Option<&str> {
        match self {
            Self::Api { .. } => None,
            Self::Token { secret, .. } => Some(secret.expose_secret()),
        }
    }

    /// The request to send next. What a retry needs is kept only where there may be one.
    pub(crate) fn next(&mut self, may_retry: bool, target: &Target) -> Option<Request> {
        match self {
            Self::Api { first, again } => match first.take() {
                Some(request) => {
                    *again = may_retry.then(|| Again::of(&request)).flatten();
                    Some(request)
                }
                None => again.as_ref().map(|again| again.request(target)),
            },
            Self::Token { url, headers, body, .. } => {
                let mut request = Request::new(Method::POST, url.clone());
                *request.headers_mut() = headers.clone();
                // An HTTP client that follows redirects can only repeat a body that it can clone, which this one is not:
                // the secret goes to the token endpoint and nowhere else.
                *request.body_mut() = Some(Body::wrap(Full::new(body.clone())));
                Some(request)
            }
        }
    }

    pub(crate) fn has_next(&self, may_retry: bool) -> bool {
        may_retry
            && match self {
                Self::Api { again, .. } => again.is_some(),
                Self::Token { .. } => true,
            }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;
    use crate::Idempotency;

    const ANY: Operation = Operation::new("any", Idempotency::Idempotent, &[]);

    /// Responds to one request with this head, and returns the request.
    async fn answer(listener: TcpListener, head: String) -> String {
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
    fn a_retry_sends_the_same_request_again() {
        let client = reqwest::Client::new();
        let request = client.patch("https://tenant.example.com/api/v2/connections/con_1?fields=name").body("{}");
        let request = request.header("x-of-the-call", "kept").timeout(Duration::from_secs(7)).version(Version::HTTP_2);
        let mut outgoing = Outgoing::api(request.build().unwrap());
        let target = outgoing.target(&ANY).unwrap();
        let mut parts = || {
            let request = outgoing.next(true, &target).unwrap();
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
    fn what_cannot_be_sent_again_is_not() {
        let streamed = Body::wrap(Full::new(Bytes::from_static(b"{}")));
        for (body, may_retry) in [(Body::from("{}"), false), (streamed, true)] {
            let request = reqwest::Client::new().post("https://tenant.example.com/api/v2/connections").body(body);
            let mut outgoing = Outgoing::api(request.build().unwrap());
            let target = outgoing.target(&ANY).unwrap();
            assert!(outgoing.next(may_retry, &target).is_some());
            assert!(!outgoing.has_next(true) && outgoing.next(true, &target).is_none());
        }
    }

    #[tokio::test]
    async fn a_client_that_follows_redirects_cannot_take_the_secret_along() {
        for status in [301, 302, 303, 307, 308] {
            let (asked, elsewhere) =
                (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
            let url = format!("http://{}/oauth/token", asked.local_addr().unwrap()).parse().unwrap();
            let location = format!("http://{}/", elsewhere.local_addr().unwrap());
            let mut outgoing = Outgoing::Token {
                url,
                headers: HeaderMap::new(),
                body: "client_secret=s3cret".into(),
                secret: "s3cret".into(),
            };
            let following = reqwest::Client::builder().no_proxy().build().unwrap();
            let first = tokio::spawn(answer(asked, format!("HTTP/1.1 {status} Moved\r\nlocation: {location}")));
            let second = tokio::spawn(answer(elsewhere, "HTTP/1.1 400 Bad".to_owned()));
            let target = outgoing.target(&ANY).unwrap();
            let request = following.execute(outgoing.next(true, &target).unwrap());
            let _ = tokio::time::timeout(std::time::Duration::from_millis(500), request).await;
            assert!(first.await.unwrap().contains("content-length: 20"), "its length is told");
            second.abort();
            let leaked = second.await.unwrap_or_default();
            assert!(!leaked.contains("s3cret"), "{status}: {leaked}");
        }
    }
}
