//! Rate limits in seed files and in the control API.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::SeedError;
use super::plan::Plan;
use crate::operations::Operation;
use crate::rate_limit::{LimitSettings, RateLimit};
use crate::request_pattern::RequestPattern;

/// A limit: the number of requests at once, and the number in each period.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedLimit {
    /// The number of requests at once.
    #[schemars(range(min = 1))]
    burst: u32,
    /// The number of requests that are added in each period.
    #[schemars(range(min = 1))]
    requests: u32,
    /// The period in seconds.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    seconds: u64,
}

/// The limit of a class of requests: of an operation, of a method and a path, or of several patterns together.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedClassLimit {
    /// An operation id of the contract. Alternatively, `method` and `path`, or `any_of`.
    operation: Option<String>,
    /// Defaults to any method.
    method: Option<String>,
    /// A path, with `{id}` or `*` for any segment. The name of a required query parameter can follow a question mark.
    path: Option<String>,
    /// Patterns that share the limit.
    any_of: Option<Vec<SeedRequests>>,
    /// The number of requests at once.
    #[schemars(range(min = 1))]
    burst: u32,
    /// The number of requests that are added in each period.
    #[schemars(range(min = 1))]
    requests: u32,
    /// The period in seconds.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    seconds: u64,
}

/// Requests of one operation, or of a method and a path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeedRequests {
    operation: Option<String>,
    method: Option<String>,
    path: Option<String>,
}

fn one() -> u64 {
    1
}

impl SeedLimit {
    fn limit(&self, place: &str) -> Result<RateLimit, SeedError> {
        for (name, value) in
            [("burst", self.burst.into()), ("requests", self.requests.into()), ("seconds", self.seconds)]
        {
            if value == 0 {
                return Err(SeedError::at(format!("{place}.{name}"), "it must be at least 1"));
            }
        }
        Ok(RateLimit::per(self.burst, self.requests, Duration::from_secs(self.seconds)))
    }
}

impl From<RateLimit> for SeedLimit {
    fn from(limit: RateLimit) -> Self {
        Self { burst: limit.burst(), requests: limit.requests(), seconds: limit.period().as_secs() }
    }
}

impl SeedClassLimit {
    fn class(&self, place: &str) -> Result<(RequestPattern, RateLimit), SeedError> {
        let Self { burst, requests, seconds, .. } = *self;
        let limit = SeedLimit { burst, requests, seconds }.limit(place)?;
        let (operation, method, path) = (self.operation.as_deref(), self.method.as_deref(), self.path.as_deref());
        let pattern = match &self.any_of {
            Some(_) if operation.or(method).or(path).is_some() => {
                return Err(SeedError::at(place, "`any_of` excludes the other properties"));
            }
            Some(all) => {
                let patterns = all.iter().enumerate().map(|(index, one)| {
                    let (operation, method, path) =
                        (one.operation.as_deref(), one.method.as_deref(), one.path.as_deref());
                    pattern(operation, method, path, &format!("{place}.any_of[{index}]"))
                });
                RequestPattern::any_of(patterns.collect::<Result<Vec<_>, _>>()?)
            }
            None => pattern(operation, method, path, place)?,
        };
        Ok((pattern, limit))
    }
}

fn pattern(
    operation: Option<&str>,
    method: Option<&str>,
    path: Option<&str>,
    place: &str,
) -> Result<RequestPattern, SeedError> {
    match (operation, path) {
        (Some(id), None) if method.is_none() => {
            let operation = Operation::named(id);
            Ok(operation.ok_or_else(|| SeedError::at(place, format!("no operation is called `{id}`")))?.into())
        }
        (None, Some(path)) => Ok(RequestPattern::new(method.unwrap_or("*"), path)),
        _ => Err(SeedError::at(place, "give either `operation`, or `path` with or without `method`")),
    }
}

/// Returns the limits of a plan, after those that take precedence. `places` are the property names of the latter.
pub(crate) fn settings(
    plan: Option<Plan>,
    general: Option<&SeedLimit>,
    classes: &[SeedClassLimit],
    places: [&str; 2],
) -> Result<LimitSettings, SeedError> {
    let general = general.map(|limit| limit.limit(places[0])).transpose()?.or(plan.map(Plan::general));
    let own = classes.iter().enumerate().map(|(index, limit)| limit.class(&format!("{}[{index}]", places[1])));
    let own: Vec<_> = own.collect::<Result<_, _>>()?;
    let classes = own.into_iter().chain(plan.into_iter().flat_map(Plan::classes)).collect();
    Ok(LimitSettings { general, classes })
}
