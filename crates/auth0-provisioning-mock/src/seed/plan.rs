//! The rate limits of Auth0's plans.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::rate_limit::RateLimit;
use crate::request_pattern::RequestPattern;

/// A plan of Auth0, which determines rate limits.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Plan {
    Free,
    Essentials,
    Professional,
    /// The production tenant of an enterprise.
    Enterprise,
    /// Another tenant of an enterprise.
    EnterpriseNonProduction,
    PrivateDeveloper,
    #[serde(rename = "100_rps")]
    Rps100,
    #[serde(rename = "500_rps")]
    Rps500,
}

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const DAY: u64 = 86_400;

/// A class of requests: methods and paths that share a limit, burst, requests, and the period in seconds.
type Class = (&'static [(&'static str, &'static str)], u32, u32, u64);

const OF_ENTERPRISE: &[Class] = &[
    (&[("GET", "/api/v2/connections/{id}/status")], 100, 15, SECOND),
    (&[("GET", "/api/v2/organizations")], 10, 100, MINUTE),
    (&[("GET", "/api/v2/organizations/{id}/members")], 40, 500, MINUTE),
    (
        &[
            ("POST", "/api/v2/organizations"),
            ("PATCH", "/api/v2/organizations/{id}"),
            ("DELETE", "/api/v2/organizations/{id}"),
        ],
        5,
        150,
        MINUTE,
    ),
    (&[("GET", "/api/v2/clients?q")], 5, 150, MINUTE),
    (&[("POST", "/api/v2/keys/signing/rotate")], 5, 5, DAY),
    (&[("POST", "/api/v2/custom-domains/{id}/verify")], 5, 5, MINUTE),
    (&[("GET", "/api/v2/email-templates/{name}")], 15, 150, MINUTE),
];

/// The classes of the plans Essentials and Professional.
const OF_ESSENTIALS: &[Class] = &[
    (&[("GET", "/api/v2/connections"), ("GET", "/api/v2/connections/{id}")], 5, 50, MINUTE),
    (&[("GET", "/api/v2/logs"), ("GET", "/api/v2/logs/{id}")], 10, 100, MINUTE),
];

impl Plan {
    /// Returns the limit of requests without a class.
    pub(crate) fn general(self) -> RateLimit {
        match self {
            Self::Free => RateLimit::new(2, 2),
            Self::Essentials | Self::Professional => RateLimit::per(10, 150, Duration::from_secs(MINUTE)),
            Self::Enterprise => RateLimit::new(50, 16),
            Self::EnterpriseNonProduction => RateLimit::new(10, 2),
            Self::PrivateDeveloper => RateLimit::new(20, 20),
            Self::Rps100 => RateLimit::new(50, 50),
            Self::Rps500 => RateLimit::new(250, 250),
        }
    }

    pub(crate) fn classes(self) -> Vec<(RequestPattern, RateLimit)> {
        let classes = match self {
            Self::Free | Self::PrivateDeveloper => &[],
            Self::Essentials | Self::Professional => OF_ESSENTIALS,
            Self::Enterprise | Self::EnterpriseNonProduction | Self::Rps100 | Self::Rps500 => OF_ENTERPRISE,
        };
        let classes = classes.iter().map(|&(requests, burst, added, seconds)| {
            let mut patterns = requests.iter().map(|(method, path)| RequestPattern::new(method, path));
            let pattern = match (patterns.next(), requests.len()) {
                (Some(pattern), 1) => pattern,
                (first, _) => RequestPattern::any_of(first.into_iter().chain(patterns)),
            };
            (pattern, RateLimit::per(burst, added, Duration::from_secs(seconds)))
        });
        classes.collect()
    }
}
