//! Shares token and rate limit in one step, also from environment variables.

use std::fmt;

use auth0_transport::TransportBuilder;

use crate::{Budget, EncryptionKey, Redis, SharedBudget, SharedTokens};

const URL: &str = "AUTH0_PROVISIONING_REDIS";
const KEY: &str = "AUTH0_PROVISIONING_REDIS_KEY";
const LIMIT: &str = "AUTH0_PROVISIONING_RATE_LIMIT";

/// The default limit, which is the limit of the smallest plan.
const SMALLEST: (u32, f64) = (2, 2.0);

/// The token and the budget that machines share, and the Redis for both.
#[derive(Debug)]
pub struct Sharing {
    redis: Redis,
    key: EncryptionKey,
    budget: Budget,
}

/// The error for an invalid environment variable. Its `Display` names the variable, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidEnvironment(String);

impl Sharing {
    /// Shares a budget, and tokens that are encrypted with this key.
    #[must_use]
    pub fn new(redis: Redis, key: EncryptionKey, budget: Budget) -> Self {
        Self { redis, key, budget }
    }

    /// Reads environment variables. `AUTH0_PROVISIONING_REDIS` is the URL of the server, and `AUTH0_PROVISIONING_REDIS_KEY` the
    /// key in Base64. `AUTH0_PROVISIONING_RATE_LIMIT` is the tenant's limit as `BURST/RATE`, such as `50/16`. It defaults to
    /// `2/2`, the limit of the smallest plan. Returns `None` if the URL is not set.
    ///
    /// # Errors
    ///
    /// Fails if the URL is set and the key is not, or if a variable is invalid.
    pub fn from_env() -> Result<Option<Self>, InvalidEnvironment> {
        Self::read(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, InvalidEnvironment> {
        let Some(url) = variable(URL) else { return Ok(None) };
        let redis = Redis::open(&url).map_err(|error| InvalidEnvironment(format!("{URL}: {error}")))?;
        let key = variable(KEY).unwrap_or_default();
        let key = EncryptionKey::from_base64(&key).map_err(|error| InvalidEnvironment(format!("{KEY}: {error}")))?;
        let (burst, per_second) = match variable(LIMIT) {
            None => SMALLEST,
            Some(limit) => limit_of(&limit).ok_or_else(|| {
                InvalidEnvironment(format!(
                    "{LIMIT}: expected BURST/RATE, such as 50/16 for a burst of 50 and 16 a second"
                ))
            })?,
        };
        Ok(Some(Self::new(redis, key, Budget::new(burst, per_second))))
    }

    /// Makes a transport share with all other transports of the same tenant.
    pub fn applied_to(self, builder: TransportBuilder) -> TransportBuilder {
        let tenant = builder.domain().as_str().to_owned();
        builder.token_store(SharedTokens::new(&self.redis, self.key)).rate_limiter(SharedBudget::new(
            &self.redis,
            &tenant,
            self.budget,
        ))
    }
}

fn limit_of(text: &str) -> Option<(u32, f64)> {
    let (burst, per_second) = text.split_once('/')?;
    let (burst, per_second): (u32, f64) = (burst.trim().parse().ok()?, per_second.trim().parse().ok()?);
    (burst > 0 && per_second.is_finite() && per_second > 0.0).then_some((burst, per_second))
}

impl fmt::Display for InvalidEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidEnvironment {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Option<Sharing>, InvalidEnvironment> {
        Sharing::read(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn reads_and_checks_environment_variables() {
        let key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        assert!(read(&[]).unwrap().is_none());
        let sharing = read(&[(URL, "redis://127.0.0.1"), (KEY, key), (LIMIT, "50/16")]).unwrap().unwrap();
        assert_eq!(sharing.budget, Budget::new(50, 16.0));
        assert_eq!(read(&[(URL, "redis://127.0.0.1"), (KEY, key)]).unwrap().unwrap().budget, Budget::new(2, 2.0));
        for (variables, named) in [
            (&[(URL, "redis:/pa55")][..], URL),
            (&[(URL, "redis://127.0.0.1")], KEY),
            (&[(URL, "redis://127.0.0.1"), (KEY, "pa55")], KEY),
            (&[(URL, "redis://127.0.0.1"), (KEY, key), (LIMIT, "50")], LIMIT),
            (&[(URL, "redis://127.0.0.1"), (KEY, key), (LIMIT, "0/16")], LIMIT),
            (&[(URL, "redis://127.0.0.1"), (KEY, key), (LIMIT, "5/NaN")], LIMIT),
        ] {
            let error = read(variables).unwrap_err().to_string();
            assert!(error.starts_with(named) && !error.contains("pa55"), "{error}");
        }
    }
}
