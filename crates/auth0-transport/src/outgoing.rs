//! What a call sends, as often as it is sent.

use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::Full;
use reqwest::{Body, Request, Url};
use secrecy::{ExposeSecret, SecretString};

/// A request that may be sent several times.
pub(crate) enum Outgoing {
    /// Taken out when it is sent for the last time, or cannot be cloned.
    Api(Option<Request>),
    Token {
        url: Url,
        headers: HeaderMap,
        body: Bytes,
        /// What the body proves the client's identity with: no message may repeat it.
        secret: SecretString,
    },
}

/// Where it goes.
pub(crate) struct Target {
    pub(crate) method: Method,
    pub(crate) url: Url,
}

impl Outgoing {
    pub(crate) fn target(&self) -> Option<Target> {
        let (method, url) = match self {
            Self::Api(request) => request.as_ref().map(|request| (request.method(), request.url()))?,
            Self::Token { url, .. } => (&Method::POST, url),
        };
        Some(Target { method: method.clone(), url: url.clone() })
    }

    pub(crate) fn secret(&self) -> Option<&str> {
        match self {
            Self::Api(_) => None,
            Self::Token { secret, .. } => Some(secret.expose_secret()),
        }
    }

    /// The request to send next; cloned only if it may be needed once more.
    pub(crate) fn next(&mut self, may_retry: bool) -> Option<Request> {
        match self {
            Self::Api(request) => {
                let clone = request.as_ref().filter(|_| may_retry).and_then(Request::try_clone);
                clone.or_else(|| request.take())
            }
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
                Self::Api(request) => request.is_some(),
                Self::Token { .. } => true,
            }
    }
}
