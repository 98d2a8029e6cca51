//! Access to the control API.

use std::net::IpAddr;

use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, StatusCode};

use super::reply::Problem;
use crate::application::Applications;
use crate::persistence::Snapshot;
use crate::rate_limit::LimitSettings;

/// The control API of one tenant.
pub(crate) struct Control {
    /// The key that callers must send, if any.
    pub(crate) key: Option<String>,
    pub(crate) initial: Initial,
}

/// The state that a reset restores.
pub(crate) struct Initial {
    pub(crate) state: Snapshot,
    pub(crate) limits: LimitSettings,
    pub(crate) applications: Applications,
}

impl Control {
    /// Rejects requests that a browser sends for a page of another site: with another origin, or, if no key is required,
    /// to a host name that is not loopback.
    pub(super) fn check_origin(&self, parts: &Parts) -> Result<(), Problem> {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let host = parts.uri.authority().map(Authority::as_str).or_else(|| text(HOST));
        let forbidden = |what: &str| Err(Problem::new(StatusCode::FORBIDDEN, what));
        if let Some(origin) = text(ORIGIN)
            && origin.split_once("://").map(|(_, authority)| authority) != host
        {
            return forbidden("the control API rejects requests from pages of other sites");
        }
        if self.key.is_none() && !host.is_some_and(is_loopback) {
            return forbidden("without a key the control API only responds at localhost and loopback addresses");
        }
        Ok(())
    }

    pub(crate) fn allows(&self, headers: &HeaderMap) -> bool {
        let Some(key) = &self.key else { return true };
        let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        sent.and_then(|sent| sent.split_once(' '))
            .is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && token.trim() == key)
    }
}

fn is_loopback(authority: &str) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else { return false };
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_machines_are_not_loopback() {
        for (authority, expected) in [
            ("localhost:8080", true),
            ("LOCALHOST", true),
            ("127.0.0.1:1", true),
            ("127.9.9.9", true),
            ("[::1]:8080", true),
            ("evil.example:8080", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("10.0.0.1", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(authority), expected, "{authority}");
        }
    }
}
