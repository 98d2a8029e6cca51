//! The proxy before the tenant, for error messages.

use std::error::Error as StdError;

use hyper_util::client::proxy::matcher::Matcher;

use crate::base_url::BaseUrl;

/// The proxy of the HTTP client.
#[derive(Debug)]
pub(crate) enum Proxy {
    None,
    /// The host and port of the proxy, without user and password.
    Named(String),
    /// The program configured the HTTP client.
    Unknown,
}

impl Proxy {
    /// Returns the proxy that the HTTP client reads from the environment or the system.
    pub(crate) fn of_system(base: &BaseUrl) -> Self {
        let origin = base.origin().as_str().parse().ok();
        origin.and_then(|origin| Matcher::from_system().intercept(&origin)).map_or(Self::None, |intercept| {
            let uri = intercept.uri();
            let host = uri.host().unwrap_or_default();
            Self::Named(uri.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
        })
    }

    /// Returns the part of an error message that names the proxy.
    pub(crate) fn of_failure(&self, error: &reqwest::Error) -> String {
        match self {
            Self::Named(proxy) => format!(" through the proxy {proxy}"),
            Self::Unknown if failed_in_tunnel(error) => " through the proxy that the HTTP client is set to".to_owned(),
            Self::None | Self::Unknown => String::new(),
        }
    }
}

/// Returns whether a proxy rejected the tunnel. That error has no public type, so its text identifies it.
fn failed_in_tunnel(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.to_string().starts_with("tunnel error") {
            return true;
        }
        cause = inner.source();
    }
    false
}
