//! The proxy between this machine and the tenant, so that errors can name it.

use std::error::Error as StdError;

use hyper_util::client::proxy::matcher::Matcher;

use crate::base_url::BaseUrl;

/// What is known of the way to the tenant.
#[derive(Debug)]
pub(crate) enum Proxy {
    None,
    /// Host and port, without user and password.
    Named(String),
    /// The HTTP client was set up by the program.
    Unknown,
}

impl Proxy {
    /// The one that the HTTP client takes from the environment or the system.
    pub(crate) fn of_system(base: &BaseUrl) -> Self {
        let origin = base.origin().as_str().parse().ok();
        origin.and_then(|origin| Matcher::from_system().intercept(&origin)).map_or(Self::None, |intercept| {
            let uri = intercept.uri();
            let host = uri.host().unwrap_or_default();
            Self::Named(uri.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
        })
    }

    /// The part of a message about a failure to connect that names the proxy; empty without one.
    pub(crate) fn of_failure(&self, error: &reqwest::Error) -> String {
        match self {
            Self::Named(proxy) => format!(" through the proxy {proxy}"),
            Self::Unknown if failed_in_tunnel(error) => " through the proxy that the HTTP client is set to".to_owned(),
            Self::None | Self::Unknown => String::new(),
        }
    }
}

/// The error of a tunnel has no public type; only its text identifies it.
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
